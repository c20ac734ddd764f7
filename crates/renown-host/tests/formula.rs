//! A formula in C: compiled against the header, trusted, loaded, and held to what a linked one must keep.

use std::path::{Path, PathBuf};
use std::process::Command;

use renown_host::trust::TrustFile;
use renown_host::{Entry, HostError, Plugin};
use renown_sdk::conformance::check_formula;
use renown_sdk::formula::{Bound, Column, Culprit, FormulaError, ParamValue, Params, Spec};

/// Compiles `product.c` into a library of its own for each test, since tests run side by side.
fn compiled(test: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.so"));
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-I"]);
    compiler
        .arg(here.join("../renown-abi/include"))
        .arg(here.join("tests/product.c"))
        .arg("-o")
        .arg(&library);
    let ran = compiler.output().expect("a C compiler");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    library
}

fn loaded(test: &str) -> Plugin {
    let path = compiled(test);
    let mut trust = TrustFile::default();
    trust.trust(&path).unwrap();
    let mut plugins =
        renown_host::load(&[Entry { path, sha256: None, isolated: false }], &trust, &[], &[]).unwrap();
    assert_eq!(plugins.len(), 1);
    plugins.remove(0)
}

fn bound(plugin: &Plugin, weights: &[f64], scale: f64) -> Result<Bound, FormulaError> {
    let names = ["like.actors", "repost.actors", "reply.actors"];
    let curve = renown_core::curve::Curve::Linear;
    let column =
        |(name, weight): (&&'static str, &f64)| Column { name, weight: *weight, curve: &curve, cap: None };
    let columns: Vec<Column<'_>> = names.iter().zip(weights).map(column).collect();
    let params: Params = [("scale".to_owned(), ParamValue::Number(scale))].into_iter().collect();
    Bound::new(plugin.formulas[0], &Spec { columns: &columns, may_have: &|_| true, params: &params })
}

#[test]
fn it_says_what_it_is() {
    let plugin = loaded("what");
    assert_eq!((&*plugin.id, &*plugin.version, plugin.adapters.len()), ("in-c", "1.2.3", 0));
    let formula = plugin.formulas[0];
    assert_eq!((formula.name(), formula.docs()), ("product", "The product of all features, times scale."));
    assert_eq!(formula.params()[0].default, Some(ParamValue::Number(2.0)));
    assert!(plugin.monotone.contains("product"));
    check_formula(formula, &[]).assert();
}

#[test]
#[expect(clippy::float_cmp, reason = "the examples are exact in binary")]
fn points_and_shapley_parts() {
    let plugin = loaded("points");
    let both = bound(&plugin, &[1.0, 1.0], 2.0).unwrap();
    // More than eight rows, so that validity has a second byte.
    let columns = [vec![3.0; 10], [vec![5.0; 8], vec![f64::NAN, 0.5]].concat()];
    let mut points = [f64::NAN; 10];
    both.points(&columns, &mut points).unwrap();
    assert_eq!(points, [30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 0.0, 3.0]);

    // Both are needed, and share.
    let mut parts = [f64::NAN; 2];
    both.parts(&[3.0, 5.0], &mut parts).unwrap();
    assert_eq!(parts, [15.0, 15.0]);
    both.parts(&[3.0, f64::NAN], &mut parts).unwrap();
    assert_eq!(parts, [0.0, 0.0]);

    // A weight of 0 cannot count, whatever a plugin makes of it.
    let one = bound(&plugin, &[1.0, 0.0], 2.0).unwrap();
    assert!(one.uses(0) && !one.uses(1));
    one.parts(&[3.0, 5.0], &mut parts).unwrap();
    assert_eq!(parts, [0.0, 0.0]);

    // Nothing to make it of.
    let none = bound(&plugin, &[], 2.0).unwrap();
    none.points(&[] as &[&[f64]], &mut points).unwrap();
    assert_eq!(points, [0.0; 10]);
}

#[test]
fn faults_name_the_parameter_or_the_plugin() {
    let plugin = loaded("faults");
    let error = bound(&plugin, &[1.0], -1.0).unwrap_err();
    assert_eq!(error.culprit, Culprit::Param("scale".into(), None));
    assert!(error.message.contains("in-c 1.2.3") && error.message.contains("more than 0"), "{error}");

    let failing = bound(&plugin, &[1.0], 2.0).unwrap();
    let failure = failing.points(&[vec![1.0, 333.0]], &mut [0.0; 2]).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the formula `product` failed: plugin in-c 1.2.3: it failed: no such number"
    );
    let failure = failing.parts(&[333.0], &mut [0.0]).unwrap_err();
    assert!(failure.message.contains("no such number"), "{failure}");
    let failure = failing.points(&[vec![-1.0]], &mut [0.0]).unwrap_err();
    assert!(failure.message.contains("-2 points"), "{failure}");
}

#[test]
fn a_name_has_one_owner() {
    let (plugin, again) = (loaded("owner"), compiled("other"));
    let mut trust = TrustFile::default();
    trust.trust(&again).unwrap();
    let entry = Entry { path: again, sha256: None, isolated: false };
    let error = renown_host::load(std::slice::from_ref(&entry), &trust, &[], &plugin.formulas).unwrap_err();
    assert!(matches!(&error, HostError::Twice { sort: "formula", name, .. } if name == "product"), "{error}");
    let twin = entry.path.with_file_name("twin.so");
    std::fs::copy(&entry.path, &twin).unwrap();
    trust.trust(&twin).unwrap();
    let twins = [entry.clone(), Entry { path: twin, sha256: None, isolated: false }];
    let error = renown_host::load(&twins, &trust, &[], &[]).unwrap_err().to_string();
    assert!(
        error.starts_with("two owners of the formula `product`: ") && error.contains("other.so"),
        "{error}"
    );
    // By any path, a file that is named twice is one plugin, and must be what each mention of it says.
    let folder = entry.path.parent().unwrap();
    let roundabout = folder.join("..").join(folder.file_name().unwrap()).join("other.so");
    let again = |sha256: Option<String>| {
        let again = Entry { path: roundabout.clone(), sha256, isolated: false };
        renown_host::load(&[entry.clone(), again], &trust, &[], &[])
    };
    let once = again(None).unwrap();
    assert_eq!(once.len(), 1);
    assert_eq!(again(Some(once[0].sha256.to_uppercase())).unwrap().len(), 1);
    let error = again(Some("00".repeat(32))).unwrap_err().to_string();
    assert!(error.contains("which is not what the weights file says"), "{error}");
}
