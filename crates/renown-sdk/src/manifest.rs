//! What an adapter says of itself: data, from which documentation, vocabulary and conformance cases are taken.

/// An adapter's description.
#[derive(Clone, Copy, Debug)]
pub struct Manifest {
    /// The adapter's name: lower case, as in `twitter`.
    pub name: &'static str,
    /// A sentence on what it reads.
    pub docs: &'static str,
    /// The networks it yields records of, usually one.
    pub networks: &'static [NetworkSpec],
    /// The kinds of file it recognises.
    pub files: &'static [FileKind],
    /// A short file that shows what it reads best; also run as a case.
    pub example: Case,
    /// Inputs and the records that they must give: the conformance kit runs each, whole and cut in many ways.
    pub cases: &'static [Case],
}

/// A network's vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct NetworkSpec {
    /// The network's name: lower case letters, digits and `_`, as in `twitter`.
    pub name: &'static str,
    /// The kinds of interaction, as counted for the account that receives them.
    pub kinds: &'static [Vocable],
    /// The numbers observed beside accounts.
    pub metrics: &'static [Vocable],
}

/// A kind or metric.
#[derive(Clone, Copy, Debug)]
pub struct Vocable {
    /// Its name: an `ActivityStreams` 2.0 term or, failing that, the network's own word.
    pub name: &'static str,
    /// Other words for the same in the network's files and among its users; read as `name` wherever they come up.
    pub also: &'static [&'static str],
    /// What one of it is: `acts`, `accounts`, `posts`, `views`.
    pub unit: &'static str,
    /// A sentence on what it counts.
    pub docs: &'static str,
    /// The stat on which the default weights count it (`weighted`, `count`, `latest`), and the weight; 0 means shown, not counted.
    pub default_weight: (&'static str, f64),
}

impl Vocable {
    /// A kind or metric with no other names: its name, unit, docs, and the stat and weight of the default weights.
    pub const fn new(
        name: &'static str,
        unit: &'static str,
        docs: &'static str,
        default_weight: (&'static str, f64),
    ) -> Self {
        Self { name, also: &[], unit, docs, default_weight }
    }
}

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub struct FileKind {
    /// Its name, as in `api-v2`.
    pub name: &'static str,
    /// Usual file names, as globs; content decides.
    pub patterns: &'static [&'static str],
    /// What it is and where a user gets it.
    pub docs: &'static str,
    /// The records that it yields; empty if it is recognised but yields none.
    pub yields: &'static str,
    /// What in it is passed over, and why.
    pub passed_over: &'static str,
}

/// A conformance case: a file and the records it must give.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it shows, in a few words.
    pub name: &'static str,
    /// The path under which the file is given.
    pub path: &'static str,
    /// Its content.
    pub input: &'static str,
    /// Files beside it: path relative to the file's folder, and content.
    pub siblings: &'static [(&'static str, &'static str)],
    /// The file kind as which it must be recognised.
    pub kind: &'static str,
    /// The records, a line each, in any order, in the form that [`crate::conformance`] gives. Lines are trimmed; empty
    /// lines do not count.
    pub records: &'static str,
}
