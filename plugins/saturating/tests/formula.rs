//! What the formula gives, what it refuses, and that it keeps what every formula must; linked, and across the boundary.

use renown_saturating::Saturating;
use renown_sdk::conformance::check_formula;
use renown_sdk::formula::{Formula, ParamValue};

#[test]
fn conforms() {
    check_formula(&Saturating, &[]).assert();
    check_formula(&Saturating, &[("scale", ParamValue::Number(0.5)), ("half", ParamValue::Number(300.0))])
        .assert();
}

#[test]
fn parameters_are_more_than_nothing() {
    for name in ["scale", "half"] {
        let findings = check_formula(&Saturating, &[(name, ParamValue::Number(0.0))]).0;
        let expected =
            format!("formula saturating: cannot be made ready: the parameter `{name}` must be more than 0");
        assert_eq!(findings, [expected]);
    }
}

#[test]
fn it_is_registered() {
    let names: Vec<_> = renown_sdk::formulas().iter().map(|formula| formula.name()).collect();
    assert_eq!(names, [Saturating.name()]);
}
