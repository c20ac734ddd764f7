//! Parameters: what a formula takes beside weights.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::FormulaError;

/// A parameter that a formula takes.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamSpec {
    /// Its name: lower case letters, digits and `_`.
    pub name: Cow<'static, str>,
    /// What it can be.
    pub kind: ParamKind,
    /// What it does, with its unit.
    pub docs: Cow<'static, str>,
    /// What it is if not given. `None`: it must be given.
    pub default: Option<ParamValue>,
}

/// What a parameter can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Any text.
    Text,
    /// A finite number.
    Number,
    /// True or false.
    Flag,
    /// The path of a file, which is read before the formula is made ready.
    File,
}

impl fmt::Display for ParamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::File => "the path of a file, in quotes",
        })
    }
}

/// What a parameter is.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// A text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A file: where it is, and what is in it.
    File(PathBuf, Arc<[u8]>),
}

/// The parameters of one formula on one network, by name; checked against [`ParamSpec`]s by whoever makes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(BTreeMap<String, ParamValue>);

impl Params {
    /// No parameters.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// What is had where nothing is given: the defaults of those that have one.
    pub fn of_defaults(specs: &[ParamSpec]) -> Self {
        let default = |spec: &ParamSpec| Some((spec.name.to_string(), spec.default.clone()?));
        specs.iter().filter_map(default).collect()
    }

    /// One of them; `None` if there is none of this name.
    pub fn get(&self, name: &str) -> Option<&ParamValue> {
        self.0.get(name)
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A parameter of type text.
    ///
    /// # Errors
    /// If there is none, which a [`ParamSpec`] rules out; so for the others.
    pub fn text(&self, name: &str) -> Result<&str, FormulaError> {
        match self.0.get(name) {
            Some(ParamValue::Text(text)) => Ok(text),
            _ => Err(missing(name, ParamKind::Text)),
        }
    }

    /// A parameter of type number.
    ///
    /// # Errors
    /// If there is none.
    pub fn number(&self, name: &str) -> Result<f64, FormulaError> {
        match self.0.get(name) {
            Some(ParamValue::Number(number)) => Ok(*number),
            _ => Err(missing(name, ParamKind::Number)),
        }
    }

    /// A parameter that is true or false.
    ///
    /// # Errors
    /// If there is none.
    pub fn flag(&self, name: &str) -> Result<bool, FormulaError> {
        match self.0.get(name) {
            Some(ParamValue::Flag(flag)) => Ok(*flag),
            _ => Err(missing(name, ParamKind::Flag)),
        }
    }

    /// What is in the file that a parameter names.
    ///
    /// # Errors
    /// If there is none.
    pub fn file(&self, name: &str) -> Result<&[u8], FormulaError> {
        match self.0.get(name) {
            Some(ParamValue::File(_, content)) => Ok(content),
            _ => Err(missing(name, ParamKind::File)),
        }
    }
}

fn missing(name: &str, kind: ParamKind) -> FormulaError {
    FormulaError::new(format!("the parameter `{name}`, {kind}, is missing"))
}

impl FromIterator<(String, ParamValue)> for Params {
    fn from_iter<I: IntoIterator<Item = (String, ParamValue)>>(params: I) -> Self {
        Self(params.into_iter().collect())
    }
}
