//! What editors complete and check from.

use renown_core::formula::{Formula, ParamKind, ParamSpec, ParamValue};
use serde_json::{Value, json};

use crate::adapters::AdapterOptions;
use crate::eras::TABLES;
use crate::format::File;

/// The JSON Schema of the weights file, as editors complete and check it, with these formulas and their parameters and
/// these adapters and their options; pretty-printed, with a line break at the end.
pub fn schema(formulas: &[&dyn Formula], adapters: &[AdapterOptions<'_>]) -> String {
    let mut schema = schemars::schema_for!(File).to_value();
    add_eras(&mut schema);
    let network = &mut schema["$defs"]["Network"];
    let names: Vec<Value> = formulas
        .iter()
        .map(|formula| json!({ "const": formula.name(), "description": formula.docs() }))
        .collect();
    // Others may be linked or loaded where the file is used.
    network["properties"]["formula"]["anyOf"] = [names, vec![json!({ "type": "string" })]].concat().into();
    network["allOf"] = formulas.iter().map(|formula| params_schema(*formula)).collect();
    let of_adapters: serde_json::Map<_, _> = adapters
        .iter()
        .map(|(name, options)| {
            let options = json!({ "type": "object", "properties": specs_schema(options), "additionalProperties": false });
            ((*name).to_owned(), options)
        })
        .collect();
    schema["properties"]["adapters"]["properties"] = of_adapters.into();
    let mut text = format!("{schema:#}");
    text.push('\n');
    text
}

/// The tables of an era: those of the file, in which nothing has to be there.
fn add_eras(schema: &mut Value) {
    const IN_PART: [&str; 8] =
        ["Time", "Standing", "PerPost", "Combine", "Scale", "Network", "FeatureEntry", "Feature"];
    let in_part = |whole: &Value| {
        let text = IN_PART.iter().fold(whole.to_string(), |text, name| {
            text.replace(&format!("\"#/$defs/{name}\""), &format!("\"#/$defs/Era{name}\""))
        });
        text.parse().unwrap_or(Value::Null)
    };
    let mut properties = json!({
        "from": { "description": "Its first day, a date without quotes: `2026-01-01`.", "type": "string", "format": "date" },
        "memo": { "description": "Why the ruler changes; shown beside scores.", "type": "string", "minLength": 1 },
    });
    for table in TABLES {
        properties[table] = in_part(&schema["properties"][table]);
    }
    for name in IN_PART {
        let mut def: Value = in_part(&schema["$defs"][name]);
        if let Some(def) = def.as_object_mut() {
            def.remove("required");
        }
        schema["$defs"][format!("Era{name}")] = def;
    }
    schema["$defs"]["Era"] = json!({
        "description": "What changes from a day on: values put over those above it.",
        "type": "object",
        "properties": properties,
        "required": ["from", "memo"],
        "additionalProperties": false,
    });
    schema["properties"]["era"]["items"] = json!({ "$ref": "#/$defs/Era" });
}

/// What stands in `params` under one formula.
fn params_schema(formula: &dyn Formula) -> Value {
    let properties = specs_schema(formula.params());
    let needed: Vec<&str> =
        formula.params().iter().filter(|param| param.default.is_none()).map(|param| &*param.name).collect();
    let params = json!({ "properties": properties, "required": needed, "additionalProperties": false });
    let mut then = json!({ "properties": { "params": params } });
    if !needed.is_empty() {
        then["required"] = json!(["params"]);
    }
    json!({ "if": { "properties": { "formula": { "const": formula.name() } } }, "then": then })
}

/// Each parameter, or option, by name.
fn specs_schema(specs: &[ParamSpec]) -> Value {
    let properties = specs.iter().map(|param| {
        let mut schema = json!({ "description": param.docs });
        schema["type"] = match param.kind {
            ParamKind::Text | ParamKind::File => "string",
            ParamKind::Number => "number",
            ParamKind::Flag => "boolean",
        }
        .into();
        match &param.default {
            Some(ParamValue::Text(text)) => schema["default"] = text.as_str().into(),
            Some(ParamValue::Number(number)) => schema["default"] = (*number).into(),
            Some(ParamValue::Flag(flag)) => schema["default"] = (*flag).into(),
            Some(ParamValue::File(..)) | None => {}
        }
        (param.name.to_string(), schema)
    });
    properties.collect::<serde_json::Map<_, _>>().into()
}
