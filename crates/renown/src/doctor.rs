//! `renown doctor`: is the set-up sound?

use renown_core::words::Words;
use renown_engine::people;
use renown_weights::SeenNetwork;

use crate::cli::DoctorArgs;
use crate::exit::Exit;
use crate::output::to_stdout;
use crate::pipeline::{map, text_of, weights};

/// Checks everything that can be checked without an input; exit code 1 if something is wrong.
pub(crate) fn check(args: &DoctorArgs) -> anyhow::Result<Exit> {
    let mut checks: Vec<(String, anyhow::Result<String>)> = vec![
        ("adapters".into(), linked_adapters()),
        ("formulas".into(), Ok(names(renown_sdk::formulas().iter().map(|formula| formula.name())))),
        ("built-in weights".into(), resolves(None)),
        ("temporary files".into(), temporary_files()),
        ("threads".into(), Ok(rayon::current_num_threads().to_string())),
    ];
    if let Some(path) = &args.weights {
        checks.push((path.display().to_string(), resolves(Some(path))));
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
                Err(error) => writeln!(out, "fail  {what}: {error:#}")?,
            }
        }
        Ok(())
    })?;
    Ok(if checks.iter().all(|(_, result)| result.is_ok()) { Exit::Ok } else { Exit::Findings })
}

fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn linked_adapters() -> anyhow::Result<String> {
    let adapters = renown_sdk::adapters();
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

/// Weights must hold for every network that a linked adapter can yield.
fn resolves(path: Option<&std::path::PathBuf>) -> anyhow::Result<String> {
    let weights = weights(path.map(std::path::PathBuf::as_path), &[])?;
    let seen: Vec<SeenNetwork> = renown_sdk::adapters()
        .iter()
        .flat_map(|adapter| adapter.manifest().networks)
        .map(|network| SeenNetwork {
            name: network.name.to_owned(),
            kinds: network.kinds.iter().map(|kind| kind.name.to_owned()).collect(),
            metrics: network.metrics.iter().map(|metric| metric.name.to_owned()).collect(),
        })
        .collect();
    let resolved = weights.resolve(&seen, &Words::new(), &renown_sdk::formulas())?;
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
