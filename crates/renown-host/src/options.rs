//! An adapter's options, as its plugin describes them: a JSON Schema, of which only this much is understood.
//!
//! ```json
//! {"type": "object", "additionalProperties": false, "properties": {
//!    "languages": {"type": "string", "description": "which to read", "default": "en"},
//!    "most":      {"type": "number", "description": "…", "default": 10},
//!    "drafts":    {"type": "boolean", "description": "…", "default": false},
//!    "names":     {"type": "string", "format": "path", "description": "…"}}}
//! ```
//!
//! Whatever else a schema can say is refused: it would seem to be checked, and would not be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use renown_sdk::formula::FormulaError;
use renown_sdk::{ParamKind, ParamSpec, ParamValue, Params, is_plain};
use serde::Deserialize;
use serde_json::Value;

use crate::foreign::{quoted, shown};

/// The schema.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    properties: BTreeMap<String, Property>,
    #[serde(rename = "additionalProperties")]
    others: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    #[serde(rename = "type")]
    kind: String,
    format: Option<String>,
    description: String,
    default: Option<Value>,
}

/// No adapter has more.
const MOST: usize = 100;

impl Schema {
    /// The options that it describes, in the order of their names.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn specs(self) -> Result<Vec<ParamSpec>, String> {
        if self.kind.as_deref().is_some_and(|kind| kind != "object") || self.others == Some(true) {
            return Err("its options are not of type \"object\" without additional properties".into());
        }
        if self.properties.len() > MOST {
            return Err(format!("it has more than {MOST} options"));
        }
        self.properties.into_iter().map(spec).collect()
    }
}

fn spec((name, property): (String, Property)) -> Result<ParamSpec, String> {
    if !is_plain(&name) || name.contains('-') {
        return Err(format!("an option {}: expected lower case letters, digits and _", quoted(&name)));
    }
    let Property { kind, format, description, default } = property;
    shown(&format!("the docs of its option `{name}`"), &description)?;
    let kind = match (&*kind, format.as_deref()) {
        ("string", None) => ParamKind::Text,
        ("string", Some("path")) => ParamKind::File,
        ("number", None) => ParamKind::Number,
        ("boolean", None) => ParamKind::Flag,
        _ => {
            let form = format.map_or_else(String::new, |format| format!(" and format {}", quoted(&format)));
            return Err(format!(
                "its option `{name}` has type {}{form}: expected string, number, boolean, or string and format path",
                quoted(&kind)
            ));
        }
    };
    let default = match (kind, default) {
        (_, None | Some(Value::Null)) => None,
        (ParamKind::Text, Some(Value::String(text))) => {
            shown(&format!("the default of its option `{name}`"), &text)?;
            Some(ParamValue::Text(text))
        }
        (ParamKind::Flag, Some(Value::Bool(flag))) => Some(ParamValue::Flag(flag)),
        (ParamKind::Number, Some(Value::Number(number))) => number.as_f64().map(ParamValue::Number),
        (ParamKind::File, Some(_)) => {
            return Err(format!("its option `{name}`, a path, cannot have a default"));
        }
        (kind, Some(_)) => return Err(format!("the default of its option `{name}` is not {kind}")),
    };
    Ok(ParamSpec { name: Cow::Owned(name), kind, docs: Cow::Owned(description), default })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Vec<ParamSpec>, String> {
        serde_json::from_str::<Schema>(json).map_err(|error| error.to_string())?.specs()
    }

    #[test]
    fn each_type_is_understood() {
        let specs = read(
            r#"{"type": "object", "properties": {
                "a": {"type": "string", "description": "d", "default": "x"},
                "b": {"type": "number", "description": "d", "default": 2},
                "c": {"type": "boolean", "description": "d"},
                "d": {"type": "string", "format": "path", "description": "d"}}}"#,
        );
        let specs = specs.unwrap();
        let found: Vec<_> = specs.iter().map(|spec| (&*spec.name, spec.kind, spec.default.clone())).collect();
        let expected = [
            ("a", ParamKind::Text, Some(ParamValue::Text("x".into()))),
            ("b", ParamKind::Number, Some(ParamValue::Number(2.0))),
            ("c", ParamKind::Flag, None),
            ("d", ParamKind::File, None),
        ];
        assert_eq!(found, expected);
        assert_eq!(read("{}").unwrap(), []);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (property, expected) in [
            (
                r#""a": {"type": "integer", "description": ""}"#,
                "has type \"integer\": expected string, number",
            ),
            (r#""a": {"type": "string", "format": "date", "description": ""}"#, "and format \"date\""),
            (r#""a": {"type": "string", "enum": ["x"], "description": ""}"#, "unknown field `enum`"),
            (r#""a": {"type": "string"}"#, "missing field `description`"),
            (r#""A": {"type": "string", "description": ""}"#, "an option \"A\""),
            (r#""a": {"type": "number", "description": "", "default": "1"}"#, "is not a number"),
            (
                r#""a": {"type": "string", "format": "path", "description": "", "default": "x"}"#,
                "cannot have a default",
            ),
            (r#""a": {"type": "string", "description": "\u001b[2J"}"#, "control characters"),
        ] {
            let error = read(&format!("{{\"properties\": {{{property}}}}}")).unwrap_err();
            assert!(error.contains(expected), "{property}: {error}");
        }
        assert!(read(r#"{"type": "array"}"#).is_err() && read(r#"{"additionalProperties": true}"#).is_err());
        assert!(read(r#"{"required": ["a"]}"#).unwrap_err().contains("unknown field `required`"));
    }
}
