//! Records as text.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::{
    Handle, Interaction, Manifest, Membership, Observation, Post, Reject, Sink, Undo, Undone, Words,
};

/// Writes records down, a line each, and notes what the manifest does not declare.
pub(super) struct Recorder {
    words: Arc<Words>,
    manifest: &'static Manifest,
    pub(super) lines: Vec<String>,
    /// Networks, kinds and metrics.
    pub(super) undeclared: BTreeSet<String>,
}

impl Recorder {
    pub(super) fn new(manifest: &'static Manifest, words: Arc<Words>) -> Self {
        Self { words, manifest, lines: Vec::new(), undeclared: BTreeSet::new() }
    }

    /// Docs and weights know only of what is declared. An adapter without networks takes its words from elsewhere.
    fn declared(&mut self, network: &str, sort: &str, word: Option<&str>) {
        if self.manifest.networks.is_empty() {
            return;
        }
        let spec = self.manifest.networks.iter().find(|spec| spec.name == network);
        let Some(spec) = spec else {
            self.undeclared.insert(format!("network `{network}`"));
            return;
        };
        let Some(word) = word else { return };
        let words = if sort == "kind" { spec.kinds } else { spec.metrics };
        if !words.iter().any(|known| known.name == word) {
            self.undeclared.insert(format!("{sort} `{word}` of {network}"));
        }
    }

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
        self.declared(&network, "kind", Some(&kind));
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
        self.declared(&network, "kind", None);
        for (kind, _) in &totals {
            self.declared(&network, "kind", Some(kind));
        }
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
        self.declared(&network, "metric", Some(&metric));
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
        self.declared(&network, "kind", None);
        self.line("handle", &[("", Some(&network)), ("account", Some(&record.account)), ("", Some(&handle))]);
    }

    fn membership(&mut self, record: &Membership<'_>) {
        let network = self.words.text(record.network);
        self.declared(&network, "kind", None);
        self.line(
            "membership",
            &[
                ("", Some(&network)),
                ("account", Some(&record.account)),
                ("community", Some(&record.community)),
                ("at", field!(record.at)),
            ],
        );
    }

    fn undo(&mut self, record: &Undo<'_>) {
        let network = self.words.text(record.network);
        let at = field!(record.at);
        match record.undone {
            Undone::Act { kind, id } => {
                let kind = self.words.text(kind);
                self.declared(&network, "kind", Some(&kind));
                self.line("undo", &[("", Some(&network)), ("", Some(&kind)), ("at", at), ("id", Some(&id))]);
            }
            Undone::Post(id) => self.line("undo-post", &[("", Some(&network)), ("", Some(&id)), ("at", at)]),
            Undone::Account { account, back } => {
                let what = if back { "account-back" } else { "account-closed" };
                self.line(what, &[("", Some(&network)), ("account", Some(&account)), ("at", at)]);
            }
        }
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        self.lines.push(format!("reject {}", reject.reason));
    }

    fn pass_over(&mut self, what: &'static str) {
        self.lines.push(format!("pass-over {what}"));
    }
}
