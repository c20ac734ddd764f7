//! The weights file: the whole ruler of Renown in one commented TOML file.
//!
//! **What it is for.** [`Weights::parse`] reads a file and checks every value, [`Weights::with_sets`] puts single values
//! over it, [`Weights::as_of`] takes the ruler of a day, [`Weights::resolve`] binds it to the networks, kinds and metrics of a run, [`Weights::lint`] looks for what is
//! most likely not meant, and [`schema`] describes it to editors. What is wrong is told with its line, an excerpt and what may have been meant.
//!
//! **What it may depend on.** The core's ruler. **What it must not know.** Any network, kind, metric or formula by name
//! other than from the file, where weights come from, what is scored. It reads no files but those that the parameters
//! of formulas and the options of adapters name, and loads no plugin.
//!
//! ```
//! use renown_formulas as _;
//! use renown_weights::{SeenNetwork, Weights};
//!
//! let weights = Weights::with_sets(
//!     Weights::default_text(),
//!     "weights.toml",
//!     &["networks.twitter.weight=0.5", r#"networks.twitter.features."like.count"=0.2"#],
//! )?;
//! let seen = [SeenNetwork { name: "twitter".into(), kinds: vec!["like".into()], metrics: vec![] }];
//! let words = renown_core::words::Words::new();
//! let resolved = weights.resolve(&seen, &words, &renown_sdk::formulas())?;
//! assert_eq!(resolved.ruler.networks[0].weight, 0.5);
//!
//! let error = Weights::with_sets(Weights::default_text(), "weights.toml", &["time.window=30"]).unwrap_err();
//! assert!(error.to_string().contains("expected `window_days`"));
//! # Ok::<(), renown_weights::WeightsError>(())
//! ```

mod adapters;
mod attack;
mod check;
mod edit;
mod eras;
mod error;
mod format;
mod graph;
mod knobs;
mod lint;
mod params;
mod pattern;
mod place;
mod plugins;
mod presets;
mod resolve;
mod schema;
mod sets;
mod stamp;

use std::collections::BTreeMap;
use std::path::Path;

pub use adapters::AdapterOptions;
pub use attack::{Attacks, Names, Price};
pub use eras::Era;
pub use error::{Excerpt, WeightsError};
pub use knobs::Knob;
pub use lint::{Code, FeatureSpread, Finding, Known, Measures, PERCENTILES, Report};
pub use plugins::NamedPlugin;
pub use presets::{PRESETS, Preset, preset};
use renown_core::formula::{Formula, Params};
use renown_core::record::Day;
use renown_core::words::Words;
pub use resolve::{Resolved, SeenNetwork};
pub use schema::schema;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use crate::check::{NetworkRules, Rules};
use crate::eras::Dated;
use crate::error::{Fault, Source};
use crate::format::File;

/// A weights file, read and checked: the ruler that is in force, which is the newest unless [`Weights::as_of`] says otherwise.
#[derive(Clone, Debug)]
pub struct Weights {
    source: Source,
    rules: Rules,
    /// All eras of the file, by their days, and how many of them are in force.
    eras: Vec<Era>,
    in_force: usize,
    /// Once it is known which adapters there are.
    options: Option<adapters::Bound>,
}

impl Weights {
    /// The weights that come with the program: `config/weights.toml`.
    pub const fn default_text() -> &'static str {
        include_str!("../../../config/weights.toml")
    }

    /// Reads weights. `path` is where they came from, for messages.
    ///
    /// # Errors
    /// [`WeightsError`]: the first fault that is found.
    pub fn parse(text: &str, path: &str) -> Result<Self, WeightsError> {
        Self::with_sets(text, path, &[])
    }

    /// Reads weights and puts single values over them, each given as `path.of.the.value=value`.
    ///
    /// The path has TOML's keys; those with a dot are quoted (`networks.twitter.features."repost.weighted"`), which may
    /// be left out for features. The value is TOML, but bare words are texts (`networks.twitter.formula=weighted-mean`).
    /// A number set for a feature is its weight, whatever else the file says of it. Networks and features that the
    /// file does not name cannot be set. Of two that set the same, the later counts. They are put over the ruler that is in
    /// force, and must fit the newest in any case.
    ///
    /// # Errors
    /// [`WeightsError`]: the first fault that is found, which shows the `--set` if that is where it is.
    pub fn with_sets(text: &str, path: &str, sets: &[&str]) -> Result<Self, WeightsError> {
        let source = Source::new(path, text, sets);
        let weights = Self::with_eras(source, usize::MAX)?;
        if !weights.eras.is_empty() {
            // What is set need fit only the ruler that is in force, but the file has to be sound on every day.
            let alone = Source::new(path, text, &[]);
            for in_force in 0..=weights.eras.len() {
                Self::with_eras(alone.clone(), in_force)?;
            }
        }
        Ok(weights)
    }

    /// Reads weights with their first eras, as many as are in force.
    fn with_eras(source: Source, in_force: usize) -> Result<Self, WeightsError> {
        let read = || {
            let Dated { file, eras } = eras::dated(&source, in_force)?;
            let file = toml::de::Deserializer::from(file);
            let file = File::deserialize(file).map_err(|error| Fault::of_toml(&error))?;
            Ok((Rules::new(file)?, eras))
        };
        let (rules, eras) = read().map_err(|fault| source.error(fault))?;
        Ok(Self { source, rules, in_force: in_force.min(eras.len()), eras, options: None })
    }

    /// The same file by the ruler that was in force on a day.
    ///
    /// # Errors
    /// [`WeightsError`] if what is set does not fit that ruler.
    pub fn as_of(&self, day: Day) -> Result<Self, WeightsError> {
        let in_force = self.eras.partition_point(|era| era.from <= day);
        self.by(in_force)
    }

    /// The same file by its newest ruler.
    ///
    /// # Errors
    /// None that [`Weights::with_sets`] did not have.
    pub fn newest(&self) -> Result<Self, WeightsError> {
        self.by(self.eras.len())
    }

    /// The same file by its first eras.
    fn by(&self, in_force: usize) -> Result<Self, WeightsError> {
        if in_force == self.in_force {
            return Ok(self.clone());
        }
        // Eras change no adapter.
        Ok(Self { options: self.options.clone(), ..Self::with_eras(self.source.clone(), in_force)? })
    }

    /// The era of these weights; `None` if they hold from the beginning.
    pub fn era(&self) -> Option<&Era> {
        self.eras[..self.in_force].last()
    }

    /// How many days count.
    pub fn window_days(&self) -> u16 {
        self.rules.window.days
    }

    /// The plugins that the file names, in its order.
    pub fn plugins(&self) -> Vec<NamedPlugin> {
        let whole =
            |plugin: &NamedPlugin| NamedPlugin { path: self.folder().join(&plugin.path), ..plugin.clone() };
        self.rules.plugins.iter().map(whole).collect()
    }

    /// Binds the options of adapters to those that adapters declare, which reads the files that options name. Options
    /// that are not at their defaults are part of the stamp from then on.
    ///
    /// # Errors
    /// [`WeightsError`] if the file sets an option of an adapter that is not among these, or one that it does not have
    /// or cannot be.
    pub fn bind_adapters(&mut self, adapters: &[AdapterOptions<'_>]) -> Result<(), WeightsError> {
        let bound = adapters::bind(&self.rules.adapters, self.folder(), adapters);
        self.options = Some(bound.map_err(|fault| self.source.error(fault))?);
        Ok(())
    }

    /// What adapters are to be opened with, by the adapter's name; those of which the file says nothing have their defaults.
    /// Empty before [`Weights::bind_adapters`].
    pub fn adapter_options(&self) -> BTreeMap<String, Params> {
        self.options.as_ref().map(|bound| bound.options.clone()).unwrap_or_default()
    }

    /// Those of them that are not at their defaults, by adapter and option, as texts that are the same where the values
    /// are: of a file that an option names, its digest. Empty before [`Weights::bind_adapters`].
    pub fn changed_options(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (adapter, option, value) in self.options.iter().flat_map(|bound| &bound.changed) {
            all.entry(adapter.clone()).or_default().insert(option.clone(), stamp::shown(value));
        }
        all
    }

    /// Binds the weights to what was seen in a run, whose words are interned in `words`.
    ///
    /// A network that the file names has all features that it names there, seen or not, and those of the kinds and
    /// metrics seen that its globs match. What was seen and no own name or glob mentions falls to `[networks."*"]`, as
    /// all does of a network that the file does not name.
    ///
    /// Formulas are made ready, which reads the files that their parameters name, relative to the weights file. Where
    /// nothing is set, those of the file's other eras are, too.
    ///
    /// # Errors
    /// [`WeightsError`] if a network's formula is not among `formulas` or does not accept its parameters and weights, if
    /// the file has options of adapters and [`Weights::bind_adapters`] was not called, or there are too many words.
    pub fn resolve(
        &self,
        seen: &[SeenNetwork],
        words: &Words,
        formulas: &[&dyn Formula],
    ) -> Result<Resolved, WeightsError> {
        if !self.source.is_set() {
            // A slip in an era is to be found on the day it is made, and not on the day that it holds from.
            for in_force in (0..=self.eras.len()).filter(|&in_force| in_force != self.in_force) {
                self.by(in_force)?.resolve_alone(seen, &Words::new(), formulas)?;
            }
        }
        self.resolve_alone(seen, words, formulas)
    }

    fn resolve_alone(
        &self,
        seen: &[SeenNetwork],
        words: &Words,
        formulas: &[&dyn Formula],
    ) -> Result<Resolved, WeightsError> {
        resolve::resolve(&self.rules, self.options.as_ref(), self.folder(), seen, words, formulas)
            .map_err(|fault| self.source.error(fault))
    }

    /// The digest of everything that decides a score, `--set` included: 16 hexadecimal digits.
    ///
    /// They are the first of the SHA-256 of the rules in a canonical text: every number, curve and formula by name, in
    /// a fixed order, and the parameters of formulas, of files their content. Comments, layout, the file's name and the
    /// scale's, and the data have no part in it.
    ///
    /// # Errors
    /// [`WeightsError`] if a network's formula is not among `formulas` or does not have its parameters, or the file has
    /// options of adapters and [`Weights::bind_adapters`] was not called.
    pub fn stamp(&self, formulas: &[&dyn Formula]) -> Result<String, WeightsError> {
        let chosen = resolve::choose(&self.rules, self.folder(), formulas);
        let stamp = chosen.and_then(|chosen| resolve::stamp(&self.rules, self.options.as_ref(), &chosen));
        stamp.map_err(|fault| self.source.error(fault))
    }

    /// What `renown attack` tries, of the attacks that are `known` by name.
    ///
    /// # Errors
    /// [`WeightsError`] if the budget is of an attack that is not among them.
    pub fn attacks(&self, known: &[&str]) -> Result<&Attacks, WeightsError> {
        let attacks = &self.rules.attacks;
        match attacks.places.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(attacks),
            Some((name, place)) => {
                let fault = Fault::at(place.clone(), format!("there is no attack `{name}`"));
                let fault = fault.label(format!("expected {}", error::listed(known)));
                Err(self.source.error(fault.meant(name, known.iter().copied())))
            }
        }
    }

    /// What paths in the file are relative to.
    fn folder(&self) -> &Path {
        Path::new(self.path()).parent().unwrap_or(Path::new(""))
    }

    /// All weights that are not 0, networks' and features', as `--set` names them, in order.
    pub fn numbers(&self) -> Vec<(String, f64)> {
        let of_network = |(name, rules): (&String, &NetworkRules)| {
            let features = rules.features.iter().map(|(feature, rules)| {
                (format!("networks.\"{name}\".features.\"{feature}\".weight"), rules.weight)
            });
            let own = (format!("networks.\"{name}\".weight"), rules.weight);
            [own].into_iter().chain(features).collect::<Vec<_>>()
        };
        self.rules.networks.iter().flat_map(of_network).filter(|(_, weight)| *weight > 0.0).collect()
    }

    /// The name of the scale, which is shown beside scores.
    pub fn scale_version(&self) -> &str {
        &self.rules.scale_version
    }

    /// Where the weights came from, as given.
    pub fn path(&self) -> &str {
        self.source.path()
    }
}

/// The version of the file's format that is read here.
const VERSION: &str = "1";

/// Before the keys of another version are called unknown.
fn check_version(file: &DeTable<'_>) -> Result<(), Fault> {
    match file.get("version").map(|version| (version.span(), version.get_ref())) {
        Some((span, DeValue::Integer(version))) if version.as_str() != VERSION => Err(Fault::at(
            span,
            format!("this program reads version {VERSION} of the weights file, not {version}"),
        )),
        _ => Ok(()),
    }
}
