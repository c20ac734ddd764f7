//! The adapters and formulas of a run: those that are linked, and those of plugins.

use anyhow::anyhow;
use renown_host::trust::TrustFile;
use renown_host::{Entry, Plugin};
use renown_sdk::formula::Formula;
use renown_sdk::{Adapter, Vocable};
use renown_weights::{AdapterOptions, NamedPlugin, SeenNetwork, Weights};

use crate::cli::{PartArgs, SchemaArgs};
use crate::config;
use crate::exit::Exit;
use crate::write::to_stdout;

/// Adapters and formulas.
pub(crate) struct Parts {
    /// The adapters.
    pub(crate) adapters: Vec<&'static dyn Adapter>,
    /// The formulas.
    pub(crate) formulas: Vec<&'static dyn Formula>,
}

impl Parts {
    /// Those that are linked, but for what the user left out.
    pub(crate) fn linked(args: &PartArgs) -> anyhow::Result<Self> {
        let mut adapters = renown_sdk::adapters();
        for name in &args.without {
            let before = adapters.len();
            adapters.retain(|adapter| adapter.manifest().name != name);
            if adapters.len() == before {
                let known: Vec<_> = adapters.iter().map(|adapter| adapter.manifest().name).collect();
                return Err(anyhow!("--without {name}: there are the adapters {}", known.join(", ")));
            }
        }
        Ok(Self { adapters, formulas: renown_sdk::formulas() })
    }

    /// Those that are linked, and those of the plugins that the weights file and the user name; and tells the weights
    /// which options there are.
    pub(crate) fn gather(args: &PartArgs, weights: &mut Weights) -> anyhow::Result<Self> {
        let mut parts = Self::linked(args)?;
        let plugins = parts.load(&entries(args, weights))?;
        parts.add(plugins);
        parts.bind(weights)?;
        Ok(parts)
    }

    /// Loads plugins beside these.
    pub(crate) fn load(&self, entries: &[Entry]) -> anyhow::Result<Vec<Plugin>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        Ok(renown_host::load(entries, &TrustFile::read()?, &self.adapters, &self.formulas)?)
    }

    /// Every network that adapters declare, with its kinds and metrics.
    pub(crate) fn declared(&self) -> Vec<SeenNetwork> {
        let names = |words: &[Vocable]| words.iter().map(|word| word.name.to_owned()).collect();
        let networks = self.adapters.iter().flat_map(|adapter| adapter.manifest().networks);
        let declared = networks.map(|network| SeenNetwork {
            name: network.name.to_owned(),
            kinds: names(network.kinds),
            metrics: names(network.metrics),
        });
        declared.collect()
    }

    /// Adds what plugins bring.
    pub(crate) fn add(&mut self, plugins: impl IntoIterator<Item = Plugin>) {
        for plugin in plugins {
            self.adapters.extend(plugin.adapters);
            self.formulas.extend(plugin.formulas);
        }
    }

    /// Tells the weights which options adapters have. Those of an adapter that is left out are checked as well: a
    /// weights file is for more than one run.
    pub(crate) fn bind(&self, weights: &mut Weights) -> anyhow::Result<()> {
        let linked = renown_sdk::adapters();
        let all = self.adapters.iter().chain(&linked);
        let options: Vec<AdapterOptions<'_>> =
            all.map(|adapter| (adapter.manifest().name, adapter.options())).collect();
        Ok(weights.bind_adapters(&options)?)
    }
}

/// The plugins that a weights file and the user name.
pub(crate) fn entries(args: &PartArgs, weights: &Weights) -> Vec<Entry> {
    let isolated = args.isolate;
    let of_file =
        weights.plugins().into_iter().map(|NamedPlugin { path, sha256 }| Entry { path, sha256, isolated });
    let of_user = args.plugins.iter().map(|path| Entry { path: path.clone(), sha256: None, isolated });
    of_file.chain(of_user).collect()
}

/// Prints the schema of weights files.
pub(crate) fn schema(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let mut parts = Parts::linked(&args.parts)?;
    let weights = config::weights(args.weights.as_deref(), &[])?;
    let plugins = parts.load(&entries(&args.parts, &weights))?;
    parts.add(plugins);
    let options: Vec<AdapterOptions<'_>> =
        parts.adapters.iter().map(|adapter| (adapter.manifest().name, adapter.options())).collect();
    to_stdout(|out| out.write_all(renown_weights::schema(&parts.formulas, &options).as_bytes()))?;
    Ok(Exit::Ok)
}
