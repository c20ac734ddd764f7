//! Parameters: those of the file held against those that a formula, or an adapter, takes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use renown_core::formula::{Culprit, Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Params};
use toml::Spanned;

use crate::check::NetworkRules;
use crate::error::{Fault, listed};
use crate::format::ParamEntry;

/// As many names are listed under an error; of more, only one that is near is told.
const LISTED: usize = 9;

/// What the file gives, by name, each with the place of the name.
pub(crate) type Given = BTreeMap<String, (Range<usize>, Spanned<ParamEntry>)>;

/// Who takes parameters.
pub(crate) struct Taker<'t> {
    /// As in "the formula `percentile`".
    pub(crate) owner: String,
    /// What it calls them.
    pub(crate) noun: &'static str,
    /// Those that it takes.
    pub(crate) specs: &'t [ParamSpec],
}

impl Taker<'_> {
    /// What it is given: what the file says, and the defaults of what it does not; `absent` says what becomes of one
    /// that has neither. Reads the files that are named, relative to `folder`.
    pub(crate) fn take(
        &self,
        given: &Given,
        folder: &Path,
        absent: impl Fn(&ParamSpec) -> Result<Option<ParamValue>, Fault>,
    ) -> Result<Params, Fault> {
        for (name, (place, _)) in given {
            if self.specs.iter().all(|spec| spec.name != *name) {
                let known: Vec<&str> = self.specs.iter().map(|spec| &*spec.name).collect();
                let label = match known.len() {
                    0 => "it has none".into(),
                    _ => format!("expected {}", listed(&known)),
                };
                let message = format!("{} has no {} `{name}`", self.owner, self.noun);
                return Err(Fault::at(place.clone(), message).label(label).meant(name, known));
            }
        }
        let mut taken = Vec::new();
        for spec in self.specs {
            let value = match (given.get(&*spec.name), &spec.default) {
                (Some((_, value)), _) => Some(self.value(spec, value, folder)?),
                (None, Some(default)) => Some(default.clone()),
                (None, None) => absent(spec)?,
            };
            taken.extend(value.map(|value| (spec.name.to_string(), value)));
        }
        Ok(taken.into_iter().collect())
    }

    fn value(
        &self,
        spec: &ParamSpec,
        value: &Spanned<ParamEntry>,
        folder: &Path,
    ) -> Result<ParamValue, Fault> {
        Ok(match (spec.kind, value.get_ref()) {
            (ParamKind::Text, ParamEntry::Text(text)) => ParamValue::Text(text.clone()),
            (ParamKind::Number, ParamEntry::Number(number)) if number.is_finite() => {
                ParamValue::Number(*number)
            }
            (ParamKind::Flag, ParamEntry::Flag(flag)) => ParamValue::Flag(*flag),
            (ParamKind::File, ParamEntry::Text(path)) => {
                let whole = folder.join(path);
                let content = std::fs::read(&whole).map_err(|error| {
                    Fault::at(value.span(), format!("cannot read `{}`: {error}", whole.display()))
                })?;
                ParamValue::File(whole, content.into())
            }
            (kind, _) => {
                let message = format!("the {} `{}` must be {kind}", self.noun, spec.name);
                return Err(Fault::at(value.span(), message).help(&*spec.docs));
            }
        })
    }
}

/// What the formula is given on a network: what the file says, and the defaults of what it does not. Reads the files
/// that parameters name, relative to `folder`.
pub(crate) fn params(network: &NetworkRules, formula: &dyn Formula, folder: &Path) -> Result<Params, Fault> {
    let owner = format!("the formula `{}`", formula.name());
    let taker = Taker { owner, noun: "parameter", specs: formula.params() };
    taker.take(&network.params, folder, |spec| Err(missing(network, formula, spec)))
}

fn missing(network: &NetworkRules, formula: &dyn Formula, spec: &ParamSpec) -> Fault {
    let message = format!("the formula `{}` needs the parameter `{}`", formula.name(), spec.name);
    Fault::at(network.formula.span(), message).help(format!(
        "in a table `params` of the network, write `{} = …`, {}: {}",
        spec.name, spec.kind, spec.docs
    ))
}

/// Where a formula's complaint is shown.
pub(crate) fn fault(network: &NetworkRules, formula: &dyn Formula, error: FormulaError) -> Fault {
    let FormulaError { message, culprit, help, known } = error;
    let mut wrong = "";
    let fault = match &culprit {
        Culprit::Formula | Culprit::Itself => {
            let fault =
                Fault::at(network.formula.span(), format!("the formula `{}`: {message}", formula.name()));
            if culprit == Culprit::Itself { fault.of_formula() } else { fault }
        }
        Culprit::Feature(name) => {
            let rules = network.rules_of(name);
            Fault::at(rules.map_or_else(|| network.formula.span(), |rules| rules.place.clone()), message)
        }
        Culprit::Param(name, place) => match (network.params.get(name).map(|given| &given.1), place) {
            (None, _) => Fault::at(network.formula.span(), message),
            (Some(given), Some(place)) if let ParamEntry::Text(text) = given.get_ref() => {
                wrong = text.get(place.clone()).unwrap_or_default();
                Fault::within(given.span(), text, place.clone(), message)
            }
            (Some(given), _) => Fault::at(given.span(), message),
        },
    };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let fault = if known.is_empty() || known.len() > LISTED {
        fault
    } else {
        fault.label(format!("expected {}", listed(&known)))
    };
    let fault = if help.is_empty() { fault } else { fault.help(help) };
    fault.meant(wrong, known)
}
