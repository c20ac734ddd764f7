//! A table of interactions.

/// The map of a table whose columns are `at`, `actor`, `target` and `kind`.
pub(crate) const MAP: &str =
    "network = \"notes\"\n[columns]\nat = \"at\"\nactor = \"actor\"\ntarget = \"target\"\nkind = \"kind\"\n";
