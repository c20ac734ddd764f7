//! The conformance kit: one harness for every adapter, and one for every formula.
//!
//! Records are written down one a line:
//!
//! ```text
//! interaction NETWORK KIND [at=TIME] [actor=ID] [target=ID] [object=ID] [id=ID] [amount=N]      (amount 1 is left out)
//! post NETWORK ID [author=ID] [at=TIME] [observed=TIME] [KIND=N ...]
//! observation NETWORK METRIC account=ID [at=TIME] value=N
//! handle NETWORK account=ID @HANDLE
//! reject REASON
//! pass-over WHAT
//! ```
//!
//! A test of an adapter's crate is then:
//!
//! ```ignore
//! #[test]
//! fn conforms() {
//!     renown_sdk::conformance::check(&Twitter).assert();
//! }
//! ```

mod options;

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use renown_core::curve::Curve;

use crate::formula::{Bound, Column, Formula, Spec, flaw};
use crate::frame::{Batch, Framer};
use crate::{
    Adapter, Case, File, Framing, Handle, Interaction, Manifest, NO_OPTIONS, Observation, ParamValue, Piece,
    Post, Reject, Siblings, Sink, Vocabulary, Words,
};

/// What a check found.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<String>);

impl Findings {
    /// Passes if nothing was found.
    ///
    /// # Panics
    /// With every finding, if there is one.
    pub fn assert(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n\n"));
    }
}

/// Checks an adapter's manifest and runs all its cases, each whole, cut in small batches, and damaged.
pub fn check(adapter: &dyn Adapter) -> Findings {
    let mut findings = Findings::default();
    check_manifest(adapter.manifest(), &mut findings);
    options::check(adapter, &mut findings);
    for case in std::iter::once(&adapter.manifest().example).chain(adapter.manifest().cases) {
        check_case(adapter, case, &mut findings);
    }
    findings
}

/// The features that formulas are tried with.
const FEATURES: [&str; 5] = ["followers.latest", "like.h", "like.per_post", "repost.actors", "repost.count"];

/// Tries whether a formula keeps what is written at [`Prepared::points`] and [`Prepared::parts`], over a few features of
/// weight 1 and with these parameters; others are at their defaults.
///
/// [`Prepared::points`]: crate::formula::Prepared::points
/// [`Prepared::parts`]: crate::formula::Prepared::parts
pub fn check_formula(formula: &dyn Formula, given: &[(&str, ParamValue)]) -> Findings {
    let mut findings = Findings::default();
    let mut say = |text: String| findings.0.push(format!("formula {}: {text}", formula.name()));
    if formula.docs().is_empty() || formula.params().iter().any(|param| param.docs.is_empty()) {
        say("a formula and each of its parameters needs docs".into());
    }
    let params = options::with_defaults(formula.params(), given);
    let columns = FEATURES.map(|name| Column { name, weight: 1.0, curve: &Curve::Log, cap: None });
    let spec = Spec { columns: &columns, may_have: &|_| true, params: &params };
    match formula.prepare(&spec) {
        Ok(prepared) => {
            if let Some(flaw) = flaw(&*prepared, &columns) {
                say(flaw.to_string());
            }
        }
        Err(error) => say(format!("cannot be made ready: {error}")),
    }
    if let Ok(bound) = Bound::new(formula, &spec) {
        for row in [
            [f64::NAN; FEATURES.len()],
            [0.0; FEATURES.len()],
            [3.5, 1.0, 0.25, 7.0, 12.0],
            [1_000.0, f64::NAN, 0.0, f64::NAN, 2.0],
        ] {
            // `Bound` holds parts against points.
            if let Err(failure) = bound.parts(&row, &mut [f64::NAN; FEATURES.len()]) {
                say(failure.message);
            }
        }
    }
    findings
}

fn plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}

fn check_manifest(manifest: &Manifest, findings: &mut Findings) {
    let mut say = |text: String| findings.0.push(format!("{}: {text}", manifest.name));
    if !plain(manifest.name) {
        say("the adapter's name must be lower case letters, digits, _ and -".into());
    }
    if manifest.docs.is_empty() || manifest.files.is_empty() {
        say("a manifest needs docs and at least one kind of file".into());
    }
    for network in manifest.networks {
        for (sort, vocables) in [("kind", network.kinds), ("metric", network.metrics)] {
            let mut seen = std::collections::BTreeSet::new();
            for vocable in vocables {
                if !plain(vocable.name) || vocable.docs.is_empty() || vocable.unit.is_empty() {
                    say(format!("{sort} `{}` needs a plain name, docs and a unit", vocable.name));
                }
                if !(vocable.default_weight.1 >= 0.0 && vocable.default_weight.1.is_finite()) {
                    say(format!("{sort} `{}` has a weight below 0", vocable.name));
                }
                for name in std::iter::once(&vocable.name).chain(vocable.also) {
                    if !seen.insert(*name) {
                        say(format!("{sort} `{name}` is named twice on {}", network.name));
                    }
                }
            }
        }
    }
}

fn check_case(adapter: &dyn Adapter, case: &Case, findings: &mut Findings) {
    let place = format!("{}: case `{}`", adapter.manifest().name, case.name);
    let expected: Vec<String> = sorted(case.records.lines().map(str::trim).filter(|line| !line.is_empty()));
    for batch_bytes in [1 << 20, 1, 64] {
        match run(adapter, case.path, case.input.as_bytes(), &CaseSiblings(case.siblings), batch_bytes) {
            Ok(outcome) => {
                if outcome.kind != case.kind {
                    findings
                        .0
                        .push(format!("{place}: recognised as `{}`, expected `{}`", outcome.kind, case.kind));
                }
                if outcome.records != expected {
                    findings.0.push(format!(
                        "{place} in batches of {batch_bytes} bytes:\n{}",
                        difference(&expected, &outcome.records)
                    ));
                    return;
                }
                undeclared(adapter.manifest(), &outcome.records, &place, findings);
            }
            Err(what) => {
                findings.0.push(format!("{place}: {what}"));
                return;
            }
        }
    }
    // A download that broke off, and one with a flipped byte, must give fewer records or rejects, and no panic.
    let input = case.input.as_bytes();
    for cut in (0..input.len()).step_by((input.len() / 40).max(1)) {
        let _ = run(adapter, case.path, &input[..cut], &CaseSiblings(case.siblings), 64);
        let mut damaged = input.to_vec();
        damaged[cut] ^= 0x85;
        let _ = run(adapter, case.path, &damaged, &CaseSiblings(case.siblings), 1 << 20);
    }
}

/// Every kind and metric in the records must be declared, so that docs and weights know of it.
fn undeclared(manifest: &Manifest, records: &[String], place: &str, findings: &mut Findings) {
    for record in records {
        let mut fields = record.split(' ');
        let (Some(form), Some(network), Some(name)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let Some(spec) = manifest.networks.iter().find(|spec| spec.name == network) else {
            if matches!(form, "interaction" | "observation" | "post" | "handle")
                && !manifest.networks.is_empty()
            {
                findings.0.push(format!("{place}: network `{network}` is not in the manifest"));
            }
            continue;
        };
        let declared = match form {
            "interaction" => spec.kinds.iter().any(|kind| kind.name == name),
            "observation" => spec.metrics.iter().any(|metric| metric.name == name),
            _ => true,
        };
        if !declared {
            findings.0.push(format!("{place}: `{name}` of {network} is not in the manifest"));
        }
    }
}

struct CaseSiblings(&'static [(&'static str, &'static str)]);

impl Siblings for CaseSiblings {
    fn read(&self, relative: &str) -> Option<Vec<u8>> {
        self.0.iter().find(|(path, _)| *path == relative).map(|(_, content)| content.as_bytes().to_vec())
    }
}

/// What reading a file gave.
#[derive(Debug)]
pub struct Outcome {
    /// The kind of file as which it was recognised.
    pub kind: &'static str,
    /// The records, rejects and what was passed over, a line each in the form that the [module](self) gives, sorted.
    pub records: Vec<String>,
}

/// Reads a file's bytes with an adapter as the engine would, and writes down every record.
///
/// # Errors
/// A sentence, if the adapter does not recognise or cannot open the file.
pub fn run(
    adapter: &dyn Adapter,
    path: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    batch_bytes: usize,
) -> Result<Outcome, String> {
    run_with(adapter, path, bytes, siblings, batch_bytes, &[])
}

/// As [`run`], with these options; others are at their defaults.
///
/// # Errors
/// A sentence, if the adapter does not recognise or cannot open the file.
pub fn run_with(
    adapter: &dyn Adapter,
    path: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
    batch_bytes: usize,
    given: &[(&str, ParamValue)],
) -> Result<Outcome, String> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let file = File { path, head, disk: None, siblings, options: &NO_OPTIONS };
    run_file(adapter, &file, bytes, batch_bytes, given)
}

/// As [`run`], of a file that lies on disk, for formats that are read out of order ([`Framing::Parts`]).
///
/// # Errors
/// A sentence, if the file cannot be read, or the adapter does not recognise or cannot open it.
pub fn run_on_disk(adapter: &dyn Adapter, disk: &Path) -> Result<Outcome, String> {
    let bytes = std::fs::read(disk).map_err(|error| error.to_string())?;
    let path = disk.file_name().unwrap_or_default().to_string_lossy();
    let file = File {
        path: &path,
        head: &bytes[..bytes.len().min(HEAD)],
        disk: Some(disk),
        siblings: &(),
        options: &NO_OPTIONS,
    };
    run_file(adapter, &file, &bytes, 1 << 20, &[])
}

/// How much of a file an adapter is shown.
const HEAD: usize = 1 << 16;

fn run_file(
    adapter: &dyn Adapter,
    file: &File<'_>,
    bytes: &[u8],
    batch_bytes: usize,
    given: &[(&str, ParamValue)],
) -> Result<Outcome, String> {
    let kind = adapter.recognise(file).ok_or("not recognised")?;
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), [adapter.manifest()]);
    let options = options::with_defaults(adapter.options(), given);
    let file = File { options: &options, ..*file };
    let reader =
        adapter.open(&file, kind, &vocabulary).map_err(|error| format!("cannot be opened: {error}"))?;
    let mut recorder = Recorder { words: vocabulary.words().clone(), lines: Vec::new() };
    match reader.framing() {
        Framing::Nothing => {}
        Framing::Parts(parts) => {
            for part in 0..parts {
                let part = [Piece::part(part)];
                reader.read_all(&part, &mut recorder).map_err(|failure| failure.to_string())?;
            }
        }
        framing => {
            let mut framer = Framer::new(Cursor::new(bytes), framing);
            let mut batch = Batch::with_capacity(batch_bytes);
            while framer.fill(&mut batch).map_err(|error| error.to_string())? {
                let pieces: Vec<Piece<'_>> =
                    batch.pieces().map(|piece| Piece::new(piece.bytes, piece.offset)).collect();
                reader.read_all(&pieces, &mut recorder).map_err(|failure| failure.to_string())?;
                for reject in batch.rejects() {
                    recorder.lines.push(format!("reject {}", reject.reason));
                }
            }
        }
    }
    recorder.lines.sort();
    Ok(Outcome { kind, records: recorder.lines })
}

/// Writes records down.
struct Recorder {
    words: Arc<Words>,
    lines: Vec<String>,
}

impl Recorder {
    fn line(&mut self, form: &str, fields: &[(&str, Option<&dyn std::fmt::Display>)]) {
        let mut line = form.to_owned();
        for (name, value) in fields {
            if let Some(value) = value {
                let _ =
                    if name.is_empty() { write!(line, " {value}") } else { write!(line, " {name}={value}") };
            }
        }
        self.lines.push(line);
    }
}

/// `Some(&value)` as a displayable field.
macro_rules! field {
    ($value:expr) => {
        $value.as_ref().map(|value| value as &dyn std::fmt::Display)
    };
}

impl Sink for Recorder {
    fn interaction(&mut self, record: &Interaction<'_>) {
        let (network, kind) = (self.words.text(record.network), self.words.text(record.kind));
        let amount = (record.amount != 1).then_some(record.amount);
        self.line(
            "interaction",
            &[
                ("", Some(&network)),
                ("", Some(&kind)),
                ("at", field!(record.at)),
                ("actor", field!(record.actor)),
                ("target", field!(record.target)),
                ("object", field!(record.object)),
                ("id", field!(record.id)),
                ("amount", field!(amount)),
            ],
        );
    }

    fn post(&mut self, record: &Post<'_>) {
        let network = self.words.text(record.network);
        let mut totals: Vec<_> =
            record.totals.iter().map(|&(kind, amount)| (self.words.text(kind), amount)).collect();
        totals.sort();
        let totals: String = totals.iter().fold(String::new(), |mut all, (kind, amount)| {
            let _ = write!(all, " {kind}={amount}");
            all
        });
        self.line(
            "post",
            &[
                ("", Some(&network)),
                ("", Some(&record.id)),
                ("author", field!(record.author)),
                ("at", field!(record.at)),
                ("observed", field!(record.observed_at)),
            ],
        );
        if let Some(line) = self.lines.last_mut() {
            line.push_str(&totals);
        }
    }

    fn observation(&mut self, record: &Observation<'_>) {
        let (network, metric) = (self.words.text(record.network), self.words.text(record.metric));
        self.line(
            "observation",
            &[
                ("", Some(&network)),
                ("", Some(&metric)),
                ("account", Some(&record.account)),
                ("at", field!(record.at)),
                ("value", Some(&record.value)),
            ],
        );
    }

    fn handle(&mut self, record: &Handle<'_>) {
        let network = self.words.text(record.network);
        let handle = format!("@{}", record.handle);
        self.line("handle", &[("", Some(&network)), ("account", Some(&record.account)), ("", Some(&handle))]);
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        self.lines.push(format!("reject {}", reject.reason));
    }

    fn pass_over(&mut self, what: &'static str) {
        self.lines.push(format!("pass-over {what}"));
    }
}

fn sorted<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Lines that only one side has, as a diff.
fn difference(expected: &[String], found: &[String]) -> String {
    let mut text = String::new();
    let mut rest = found.to_vec();
    for line in expected {
        match rest.iter().position(|other| other == line) {
            Some(at) => drop(rest.remove(at)),
            None => drop(writeln!(text, "- {line}")),
        }
    }
    for line in rest {
        let _ = writeln!(text, "+ {line}");
    }
    text
}
