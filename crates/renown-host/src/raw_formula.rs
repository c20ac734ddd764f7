//! The functions of a formula's table, called as the header says and with nothing made of what they answer.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::ffi::c_void;

use renown_abi::{self as abi, RenownColumn, RenownFormula, RenownStr};
use serde_json::{Map, Value};

use crate::formula::{Features, Home, Work};
use crate::library::{Fault, text};
use crate::wrong::Wrong;

/// A formula's functions.
#[derive(Clone, Copy)]
pub(crate) struct Table(pub(crate) &'static RenownFormula);

// SAFETY: the header says that a table's functions may be called from any thread.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    /// Its name, docs, and parameters as JSON.
    pub(crate) fn texts(self) -> Result<[&'static str; 3], String> {
        // SAFETY: static, by the header.
        unsafe {
            Ok([
                text(self.0.name, "formula's name")?,
                text(self.0.docs, "formula's docs")?,
                text(self.0.params_json, "formula's params")?,
            ])
        }
    }

    /// Whether it promises that its points never fall when a value rises.
    pub(crate) fn is_monotone(self) -> bool {
        self.0.flags & abi::FORMULA_MONOTONE != 0
    }

    /// Whether it says itself what each value gave.
    pub(crate) fn has_parts(self) -> bool {
        self.0.parts.is_some()
    }
}

impl Home for Table {
    fn create(&self, features: &Features, params: Map<String, Value>) -> Result<Box<dyn Work>, Wrong> {
        let (Some(create), Some(points)) = (self.0.create, self.0.points) else {
            return Err(Wrong::Gave("no `create` or `points`".into()));
        };
        let names: Vec<RenownStr> =
            features.iter().map(|(name, _)| RenownStr::new(name.as_bytes())).collect();
        let weights: Vec<f64> = features.iter().map(|(_, weight)| *weight).collect();
        let json = Value::Object(params).to_string();
        let (mut state, mut fault) = (std::ptr::null_mut(), Fault::zeroed());
        // SAFETY: as the header says; names, weights and JSON stay until the call returns.
        let code = unsafe {
            create(
                self.0.ctx,
                names.as_ptr(),
                weights.as_ptr(),
                names.len(),
                RenownStr::new(json.as_bytes()),
                &raw mut state,
                fault.place(),
            )
        };
        if code != abi::OK {
            return Err(fault.told(code));
        }
        let (parts, destroy) = (self.0.parts, self.0.destroy);
        Ok(Box::new(State { made: state, columns: weights.len(), points, parts, destroy }))
    }
}

/// A formula that was made ready, destroyed when it goes.
struct State {
    made: *mut c_void,
    columns: usize,
    points: abi::PointsFn,
    parts: Option<abi::PointsFn>,
    destroy: Option<unsafe extern "C" fn(*mut c_void)>,
}

// SAFETY: the header says that a table's functions may be called from several threads at once, and with them what they
// are called with.
unsafe impl Send for State {}
// SAFETY: as above.
unsafe impl Sync for State {}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(destroy) = self.destroy {
            // SAFETY: made by `create`, destroyed once.
            unsafe { destroy(self.made) };
        }
    }
}

impl State {
    /// Calls `points` or `parts` over columns of so many rows, for so many results.
    fn call(
        &self,
        function: abi::PointsFn,
        columns: &[&[f64]],
        rows: usize,
        results: usize,
    ) -> Result<Vec<f64>, Wrong> {
        if columns.len() != self.columns || columns.iter().any(|column| column.len() != rows) {
            // One that is too short would be read beyond its end.
            return Err(Wrong::Gave("was given columns that it was not made ready for".into()));
        }
        let validity: Vec<Vec<u8>> = columns.iter().map(|column| validity(column)).collect();
        let lent: Vec<RenownColumn> = columns
            .iter()
            .zip(&validity)
            .map(|(column, bits)| RenownColumn { values: column.as_ptr(), validity: bits.as_ptr() })
            .collect();
        // What a plugin leaves out must not pass for a result.
        let mut out = vec![f64::NAN; results];
        let mut fault = Fault::zeroed();
        // SAFETY: as the header says: every column has `rows` values and as many bits, and `out` is as long as the callers
        // know it must be.
        let code =
            unsafe { function(self.made, lent.as_ptr(), lent.len(), rows, out.as_mut_ptr(), fault.place()) };
        if code == abi::OK { Ok(out) } else { Err(fault.told(code)) }
    }
}

impl Work for State {
    fn points(&self, columns: &[&[f64]], rows: usize) -> Result<Vec<f64>, Wrong> {
        self.call(self.points, columns, rows, rows)
    }

    fn parts(&self, columns: &[&[f64]], rows: usize) -> Result<Option<Vec<f64>>, Wrong> {
        let results = rows.checked_mul(columns.len()).ok_or_else(|| "too many rows".to_owned())?;
        self.parts.map(|parts| self.call(parts, columns, rows, results)).transpose()
    }
}

/// A bit for each value that is there.
fn validity(column: &[f64]) -> Vec<u8> {
    let bits = |values: &[f64]| {
        values.iter().enumerate().fold(0, |bits, (at, value)| bits | u8::from(!value.is_nan()) << at)
    };
    column.chunks(8).map(bits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_for_each_value() {
        let column: Vec<f64> = (0..9).map(|at| if at % 2 == 0 { f64::from(at) } else { f64::NAN }).collect();
        assert_eq!(validity(&column), [0b0101_0101, 1]);
        assert_eq!(validity(&[]), [0; 0]);
    }
}
