//! The bundled adapter as a plugin. It gives the same bytes as the linked one, which a test of the binary sees to.

// The linker drops crates that nothing refers to, and their registrations with them.
use renown_facebook as _;

renown_sdk::export_plugin!();

/// Much of the time goes into the memory of documents, and this is faster at it than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
