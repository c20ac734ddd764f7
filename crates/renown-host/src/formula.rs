//! A formula that lies in a loaded library.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::borrow::Cow;
use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;

use renown_abi::{self as abi, RenownColumn, RenownFormula, RenownStr};
use renown_sdk::formula::{
    Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Params, Prepared, Spec, shapley,
};
use serde::Deserialize;
use serde_json::Value;

use crate::library::{Fault, Library, text};
use crate::manifest::{is_plain, quoted, shown};

/// A formula of a plugin.
pub(crate) struct Loaded {
    /// The plugin's name and version, for messages.
    plugin: Arc<str>,
    name: &'static str,
    docs: &'static str,
    params: Vec<ParamSpec>,
    table: &'static RenownFormula,
}

// SAFETY: the header says that a table's functions may be called from any thread.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded")
            .field("name", &self.name)
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}

/// The formulas of a library, and whether each promises that its points never fall when a value rises.
///
/// # Errors
/// What is wrong with what one says of itself.
pub(crate) fn all(library: &Library) -> Result<Vec<(&'static dyn Formula, bool)>, String> {
    let plugin: Arc<str> = format!("{} {}", library.id, library.version).into();
    let load = |table: &&'static RenownFormula| -> Result<(&'static dyn Formula, bool), String> {
        // SAFETY: static, by the header.
        let (name, docs, params) = unsafe {
            (
                text(table.name, "formula's name")?,
                text(table.docs, "formula's docs")?,
                text(table.params_json, "formula's params")?,
            )
        };
        if !is_plain(name) || name.contains('_') {
            let name = quoted(name);
            return Err(format!("it calls a formula {name}: expected lower case letters, digits and -"));
        }
        shown(&format!("the docs of its formula `{name}`"), docs)?;
        let params = parse_params(params).map_err(|what| format!("its formula `{name}`: {what}"))?;
        let loaded = Loaded { plugin: plugin.clone(), name, docs, params, table };
        Ok((Box::leak(Box::new(loaded)), table.flags & abi::FORMULA_MONOTONE != 0))
    };
    library.formulas.iter().map(load).collect()
}

#[derive(Deserialize)]
struct Described {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    docs: String,
    default: Option<Value>,
}

fn parse_params(json: &str) -> Result<Vec<ParamSpec>, String> {
    if json.is_empty() {
        return Ok(Vec::new());
    }
    let described: Vec<Described> =
        serde_json::from_str(json).map_err(|error| format!("its parameters cannot be read: {error}"))?;
    let mut params: Vec<ParamSpec> = Vec::new();
    for Described { name, kind, docs, default } in described {
        if !is_plain(&name) || name.contains('-') {
            let name = quoted(&name);
            return Err(format!("a parameter {name}: expected lower case letters, digits and _"));
        }
        if params.iter().any(|known| known.name == name) {
            return Err(format!("two parameters `{name}`"));
        }
        shown(&format!("the docs of its parameter `{name}`"), &docs)?;
        let kind = match &*kind {
            "number" => ParamKind::Number,
            "text" => ParamKind::Text,
            "flag" => ParamKind::Flag,
            "path" => ParamKind::File,
            other => {
                let other = quoted(other);
                return Err(format!(
                    "the parameter `{name}` has type {other}: expected number, text, path or flag"
                ));
            }
        };
        let default = match (kind, default) {
            (_, None | Some(Value::Null)) => None,
            (ParamKind::Text, Some(Value::String(text))) => Some(ParamValue::Text(text)),
            (ParamKind::Flag, Some(Value::Bool(flag))) => Some(ParamValue::Flag(flag)),
            (ParamKind::Number, Some(Value::Number(number))) => number.as_f64().map(ParamValue::Number),
            (ParamKind::File, Some(_)) => return Err(format!("the path `{name}` cannot have a default")),
            (kind, Some(_)) => return Err(format!("the default of `{name}` is not {kind}")),
        };
        params.push(ParamSpec { name: Cow::Owned(name), kind, docs: Cow::Owned(docs), default });
    }
    Ok(params)
}

/// Parameters, and options of adapters, as they cross: of a file its path.
pub(crate) fn json_of(params: &Params) -> Result<String, FormulaError> {
    Ok(Value::Object(object_of(params)?).to_string())
}

/// Parameters as a JSON object.
pub(crate) fn object_of(params: &Params) -> Result<serde_json::Map<String, Value>, FormulaError> {
    let mut object = serde_json::Map::new();
    for (name, value) in params.iter() {
        let value = match value {
            ParamValue::Text(text) => Value::from(text.as_str()),
            ParamValue::Number(number) => Value::from(*number),
            ParamValue::Flag(flag) => Value::from(*flag),
            ParamValue::File(path, _) => {
                let unfit = || FormulaError::new("a plugin needs a path in UTF-8").of_param(name);
                Value::from(path.to_str().ok_or_else(unfit)?)
            }
        };
        object.insert(name.to_owned(), value);
    }
    Ok(object)
}

impl Formula for Loaded {
    fn name(&self) -> &str {
        self.name
    }

    fn docs(&self) -> &str {
        self.docs
    }

    fn params(&self) -> &[ParamSpec] {
        &self.params
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let failed = |what: &str| FormulaError::new(format!("plugin {}: {what}", self.plugin));
        let (Some(create), Some(points)) = (self.table.create, self.table.points) else {
            return Err(failed("no `create` or `points`").of_itself());
        };
        let names: Vec<RenownStr> =
            spec.columns.iter().map(|column| RenownStr::new(column.name.as_bytes())).collect();
        let weights: Vec<f64> = spec.columns.iter().map(|column| column.weight).collect();
        let json = json_of(spec.params)?;
        let (mut state, mut fault) = (std::ptr::null_mut(), Fault::zeroed());
        // SAFETY: as the header says; names, weights and JSON stay until the call returns.
        let code = unsafe {
            create(
                self.table.ctx,
                names.as_ptr(),
                weights.as_ptr(),
                names.len(),
                RenownStr::new(json.as_bytes()),
                &raw mut state,
                fault.place(),
            )
        };
        if code == abi::OK {
            return Ok(Arc::new(Ready {
                state,
                plugin: self.plugin.clone(),
                weights,
                points,
                parts: self.table.parts,
                destroy: self.table.destroy,
            }));
        }
        if code != abi::E_INVALID {
            return Err(failed(&format!("it {}", fault.message(code))).of_itself());
        }
        let context = fault.context();
        let error = failed(&format!("it {}", fault.bare_message(code)));
        if self.params.iter().any(|param| param.name == context) {
            return Err(error.of_param(context));
        }
        if spec.columns.iter().any(|column| column.name == context) {
            return Err(error.of_feature(context));
        }
        Err(failed(&format!("it {}", fault.message(code))))
    }
}

/// A formula that was made ready, destroyed when it goes.
struct Ready {
    state: *mut c_void,
    plugin: Arc<str>,
    weights: Vec<f64>,
    points: abi::PointsFn,
    parts: Option<abi::PointsFn>,
    destroy: Option<unsafe extern "C" fn(*mut c_void)>,
}

// SAFETY: the header says that a table's functions may be called from several threads at once, and with them what they
// are called with.
unsafe impl Send for Ready {}
// SAFETY: as above.
unsafe impl Sync for Ready {}

impl Drop for Ready {
    fn drop(&mut self) {
        if let Some(destroy) = self.destroy {
            // SAFETY: made by `create`, destroyed once.
            unsafe { destroy(self.state) };
        }
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("plugin", &self.plugin).finish_non_exhaustive()
    }
}

impl Ready {
    /// Calls `points` or `parts`. A feature of weight 0 is passed as missing, so that it cannot count.
    fn call(
        &self,
        function: abi::PointsFn,
        columns: &[&[f64]],
        rows: usize,
        out: &mut [f64],
    ) -> Result<(), String> {
        let validity: Vec<Vec<u8>> =
            columns.iter().zip(&self.weights).map(|(column, weight)| validity(column, *weight)).collect();
        let lent: Vec<RenownColumn> = columns
            .iter()
            .zip(&validity)
            .map(|(column, bits)| RenownColumn { values: column.as_ptr(), validity: bits.as_ptr() })
            .collect();
        let mut fault = Fault::zeroed();
        // SAFETY: as the header says: every column has `rows` values and as many bits, and `out` is as long as needed,
        // which the callers see to.
        let code =
            unsafe { function(self.state, lent.as_ptr(), lent.len(), rows, out.as_mut_ptr(), fault.place()) };
        if code == abi::OK {
            Ok(())
        } else {
            Err(format!("plugin {}: it {}", self.plugin, fault.message(code)))
        }
    }

    /// Columns of as many rows as there is room for in `out`; a longer or shorter one would be read beyond its end.
    fn fits(&self, columns: &[&[f64]], rows: usize) -> Result<(), String> {
        if columns.len() == self.weights.len() && columns.iter().all(|column| column.len() == rows) {
            return Ok(());
        }
        Err("columns of unequal length, or not those that it was made ready for".into())
    }
}

/// A bit for each value that is there.
fn validity(column: &[f64], weight: f64) -> Vec<u8> {
    let bits = |values: &[f64]| {
        values.iter().enumerate().fold(0, |bits, (at, value)| bits | u8::from(!value.is_nan()) << at)
    };
    if weight > 0.0 { column.chunks(8).map(bits).collect() } else { vec![0; column.len().div_ceil(8)] }
}

impl Prepared for Ready {
    fn points(&self, columns: &[Vec<f64>], out: &mut [f64]) -> Result<(), String> {
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        self.fits(&columns, out.len())?;
        // What a plugin leaves out must not pass for a result.
        out.fill(f64::NAN);
        self.call(self.points, &columns, out.len(), out)
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        if row.len() != self.weights.len() || out.len() != row.len() {
            return Err("not the features that it was made ready for".into());
        }
        if let Some(parts) = self.parts {
            let columns: Vec<&[f64]> = row.chunks(1).collect();
            out.fill(f64::NAN);
            return self.call(parts, &columns, 1, out);
        }
        // What is missing stays so; what only has not joined yet is 0. What does not count cannot join.
        let players: Vec<f64> = row
            .iter()
            .zip(&self.weights)
            .map(|(value, weight)| if *weight > 0.0 { *value } else { f64::NAN })
            .collect();
        let mut failed = None;
        let worth = |some: &[f64]| {
            let kept = |(some, value): (&f64, &f64)| if value.is_nan() { f64::NAN } else { *some };
            let values: Vec<f64> = some.iter().zip(&players).map(kept).collect();
            let columns: Vec<&[f64]> = values.chunks(1).collect();
            let mut points = [f64::NAN];
            if failed.is_none() {
                failed = self.call(self.points, &columns, 1, &mut points).err();
            }
            points[0]
        };
        shapley::shares(&players, worth, out);
        failed.map_or(Ok(()), Err)
    }

    fn uses(&self, column: usize) -> bool {
        self.weights[column] > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_or_refused() {
        let params = parse_params(
            r#"[{"name": "scale", "type": "number", "docs": "d", "default": 2}, {"name": "of", "type": "path", "docs": ""}]"#,
        );
        let params = params.unwrap();
        assert_eq!(params[0].default, Some(ParamValue::Number(2.0)));
        assert_eq!((params[1].kind, &params[1].default), (ParamKind::File, &None));
        assert_eq!(parse_params("").unwrap(), []);
        for (json, what) in [
            ("{}", "cannot be read"),
            (r#"[{"name": "A", "type": "number", "docs": ""}]"#, "a parameter \"A\""),
            (r#"[{"name": "a", "type": "colour", "docs": ""}]"#, "type \"colour\""),
            (r#"[{"name": "a", "type": "flag", "docs": "", "default": 1}]"#, "not true or false"),
            (r#"[{"name": "a", "type": "path", "docs": "", "default": "x"}]"#, "cannot have a default"),
            (
                r#"[{"name": "a", "type": "flag", "docs": ""}, {"name": "a", "type": "flag", "docs": ""}]"#,
                "two parameters `a`",
            ),
            (r#"[{"name": "a", "type": "flag", "docs": "\u001b[2J"}]"#, "control characters"),
        ] {
            let error = parse_params(json).unwrap_err();
            assert!(error.contains(what), "{json}: {error}");
        }
    }

    #[test]
    fn a_bit_for_each_value() {
        let column: Vec<f64> = (0..9).map(|at| if at % 2 == 0 { f64::from(at) } else { f64::NAN }).collect();
        assert_eq!(validity(&column, 1.0), [0b0101_0101, 1]);
        assert_eq!(validity(&column, 0.0), [0, 0]);
        assert_eq!(validity(&[], 1.0), [0; 0]);
    }
}
