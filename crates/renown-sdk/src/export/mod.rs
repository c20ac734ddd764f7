//! The author's side of the plugin boundary: what [`crate::export_plugin!`] puts into a shared library.
//!
//! The library has its own copy of the registry, so the tables are made by walking it inside the library; the same source
//! is linked into a program or loaded by one. Everything here is `unsafe` in the same three ways: what the host passes is
//! as the header says, what is handed out lives until the host releases it, and no panic leaves a call.
#![expect(unsafe_code, reason = "the plugin boundary")]

mod codes;
mod columns;
mod formula;
mod manifest;
mod params;
mod stream;
mod writer;

use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use renown_abi::{
    self as abi, RenownAdapter, RenownError, RenownFile, RenownFormula, RenownPlugin, RenownReader, RenownStr,
};

use crate::{
    Adapter, File, Framing, NO_OPTIONS, OpenError, Piece, Reader, Siblings, Vocabulary, Words, adapters,
    formulas,
};
use codes::Codes;
use params::Absent;
use writer::Writer;

/// Exports all adapters and formulas that this library registers. Write it once, in the `lib.rs` of a crate with
/// `crate-type = ["cdylib"]`.
#[macro_export]
macro_rules! export_plugin {
    () => {
        /// The one function that the host looks for; see `renown_plugin.h`.
        ///
        /// # Safety
        /// Called by the host as the header says.
        #[expect(unsafe_code, reason = "the plugin boundary")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn renown_plugin_init_v1(
            host: *const $crate::abi::RenownHost,
            out: *mut $crate::abi::RenownPlugin,
            error: *mut $crate::abi::RenownError,
        ) -> i32 {
            let about = $crate::export::About {
                id: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                license: env!("CARGO_PKG_LICENSE"),
            };
            // SAFETY: passed on as the host gave them.
            unsafe { $crate::export::init(host, out, error, &about) }
        }
    };
}

/// What a plugin says of itself; filled by [`crate::export_plugin!`] from its `Cargo.toml`.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name.
    pub id: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its licence.
    pub license: &'static str,
}

/// Why a call fails.
struct Fault {
    code: i32,
    message: String,
    /// Of a formula: the parameter or feature that it is about.
    context: String,
}

impl Fault {
    fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), context: String::new() }
    }
}

/// Runs a call, and turns its fault, or its panic, into what the host understands.
///
/// # Safety
/// `error` is null or an error that the host zeroed.
unsafe fn guarded(error: *mut RenownError, call: impl FnOnce() -> Result<(), Fault>) -> i32 {
    let fault = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => return abi::OK,
        Ok(Err(fault)) => fault,
        Err(_) => Fault::new(abi::E_PANIC, PANICKED_AT.take().unwrap_or_default()),
    };
    let code = fault.code;
    if !error.is_null() {
        let texts = Box::new((fault.message, fault.context));
        let (message, context) = (RenownStr::new(texts.0.as_bytes()), RenownStr::new(texts.1.as_bytes()));
        // SAFETY: not null, so it is the host's error, which the header says is zeroed and ours to fill.
        unsafe {
            (*error).code = code;
            (*error).message = message;
            (*error).context = context;
            (*error).byte_offset = abi::UNKNOWN;
            (*error).row = abi::UNKNOWN;
            (*error).release = Some(release_error);
            (*error).private_data = Box::into_raw(texts).cast();
        }
    }
    code
}

thread_local! {
    /// Where this thread panicked last.
    static PANICKED_AT: Cell<Option<String>> = const { Cell::new(None) };
}

/// What a panic says may quote the record that it stumbled over, and nobody may be named on standard error, so only its
/// place is told, and to the host. The hook is that of this library, which has a standard library of its own.
fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        PANICKED_AT.set(panic.location().map(|place| format!("at {}:{}", place.file(), place.line())));
    }));
}

unsafe extern "C" fn release_error(error: *mut RenownError) {
    // SAFETY: the host releases what `guarded` filled, once.
    unsafe {
        drop(Box::from_raw((*error).private_data.cast::<(String, String)>()));
        (*error).private_data = std::ptr::null_mut();
        (*error).release = None;
    }
}

/// The tables, made once.
struct Tables {
    adapters: Vec<*const RenownAdapter>,
    formulas: Vec<*const RenownFormula>,
}

// SAFETY: the pointers are to leaked tables that nothing changes.
unsafe impl Send for Tables {}
// SAFETY: as above.
unsafe impl Sync for Tables {}

static TABLES: OnceLock<Tables> = OnceLock::new();

fn tables() -> &'static Tables {
    TABLES.get_or_init(|| Tables {
        adapters: adapters().into_iter().map(table).collect(),
        formulas: formulas().into_iter().map(formula::table).collect(),
    })
}

/// What the host offers; all there is to those that ask for a [`table`] themselves.
static FEATURES: AtomicU64 = AtomicU64::new(u64::MAX);

/// Fills the host's plugin.
///
/// # Safety
/// As `renown_plugin.h` says of `renown_plugin_init_v1`.
pub unsafe fn init(
    host: *const abi::RenownHost,
    out: *mut RenownPlugin,
    error: *mut RenownError,
    about: &About,
) -> i32 {
    let fill = || {
        if host.is_null() || out.is_null() {
            return Err(Fault::new(abi::E_INVALID, "no host, or nothing to fill"));
        }
        keep_panics_quiet();
        let tables = tables();
        // SAFETY: not null, and of the host's version 1.0 or later, which has all these fields.
        let (host, out) = unsafe { (&*host, &mut *out) };
        FEATURES.store(host.features, Ordering::Relaxed);
        out.abi_minor = abi::ABI_MINOR;
        out.id = RenownStr::new(about.id.as_bytes());
        out.version = RenownStr::new(about.version.as_bytes());
        out.license = RenownStr::new(about.license.as_bytes());
        out.build_info = RenownStr::new(b"rust");
        out.n_adapters = tables.adapters.len();
        out.adapters = tables.adapters.as_ptr();
        out.n_formulas = tables.formulas.len();
        out.formulas = tables.formulas.as_ptr();
        Ok(())
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, fill) }
}

/// What `ctx` of a table points to.
struct Linked {
    adapter: &'static dyn Adapter,
    vocabulary: Vocabulary,
    codes: Arc<Codes>,
}

/// The table of one adapter, registered or not, as long-lived as the process: for hosts' own tests. What
/// [`crate::export_plugin!`] exports has it of every adapter that is registered.
pub fn table(adapter: &'static dyn Adapter) -> *const RenownAdapter {
    let manifest = adapter.manifest();
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), [manifest]);
    // A table of words has room for more than any manifest declares; without, every record is refused as undeclared.
    let codes = Codes::new(manifest, &vocabulary).unwrap_or_default();
    let linked = Box::leak(Box::new(Linked { adapter, vocabulary, codes: Arc::new(codes) }));
    let manifest_json: &'static str = manifest::to_json(adapter).leak();
    Box::leak(Box::new(RenownAdapter {
        struct_size: size_of::<RenownAdapter>() as u32,
        flags: 0,
        manifest_json: RenownStr::new(manifest_json.as_bytes()),
        ctx: std::ptr::from_mut(linked).cast(),
        recognise: Some(recognise),
        open: Some(open),
    }))
}

/// The host's file, as an adapter sees it.
struct HostFile<'h>(&'h RenownFile);

impl Siblings for HostFile<'_> {
    fn read(&self, relative: &str) -> Option<Vec<u8>> {
        let mut found = RenownStr::EMPTY;
        let sibling = self.0.sibling?;
        // SAFETY: the host's own function with the host's own context; what it finds lives until this call returns.
        unsafe {
            let there = sibling(self.0.ctx, RenownStr::new(relative.as_bytes()), &raw mut found);
            if there == 1 { found.bytes().map(<[u8]>::to_vec) } else { None }
        }
    }
}

/// Borrows the host's file for one call.
///
/// # Safety
/// `file` is the host's, for the time of the call.
unsafe fn with_file<T>(
    file: *const RenownFile,
    call: impl FnOnce(&File<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let invalid = || Fault::new(abi::E_INVALID, "no file");
    // SAFETY: null or the host's.
    let host = HostFile(unsafe { file.as_ref() }.ok_or_else(invalid)?);
    // SAFETY: borrowed for the time of the call, as the header says.
    let (path, head, disk) = unsafe { (host.0.path.bytes(), host.0.head.bytes(), host.0.disk.bytes()) };
    let text = |bytes: Option<&'static [u8]>| bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let (path, disk) = (text(path).ok_or_else(invalid)?, text(disk).ok_or_else(invalid)?);
    let disk = Some(std::path::Path::new(disk)).filter(|path| !path.as_os_str().is_empty());
    call(&File { path, head: head.ok_or_else(invalid)?, disk, siblings: &host, options: &NO_OPTIONS })
}

unsafe extern "C" fn recognise(
    ctx: *mut c_void,
    file: *const RenownFile,
    kind: *mut RenownStr,
    error: *mut RenownError,
) -> i32 {
    let call = || {
        // SAFETY: the host passes back the table's context, a leaked `Linked`, and its own file and place for the kind.
        unsafe {
            let linked = &*ctx.cast::<Linked>();
            let found = with_file(file, |file| Ok(linked.adapter.recognise(file)))?;
            *kind = found.map_or(RenownStr::EMPTY, |kind| RenownStr::new(kind.as_bytes()));
        }
        Ok(())
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, call) }
}

/// What `private_data` of a reader points to.
struct OpenReader {
    reader: Box<dyn Reader>,
    codes: Arc<Codes>,
}

unsafe extern "C" fn open(
    ctx: *mut c_void,
    file: *const RenownFile,
    kind: RenownStr,
    options: RenownStr,
    out: *mut RenownReader,
    error: *mut RenownError,
) -> i32 {
    let call = || {
        // SAFETY: as in `recognise`.
        let (linked, kind, options) = unsafe { (&*ctx.cast::<Linked>(), kind.bytes(), options.bytes()) };
        let options = options.and_then(|options| std::str::from_utf8(options).ok());
        let options = options.ok_or_else(|| Fault::new(abi::E_INVALID, "options that are no text"))?;
        let options = params::read(linked.adapter.options(), options, Absent::IsFine)?;
        let files = linked.adapter.manifest().files;
        let kind = files.iter().map(|file| file.name).find(|name| Some(name.as_bytes()) == kind);
        let kind = kind.ok_or_else(|| Fault::new(abi::E_INVALID, "no such kind of file"))?;
        let open = |file: &File<'_>| {
            let file = File { options: &options, ..*file };
            linked.adapter.open(&file, kind, &linked.vocabulary).map_err(|error| match error {
                OpenError::Configuration(why) => Fault::new(abi::E_INVALID, why),
                OpenError::Data(why) => Fault::new(abi::E_DATA, why),
                OpenError::Words(why) => Fault::new(abi::E_INTERNAL, why.to_string()),
                OpenError::Plugin(why) => Fault::new(abi::E_INTERNAL, why.to_string()),
            })
        };
        // SAFETY: the host's file.
        let reader = unsafe { with_file(file, open) }?;
        let framing = reader.framing();
        let private_data = Box::new(OpenReader { reader, codes: linked.codes.clone() });
        let mut opened = RenownReader {
            read: Some(read),
            release: Some(release_reader),
            private_data: Box::into_raw(private_data).cast(),
            quote: -1,
            ..RenownReader::zeroed()
        };
        match framing {
            Framing::Nothing => opened.framing = abi::FRAMING_NOTHING,
            Framing::Json => opened.framing = abi::FRAMING_JSON,
            Framing::Csv { header, quote } => {
                opened.framing = abi::FRAMING_CSV;
                opened.header = header as u64;
                opened.quote = quote.map_or(-1, i32::from);
            }
            Framing::Parts(parts) => {
                opened.framing = abi::FRAMING_PARTS;
                opened.parts = parts as u64;
            }
        }
        // SAFETY: the host's place for a reader.
        unsafe { out.write(opened) };
        Ok(())
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, call) }
}

unsafe extern "C" fn release_reader(reader: *mut RenownReader) {
    // SAFETY: the host releases what `open` filled, once. A panic in an author's `drop` must not leave.
    unsafe {
        let private_data = (*reader).private_data.cast::<OpenReader>();
        (*reader).release = None;
        let _ = catch_unwind(AssertUnwindSafe(|| drop(Box::from_raw(private_data))));
    }
}

unsafe extern "C" fn read(
    reader: *const RenownReader,
    pieces: *const abi::RenownPiece,
    n_pieces: usize,
    out: *mut abi::ArrowArrayStream,
    error: *mut RenownError,
) -> i32 {
    let call = || {
        // SAFETY: a reader that `open` filled, and the host's pieces, for the time of the call.
        let (open, pieces) = unsafe {
            let pieces = if n_pieces == 0 { &[][..] } else { std::slice::from_raw_parts(pieces, n_pieces) };
            (&*(*reader).private_data.cast::<OpenReader>(), pieces)
        };
        let mut writer = Writer::new(&open.codes, FEATURES.load(Ordering::Relaxed));
        for piece in pieces {
            // SAFETY: the host's bytes, for the time of the call.
            let bytes = unsafe { RenownStr { ptr: piece.bytes, len: piece.len }.bytes() };
            let bytes = bytes.ok_or_else(|| Fault::new(abi::E_INVALID, "a piece without bytes"))?;
            let offset = Some(piece.offset).filter(|offset| *offset != abi::UNKNOWN);
            let piece = Piece { bytes, part: piece.part as usize, offset };
            crate::Sink::at(&mut writer, offset);
            open.reader.read(&piece, &mut writer);
        }
        // SAFETY: the host's place for a stream.
        unsafe { out.write(stream::of(writer.finish())) };
        Ok(())
    };
    // SAFETY: `error` is the host's.
    unsafe { guarded(error, call) }
}
