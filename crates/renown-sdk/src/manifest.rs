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

impl Manifest {
    /// The kind of file that a path belongs to by its patterns alone; `None` if it fits none, or more than one. A pattern
    /// with a `/` is held against the whole path, another against its last part.
    pub fn kind_by_path(&self, path: &str) -> Option<&'static str> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let fits =
            |pattern: &&str| fast_glob::glob_match(pattern, if pattern.contains('/') { path } else { name });
        let mut kinds = self.files.iter().filter(|kind| kind.patterns.iter().any(fits));
        kinds.next().filter(|_| kinds.next().is_none()).map(|kind| kind.name)
    }
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

impl NetworkSpec {
    /// A network by its name, with no words yet.
    pub const fn new(name: &'static str) -> Self {
        Self { name, kinds: &[], metrics: &[] }
    }

    /// The network with these kinds of interaction.
    #[must_use]
    pub const fn kinds(self, kinds: &'static [Vocable]) -> Self {
        Self { kinds, ..self }
    }

    /// The network with these metrics.
    #[must_use]
    pub const fn metrics(self, metrics: &'static [Vocable]) -> Self {
        Self { metrics, ..self }
    }
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

    /// The kind or metric with these other names.
    #[must_use]
    pub const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
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

impl FileKind {
    /// A kind of file by its name, its usual file names and what it is. It yields nothing yet.
    pub const fn new(name: &'static str, patterns: &'static [&'static str], docs: &'static str) -> Self {
        Self { name, patterns, docs, yields: "", passed_over: "" }
    }

    /// The kind of file with the records that it yields.
    #[must_use]
    pub const fn yields(self, yields: &'static str) -> Self {
        Self { yields, ..self }
    }

    /// The kind of file with what in it is passed over, and why.
    #[must_use]
    pub const fn passed_over(self, passed_over: &'static str) -> Self {
        Self { passed_over, ..self }
    }
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

impl Case {
    /// A case by what it shows: an empty file that is none of the adapter's, until it is said otherwise.
    pub const fn new(name: &'static str) -> Self {
        Self { name, path: "", input: "", siblings: &[], kind: "", records: "" }
    }

    /// The case of a file of this path and content.
    #[must_use]
    pub const fn file(self, path: &'static str, input: &'static str) -> Self {
        Self { path, input, ..self }
    }

    /// The case with these files beside it: paths relative to the file's folder, and contents.
    #[must_use]
    pub const fn beside(self, siblings: &'static [(&'static str, &'static str)]) -> Self {
        Self { siblings, ..self }
    }

    /// The case with what must come of it: the kind of file as which it is recognised, and its records.
    #[must_use]
    pub const fn gives(self, kind: &'static str, records: &'static str) -> Self {
        Self { kind, records, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_tell_a_kind_of_file_where_only_one_fits() {
        static MANIFEST: Manifest = Manifest {
            name: "notes",
            docs: "Reads notes.",
            networks: &[],
            files: &[
                FileKind::new("events", &["*.notes.jsonl", "*.notes"], "Events."),
                FileKind::new("settings", &["notes/settings*.json"], "Settings."),
                FileKind::new("old", &["**/old/*.notes"], "Events of old."),
            ],
            example: Case::new("none"),
            cases: &[],
        };
        for (path, kind) in [
            ("day.notes.jsonl", Some("events")),
            ("a/b/day.notes.jsonl", Some("events")),
            ("day.jsonl", None),
            ("notes/settings1.json", Some("settings")),
            ("settings1.json", None),
            ("a/notes/settings1.json", None),
            ("a/day.notes", Some("events")),
            ("a/old/day.notes", None),
            ("", None),
        ] {
            assert_eq!(MANIFEST.kind_by_path(path), kind, "{path}");
        }
    }
}
