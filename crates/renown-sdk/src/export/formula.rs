//! Formulas as tables: what crosses the boundary are columns, weights, and parameters as JSON.

use std::borrow::Cow;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use renown_abi::{self as abi, RenownColumn, RenownError, RenownFormula, RenownStr};
use renown_core::curve::Curve;
use renown_core::formula::{Column, Culprit, Formula, FormulaError, ParamKind, ParamSpec, Prepared, Spec};
use serde::Serialize;

use super::params::{self, Absent, Given};
use super::{Fault, guarded};

/// What `ctx` of a table points to.
struct Linked(&'static dyn Formula);

/// What a state points to.
struct State {
    prepared: Arc<dyn Prepared>,
    columns: usize,
}

pub(super) fn table(formula: &'static dyn Formula) -> *const RenownFormula {
    let linked: &'static Linked = Box::leak(Box::new(Linked(formula)));
    let params_json: &'static str = params_json(formula.params()).leak();
    Box::leak(Box::new(RenownFormula {
        struct_size: size_of::<RenownFormula>() as u32,
        // Every formula must keep that: it is written at `Prepared::points`.
        flags: abi::FORMULA_MONOTONE,
        name: RenownStr::new(formula.name().as_bytes()),
        docs: RenownStr::new(formula.docs().as_bytes()),
        params_json: RenownStr::new(params_json.as_bytes()),
        ctx: std::ptr::from_ref(linked).cast_mut().cast(),
        create: Some(create),
        points: Some(points),
        parts: Some(parts),
        destroy: Some(destroy),
    }))
}

#[derive(Serialize)]
struct Described<'s> {
    name: &'s str,
    #[serde(rename = "type")]
    kind: &'static str,
    docs: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Given>,
}

fn params_json(params: &[ParamSpec]) -> String {
    let described = |param: &ParamSpec| -> String {
        let kind = match param.kind {
            ParamKind::Text => "text",
            ParamKind::Number => "number",
            ParamKind::Flag => "flag",
            ParamKind::File => "path",
        };
        let default = param.default.as_ref().map(Given::from);
        let described = Described { name: &param.name, kind, docs: &param.docs, default };
        // Texts and finite numbers: there is nothing in it that JSON could not hold.
        sonic_rs::to_string(&described).unwrap_or_default()
    };
    format!("[{}]", params.iter().map(described).collect::<Vec<_>>().join(","))
}

impl From<FormulaError> for Fault {
    /// The place within a text, and names that may have been meant, do not cross; the help does, behind the message.
    fn from(error: FormulaError) -> Self {
        let FormulaError { message, culprit, help, .. } = error;
        let message = if help.is_empty() { message } else { format!("{message} ({help})") };
        let (code, context) = match culprit {
            Culprit::Formula => (abi::E_INVALID, String::new()),
            Culprit::Itself => (abi::E_INTERNAL, String::new()),
            Culprit::Param(name, _) | Culprit::Feature(name) => (abi::E_INVALID, name),
        };
        Self { code, message, context }
    }
}

/// # Safety
/// The text is the host's, for the time of the call.
unsafe fn text<'h>(text: RenownStr) -> Result<&'h str, Fault> {
    // SAFETY: the caller's word.
    let bytes = unsafe { text.bytes() };
    let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.ok_or_else(|| Fault::new(abi::E_INVALID, "a text that is not there or not UTF-8"))
}

/// # Safety
/// Null, or good for `len` of them, for the time of the call.
unsafe fn list<'h, T>(start: *const T, len: usize) -> Result<&'h [T], Fault> {
    if len == 0 {
        return Ok(&[]);
    }
    if start.is_null() || !start.is_aligned() {
        return Err(Fault::new(abi::E_INVALID, "a list that is not there"));
    }
    // SAFETY: not null, aligned; the rest is the caller's word.
    Ok(unsafe { std::slice::from_raw_parts(start, len) })
}

unsafe extern "C" fn create(
    ctx: *mut c_void,
    features: *const RenownStr,
    weights: *const f64,
    n_features: usize,
    params_json: RenownStr,
    state: *mut *mut c_void,
    error: *mut RenownError,
) -> i32 {
    let call = || {
        // SAFETY: the table's context, a leaked `Linked`, and what the host lends for the time of the call.
        let (linked, features, weights, json) = unsafe {
            (
                &*ctx.cast::<Linked>(),
                list(features, n_features)?,
                list(weights, n_features)?,
                text(params_json)?,
            )
        };
        let mut columns = Vec::with_capacity(n_features);
        for (name, weight) in features.iter().zip(weights) {
            // SAFETY: as above.
            let name = unsafe { text(*name) }?;
            // Values arrive capped and curved, and how is the host's affair.
            columns.push(Column { name, weight: *weight, curve: &Curve::Linear, cap: None });
        }
        let params = params::read(linked.0.params(), json, Absent::IsAFault)?;
        // Which features other runs may have is not told: none can be said to be a slip.
        let spec = Spec { columns: &columns, may_have: &|_| true, params: &params };
        let prepared = linked.0.prepare(&spec)?;
        let made = Box::new(State { prepared, columns: n_features });
        // SAFETY: the host's place for a state.
        unsafe { state.write(Box::into_raw(made).cast()) };
        Ok(())
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, call) }
}

/// The host's columns, `NaN` where there is no value.
///
/// # Safety
/// As the header says of `points`.
unsafe fn columns<'h>(
    state: &State,
    lent: *const RenownColumn,
    n_columns: usize,
    rows: usize,
) -> Result<Vec<Cow<'h, [f64]>>, Fault> {
    if n_columns != state.columns {
        let what = format!("{n_columns} columns: made ready for {}", state.columns);
        return Err(Fault::new(abi::E_INVALID, what));
    }
    // SAFETY: the caller's word.
    let lent = unsafe { list(lent, n_columns) }?;
    let mut columns = Vec::with_capacity(n_columns);
    for column in lent {
        // SAFETY: the caller's word: a value a row.
        let mut values = Cow::Borrowed(unsafe { list(column.values, rows) }?);
        if !column.validity.is_null() {
            // SAFETY: not null, so it has a bit a row.
            let bits = unsafe { list(column.validity, rows.div_ceil(8)) }?;
            for (row, value) in values.to_mut().iter_mut().enumerate() {
                if bits[row / 8] >> (row % 8) & 1 == 0 {
                    *value = f64::NAN;
                }
            }
        }
        columns.push(values);
    }
    Ok(columns)
}

/// The host's place for results.
///
/// # Safety
/// Null, or good for `len` numbers that nobody else uses, for the time of the call.
unsafe fn place<'h>(out: *mut f64, len: usize) -> Result<&'h mut [f64], Fault> {
    if len == 0 {
        return Ok(&mut []);
    }
    if out.is_null() || !out.is_aligned() {
        return Err(Fault::new(abi::E_INVALID, "no place for results"));
    }
    // SAFETY: not null, aligned; zeroed first, since the host need not have written there.
    unsafe {
        out.write_bytes(0, len);
        Ok(std::slice::from_raw_parts_mut(out, len))
    }
}

fn failed(why: String) -> Fault {
    Fault::new(abi::E_INTERNAL, why)
}

unsafe extern "C" fn points(
    state: *mut c_void,
    lent: *const RenownColumn,
    n_columns: usize,
    n_rows: usize,
    out: *mut f64,
    error: *mut RenownError,
) -> i32 {
    let call = || {
        // SAFETY: a state that `create` made, and what the host lends for the time of the call.
        let (state, columns, out) = unsafe {
            let state = &*state.cast::<State>();
            (state, columns(state, lent, n_columns, n_rows)?, place(out, n_rows)?)
        };
        let columns: Vec<&[f64]> = columns.iter().map(AsRef::as_ref).collect();
        state.prepared.points(&columns, out).map_err(failed)
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, call) }
}

unsafe extern "C" fn parts(
    state: *mut c_void,
    lent: *const RenownColumn,
    n_columns: usize,
    n_rows: usize,
    out: *mut f64,
    error: *mut RenownError,
) -> i32 {
    let call = || {
        let cells =
            n_rows.checked_mul(n_columns).ok_or_else(|| Fault::new(abi::E_INVALID, "too many rows"))?;
        // SAFETY: as in `points`.
        let (state, columns, out) = unsafe {
            let state = &*state.cast::<State>();
            (state, columns(state, lent, n_columns, n_rows)?, place(out, cells)?)
        };
        for (row, out) in out.chunks_exact_mut(n_columns.max(1)).enumerate() {
            let values: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            state.prepared.parts(&values, out).map_err(failed)?;
        }
        Ok(())
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, call) }
}

unsafe extern "C" fn destroy(state: *mut c_void) {
    if state.is_null() {
        return;
    }
    // SAFETY: made by `create`, destroyed once. A panic in an author's `drop` must not leave.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(state.cast::<State>()) })));
}
