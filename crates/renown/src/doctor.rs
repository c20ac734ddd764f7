//! `renown doctor`: is the set-up sound?

use renown_core::words::Words;
use renown_engine::people;
use renown_host::Entry;
use renown_weights::Weights;

use crate::cli::DoctorArgs;
use crate::config::{map, text_of, weights};
use crate::exit::{self, Exit};
use crate::parts::{self, Parts};
use crate::write::to_stdout;

/// What was looked at, and what was found.
type Check = (String, anyhow::Result<String>);

/// Checks everything that can be checked without an input; exit code 1 if something is wrong.
pub(crate) fn check(args: &DoctorArgs) -> anyhow::Result<Exit> {
    let mut parts = Parts::linked(&args.parts)?;
    let mut checks: Vec<Check> = vec![
        ("adapters".into(), adapters(&parts)),
        ("formulas".into(), Ok(names(parts.formulas.iter().map(|formula| formula.name())))),
        ("built-in weights".into(), resolves(weights(None, &[]), &parts)),
        ("temporary files".into(), temporary_files()),
        ("threads".into(), Ok(rayon::current_num_threads().to_string())),
    ];
    let own = args.weights.as_deref().map(|path| (path.display().to_string(), weights(Some(path), &[])));
    let named = match &own {
        Some((_, Ok(weights))) => parts::entries(&args.parts, weights),
        _ => parts::entries(&args.parts, &weights(None, &[])?),
    };
    plugins(&named, &mut parts, &mut checks);
    if let Some((path, weights)) = own {
        checks.push((path, resolves(weights, &parts)));
    }
    if let Some(path) = &args.people {
        checks.push((path.display().to_string(), checked_people(path)));
    }
    if let Some(path) = &args.map {
        checks.push((
            path.display().to_string(),
            map(path).map(|map| format!("reads {}", names(map.columns()))),
        ));
    }
    to_stdout(|out| {
        for (what, result) in &checks {
            match result {
                Ok(found) => writeln!(out, "ok    {what}: {found}")?,
                Err(error) => writeln!(out, "fail  {what}: {}", exit::shown(error))?,
            }
        }
        Ok(())
    })?;
    Ok(if checks.iter().all(|(_, result)| result.is_ok()) { Exit::Ok } else { Exit::Findings })
}

fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Loads plugins: all of them or, if that fails, each by itself, to say which it is.
fn plugins(named: &[Entry], parts: &mut Parts, checks: &mut Vec<Check>) {
    let loaded = match parts.load(named) {
        Ok(loaded) => loaded,
        Err(error) => {
            let mut loaded = Vec::new();
            let mut alone = Vec::new();
            for entry in named {
                match parts.load(std::slice::from_ref(entry)) {
                    Ok(plugin) => loaded.extend(plugin),
                    Err(error) => alone.push((entry.path.display().to_string(), Err(error))),
                }
            }
            if alone.is_empty() {
                // Each can be loaded, and they cannot be together.
                checks.push(("plugins".into(), Err(error)));
            }
            checks.extend(alone);
            loaded
        }
    };
    for plugin in &loaded {
        let adapters = names(plugin.adapters.iter().map(|adapter| adapter.manifest().name));
        let formulas = names(plugin.formulas.iter().map(|formula| formula.name()));
        let brings = [("adapters", adapters), ("formulas", formulas)];
        let brings = brings.iter().filter(|(_, names)| !names.is_empty());
        let brings: Vec<_> = brings.map(|(sort, names)| format!("{sort} {names}")).collect();
        let found = format!("plugin {} {}, {}", plugin.id, plugin.version, brings.join("; "));
        checks.push((plugin.path.display().to_string(), Ok(found)));
    }
    parts.add(loaded);
}

fn adapters(parts: &Parts) -> anyhow::Result<String> {
    let adapters = &parts.adapters;
    anyhow::ensure!(!adapters.is_empty(), "none is linked: this binary was built without any");
    let all: Vec<_> = adapters
        .iter()
        .map(|adapter| {
            let manifest = adapter.manifest();
            let networks = names(manifest.networks.iter().map(|network| network.name));
            if networks.is_empty() {
                manifest.name.to_owned()
            } else {
                format!("{} ({networks})", manifest.name)
            }
        })
        .collect();
    Ok(all.join(", "))
}

/// Weights must hold for every network that an adapter can yield.
fn resolves(weights: anyhow::Result<Weights>, parts: &Parts) -> anyhow::Result<String> {
    let mut weights = weights?;
    parts.bind(&mut weights)?;
    let resolved = weights.resolve(&parts.declared(), &Words::new(), &parts.formulas)?;
    Ok(format!("ruler {}, scale {}", resolved.stamp, weights.scale_version()))
}

fn checked_people(path: &std::path::Path) -> anyhow::Result<String> {
    let entries = people::parse(&text_of(path)?, path)?;
    let agreed =
        entries.iter().filter(|entry| entry.consent == Some(true) && !entry.minor && !entry.exclude).count();
    Ok(format!("{} persons, {agreed} to be scored", entries.len()))
}

fn temporary_files() -> anyhow::Result<String> {
    let file = tempfile::NamedTempFile::new()?;
    Ok(file.path().parent().map_or_else(String::new, |folder| folder.display().to_string()))
}
