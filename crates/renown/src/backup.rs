//! `renown store backup` and `restore`.

use std::path::Path;

use renown_engine::Progress;
use renown_store::{BackedUp, Store};

use crate::exit::Exit;
use crate::progress;
use crate::summary::{counted, size};
use crate::write::to_stdout;

pub(crate) fn backup(store: &Path, file: &Path) -> anyhow::Result<Exit> {
    let done = Store::backup(store, file)?;
    to_stdout(|out| writeln!(out, "copied     {}", shown(&done)))?;
    Ok(Exit::Ok)
}

pub(crate) fn restore(file: &Path, store: &Path) -> anyhow::Result<Exit> {
    let progress = Progress::default();
    progress::stop_on_interrupt(&progress.cancelled)?;
    let done = Store::restore(file, store, &progress)?;
    to_stdout(|out| writeln!(out, "restored   {}; all of it was verified", shown(&done)))?;
    Ok(Exit::Ok)
}

fn shown(done: &BackedUp) -> String {
    let book = if done.book { " and the book" } else { "" };
    format!("{}{book}, {}", counted(done.files as u64, "file", "files"), size(done.bytes as f64))
}
