//! Options of adapters, and parameters of formulas, as the kit gives and checks them.

use std::collections::BTreeSet;

use super::Findings;
use crate::{Adapter, ParamKind, ParamSpec, ParamValue, Params, is_plain};

/// What is given, and the defaults of what is not.
pub(super) fn with_defaults(specs: &[ParamSpec], given: &[(&str, ParamValue)]) -> Params {
    let defaults = Params::of_defaults(specs);
    let defaults = defaults.iter().map(|(name, value)| (name.to_owned(), value.clone()));
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    defaults.chain(given).collect()
}

/// What an adapter says of its options.
pub(super) fn check(adapter: &dyn Adapter, findings: &mut Findings) {
    let mut say = |text: String| findings.0.push(format!("{}: {text}", adapter.manifest().name));
    let mut seen = BTreeSet::new();
    for option in adapter.options() {
        if !is_plain(&option.name) || option.name.contains('-') || option.docs.is_empty() {
            say(format!(
                "option `{}` needs a name of lower case letters, digits and _, and docs",
                option.name
            ));
        }
        if !seen.insert(&option.name) {
            say(format!("option `{}` is declared twice", option.name));
        }
        let fits = match &option.default {
            None => true,
            Some(ParamValue::Text(_)) => option.kind == ParamKind::Text,
            Some(ParamValue::Number(number)) => option.kind == ParamKind::Number && number.is_finite(),
            Some(ParamValue::Flag(_)) => option.kind == ParamKind::Flag,
            // What is in a file is not known before it is read.
            Some(ParamValue::File(..)) => false,
        };
        if !fits {
            say(format!("the default of the option `{}` cannot be {}", option.name, option.kind));
        }
    }
}
