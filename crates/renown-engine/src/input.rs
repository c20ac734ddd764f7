//! Finding files: what the user names may be a file, a folder, an archive or standard input.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::EngineError;
use crate::archive::Archive;
use crate::decode::Positioned;

/// A file to be read.
#[derive(Clone, Debug)]
pub struct Input {
    /// How messages call it: the path as the user would type it, with `!` before a member of an archive.
    pub name: String,
    /// Its path inside the folder or archive that the user named, with `/` between parts.
    pub path: String,
    /// Whether the user named it itself, and so expects it to be read.
    pub explicit: bool,
    /// Where its bytes are.
    pub place: Place,
}

/// Where the bytes of an input are.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file on disk.
    Disk(PathBuf),
    /// A member of a zip or tar archive.
    Member(Arc<Archive>, usize),
    /// Standard input.
    Stdin,
}

impl Input {
    /// The bytes on disk, for progress: compressed size for members, 0 where it is not known.
    pub fn size(&self) -> u64 {
        match &self.place {
            Place::Disk(path) => fs::metadata(path).map_or(0, |meta| meta.len()),
            Place::Member(archive, index) => archive.size(*index),
            Place::Stdin => 0,
        }
    }
}

/// All files under what the user named, in the order of their paths. Hidden files and links to folders are left out.
///
/// # Errors
/// [`EngineError::Data`] if something named does not exist or cannot be opened, or an archive is broken.
pub fn find(named: &[PathBuf]) -> Result<Vec<Input>, EngineError> {
    let mut found = Vec::new();
    for named in named {
        if named.as_os_str() == "-" {
            found.push(Input {
                name: "standard input".into(),
                path: "-".into(),
                explicit: true,
                place: Place::Stdin,
            });
            continue;
        }
        let name = named.display().to_string();
        let meta = fs::metadata(named).map_err(|error| EngineError::data(&name, reason(&error)))?;
        if meta.is_dir() {
            walk(named, named, &mut found)?;
        } else {
            let path =
                named.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
            push_file(named.clone(), name, path, true, &mut found)?;
        }
    }
    Ok(found)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or folder".into(),
        std::io::ErrorKind::PermissionDenied => "no permission to read it".into(),
        _ => error.to_string(),
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Input>) -> Result<(), EngineError> {
    let shown = folder.display().to_string();
    let entries = fs::read_dir(folder).map_err(|error| EngineError::data(&shown, reason(&error)))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| EngineError::data(&shown, reason(&error)))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    for path in paths {
        let is_link = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink());
        if path.is_dir() {
            if !is_link {
                walk(root, &path, found)?;
            }
        } else if path.is_file() {
            let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            push_file(path.clone(), path.display().to_string(), inside, false, found)?;
        }
    }
    Ok(())
}

/// A file, or the members of a zip or tar archive.
fn push_file(
    disk: PathBuf,
    name: String,
    path: String,
    explicit: bool,
    found: &mut Vec<Input>,
) -> Result<(), EngineError> {
    let file = File::open(&disk).map_err(|error| EngineError::data(&name, reason(&error)))?;
    let Some(archive) = Archive::open(&Positioned::new(file), &name)? else {
        found.push(Input { name, path, explicit, place: Place::Disk(disk) });
        return Ok(());
    };
    if explicit && archive.members.contains_key("xl/workbook.xml") {
        let what = "an Excel workbook: save the sheet as \"CSV UTF-8\" and pass that";
        return Err(EngineError::data(&name, what));
    }
    let archive = Arc::new(archive);
    for (path, index) in &archive.members {
        found.push(Input {
            name: format!("{name}!{path}"),
            path: path.clone(),
            explicit: false,
            place: Place::Member(archive.clone(), *index),
        });
    }
    Ok(())
}
