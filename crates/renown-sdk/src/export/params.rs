//! Parameters of formulas and options of adapters as they cross the boundary: a JSON object, in which a file is its path.

use std::collections::BTreeMap;

use renown_core::formula::{FormulaError, ParamKind, ParamSpec, ParamValue, Params};
use serde::{Deserialize, Serialize};

/// A parameter's value in JSON.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum Given {
    Flag(bool),
    Number(f64),
    Text(String),
}

impl From<&ParamValue> for Given {
    fn from(value: &ParamValue) -> Self {
        match value {
            ParamValue::Text(text) => Self::Text(text.clone()),
            ParamValue::Number(number) => Self::Number(*number),
            ParamValue::Flag(flag) => Self::Flag(*flag),
            ParamValue::File(path, _) => Self::Text(path.display().to_string()),
        }
    }
}

/// What it means that one which has no default is not given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// Nothing works without it: of formulas.
    IsAFault,
    /// It is not there: of adapters.
    IsFine,
}

/// What the host gives, and the defaults of what it does not.
pub(super) fn read(specs: &[ParamSpec], json: &str, absent: Absent) -> Result<Params, FormulaError> {
    let given: Result<BTreeMap<String, Given>, _> =
        sonic_rs::from_str(if json.is_empty() { "{}" } else { json });
    let mut given =
        given.map_err(|error| FormulaError::new(format!("parameters that are no JSON: {error}")))?;
    let mut params = Vec::new();
    for spec in specs {
        let fault = |what: String| FormulaError::new(what).of_param(&*spec.name);
        let value = match (spec.kind, given.remove(&*spec.name), &spec.default) {
            (_, None, Some(default)) => default.clone(),
            (_, None, None) if absent == Absent::IsFine => continue,
            (ParamKind::Text, Some(Given::Text(text)), _) => ParamValue::Text(text),
            (ParamKind::Number, Some(Given::Number(number)), _) => ParamValue::Number(number),
            (ParamKind::Flag, Some(Given::Flag(flag)), _) => ParamValue::Flag(flag),
            (ParamKind::File, Some(Given::Text(path)), _) => {
                let content =
                    std::fs::read(&path).map_err(|error| fault(format!("cannot read `{path}`: {error}")))?;
                ParamValue::File(path.into(), content.into())
            }
            (kind, ..) => return Err(fault(format!("the parameter `{}` must be {kind}", spec.name))),
        };
        params.push((spec.name.to_string(), value));
    }
    match given.keys().next() {
        Some(name) => Err(FormulaError::new(format!("there is no parameter `{name}`"))),
        None => Ok(params.into_iter().collect()),
    }
}
