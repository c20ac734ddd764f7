//! How anything is written: files whole or not at all, and standard output.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

/// Writes a file that is whole or not there: beside its place, then moved. What is there and is no file is written to.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> anyhow::Result<()> {
    // Temporary files are private; results get the rights that any new file would.
    write_as(path, Some(0o644), write)
}

/// Likewise, but only its owner may read it.
pub(crate) fn write_private(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> anyhow::Result<()> {
    write_as(path, None, write)
}

fn write_as(
    path: &Path,
    #[cfg_attr(not(unix), allow(unused))] rights: Option<u32>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> anyhow::Result<()> {
    let what = || format!("cannot write {}", path.display());
    let path = match std::fs::metadata(path) {
        // What a link leads to is replaced, and not the link.
        Ok(there) if there.is_file() => &std::fs::canonicalize(path).with_context(what)?,
        // A device such as `/dev/null`, or a pipe such as a shell makes of `>(gzip)`, is written to: to put a file in its place would break
        // whatever else uses it.
        Ok(there) if !there.is_dir() => {
            let file = std::fs::OpenOptions::new().write(true).open(path).with_context(what)?;
            let mut out = io::BufWriter::new(file);
            write(&mut out).with_context(what)?;
            return out.flush().with_context(what);
        }
        _ => path,
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).with_context(what)?;
    let mut out = io::BufWriter::new(file);
    write(&mut out).with_context(what)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error).with_context(what)?;
    #[cfg(unix)]
    if let Some(rights) = rights {
        use std::os::unix::fs::PermissionsExt;
        let rights = std::fs::Permissions::from_mode(rights);
        file.as_file().set_permissions(rights).with_context(what)?;
    }
    file.persist(path).map_err(|error| error.error).with_context(what)?;
    Ok(())
}

/// Writes to stdout, buffered.
pub(crate) fn to_stdout(write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stdout());
    write(&mut out)?;
    out.flush()?;
    Ok(())
}
