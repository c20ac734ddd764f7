//! A shared library becomes a plugin: loaded, asked who it is, and its tables checked.
#![expect(unsafe_code, reason = "the plugin boundary")]

use std::ffi::c_void;
use std::path::Path;

use renown_abi::{
    self as abi, RenownAdapter, RenownError, RenownFormula, RenownHost, RenownPlugin, RenownStr,
};
use renown_sdk::is_plain;

use crate::error::{HostError, Loading};
use crate::wrong::Wrong;

/// What the host offers to every plugin.
static HOST: HostTable = HostTable(RenownHost {
    struct_size: size_of::<RenownHost>() as u32,
    abi_minor: abi::ABI_MINOR,
    features: abi::HOST_MEMBERSHIPS,
    ctx: std::ptr::null_mut(),
    log: Some(log),
    cancelled: Some(cancelled),
});

struct HostTable(RenownHost);

// SAFETY: nothing in the table changes, and its functions may be called from any thread.
unsafe impl Sync for HostTable {}

unsafe extern "C" fn log(_: *mut c_void, level: u32, message: RenownStr) {
    // SAFETY: the plugin's message, for the time of the call.
    let text = unsafe { message.bytes() }.map(String::from_utf8_lossy);
    if let Some(text) = text {
        let level = match level {
            ..=1 => "error",
            2 => "warning",
            _ => "note",
        };
        let line: String = text.chars().take(500).filter(|char| !char.is_control()).collect();
        eprintln!("{level}: a plugin says: {line}");
    }
}

unsafe extern "C" fn cancelled(_: *mut c_void) -> i32 {
    i32::from(crate::CANCELLED.load(std::sync::atomic::Ordering::Relaxed))
}

/// A loaded plugin. It is never unloaded.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) license: String,
    pub(crate) adapters: Vec<&'static RenownAdapter>,
    pub(crate) formulas: Vec<&'static RenownFormula>,
}

// SAFETY: tables are static, and the header says that their functions may be called from any thread.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

/// Loads the very bytes that were hashed: the file may be another by now.
#[cfg(target_os = "linux")]
pub(crate) fn load_bytes(bytes: &[u8], _: &str, name: &Path) -> Result<Library, HostError> {
    use std::os::fd::AsRawFd;
    let memory = sealed_library(bytes).map_err(|what| HostError::Load { plugin: name.to_owned(), what })?;
    let path = format!("/proc/self/fd/{}", memory.as_raw_fd());
    // The system's loader knows libraries by their paths: were this number free again, the next plugin would be taken
    // for this one.
    std::mem::forget(memory);
    load(Path::new(&path), name)
}

/// A library in memory that nobody can change, if all of it is there.
#[cfg(target_os = "linux")]
pub(crate) fn sealed_library(bytes: &[u8]) -> Result<std::fs::File, Loading> {
    if is_whole(bytes) {
        sealed(bytes)
    } else {
        Err(Loading::System("the file is cut short: copy or build it anew".into()))
    }
}

/// A file in memory that nobody can change.
#[cfg(target_os = "linux")]
pub(crate) fn sealed(bytes: &[u8]) -> Result<std::fs::File, Loading> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::io::Write;
    let system = |error: std::io::Error| Loading::System(format!("no file in memory could be made: {error}"));
    let memory = memfd_create("renown-plugin", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING);
    let mut memory = std::fs::File::from(memory.map_err(|error| system(error.into()))?);
    memory.write_all(bytes).map_err(system)?;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    fcntl_add_seals(&memory, seals).map_err(|error| system(error.into()))?;
    Ok(memory)
}

/// Whether all that a library would have mapped is there: the system's loader does not look, and the process would die
/// of a bus error. Files of another form are left to the loader, which refuses them.
#[cfg(target_os = "linux")]
fn is_whole(bytes: &[u8]) -> bool {
    const LOAD: u64 = 1;
    // 64 bits, little endian.
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return true;
    }
    let number = |at: u64, len: usize| -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let digits = bytes.get(at..at.checked_add(len)?)?;
        Some(digits.iter().rev().fold(0, |number, digit| number << 8 | u64::from(*digit)))
    };
    let segment_is_there = |at: u64| -> Option<bool> {
        let (from, len) = (number(at.checked_add(8)?, 8)?, number(at.checked_add(32)?, 8)?);
        Some(number(at, 4)? != LOAD || from.checked_add(len)? <= bytes.len() as u64)
    };
    let whole = || -> Option<bool> {
        let (first, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
        for segment in 0..count {
            if !segment_is_there(first.checked_add(segment * size)?)? {
                return Some(false);
            }
        }
        Some(true)
    };
    whole().unwrap_or(false)
}

/// Loads the very bytes that were hashed, from a copy that only this user can write.
#[cfg(not(target_os = "linux"))]
pub(crate) fn load_bytes(bytes: &[u8], sha256: &str, name: &Path) -> Result<Library, HostError> {
    let system = |error: std::io::Error| HostError::Load {
        plugin: name.to_owned(),
        what: Loading::System(format!("no private copy could be made: {error}")),
    };
    let folder = std::env::temp_dir().join(format!("renown-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(system)?;
    let copy = folder.join(sha256);
    std::fs::write(&copy, bytes).map_err(system)?;
    load(&copy, name)
}

/// Loads the library at `path`, known to the user as `name`.
pub(crate) fn load(path: &Path, name: &Path) -> Result<Library, HostError> {
    let fault = |what: Loading| HostError::Load { plugin: name.to_owned(), what };
    keep_plugins_memory();
    let library = open(path).map_err(|error| fault(not_a_library(path, &error)))?;
    // SAFETY: the type is that of the header; a plugin that exports another under this name lies.
    let init = unsafe { library.get::<abi::InitFn>(abi::INIT_SYMBOL) };
    let Ok(init) = init else {
        return Err(fault(other_version(&library)));
    };
    let (mut plugin, mut error) = (RenownPlugin::zeroed(), Fault::zeroed());
    // SAFETY: as the header says.
    let code = unsafe { init(&raw const HOST.0, &raw mut plugin, error.place()) };
    if code != abi::OK {
        return Err(fault(Loading::Refused(error.told(code).message())));
    }
    // The library stays for as long as the process: what it handed out is static.
    std::mem::forget(library);
    // SAFETY: filled by the plugin as the header says; every pointer is looked at before it is followed.
    unsafe { checked(&plugin) }.map_err(|what| fault(Loading::Tables(what)))
}

/// Lets the system's allocator keep what plugins free. This program has an allocator of its own, so the system's is the
/// plugins' alone; without this it hands each batch's memory back to the system, and to get it anew, page by page, took
/// a tenth of all reading.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn keep_plugins_memory() {
    // SAFETY: settings of the allocator, made before the first plugin allocates.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 1 << 30);
        libc::mallopt(libc::M_TOP_PAD, 4 << 20);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn keep_plugins_memory() {}

#[cfg(unix)]
fn open(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix;
    // NOW, so that a missing symbol fails here and not in hour three; NODELETE, since unloading is never safe.
    const NODELETE: i32 = 0x1000;
    // SAFETY: what the library does as it is loaded is its own; that is why it had to be trusted.
    unsafe { unix::Library::open(Some(path), unix::RTLD_NOW | unix::RTLD_LOCAL | NODELETE) }
        .map(libloading::Library::from)
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<libloading::Library, libloading::Error> {
    // SAFETY: what the library does as it is loaded is its own; that is why it had to be trusted.
    unsafe { libloading::Library::new(path) }
}

/// Why a file could not be loaded, as well as its first bytes tell.
fn not_a_library(path: &Path, error: &libloading::Error) -> Loading {
    let mut head = [0; 20];
    let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut head));
    let is_elf = head.starts_with(b"\x7fELF");
    let machine = u16::from_le_bytes([head[18], head[19]]);
    let own: &[u16] = if cfg!(target_arch = "x86_64") {
        &[62]
    } else if cfg!(target_arch = "aarch64") {
        &[183]
    } else {
        &[]
    };
    match read {
        Ok(_) if cfg!(target_os = "linux") && !is_elf => Loading::NotALibrary,
        Ok(_) if is_elf && !own.is_empty() && !own.contains(&machine) => Loading::OtherMachine(machine),
        // The system's message names the memory file that was loaded: that would only puzzle.
        _ => {
            let text = error.to_string();
            let text = text
                .rsplit_once("/proc/self/fd/")
                .map_or(&*text, |(_, rest)| rest.split_once(": ").map_or(rest, |(_, rest)| rest));
            Loading::System(text.to_owned())
        }
    }
}

/// What a library without our symbol is: built for another version, or no plugin at all.
fn other_version(library: &libloading::Library) -> Loading {
    for major in (2..10).chain([0]) {
        let symbol = format!("renown_plugin_init_v{major}");
        // SAFETY: the symbol is only looked for, not called.
        if unsafe { library.get::<*const c_void>(symbol.as_bytes()) }.is_ok() {
            return Loading::OtherVersion(major);
        }
    }
    Loading::NoSymbol
}

/// # Safety
/// A plugin that `init` filled.
unsafe fn checked(plugin: &RenownPlugin) -> Result<Library, String> {
    const MOST: usize = 1_000;
    if (plugin.struct_size as usize) < size_of::<RenownPlugin>() {
        return Err(format!(
            "its plugin table has struct_size {}: expected {}",
            plugin.struct_size,
            size_of::<RenownPlugin>()
        ));
    }
    // SAFETY: static strings, by the header.
    let (id, version, license) = unsafe {
        (text(plugin.id, "id")?, text(plugin.version, "version")?, text(plugin.license, "license")?)
    };
    is_shown(version, "version")?;
    is_shown(license, "license")?;
    if !is_plain(id) {
        return Err("its id is not made of lower case letters, digits, _ and -".into());
    }
    if !version.starts_with(|char: char| char.is_ascii_digit()) {
        return Err("its version does not begin with a number: expected one as 1.4.0".into());
    }
    if plugin.n_adapters > MOST || plugin.n_formulas > MOST {
        return Err(format!("{} adapters and {} formulas", plugin.n_adapters, plugin.n_formulas));
    }
    // SAFETY: lists of static tables, by the header.
    let (adapters, formulas) =
        unsafe { (list(plugin.adapters, plugin.n_adapters)?, list(plugin.formulas, plugin.n_formulas)?) };
    for adapter in &adapters {
        let size = adapter.struct_size as usize;
        if size < size_of::<RenownAdapter>() || adapter.recognise.is_none() || adapter.open.is_none() {
            return Err("an adapter without `recognise` or `open`".into());
        }
    }
    for formula in &formulas {
        let size = formula.struct_size as usize;
        if size < size_of::<RenownFormula>()
            || formula.create.is_none()
            || formula.points.is_none()
            || formula.destroy.is_none()
        {
            return Err("a formula without `create`, `points` or `destroy`".into());
        }
    }
    if adapters.is_empty() && formulas.is_empty() {
        return Err("it has neither adapters nor formulas (in Rust: `register_adapter!` or `register_formula!` puts them in)"
            .into());
    }
    Ok(Library { id: id.into(), version: version.into(), license: license.into(), adapters, formulas })
}

/// Whether a text can be shown in messages and lists: it must not steer a terminal.
pub(crate) fn is_shown(text: &str, name: &str) -> Result<(), String> {
    if text.len() > 200 || text.chars().any(char::is_control) {
        return Err(format!("its {name} has control characters, or more than 200 bytes"));
    }
    Ok(())
}

/// # Safety
/// A list of `len` pointers to static tables, each null or good for the bytes that its first field tells.
unsafe fn list<T>(list: *const *const T, len: usize) -> Result<Vec<&'static T>, String> {
    if len == 0 {
        return Ok(Vec::new());
    }
    if list.is_null() || !list.is_aligned() {
        return Err(format!("a list of {len} tables that is not there"));
    }
    let mut tables = Vec::new();
    for at in 0..len {
        // SAFETY: within the list.
        let table = unsafe { *list.add(at) };
        if table.is_null() || !table.is_aligned() {
            return Err(format!("table {at} of {len} is not there"));
        }
        // SAFETY: every table begins with its size.
        let size = unsafe { *table.cast::<u32>() } as usize;
        if size < size_of::<T>() {
            let (table, expected) = (std::any::type_name::<T>(), size_of::<T>());
            let table = table.rsplit("::").next().unwrap_or(table);
            return Err(format!("{table} {at} of {len} has struct_size {size}: expected {expected}"));
        }
        // SAFETY: good for at least its size.
        tables.push(unsafe { &*table });
    }
    Ok(tables)
}

/// # Safety
/// A string that lives as long as the process.
pub(crate) unsafe fn text(text: RenownStr, name: &str) -> Result<&'static str, String> {
    const LONGEST: usize = 64 << 20;
    if text.len > LONGEST {
        return Err(format!("its {name} has {} bytes", text.len));
    }
    // SAFETY: the caller's word.
    let bytes = unsafe { text.bytes() }.ok_or_else(|| format!("its {name} is a null pointer"))?;
    std::str::from_utf8(bytes).map_err(|_| format!("its {name} is not valid UTF-8"))
}

/// An error to be filled by a plugin, released when it goes.
pub(crate) struct Fault(RenownError);

impl Fault {
    pub(crate) fn zeroed() -> Self {
        Self(RenownError::zeroed())
    }

    pub(crate) fn place(&mut self) -> *mut RenownError {
        &raw mut self.0
    }

    /// Where in the file, if the plugin said so.
    fn offset(&self) -> Option<u64> {
        Some(self.0.byte_offset).filter(|offset| *offset != abi::UNKNOWN && self.0.code != 0)
    }

    /// Where in the plugin, by its word; of a formula: the parameter or feature at fault.
    fn context(&self) -> &str {
        // SAFETY: a string of the error's producer, not yet released.
        let bytes = unsafe { self.0.context.bytes() };
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    /// What it says: the plugin's message, cut to a length and without control characters.
    fn text(&self) -> String {
        // SAFETY: a string of the error's producer, not yet released.
        let bytes = unsafe { self.0.message.bytes() }.unwrap_or_default();
        plain(&String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]))
    }

    /// What it says of a call that gave this code.
    pub(crate) fn told(&self, code: i32) -> Wrong {
        Wrong::Told { code, message: self.text(), context: plain(self.context()), offset: self.offset() }
    }
}

/// An error's code and its message as what a plugin did.
pub(crate) fn worded(code: i32, message: &str) -> String {
    let what = match code {
        abi::E_INVALID => "refuses its arguments",
        abi::E_IO => "cannot read something outside",
        abi::E_DATA => "finds the input broken",
        abi::E_UNSUPPORTED => "does not support this",
        abi::E_CANCELLED => "was cancelled",
        abi::E_PANIC => "panicked",
        abi::E_INTERNAL => "failed",
        _ => "failed with a code that does not exist",
    };
    if message.is_empty() {
        format!("{what} (code {code}, no message: the error's `message` is to say why)")
    } else {
        format!("{what}: {message}")
    }
}

/// Foreign text, cut to a length and without control characters.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(500).collect()
}

impl Drop for Fault {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: filled by the plugin, released once.
            unsafe { release(&raw mut self.0) };
        }
    }
}
