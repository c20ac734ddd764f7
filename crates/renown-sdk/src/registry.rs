//! The register of formulas.

use renown_core::formula::Formula;

/// A formula in the registry; made by [`crate::register_formula!`].
#[derive(Debug)]
pub struct FormulaEntry(pub &'static dyn Formula);

inventory::collect!(FormulaEntry);

/// All linked formulas, sorted by name (registration order is the linker's).
pub fn formulas() -> Vec<&'static dyn Formula> {
    let mut all: Vec<_> = inventory::iter::<FormulaEntry>().map(|entry| entry.0).collect();
    all.sort_by_key(|formula| formula.name());
    all
}
