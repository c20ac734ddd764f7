//! The parameters of formulas: those of the file held against those that a formula takes.

use std::path::Path;

use renown_core::formula::{Culprit, Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Params};

use crate::check::NetworkRules;
use crate::error::{Fault, listed};
use crate::format::ParamEntry;

/// As many names are listed under an error; of more, only one that is near is told.
const LISTED: usize = 9;

/// What the formula is given on a network: what the file says, and the defaults of what it does not. Reads the files
/// that parameters name, relative to `folder`.
pub(crate) fn params(network: &NetworkRules, formula: &dyn Formula, folder: &Path) -> Result<Params, Fault> {
    let specs = formula.params();
    for (name, (place, _)) in &network.params {
        if specs.iter().all(|spec| spec.name != *name) {
            let known: Vec<&str> = specs.iter().map(|spec| &*spec.name).collect();
            let label = match known.len() {
                0 => "it has none".into(),
                _ => format!("expected {}", listed(&known)),
            };
            let message = format!("the formula `{}` has no parameter `{name}`", formula.name());
            return Err(Fault::at(place.clone(), message).label(label).meant(name, known));
        }
    }
    let given = specs.iter().map(|spec| {
        let Some((_, value)) = network.params.get(&*spec.name) else {
            return match &spec.default {
                Some(default) => Ok((spec.name.to_string(), default.clone())),
                None => Err(missing(network, formula, spec)),
            };
        };
        let value = match (spec.kind, value.get_ref()) {
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
                let fault = Fault::at(value.span(), format!("the parameter `{}` must be {kind}", spec.name));
                return Err(fault.help(&*spec.docs));
            }
        };
        Ok((spec.name.to_string(), value))
    });
    given.collect()
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
        Culprit::Formula => {
            Fault::at(network.formula.span(), format!("the formula `{}`: {message}", formula.name()))
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
