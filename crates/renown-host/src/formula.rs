//! A formula of a plugin, wherever that runs.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use renown_abi as abi;
use renown_sdk::formula::{Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec, shapley};
use renown_sdk::is_plain;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::foreign::{quoted, shown};
use crate::library::Library;
use crate::options::object_of;
use crate::raw_formula::Table;
use crate::wrong::Wrong;

/// Names and weights of the features of a network.
pub(crate) type Features = Vec<(String, f64)>;

/// Where a formula is computed: in a library that was loaded, or in a child.
pub(crate) trait Home: Send + Sync {
    /// Makes it ready for a network's features.
    fn create(&self, features: &Features, params: Map<String, Value>) -> Result<Box<dyn Work>, Wrong>;
}

/// A formula that was made ready there. What is missing is `NaN`, in columns and in results.
pub(crate) trait Work: Send + Sync {
    /// Points of every row.
    fn points(&self, columns: &[&[f64]], rows: usize) -> Result<Vec<f64>, Wrong>;

    /// What each value gave, row by row; `None` if that is left to the host.
    fn parts(&self, columns: &[&[f64]], rows: usize) -> Result<Option<Vec<f64>>, Wrong>;
}

/// A formula of a plugin.
pub(crate) struct Foreign {
    /// The plugin's name and version, for messages.
    plugin: Arc<str>,
    name: String,
    docs: String,
    params: Vec<ParamSpec>,
    home: Box<dyn Home>,
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign")
            .field("name", &self.name)
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}

/// A formula, and whether it promises that its points never fall when a value rises.
pub(crate) type Promised = (&'static dyn Formula, bool);

/// The formulas of a library.
///
/// # Errors
/// What is wrong with what one says of itself.
pub(crate) fn all(library: &Library) -> Result<Vec<Promised>, String> {
    let plugin: Arc<str> = format!("{} {}", library.id, library.version).into();
    let load = |table: &&'static abi::RenownFormula| {
        let table = Table(table);
        let [name, docs, params] = table.texts()?;
        let formula = Foreign::leaked(plugin.clone(), name, docs, params, Box::new(table))?;
        Ok((formula, table.is_monotone()))
    };
    library.formulas.iter().map(load).collect()
}

impl Foreign {
    /// A formula by what it says of itself, its parameters as JSON. It lives as long as the process, as plugins do.
    ///
    /// # Errors
    /// What is wrong with what it says.
    pub(crate) fn leaked(
        plugin: Arc<str>,
        name: &str,
        docs: &str,
        params: &str,
        home: Box<dyn Home>,
    ) -> Result<&'static dyn Formula, String> {
        if !is_plain(name) || name.contains('_') {
            let name = quoted(name);
            return Err(format!("it calls a formula {name}: expected lower case letters, digits and -"));
        }
        shown(&format!("the docs of its formula `{name}`"), docs)?;
        let params = parse_params(params).map_err(|what| format!("its formula `{name}`: {what}"))?;
        Ok(Box::leak(Box::new(Self { plugin, name: name.into(), docs: docs.into(), params, home })))
    }
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

impl Formula for Foreign {
    fn name(&self) -> &str {
        &self.name
    }

    fn docs(&self) -> &str {
        &self.docs
    }

    fn params(&self) -> &[ParamSpec] {
        &self.params
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let features: Features =
            spec.columns.iter().map(|column| (column.name.to_owned(), column.weight)).collect();
        let created = self.home.create(&features, object_of(spec.params)?);
        let work = created.map_err(|wrong| self.refusal(spec, &wrong))?;
        let weights = features.into_iter().map(|(_, weight)| weight).collect();
        Ok(Arc::new(Ready { work, plugin: self.plugin.clone(), weights }))
    }
}

impl Foreign {
    /// Why it was not made ready, and which parameter or feature is at fault.
    fn refusal(&self, spec: &Spec<'_>, wrong: &Wrong) -> FormulaError {
        let failed = |what: String| FormulaError::new(format!("plugin {}: {what}", self.plugin));
        match wrong {
            Wrong::Told { code: abi::E_INVALID, context, .. } => {
                if self.params.iter().any(|param| param.name == *context) {
                    failed(format!("it {}", wrong.bare_message())).of_param(context)
                } else if spec.columns.iter().any(|column| column.name == *context) {
                    // A file need not name the feature that is at fault: it may stand under another network.
                    failed(format!("it {} (the feature {context})", wrong.bare_message())).of_feature(context)
                } else {
                    failed(format!("it {}", wrong.message()))
                }
            }
            Wrong::Told { .. } | Wrong::Did(_) => failed(format!("it {}", wrong.message())).of_itself(),
            Wrong::Gave(what) => failed(what.clone()).of_itself(),
        }
    }
}

/// A formula that was made ready.
struct Ready {
    work: Box<dyn Work>,
    plugin: Arc<str>,
    weights: Vec<f64>,
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("plugin", &self.plugin).finish_non_exhaustive()
    }
}

impl Ready {
    /// Points of rows. A feature of weight 0 is passed as missing, so that it cannot count.
    fn points_of(&self, columns: &[&[f64]], rows: usize) -> Result<Vec<f64>, String> {
        let hidden = vec![f64::NAN; rows];
        let points = self.work.points(&self.counted(columns, &hidden), rows);
        points.map_err(|wrong| self.failure(&wrong))
    }

    /// The columns, with one of nothing in place of those that do not count.
    fn counted<'c>(&self, columns: &[&'c [f64]], hidden: &'c [f64]) -> Vec<&'c [f64]> {
        let counted = |(column, weight): (&&'c [f64], &f64)| if *weight > 0.0 { *column } else { hidden };
        columns.iter().zip(&self.weights).map(counted).collect()
    }

    fn failure(&self, wrong: &Wrong) -> String {
        format!("plugin {}: it {}", self.plugin, wrong.message())
    }

    /// Parts as the host splits points that its plugin does not split itself.
    fn shares(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        // What is missing stays so; what only has not joined yet is 0. What does not count cannot join.
        let players: Vec<f64> = self.counted(&row.chunks(1).collect::<Vec<_>>(), &[f64::NAN]).concat();
        // Which rows are asked for does not depend on what they are worth, so all are found first and asked for at once.
        let (mut columns, mut rows) = (vec![Vec::new(); row.len()], 0);
        let note = |some: &[f64]| {
            for ((column, some), value) in columns.iter_mut().zip(some).zip(&players) {
                column.push(if value.is_nan() { f64::NAN } else { *some });
            }
            rows += 1;
            0.0
        };
        shapley::shares(&players, note, out);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut worths = self.points_of(&columns, rows)?.into_iter();
        shapley::shares(&players, |_| worths.next().unwrap_or(f64::NAN), out);
        Ok(())
    }
}

impl Prepared for Ready {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        if columns.len() != self.weights.len() || columns.iter().any(|column| column.len() != out.len()) {
            return Err("columns of unequal length, or not those that it was made ready for".into());
        }
        out.copy_from_slice(&self.points_of(columns, out.len())?);
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        if row.len() != self.weights.len() || out.len() != row.len() {
            return Err("not the features that it was made ready for".into());
        }
        let columns: Vec<&[f64]> = row.chunks(1).collect();
        let parts = self.work.parts(&self.counted(&columns, &[f64::NAN]), 1);
        match parts.map_err(|wrong| self.failure(&wrong))? {
            Some(parts) => out.copy_from_slice(&parts),
            None => self.shares(row, out)?,
        }
        Ok(())
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
}
