//! Loaded, it is the formula that it is linked.

use renown_host::trust::TrustFile;
use renown_host::{Entry, Plugin};
use renown_saturating::Saturating;
use renown_sdk::conformance::check_formula;
use renown_sdk::formula::{Bound, Column, Culprit, Formula, FormulaError, ParamValue, Params, Spec};

/// Loads the library that cargo builds beside this test.
fn loaded() -> Plugin {
    let name = format!("{}renown_saturating{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let path = std::env::current_exe().unwrap().with_file_name(name);
    let mut trust = TrustFile::default();
    trust.trust(&path).unwrap();
    renown_host::load(&[Entry { path, sha256: None, isolated: false }], &trust, &[], &[]).unwrap().remove(0)
}

fn bound(formula: &dyn Formula, half: f64) -> Result<Bound, FormulaError> {
    let curve = renown_core::curve::Curve::Linear;
    let column = |(name, weight)| Column { name, weight, curve: &curve, cap: None };
    let columns = [("like.count", 0.3), ("repost.actors", 1.0), ("reply.actors", 0.0)].map(column);
    let params: Params = [("half", half), ("scale", 7.0)]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), ParamValue::Number(value)))
        .collect();
    Bound::new(formula, &Spec { columns: &columns, may_have: &|_| false, params: &params })
}

#[test]
fn it_gives_the_same_bits() {
    let plugin = loaded();
    let formula = plugin.formulas[0];
    assert_eq!((formula.name(), formula.docs()), (Saturating.name(), Saturating.docs()));
    assert_eq!(formula.params(), Saturating.params());
    check_formula(formula, &[]).assert();

    let (linked, loaded) = (bound(&Saturating, 3.0).unwrap(), bound(formula, 3.0).unwrap());
    let value = |row: u32, step: u32| if row.is_multiple_of(step) { f64::NAN } else { f64::from(row) / 7.0 };
    let columns: Vec<Vec<f64>> = [5, 3, 2].map(|step| (0..100).map(|row| value(row, step)).collect()).into();
    let (mut ours, mut theirs) = ([0.0; 100], [0.0; 100]);
    linked.points(&columns, &mut ours).unwrap();
    loaded.points(&columns, &mut theirs).unwrap();
    assert_eq!(ours.map(f64::to_bits), theirs.map(f64::to_bits));
    for row in 0..100 {
        let row: Vec<f64> = columns.iter().map(|column| column[row]).collect();
        let (mut ours, mut theirs) = ([0.0; 3], [0.0; 3]);
        linked.parts(&row, &mut ours).unwrap();
        loaded.parts(&row, &mut theirs).unwrap();
        assert_eq!(ours.map(f64::to_bits), theirs.map(f64::to_bits));
    }
}

#[test]
fn a_wrong_parameter_is_named() {
    let plugin = loaded();
    let error = bound(plugin.formulas[0], 0.0).unwrap_err();
    assert_eq!(error.culprit, Culprit::Param("half".into(), None));
    assert!(error.message.contains("the parameter `half` must be more than 0"), "{error}");
}
