//! The options of adapters: those of the file held against those that adapters declare.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use renown_core::formula::{ParamSpec, ParamValue, Params};
use toml::Spanned;

use crate::error::{Fault, listed};
use crate::format::ParamEntry;
use crate::params::{Given, Taker};

/// An adapter's name, and the options that it declares.
pub type AdapterOptions<'a> = (&'a str, &'a [ParamSpec]);

/// What the file says of one adapter.
#[derive(Clone, Debug)]
pub(crate) struct AdapterRules {
    /// Where its name stands.
    pub(crate) place: Range<usize>,
    options: Given,
}

/// The options of all adapters, as they apply.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bound {
    /// What each adapter of which the file says something is opened with.
    pub(crate) options: BTreeMap<String, Params>,
    /// Of these, those that are not what they would be without the file: adapter, option, value.
    pub(crate) changed: Vec<(String, String, ParamValue)>,
}

impl AdapterRules {
    pub(crate) fn new(place: Range<usize>, options: BTreeMap<Spanned<String>, Spanned<ParamEntry>>) -> Self {
        let options = options.into_iter().map(|(name, value)| (name.get_ref().clone(), (name.span(), value)));
        Self { place, options: options.collect() }
    }
}

/// Binds what the file says to what adapters declare. Reads the files that options name, relative to `folder`.
pub(crate) fn bind(
    rules: &BTreeMap<String, AdapterRules>,
    folder: &Path,
    adapters: &[AdapterOptions<'_>],
) -> Result<Bound, Fault> {
    let mut bound = Bound::default();
    for (name, rules) in rules {
        let Some((_, specs)) = adapters.iter().find(|(known, _)| known == name) else {
            return Err(unknown(name, rules, adapters));
        };
        let taker = Taker { owner: format!("the adapter `{name}`"), noun: "option", specs };
        // An option without a default is simply not there.
        let options = taker.take(&rules.options, folder, |_| Ok(None))?;
        for (option, value) in options.iter() {
            let default =
                specs.iter().find(|spec| spec.name == option).and_then(|spec| spec.default.as_ref());
            if default != Some(value) {
                bound.changed.push((name.clone(), option.to_owned(), value.clone()));
            }
        }
        bound.options.insert(name.clone(), options);
    }
    Ok(bound)
}

fn unknown(name: &str, rules: &AdapterRules, adapters: &[AdapterOptions<'_>]) -> Fault {
    let mut known: Vec<&str> = adapters.iter().map(|adapter| adapter.0).collect();
    known.sort_unstable();
    known.dedup();
    let fault = Fault::at(rules.place.clone(), format!("there is no adapter `{name}`"));
    let fault = if known.is_empty() { fault } else { fault.label(format!("expected {}", listed(&known))) };
    fault
        .help(
            "an adapter that is a plugin has to be loaded: name it in a table `[[plugin]]` or with --plugin",
        )
        .meant(name, known)
}

/// What is said where rules are applied before adapters were asked for their options.
pub(crate) fn unbound(rules: &AdapterRules) -> Fault {
    Fault::at(rules.place.clone(), "options of adapters cannot be checked here, where no adapter is known")
}
