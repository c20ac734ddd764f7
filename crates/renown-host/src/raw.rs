//! The functions of an adapter's table, called as the header says and with nothing made of what they answer.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::ffi::c_void;
use std::sync::Mutex;

use renown_abi::{
    self as abi, ArrowArrayStream, RenownAdapter, RenownFile, RenownPiece, RenownReader, RenownStr,
};
use renown_sdk::{File, Framing, Piece};

use crate::guard::Stream;
use crate::library::{Fault, text};
use crate::wrong::Wrong;

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

/// An adapter's functions.
#[derive(Clone, Copy)]
pub(crate) struct Table(pub(crate) &'static RenownAdapter);

// SAFETY: the header says that a table's functions may be called from any thread.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    /// The manifest, as JSON.
    pub(crate) fn manifest(self) -> Result<&'static str, String> {
        // SAFETY: static, by the header.
        unsafe { text(self.0.manifest_json, "manifest") }
    }

    /// Which kind of file this is, by its name; `None` if it is none of the adapter's.
    pub(crate) fn recognise(self, file: &File<'_>) -> Result<Option<&'static str>, Wrong> {
        let recognise = self.0.recognise.ok_or_else(|| "no `recognise`".to_owned())?;
        let (mut kind, mut fault) = (RenownStr::EMPTY, Fault::zeroed());
        let code = with_file(file, |file| {
            // SAFETY: as the header says.
            unsafe { recognise(self.0.ctx, file, &raw mut kind, fault.place()) }
        });
        if code != abi::OK {
            return Err(fault.told(code));
        }
        if kind.len == 0 {
            return Ok(None);
        }
        // SAFETY: a static string, by the header.
        Ok(Some(unsafe { text(kind, "kind of file") }?))
    }

    /// A reader for a file of that kind.
    pub(crate) fn open(self, file: &File<'_>, kind: &str, options: &str) -> Result<RawReader, Wrong> {
        let open = self.0.open.ok_or_else(|| "no `open`".to_owned())?;
        let (kind, options) = (RenownStr::new(kind.as_bytes()), RenownStr::new(options.as_bytes()));
        let mut reader = RawReader { reader: RenownReader::zeroed(), framing: Framing::Nothing };
        let mut fault = Fault::zeroed();
        let code = with_file(file, |file| {
            // SAFETY: as the header says.
            unsafe { open(self.0.ctx, file, kind, options, &raw mut reader.reader, fault.place()) }
        });
        if code != abi::OK {
            return Err(fault.told(code));
        }
        reader.framing = framing(&reader.reader)?;
        Ok(reader)
    }
}

/// A reader of a plugin, released when it goes.
pub(crate) struct RawReader {
    reader: RenownReader,
    /// How it wants the file cut.
    pub(crate) framing: Framing,
}

// SAFETY: the header says that `read` of one reader may be called from several threads.
unsafe impl Send for RawReader {}
// SAFETY: as above.
unsafe impl Sync for RawReader {}

impl Drop for RawReader {
    fn drop(&mut self) {
        if let Some(release) = self.reader.release {
            // SAFETY: filled by the plugin, released once.
            unsafe { release(&raw mut self.reader) };
        }
    }
}

impl RawReader {
    /// Hands the stream of the pieces' records to `take`. What it gives may borrow from the pieces.
    pub(crate) fn read<T>(
        &self,
        pieces: &[Piece<'_>],
        take: impl FnOnce(&mut Stream) -> Result<T, String>,
    ) -> Result<T, Wrong> {
        let read = self.reader.read.ok_or_else(|| "its reader has no `read`".to_owned())?;
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
            return Err(fault.told(code));
        }
        Ok(take(&mut stream)?)
    }
}

/// More parts than any file has.
pub(crate) const MOST_PARTS: u64 = 1 << 20;
/// More header records than any file has.
pub(crate) const MOST_HEADER: u64 = 1 << 20;

/// How the plugin wants the file cut.
fn framing(reader: &RenownReader) -> Result<Framing, String> {
    let (size, expected) = (reader.struct_size as usize, size_of::<RenownReader>());
    if size < expected {
        return Err(format!("its reader has struct_size {size}: expected {expected}, as it was"));
    }
    if reader.framing != abi::FRAMING_NOTHING && reader.read.is_none() {
        return Err("its reader has no `read`".into());
    }
    match reader.framing {
        abi::FRAMING_NOTHING => Ok(Framing::Nothing),
        abi::FRAMING_JSON => Ok(Framing::Json),
        abi::FRAMING_CSV => Ok(Framing::Csv {
            header: reader.header.min(MOST_HEADER) as usize,
            quote: u8::try_from(reader.quote).ok(),
        }),
        abi::FRAMING_PARTS if reader.parts <= MOST_PARTS => Ok(Framing::Parts(reader.parts as usize)),
        abi::FRAMING_PARTS => {
            Err(format!("its reader has {} parts: expected at most {MOST_PARTS}", reader.parts))
        }
        other => Err(format!("its reader has framing {other}: expected 0 to 3")),
    }
}
