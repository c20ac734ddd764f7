//! `renown plugins trust`, `distrust`, `policy` and `list`: whom the user lets in. Nothing is loaded here.

use std::path::{Path, PathBuf};

use anyhow::Context;
use renown_host::trust::{Policy, Sidecar, Signed, TrustFile, examine};

use crate::cli::TrustPolicy;
use crate::exit::Exit;
use crate::write::{to_stdout, write_whole};

/// Trusts plugins' files, and keys.
pub(crate) fn trust(files: &[PathBuf], keys: &[String], name: Option<&str>) -> anyhow::Result<Exit> {
    let mut trust = TrustFile::read()?;
    let mut said = Vec::new();
    for file in files {
        let sha256 = trust.trust(file)?;
        said.push(format!("trusted {} ({sha256}): it will have all rights of this program", file.display()));
    }
    for key in keys {
        let name = trust.trust_key(key, name)?;
        said.push(format!(
            "trusted the key `{name}`: whatever it signs, now or later, will have all rights of this program"
        ));
    }
    if !keys.is_empty() && trust.policy == Policy::AllowList {
        said.push("note: signatures count only under another policy: renown plugins policy signed".into());
    }
    save(&trust)?;
    for line in said {
        eprintln!("{line}");
    }
    Ok(Exit::Ok)
}

/// Takes trust back.
pub(crate) fn distrust(what: &[String]) -> anyhow::Result<Exit> {
    let mut trust = TrustFile::read()?;
    let mut said = Vec::new();
    for what in what {
        let gone = trust.distrust(what);
        anyhow::ensure!(
            !gone.is_empty(),
            "{what} is not trusted: it is neither a plugin's file or SHA-256 nor a key that `renown plugins list` shows. \
             Nothing was changed"
        );
        said.extend(gone.into_iter().map(|gone| format!("no longer trusted: {gone}")));
    }
    for what in what {
        // A file may still be let in, on other grounds.
        if let Ok(grounds) = examine(Path::new(what), &trust).and_then(|examined| examined.admitted) {
            said.push(format!("warning: {what} is still let in: {grounds}"));
        }
    }
    save(&trust)?;
    for line in said {
        eprintln!("{line}");
    }
    Ok(Exit::Ok)
}

/// Chooses which plugins are let in.
pub(crate) fn set_policy(policy: TrustPolicy) -> anyhow::Result<Exit> {
    let mut trust = TrustFile::read()?;
    trust.policy = match policy {
        TrustPolicy::AllowList => Policy::AllowList,
        TrustPolicy::Signed => Policy::Signed,
        TrustPolicy::Any => Policy::Any,
    };
    save(&trust)?;
    eprintln!("the policy is now {}", described(trust.policy));
    if trust.policy == Policy::Any {
        eprintln!(
            "warning: a file that somebody changes or swaps will be loaded as well, with all your rights"
        );
    }
    if trust.policy == Policy::Signed && trust.keys.is_empty() {
        eprintln!("note: no key is trusted yet: renown plugins trust --key FILE.pub");
    }
    Ok(Exit::Ok)
}

/// Lists the policy, plugins and keys.
pub(crate) fn list() -> anyhow::Result<Exit> {
    let trust = TrustFile::read()?;
    to_stdout(|out| {
        writeln!(out, "policy  {}", described(trust.policy))?;
        for plugin in &trust.plugins {
            writeln!(out, "plugin  {}  {}", plugin.sha256, plugin.path.display())?;
        }
        for key in &trust.keys {
            writeln!(out, "key     {}  {}", key.public_key, key.name)?;
        }
        Ok(())
    })?;
    if trust.plugins.is_empty() {
        eprintln!("no plugin is trusted by its bytes");
    }
    Ok(Exit::Ok)
}

/// Says what can be said of a plugin without loading it.
///
/// # Errors
/// Why it is not trusted, once everything was said.
pub(crate) fn show(file: &Path) -> anyhow::Result<()> {
    let examined = examine(file, &TrustFile::read()?)?;
    let sidecar = Sidecar::of(file);
    to_stdout(|out| {
        writeln!(out, "sha256   {}", examined.sha256)?;
        match &examined.signed {
            Signed::No => {}
            Signed::By(key) => writeln!(out, "signed   by the trusted key `{key}`")?,
            Signed::ByStranger => writeln!(out, "signed   by a key that is not trusted")?,
            Signed::OfOtherBytes(key) => {
                writeln!(out, "signed   not these bytes, by the trusted key `{key}`")?;
            }
            Signed::Unreadable(why) => writeln!(out, "signed   {} {why}", Signed::path_of(file).display())?,
        }
        if let Ok(Some(sidecar)) = &sidecar {
            writeln!(
                out,
                "beside   {} {}, by {}",
                sidecar.id,
                sidecar.version,
                Sidecar::path_of(file).display()
            )?;
        }
        match &examined.admitted {
            Ok(grounds) => writeln!(out, "trusted  {grounds}"),
            Err(_) => writeln!(out, "trusted  no"),
        }
    })?;
    examined.admitted?;
    Ok(())
}

fn described(policy: Policy) -> &'static str {
    match policy {
        Policy::AllowList => "allow-list: plugins whose bytes are trusted",
        Policy::Signed => "signed: plugins whose bytes are trusted, and those that a trusted key signed",
        Policy::Any => "any: every plugin that is named, whatever its bytes",
    }
}

fn save(trust: &TrustFile) -> anyhow::Result<()> {
    let path = TrustFile::path()
        .context("no home folder to keep the list of trusted plugins in: set RENOWN_TRUST")?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    write_whole(&path, |out| out.write_all(trust.to_toml().as_bytes()))
}
