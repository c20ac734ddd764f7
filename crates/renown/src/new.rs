//! `renown new`: a plugin to begin from, which works as it is: a crate that builds and passes its tests, or a script.

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::{Language, NewCommand, NewPlugin};
use crate::exit::Exit;

const ADAPTER: &str = include_str!("new/adapter.rs.txt");
const FORMULA: &str = include_str!("new/formula.rs.txt");

/// A script has three parts: what its author changes, the protocol, and the call that begins it. In one file, so that one
/// digest covers all that runs.
const PROTOCOL: &str = include_str!("new/renown_child.py");
const ADAPTER_SCRIPT: [&str; 3] =
    [include_str!("new/adapter.py.txt"), PROTOCOL, include_str!("new/tail.py.txt")];
const FORMULA_SCRIPT: [&str; 3] =
    [include_str!("new/formula.py.txt"), PROTOCOL, include_str!("new/formula_tail.py.txt")];

pub(crate) fn run(command: &NewCommand) -> anyhow::Result<Exit> {
    match command {
        NewCommand::Adapter(new) => match new.language {
            Language::Python => script(new, ADAPTER_SCRIPT),
            Language::Rust => write(
                new,
                ADAPTER,
                "# Typed documents.\nserde = { version = \"1\", features = [\"derive\"] }\n",
            ),
        },
        NewCommand::Formula(new) => match new.language {
            Language::Python => script(new, FORMULA_SCRIPT),
            Language::Rust => write(new, FORMULA, ""),
        },
    }
}

/// The folder that a new plugin goes to.
fn folder(name: &str) -> anyhow::Result<&Path> {
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_plain {
        bail!("{name:?} cannot be a name: expected lower case letters, digits and -, as in `my-network`");
    }
    let folder = Path::new(name);
    if folder.exists() {
        bail!("{} is already there: choose another name, or another folder to run this in", folder.display());
    }
    Ok(folder)
}

fn script(new: &NewPlugin, parts: [&str; 3]) -> anyhow::Result<Exit> {
    let name = &new.name;
    if new.sdk.is_some() {
        bail!("--sdk is for --language rust: a script needs nothing of renown's source");
    }
    let folder = folder(name)?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{name}.py"));
    std::fs::write(&path, parts.concat().replace("NAME", name))
        .with_context(|| format!("cannot write {}", path.display()))?;
    eprintln!(
        "wrote {0}. It needs the package pyarrow (python3 -m pip install pyarrow). Next:\n  renown plugins trust {0}\n  \
         renown plugins check {0}",
        path.display()
    );
    Ok(Exit::Ok)
}

fn write(new: &NewPlugin, source: &str, dependencies: &str) -> anyhow::Result<Exit> {
    let name = &new.name;
    let is_bundled = renown_sdk::adapters().iter().any(|adapter| adapter.manifest().name == name)
        || renown_sdk::formulas().iter().any(|formula| formula.name() == name);
    if is_bundled {
        bail!("`{name}` is bundled with this program, and nothing has two owners: choose another name");
    }
    let folder = folder(name)?;
    let sdk = match &new.sdk {
        Some(path) => {
            let path = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
            let manifest = std::fs::read_to_string(path.join("Cargo.toml")).unwrap_or_default();
            if !manifest.contains("name = \"renown-sdk\"") {
                bail!(
                    "{} is not where renown-sdk lies: expected the folder `crates/renown-sdk` of its source",
                    path.display()
                );
            }
            format!("{{ path = {:?} }}", path.display().to_string())
        }
        None => format!("{:?}", env!("CARGO_PKG_VERSION")),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n\n[lib]\n# The plugin, and \
         what its tests link.\ncrate-type = [\"cdylib\", \"rlib\"]\n\n[dependencies]\n# The traits, and what exports \
         them.\nrenown-sdk = {sdk}\n{dependencies}\n# Or else each level of a JSON document takes fifty kilobytes of stack in a debug \
         build.\n[profile.dev.package.\"*\"]\nopt-level = 1\n\n# A workspace of its own, wherever it lies.\n[workspace]\n"
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
    if new.sdk.is_none() {
        let version = env!("CARGO_PKG_VERSION");
        eprintln!(
            "note: it builds once renown-sdk {version} is published; until then, pass --sdk PATH/crates/renown-sdk"
        );
    }
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
