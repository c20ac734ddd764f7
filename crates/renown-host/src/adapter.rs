//! An adapter that lies in a loaded library.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::ffi::c_void;
use std::sync::{Arc, Mutex};

use renown_abi::{
    self as abi, ArrowArrayStream, RenownAdapter, RenownFile, RenownPiece, RenownReader, RenownStr,
};
use renown_sdk::{
    Adapter, Failure, File, Framing, Manifest, OpenError, ParamSpec, Piece, Reader, Sink, Vocabulary,
};

use crate::guard::{Budget, Stream};
use crate::library::{Fault, Library, text};
use crate::manifest;
use crate::rows::{self, Codes, Labels};

/// An adapter of a plugin.
pub(crate) struct Loaded {
    /// The plugin's name and version, for messages.
    plugin: Arc<str>,
    table: &'static RenownAdapter,
    manifest: &'static Manifest,
    options: Vec<ParamSpec>,
    labels: Arc<Labels>,
}

// SAFETY: the header says that a table's functions may be called from any thread.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

/// The adapters of a library.
///
/// # Errors
/// What is wrong with a manifest.
pub(crate) fn all(library: &Library) -> Result<Vec<&'static dyn Adapter>, String> {
    let plugin: Arc<str> = format!("{} {}", library.id, library.version).into();
    let load = |table: &&'static RenownAdapter| -> Result<&'static dyn Adapter, String> {
        // SAFETY: static, by the header.
        let json = unsafe { text(table.manifest_json, "manifest") }?;
        let (manifest, options) = manifest::parse(json)?;
        let loaded = Loaded { plugin: plugin.clone(), table, manifest, options, labels: Arc::default() };
        Ok(Box::leak(Box::new(loaded)))
    };
    library.adapters.iter().map(load).collect()
}

impl Loaded {
    fn failure(&self, offset: Option<u64>, what: String) -> Failure {
        Failure { offset, plugin: self.plugin.to_string(), what }
    }
}

/// What `sibling` needs: the files beside, and what it read so far, which must stay until the call ends.
struct Beside<'f> {
    file: &'f File<'f>,
    read: Mutex<Vec<Box<[u8]>>>,
}

unsafe extern "C" fn sibling(ctx: *mut c_void, relative: RenownStr, out: *mut RenownStr) -> i32 {
    let find = || {
        // SAFETY: the context that `with_file` passed, for the time of the call; the plugin's text likewise.
        let (beside, relative) = unsafe { (ctx.cast::<Beside<'_>>().as_ref()?, relative.bytes()?) };
        let bytes = beside.file.siblings.read(std::str::from_utf8(relative).ok()?)?.into_boxed_slice();
        let found = RenownStr::new(&bytes);
        beside.read.lock().ok()?.push(bytes);
        // SAFETY: the plugin's place for a string.
        unsafe { out.as_mut() }.map(|out| *out = found)
    };
    // Reading a sibling is our own code; should it panic, the plugin must not see that.
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(find));
    i32::from(matches!(found, Ok(Some(()))))
}

/// Lends a file to one call.
fn with_file<T>(file: &File<'_>, call: impl FnOnce(*const RenownFile) -> T) -> T {
    let beside = Beside { file, read: Mutex::default() };
    let disk = file.disk.and_then(|path| path.to_str()).unwrap_or("");
    let lent = RenownFile {
        struct_size: size_of::<RenownFile>() as u32,
        flags: 0,
        path: RenownStr::new(file.path.as_bytes()),
        head: RenownStr::new(file.head),
        disk: RenownStr::new(disk.as_bytes()),
        ctx: std::ptr::from_ref(&beside).cast_mut().cast(),
        sibling: Some(sibling),
    };
    call(&raw const lent)
}

impl Adapter for Loaded {
    fn manifest(&self) -> &'static Manifest {
        self.manifest
    }

    fn options(&self) -> &[ParamSpec] {
        &self.options
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        self.claims(file).ok().flatten()
    }

    fn claims(&self, file: &File<'_>) -> Result<Option<&'static str>, Failure> {
        let recognise = self.table.recognise.ok_or_else(|| self.failure(None, "no `recognise`".into()))?;
        let (mut kind, mut fault) = (RenownStr::EMPTY, Fault::zeroed());
        let code = with_file(file, |file| {
            // SAFETY: as the header says.
            unsafe { recognise(self.table.ctx, file, &raw mut kind, fault.place()) }
        });
        if code != abi::OK {
            return Err(
                self.failure(None, format!("could not say whose file this is: it {}", fault.message(code)))
            );
        }
        if kind.len == 0 {
            return Ok(None);
        }
        // SAFETY: a static string, by the header.
        let kind = unsafe { text(kind, "kind of file") }.map_err(|what| self.failure(None, what))?;
        let known = self.manifest.files.iter().map(|file| file.name).find(|name| *name == kind);
        known.map(Some).ok_or_else(|| {
            self.failure(None, "claims the file as a kind that its manifest does not declare".into())
        })
    }

    fn open(
        &self,
        file: &File<'_>,
        kind: &'static str,
        vocabulary: &Vocabulary,
    ) -> Result<Box<dyn Reader>, OpenError> {
        let codes = Codes::new(self.manifest, vocabulary)?;
        let open = self.table.open.ok_or_else(|| self.failure(None, "no `open`".into()))?;
        let mut reader = LoadedReader {
            reader: RenownReader::zeroed(),
            framing: Framing::Nothing,
            disk_bytes: file.disk.and_then(|path| path.metadata().ok()).map(|disk| disk.len()),
            plugin: self.plugin.clone(),
            codes,
            labels: self.labels.clone(),
        };
        let json = crate::formula::json_of(file.options)?;
        let (kind, options) = (RenownStr::new(kind.as_bytes()), RenownStr::new(json.as_bytes()));
        let mut fault = Fault::zeroed();
        let code = with_file(file, |file| {
            // SAFETY: as the header says.
            unsafe { open(self.table.ctx, file, kind, options, &raw mut reader.reader, fault.place()) }
        });
        match code {
            abi::OK => {}
            abi::E_DATA => return Err(OpenError::Data(fault.message(code))),
            abi::E_INVALID => return Err(OpenError::Configuration(fault.message(code))),
            _ => {
                let what = format!("could not open the file: it {}", fault.message(code));
                return Err(self.failure(fault.offset(), what).into());
            }
        }
        reader.framing = framing(&reader.reader).map_err(|what| self.failure(None, what))?;
        Ok(Box::new(reader))
    }
}

/// How the plugin wants the file cut.
fn framing(reader: &RenownReader) -> Result<Framing, String> {
    const MOST_PARTS: u64 = 1 << 20;
    if reader.framing != abi::FRAMING_NOTHING && reader.read.is_none() {
        return Err("its reader has no `read`".into());
    }
    match reader.framing {
        abi::FRAMING_NOTHING => Ok(Framing::Nothing),
        abi::FRAMING_JSON => Ok(Framing::Json),
        abi::FRAMING_CSV => Ok(Framing::Csv {
            header: reader.header.min(1 << 20) as usize,
            quote: u8::try_from(reader.quote).ok(),
        }),
        abi::FRAMING_PARTS if reader.parts <= MOST_PARTS => Ok(Framing::Parts(reader.parts as usize)),
        abi::FRAMING_PARTS => {
            Err(format!("its reader has {} parts: expected at most {MOST_PARTS}", reader.parts))
        }
        other => Err(format!("its reader has framing {other}: expected 0 to 3")),
    }
}

/// A reader of a plugin, released when it goes.
struct LoadedReader {
    reader: RenownReader,
    framing: Framing,
    /// How large the file is, where it lies on disk.
    disk_bytes: Option<u64>,
    plugin: Arc<str>,
    codes: Codes,
    labels: Arc<Labels>,
}

// SAFETY: the header says that `read` of one reader may be called from several threads.
unsafe impl Send for LoadedReader {}
// SAFETY: as above.
unsafe impl Sync for LoadedReader {}

impl Drop for LoadedReader {
    fn drop(&mut self) {
        if let Some(release) = self.reader.release {
            // SAFETY: filled by the plugin, released once.
            unsafe { release(&raw mut self.reader) };
        }
    }
}

impl Reader for LoadedReader {
    fn framing(&self) -> Framing {
        self.framing
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        // One piece by itself has nobody to tell of a failure; the engine reads with `read_all`.
        if let Err(failure) = self.read_all(&[*piece], sink) {
            sink.reject(&renown_sdk::Reject {
                offset: 0,
                row: None,
                reason: failure.to_string(),
                record: &[],
            });
        }
    }

    fn read_all(&self, pieces: &[Piece<'_>], sink: &mut dyn Sink) -> Result<(), Failure> {
        let first = pieces.first().and_then(|piece| piece.offset);
        let failure = |offset, what| Failure { offset, plugin: self.plugin.to_string(), what };
        let read = self.reader.read.ok_or_else(|| failure(first, "its reader has no `read`".into()))?;
        let lent: Vec<RenownPiece> = pieces
            .iter()
            .map(|piece| RenownPiece {
                bytes: piece.bytes.as_ptr(),
                len: piece.bytes.len(),
                offset: piece.offset.unwrap_or(abi::UNKNOWN),
                part: piece.part as u64,
            })
            .collect();
        let (mut stream, mut fault) = (Stream(ArrowArrayStream::empty()), Fault::zeroed());
        // SAFETY: as the header says; the pieces stay until the stream is released.
        let code = unsafe {
            read(&raw const self.reader, lent.as_ptr(), lent.len(), &raw mut stream.0, fault.place())
        };
        if code != abi::OK {
            return Err(failure(fault.offset().or(first), fault.message(code)));
        }
        let budget = match self.framing {
            Framing::Parts(_) => Budget::of_part(self.disk_bytes),
            _ => Budget::of_bytes(pieces.iter().map(|piece| piece.bytes.len()).sum()),
        };
        sink.at(first);
        let write = |batch: &rows::Batch<'_>| rows::write(batch, &self.codes, &self.labels, pieces, sink);
        stream.for_each(budget, write).map_err(|what| failure(first, what))
    }
}
