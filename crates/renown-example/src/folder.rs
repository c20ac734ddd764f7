//! The files of a town, in memory and on disk.

use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::{CompressionMethod, DateTime, System, ZipWriter, write::SimpleFileOptions};

/// A file of the town.
pub struct File {
    /// Its path under the town's folder, with forward slashes.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Makes sure that files may be written into a folder: it is new, empty, or `force` is given.
///
/// # Errors
///
/// When the folder holds something and `force` is not given, or cannot be made or read.
pub fn prepare(folder: &Path, force: bool) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    ensure!(
        force || entries.next().is_none(),
        "{} is not empty; name another folder, or give --force to overwrite files of the same names",
        folder.display()
    );
    Ok(())
}

/// Writes the files under a folder, making the folders between.
///
/// # Errors
///
/// When a folder or a file cannot be written.
pub fn write(folder: &Path, files: &[File]) -> Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot make the folder {}", parent.display()))?;
        fs::write(&path, &file.bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The bytes gzipped, without a name or a time in the header. The compressor, zlib-rs, gives the same bytes
/// on every processor; a new version of it may not, and then the committed town is to be written anew.
///
/// # Errors
///
/// Never in practice: it writes to memory.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// A zip of named entries, all dated the town's last day.
///
/// # Errors
///
/// When an entry is named twice.
pub fn zip(entries: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::from_date_and_time(2026, 9, 30, 12, 0, 0)?)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}
