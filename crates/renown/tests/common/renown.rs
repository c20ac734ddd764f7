//! One run with the settings of this machine's user.

use std::ffi::OsStr;

use super::run::{Ran, command};

/// Runs the binary.
pub(crate) fn renown<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Ran {
    Ran::of(command().args(args))
}
