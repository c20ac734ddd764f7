//! The C interface between Renown and its plugins, in Rust.
//!
//! **What it is for.** The types of `include/renown_plugin.h`, which is the normative text and says what each field
//! means; a test compiles C against it and holds every size and offset against these. A plugin in Rust does not use them
//! itself: `renown_sdk::export_plugin!` does.
//!
//! **What it may depend on.** Nothing. **What it must not know.** How either side does its work.

#![no_std]

use core::ffi::{c_char, c_int, c_void};

/// The major version, which is in the name of the one exported symbol.
pub const ABI_MAJOR: u32 = 1;
/// The minor version: how many times fields were appended.
pub const ABI_MINOR: u32 = 0;
/// The exported symbol.
pub const INIT_SYMBOL: &core::ffi::CStr = c"renown_plugin_init_v1";

/// Success.
pub const OK: i32 = 0;
/// An argument or option that the caller must change.
pub const E_INVALID: i32 = 1;
/// Something outside could not be read.
pub const E_IO: i32 = 2;
/// The input is broken.
pub const E_DATA: i32 = 3;
/// This version of the plugin, or of the interface, cannot do it.
pub const E_UNSUPPORTED: i32 = 4;
/// The host asked to stop.
pub const E_CANCELLED: i32 = 5;
/// A fault of the plugin's own.
pub const E_PANIC: i32 = 6;
/// Anything else.
pub const E_INTERNAL: i32 = 7;

/// A place that is not known.
pub const UNKNOWN: u64 = u64::MAX;

/// Borrowed text or bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RenownStr {
    /// The first byte; anything where `len` is 0.
    pub ptr: *const u8,
    /// How many.
    pub len: usize,
}

impl RenownStr {
    /// Nothing.
    pub const EMPTY: Self = Self { ptr: core::ptr::null(), len: 0 };

    /// Borrows bytes; whoever keeps it must know how long they live.
    pub const fn new(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes; `None` for a pointer that cannot be one.
    ///
    /// # Safety
    /// A pointer that is not null must be good for `len` bytes for as long as `'a`.
    #[expect(unsafe_code, reason = "the plugin boundary")]
    pub unsafe fn bytes<'a>(self) -> Option<&'a [u8]> {
        if self.len == 0 {
            return Some(&[]);
        }
        if self.ptr.is_null() || self.len > isize::MAX as usize {
            return None;
        }
        // SAFETY: not null, and no longer than any object; the rest is the caller's word.
        Some(unsafe { core::slice::from_raw_parts(self.ptr, self.len) })
    }
}

/// Why a call failed.
#[repr(C)]
#[derive(Debug)]
pub struct RenownError {
    /// Its size in the version of whoever made it.
    pub struct_size: u32,
    /// One of the `E_` codes.
    pub code: i32,
    /// What was wrong.
    pub message: RenownStr,
    /// Where in the plugin.
    pub context: RenownStr,
    /// Where in the file; [`UNKNOWN`] if not known.
    pub byte_offset: u64,
    /// Which row; [`UNKNOWN`] if not known.
    pub row: u64,
    /// Releases what it points to.
    pub release: Option<unsafe extern "C" fn(*mut RenownError)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

impl RenownError {
    /// An error to be filled.
    pub const fn zeroed() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            code: 0,
            message: RenownStr::EMPTY,
            context: RenownStr::EMPTY,
            byte_offset: UNKNOWN,
            row: UNKNOWN,
            release: None,
            private_data: core::ptr::null_mut(),
        }
    }
}

/// What the host offers.
#[repr(C)]
#[derive(Debug)]
pub struct RenownHost {
    /// Its size.
    pub struct_size: u32,
    /// The host's minor version.
    pub abi_minor: u32,
    /// Feature bits.
    pub features: u64,
    /// Passed to the functions.
    pub ctx: *mut c_void,
    /// Says something to the user.
    pub log: Option<unsafe extern "C" fn(*mut c_void, u32, RenownStr)>,
    /// Not 0 when work is to stop.
    pub cancelled: Option<unsafe extern "C" fn(*mut c_void) -> i32>,
}

/// Arrow's `ArrowSchema`.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowSchema {
    /// The type.
    pub format: *const c_char,
    /// The name.
    pub name: *const c_char,
    /// Metadata.
    pub metadata: *const c_char,
    /// Flags.
    pub flags: i64,
    /// How many children.
    pub n_children: i64,
    /// The children.
    pub children: *mut *mut ArrowSchema,
    /// The dictionary's type.
    pub dictionary: *mut ArrowSchema,
    /// Releases it; null when released.
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

impl ArrowSchema {
    /// A released one, to be filled.
    pub const fn empty() -> Self {
        Self {
            format: core::ptr::null(),
            name: core::ptr::null(),
            metadata: core::ptr::null(),
            flags: 0,
            n_children: 0,
            children: core::ptr::null_mut(),
            dictionary: core::ptr::null_mut(),
            release: None,
            private_data: core::ptr::null_mut(),
        }
    }
}

/// Arrow's `ArrowArray`.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowArray {
    /// How many rows.
    pub length: i64,
    /// How many nulls; -1 if not counted.
    pub null_count: i64,
    /// How many rows at the front of the buffers are not part of it.
    pub offset: i64,
    /// How many buffers.
    pub n_buffers: i64,
    /// How many children.
    pub n_children: i64,
    /// The buffers.
    pub buffers: *mut *const c_void,
    /// The children.
    pub children: *mut *mut ArrowArray,
    /// The dictionary.
    pub dictionary: *mut ArrowArray,
    /// Releases it; null when released.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

impl ArrowArray {
    /// A released one, to be filled.
    pub const fn empty() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: core::ptr::null_mut(),
            children: core::ptr::null_mut(),
            dictionary: core::ptr::null_mut(),
            release: None,
            private_data: core::ptr::null_mut(),
        }
    }
}

/// Arrow's `ArrowArrayStream`.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowArrayStream {
    /// Gives the schema.
    pub get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    /// Gives the next batch; a released one at the end.
    pub get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    /// What the last error was.
    pub get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    /// Releases it; null when released.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

impl ArrowArrayStream {
    /// A released one, to be filled.
    pub const fn empty() -> Self {
        Self {
            get_schema: None,
            get_next: None,
            get_last_error: None,
            release: None,
            private_data: core::ptr::null_mut(),
        }
    }
}

/// A file before it is read.
#[repr(C)]
#[derive(Debug)]
pub struct RenownFile {
    /// Its size.
    pub struct_size: u32,
    /// No bits yet.
    pub flags: u32,
    /// Its path inside what the user named.
    pub path: RenownStr,
    /// Its first bytes.
    pub head: RenownStr,
    /// Where it lies on disk, or nothing.
    pub disk: RenownStr,
    /// Passed to `sibling`.
    pub ctx: *mut c_void,
    /// The bytes of a file beside it; 1 if there is one.
    pub sibling: Option<unsafe extern "C" fn(*mut c_void, RenownStr, *mut RenownStr) -> i32>,
}

/// A piece of a file.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RenownPiece {
    /// Its bytes.
    pub bytes: *const u8,
    /// How many.
    pub len: usize,
    /// Where it begins in the file.
    pub offset: u64,
    /// Which part.
    pub part: u64,
}

/// Nothing to read.
pub const FRAMING_NOTHING: u32 = 0;
/// JSON documents.
pub const FRAMING_JSON: u32 = 1;
/// Runs of CSV records.
pub const FRAMING_CSV: u32 = 2;
/// Numbered parts that the plugin reads itself.
pub const FRAMING_PARTS: u32 = 3;

/// What reads pieces of a file.
pub type ReadFn = unsafe extern "C" fn(
    *const RenownReader,
    *const RenownPiece,
    usize,
    *mut ArrowArrayStream,
    *mut RenownError,
) -> i32;

/// Reads one file.
#[repr(C)]
#[derive(Debug)]
pub struct RenownReader {
    /// Its size.
    pub struct_size: u32,
    /// How the file is cut: one of the `FRAMING_` numbers.
    pub framing: u32,
    /// CSV: records at the top that are left out.
    pub header: u64,
    /// CSV: the byte that may enclose a field; -1 for none.
    pub quote: i32,
    /// 0.
    pub reserved: u32,
    /// How many parts.
    pub parts: u64,
    /// Reads pieces.
    pub read: Option<ReadFn>,
    /// Releases it.
    pub release: Option<unsafe extern "C" fn(*mut RenownReader)>,
    /// The plugin's own.
    pub private_data: *mut c_void,
}

impl RenownReader {
    /// A reader to be filled.
    pub const fn zeroed() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            framing: FRAMING_NOTHING,
            header: 0,
            quote: 0,
            reserved: 0,
            parts: 0,
            read: None,
            release: None,
            private_data: core::ptr::null_mut(),
        }
    }
}

/// What recognises a file.
pub type RecogniseFn =
    unsafe extern "C" fn(*mut c_void, *const RenownFile, *mut RenownStr, *mut RenownError) -> i32;
/// What opens a file.
pub type OpenFn = unsafe extern "C" fn(
    *mut c_void,
    *const RenownFile,
    RenownStr,
    RenownStr,
    *mut RenownReader,
    *mut RenownError,
) -> i32;

/// An adapter.
#[repr(C)]
#[derive(Debug)]
pub struct RenownAdapter {
    /// Its size.
    pub struct_size: u32,
    /// No bits yet.
    pub flags: u32,
    /// What it says of itself.
    pub manifest_json: RenownStr,
    /// Passed to the functions.
    pub ctx: *mut c_void,
    /// Which kind of file a file is.
    pub recognise: Option<RecogniseFn>,
    /// Opens a file.
    pub open: Option<OpenFn>,
}

/// `record`: an act or a total without a post.
pub const INTERACTION: u8 = 0;
/// `record`: a post.
pub const POST: u8 = 1;
/// `record`: one more number of the post or the account above.
pub const NUMBER: u8 = 2;
/// `record`: a number beside an account.
pub const OBSERVATION: u8 = 3;
/// `record`: an account's handle.
pub const HANDLE: u8 = 4;
/// `record`: what cannot be read.
pub const REJECT: u8 = 5;
/// `record`: what is no record.
pub const PASSED_OVER: u8 = 6;
/// Row: the act `id` of the kind `word` or, without `id`, the post `object`, was taken back.
pub const UNDO: u8 = 7;
/// Row: the account `target` was closed.
pub const CLOSED: u8 = 8;
/// Row: the account `target` is there again.
pub const BACK: u8 = 9;

/// `record`: the account `target` took part in the community `text`.
pub const MEMBERSHIP: u8 = 10;

/// A bit of what the host offers: it takes [`MEMBERSHIP`] rows.
pub const HOST_MEMBERSHIPS: u64 = 1;

/// A column of values.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RenownColumn {
    /// One a row.
    pub values: *const f64,
    /// A bit a row; null if all are there.
    pub validity: *const u8,
}

/// The formula's points never fall when a value rises.
pub const FORMULA_MONOTONE: u32 = 1;

/// What prepares a formula.
pub type CreateFn = unsafe extern "C" fn(
    *mut c_void,
    *const RenownStr,
    *const f64,
    usize,
    RenownStr,
    *mut *mut c_void,
    *mut RenownError,
) -> i32;
/// What computes points, or their parts.
pub type PointsFn =
    unsafe extern "C" fn(*mut c_void, *const RenownColumn, usize, usize, *mut f64, *mut RenownError) -> i32;

/// A formula.
#[repr(C)]
#[derive(Debug)]
pub struct RenownFormula {
    /// Its size.
    pub struct_size: u32,
    /// `FORMULA_` bits.
    pub flags: u32,
    /// Its name in weights files.
    pub name: RenownStr,
    /// What it computes.
    pub docs: RenownStr,
    /// The parameters that it takes.
    pub params_json: RenownStr,
    /// Passed to `create`.
    pub ctx: *mut c_void,
    /// Prepares it.
    pub create: Option<CreateFn>,
    /// Points of rows.
    pub points: Option<PointsFn>,
    /// What each value gave.
    pub parts: Option<PointsFn>,
    /// Ends what `create` began.
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
}

/// A plugin.
#[repr(C)]
#[derive(Debug)]
pub struct RenownPlugin {
    /// Its size.
    pub struct_size: u32,
    /// The plugin's minor version of the interface.
    pub abi_minor: u32,
    /// Its name.
    pub id: RenownStr,
    /// Its version.
    pub version: RenownStr,
    /// Its licence.
    pub license: RenownStr,
    /// Compiler and profile.
    pub build_info: RenownStr,
    /// How many adapters.
    pub n_adapters: usize,
    /// The adapters.
    pub adapters: *const *const RenownAdapter,
    /// How many formulas.
    pub n_formulas: usize,
    /// The formulas.
    pub formulas: *const *const RenownFormula,
}

impl RenownPlugin {
    /// A plugin to be filled.
    pub const fn zeroed() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            abi_minor: 0,
            id: RenownStr::EMPTY,
            version: RenownStr::EMPTY,
            license: RenownStr::EMPTY,
            build_info: RenownStr::EMPTY,
            n_adapters: 0,
            adapters: core::ptr::null(),
            n_formulas: 0,
            formulas: core::ptr::null(),
        }
    }
}

/// The one function that a plugin exports.
pub type InitFn = unsafe extern "C" fn(*const RenownHost, *mut RenownPlugin, *mut RenownError) -> i32;
