//! `renown plugins`: what is trusted, what a plugin brings, and whether it keeps its word.

use std::path::Path;

use anyhow::Context;
use renown_host::trust::TrustFile;
use renown_host::{Entry, Plugin};
use renown_sdk::formula::ParamValue;

use crate::cli::PluginsCommand;
use crate::exit::Exit;
use crate::output::{to_stdout, write_whole};

pub(crate) fn run(command: &PluginsCommand) -> anyhow::Result<Exit> {
    match command {
        PluginsCommand::Trust { files } => trust(files),
        PluginsCommand::List => list(),
        PluginsCommand::Show { file } => show(file),
        PluginsCommand::Check { file } => check(file),
    }
}

fn trust(files: &[std::path::PathBuf]) -> anyhow::Result<Exit> {
    let path = TrustFile::path()
        .context("no home folder to keep the list of trusted plugins in: set RENOWN_TRUST")?;
    let mut trust = TrustFile::read()?;
    for file in files {
        let sha256 = trust.trust(file)?;
        eprintln!("trusted {} ({sha256}): it will have all rights of this program", file.display());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    write_whole(&path, |out| out.write_all(trust.to_toml().as_bytes()))?;
    Ok(Exit::Ok)
}

fn list() -> anyhow::Result<Exit> {
    let trust = TrustFile::read()?;
    to_stdout(|out| {
        for plugin in &trust.plugins {
            writeln!(out, "{}  {}", plugin.sha256, plugin.path.display())?;
        }
        Ok(())
    })?;
    if trust.plugins.is_empty() {
        eprintln!("no plugin is trusted");
    }
    Ok(Exit::Ok)
}

fn load(file: &Path) -> anyhow::Result<Plugin> {
    let entry = Entry { path: file.to_owned(), sha256: None };
    let mut plugins = renown_host::load(&[entry], &TrustFile::read()?, &[], &[])?;
    plugins.pop().context("no plugin")
}

fn show(file: &Path) -> anyhow::Result<Exit> {
    let plugin = load(file)?;
    to_stdout(|out| {
        writeln!(out, "{} {} ({})", plugin.id, plugin.version, plugin.license)?;
        writeln!(out, "sha256 {}", plugin.sha256)?;
        for adapter in &plugin.adapters {
            let manifest = adapter.manifest();
            writeln!(out, "\nadapter {}: {}", manifest.name, manifest.docs)?;
            for network in manifest.networks {
                let names = |words: &[renown_sdk::Vocable]| {
                    words.iter().map(|word| word.name).collect::<Vec<_>>().join(", ")
                };
                writeln!(out, "  network {}", network.name)?;
                writeln!(out, "    kinds    {}", names(network.kinds))?;
                writeln!(out, "    metrics  {}", names(network.metrics))?;
            }
            for kind in manifest.files {
                writeln!(out, "  file {} ({}): {}", kind.name, kind.patterns.join(", "), kind.docs)?;
            }
        }
        for formula in &plugin.formulas {
            writeln!(out, "\nformula {}: {}", formula.name(), formula.docs())?;
            for param in formula.params() {
                let default = param.default.as_ref().map_or_else(|| "must be given".into(), default);
                writeln!(out, "  param {} ({}; {default}): {}", param.name, param.kind, param.docs)?;
            }
        }
        Ok(())
    })?;
    Ok(Exit::Ok)
}

fn default(value: &ParamValue) -> String {
    match value {
        ParamValue::Text(text) => format!("default {text:?}"),
        ParamValue::Number(number) => format!("default {number}"),
        ParamValue::Flag(flag) => format!("default {flag}"),
        ParamValue::File(path, _) => format!("default {}", path.display()),
    }
}

fn check(file: &Path) -> anyhow::Result<Exit> {
    let plugin = load(file)?;
    let mut findings = Vec::new();
    for adapter in &plugin.adapters {
        findings.extend(renown_sdk::conformance::check(*adapter).0);
        // Measured, so no two runs say the same: no finding, and not for standard output.
        if let Some(speed) = renown_sdk::conformance::speed(*adapter) {
            eprintln!(
                "note: adapter {}: {speed}, reading its example over and over",
                adapter.manifest().name
            );
        }
    }
    for formula in &plugin.formulas {
        let name = formula.name();
        let missing = formula.params().iter().find(|param| param.default.is_none());
        if let Some(param) = missing {
            eprintln!("note: formula {name} is not tried, since its parameter {} has no default", param.name);
        } else if plugin.monotone.contains(name) {
            findings.extend(renown_sdk::conformance::check_formula(*formula, &[]).0);
        } else {
            eprintln!("note: formula {name} does not promise that points never fall, so that is not tried");
            findings.extend(renown_sdk::conformance::check_parts(*formula, &[]).0);
        }
    }
    to_stdout(|out| {
        for finding in &findings {
            writeln!(out, "{finding}\n")?;
        }
        let cases: usize = plugin.adapters.iter().map(|adapter| adapter.manifest().cases.len() + 1).sum();
        writeln!(
            out,
            "{} {}: {} adapters, {cases} cases, {} formulas, {} findings",
            plugin.id,
            plugin.version,
            plugin.adapters.len(),
            plugin.formulas.len(),
            findings.len()
        )
    })?;
    Ok(if findings.is_empty() { Exit::Ok } else { Exit::Findings })
}
