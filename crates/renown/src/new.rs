//! `renown new`: a crate that builds, passes its tests and is a plugin, to begin from.

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::{NewCommand, NewCrate};
use crate::exit::Exit;

const ADAPTER: &str = include_str!("new/adapter.rs.txt");
const FORMULA: &str = include_str!("new/formula.rs.txt");

pub(crate) fn run(command: &NewCommand) -> anyhow::Result<Exit> {
    match command {
        NewCommand::Adapter(new) => {
            write(new, ADAPTER, "# Typed documents.\nserde = { version = \"1\", features = [\"derive\"] }\n")
        }
        NewCommand::Formula(new) => write(new, FORMULA, ""),
    }
}

fn write(new: &NewCrate, source: &str, dependencies: &str) -> anyhow::Result<Exit> {
    let name = &new.name;
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_plain {
        bail!("{name:?} cannot be a name: expected lower case letters, digits and -, as in `my-network`");
    }
    let folder = Path::new(name);
    if folder.exists() {
        bail!("{} is already there: choose another name, or another folder to run this in", folder.display());
    }
    let sdk = match &new.sdk {
        Some(path) => {
            let path = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
            format!("{{ path = {:?} }}", path.display().to_string())
        }
        None => format!("{:?}", env!("CARGO_PKG_VERSION")),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n\n[lib]\n# The plugin, and \
         what its tests link.\ncrate-type = [\"cdylib\", \"rlib\"]\n\n[dependencies]\n# The traits, and what exports \
         them.\nrenown-sdk = {sdk}\n{dependencies}\n# A workspace of its own, wherever it lies.\n[workspace]\n"
    );
    let source = source.replace("NAME", name).replace("TYPE", &type_name(name));
    std::fs::create_dir_all(folder.join("src"))
        .with_context(|| format!("cannot make {}", folder.display()))?;
    for (file, text) in [("Cargo.toml", manifest), ("src/lib.rs", source), (".gitignore", "/target\n".into())]
    {
        let path = folder.join(file);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let library = format!(
        "target/release/{}{}{}",
        std::env::consts::DLL_PREFIX,
        name.replace('-', "_"),
        std::env::consts::DLL_SUFFIX
    );
    eprintln!(
        "wrote {name}/. Next:\n  cd {name}\n  cargo test\n  cargo build --release\n  renown plugins trust {library}\n  \
         renown plugins check {library}"
    );
    Ok(Exit::Ok)
}

/// `my-network` as a type: `MyNetwork`.
fn type_name(name: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    name.split('-').map(capitalised).collect()
}
