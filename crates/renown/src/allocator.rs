//! Where memory comes from.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Has the C library keep what C code (Zstandard) gives back, up to 8 MiB in each of its arenas, instead of handing it to the
/// system each time: each column of ten thousand small files asks for room to decompress in, and the system cleared it anew
/// for a tenth of all time.
///
/// That C code should take its memory from the allocator above was tried, which replaces `malloc` for loaded plugins as well: then their
/// authors' sanitizers see nothing.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
pub(crate) fn keep_what_c_gives_back() {
    const LARGEST: libc::c_int = 4 << 20;
    #[expect(
        unsafe_code,
        reason = "a setting of the C library, which has no other way to be set from within"
    )]
    // SAFETY: `mallopt` takes two numbers and touches nothing of this program's; no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 2 * LARGEST);
    }
}

/// Other C libraries decide by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
pub(crate) fn keep_what_c_gives_back() {}
