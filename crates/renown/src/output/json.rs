//! JSON, whole or by lines.

use std::io::{self, Write};

use renown_weights::Era;
use serde_json::{Map, Number, Value, json};

use super::{Row, decimal, networks, parts, reasons};
use crate::pipeline::Run;

/// The version of the form of JSON outputs.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// One document.
pub(super) fn document(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    let head = stamp(run);
    writeln!(out, "{{")?;
    for (key, value) in &head {
        writeln!(out, "  {}: {value},", Value::from(key.as_str()))?;
    }
    writeln!(out, "  \"people\": [")?;
    for (index, row) in rows.iter().enumerate() {
        let comma = if index + 1 < rows.len() { "," } else { "" };
        writeln!(out, "    {}{comma}", Value::Object(person(run, row)))?;
    }
    writeln!(out, "  ]\n}}")
}

/// One object a line, each with the stamp.
pub(super) fn lines(run: &Run, rows: &[Row<'_>], out: &mut (dyn Write + Send)) -> io::Result<()> {
    for row in rows {
        let mut object = person(run, row);
        object.extend(stamp(run));
        writeln!(out, "{}", Value::Object(object))?;
    }
    Ok(())
}

/// What tells whether two outputs may be compared.
pub(super) fn stamp(run: &Run) -> Map<String, Value> {
    let mut head = Map::new();
    head.insert("schema_version".into(), json!(SCHEMA_VERSION));
    head.insert("as_of".into(), json!(run.as_of.to_string()));
    head.insert("ruler".into(), json!(run.by.stamp));
    head.insert("scale".into(), json!(run.by.scale));
    head.extend(run.by.era.as_ref().map(|era| ("era".to_owned(), self::era(era))));
    head
}

/// Since when a ruler holds, and why it came.
pub(super) fn era(era: &Era) -> Value {
    json!({ "from": era.from.to_string(), "memo": era.memo })
}

fn person(run: &Run, row: &Row<'_>) -> Map<String, Value> {
    let person = row.person;
    let networks: Map<String, Value> = networks(run)
        .into_iter()
        .zip(parts(run, person))
        .filter_map(|(network, part)| Some((network.to_owned(), exact(part?))))
        .collect();
    let mut object = Map::new();
    object.insert("rank".into(), json!(row.rank));
    object.insert("person".into(), json!(person.person));
    object.insert("score".into(), exact(person.score.0));
    object.insert("percentile".into(), exact(person.percentile));
    object.insert("coverage".into(), exact(person.coverage));
    object.insert("networks".into(), Value::Object(networks));
    object.insert("reasons".into(), json!(reasons(run, person)));
    object
}

/// Ten-thousandths as a JSON number.
pub(super) fn exact(ten_thousandths: u32) -> Value {
    let number: Option<Number> = decimal(ten_thousandths, 4).parse().ok();
    number.map_or(Value::Null, Value::Number)
}

/// A change in ten-thousandths as a JSON number.
pub(super) fn exact_change(ten_thousandths: i64) -> Value {
    let size = decimal(ten_thousandths.unsigned_abs() as u32, 4);
    let number: Option<Number> = if ten_thousandths < 0 { format!("-{size}") } else { size }.parse().ok();
    number.map_or(Value::Null, Value::Number)
}
