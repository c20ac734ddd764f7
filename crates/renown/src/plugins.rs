//! `renown plugins`: what a plugin brings, and whether it keeps its word.

use std::path::Path;

use anyhow::Context;
use renown_host::trust::TrustFile;
use renown_host::{Entry, Plugin, Printed};
use renown_sdk::formula::ParamValue;

use crate::cli::PluginsCommand;
use crate::exit::Exit;
use crate::trust;
use crate::write::to_stdout;

pub(crate) fn run(command: &PluginsCommand) -> anyhow::Result<Exit> {
    match command {
        PluginsCommand::Trust { files, keys, name } => trust::trust(files, keys, name.as_deref()),
        PluginsCommand::Distrust { what } => trust::distrust(what),
        PluginsCommand::Policy { policy } => trust::set_policy(*policy),
        PluginsCommand::List => trust::list(),
        PluginsCommand::Show { file, isolate } => show(file, *isolate),
        PluginsCommand::Check { file, isolate } => check(file, *isolate),
        PluginsCommand::Serve { file } => {
            renown_host::serve(file).context("the pipes of the plugin protocol are broken")?;
            Ok(Exit::Ok)
        }
    }
}

fn load(file: &Path, isolated: bool) -> anyhow::Result<Plugin> {
    let entry = Entry { path: file.to_owned(), sha256: None, isolated };
    let mut plugins = renown_host::load(&[entry], &TrustFile::read()?, &[], &[])?;
    plugins.pop().context("no plugin")
}

fn show(file: &Path, isolated: bool) -> anyhow::Result<Exit> {
    trust::show(file)?;
    let plugin = load(file, isolated)?;
    to_stdout(|out| {
        writeln!(out, "\n{} {} ({})", plugin.id, plugin.version, plugin.license)?;
        if let Some(children) = &plugin.children {
            let network = if children.are_confined() {
                "without a network"
            } else {
                "with the network: this system has no filter of system calls"
            };
            writeln!(out, "runs in processes of its own, {network}")?;
        }
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
            for option in adapter.options() {
                let default = option.default.as_ref().map_or_else(|| "no default".into(), default);
                writeln!(out, "  option {} ({}; {default}): {}", option.name, option.kind, option.docs)?;
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

fn check(file: &Path, isolated: bool) -> anyhow::Result<Exit> {
    let printed = Printed::keep().context("standard output cannot be kept")?;
    let tried = load(file, isolated).map(|plugin| (findings(&plugin), plugin));
    let printed = printed.end().context("standard output cannot be given back")?;
    let (mut findings, plugin) = tried?;
    if !printed.is_empty() {
        findings.push(format!(
            "{}: it writes to standard output, where results go: {printed:?}. Say it through the host's `log`, or on standard error",
            plugin.id
        ));
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

/// What the conformance kit finds.
fn findings(plugin: &Plugin) -> Vec<String> {
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
    for said in plugin.children.iter().flat_map(renown_host::Children::said) {
        eprintln!("note: a process of the plugin that failed had written to standard error:\n{said}");
    }
    findings
}
