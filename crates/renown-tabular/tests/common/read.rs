//! What the tests of several formats share: reading a table from disk as the engine would, and writing down the records.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use renown_sdk::frame::{Batch, Framer};
use renown_sdk::{
    Adapter as _, File, Framing, Handle, Interaction, Manifest, Membership, Observation, OpenError, Piece,
    Post, Reject, Sink, Vocabulary, Words,
};
use renown_tabular::{Map, Tabular};

pub(crate) fn adapter(map: &str) -> Tabular {
    Tabular::new(Map::parse(map, "map.toml").unwrap_or_else(|error| panic!("{error}")))
}

/// Reads a table that lies on disk; `path` is its path inside the folder that the user named.
pub(crate) fn read(adapter: &Tabular, disk: &Path, path: &str) -> Result<Vec<String>, OpenError> {
    read_with(adapter, disk, path, [adapter.manifest()])
}

pub(crate) fn read_with(
    adapter: &Tabular,
    disk: &Path,
    path: &str,
    manifests: impl IntoIterator<Item = &'static Manifest>,
) -> Result<Vec<String>, OpenError> {
    let bytes = std::fs::read(disk).unwrap();
    let head = &bytes[..bytes.len().min(1 << 16)];
    let file = File { path, head, disk: Some(disk), siblings: &(), options: &renown_sdk::NO_OPTIONS };
    let kind = adapter.recognise(&file).expect("recognised");
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), manifests);
    let reader = adapter.open(&file, kind, &vocabulary)?;
    let mut records = Records { words: vocabulary.words().clone(), lines: Vec::new() };
    match reader.framing() {
        Framing::Nothing => {}
        Framing::Parts(parts) => {
            (0..parts).for_each(|part| reader.read(&Piece::part(part), &mut records));
        }
        framing => {
            let mut framer = Framer::new(bytes.as_slice(), framing).delimited_by(reader.delimiter());
            let mut batch = Batch::with_capacity(1 << 16);
            while framer.fill(&mut batch).unwrap() {
                for piece in batch.pieces() {
                    reader.read(&Piece::new(piece.bytes, piece.offset), &mut records);
                }
                records
                    .lines
                    .extend(batch.rejects().iter().map(|reject| format!("reject {}", reject.reason)));
            }
        }
    }
    Ok(records.lines)
}

/// Records in the order in which they came, a line each.
struct Records {
    words: Arc<Words>,
    lines: Vec<String>,
}

impl Records {
    fn line(&mut self, fields: &[(&str, Option<String>)]) {
        let mut line = String::new();
        for (name, value) in fields {
            if let Some(value) = value {
                let space = if line.is_empty() { "" } else { " " };
                let _ = write!(line, "{space}{name}{value}");
            }
        }
        self.lines.push(line);
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

impl Sink for Records {
    fn interaction(&mut self, record: &Interaction<'_>) {
        let (network, kind) = (self.words.text(record.network), self.words.text(record.kind));
        self.line(&[
            ("", Some(format!("{network} {kind}"))),
            ("at=", text(record.at)),
            ("actor=", text(record.actor)),
            ("target=", text(record.target)),
            ("object=", text(record.object)),
            ("id=", text(record.id)),
            ("amount=", (record.amount != 1).then(|| record.amount.to_string())),
        ]);
    }

    fn post(&mut self, record: &Post<'_>) {
        let mut totals = String::new();
        for &(kind, amount) in record.totals {
            let _ = write!(totals, " {}={amount}", self.words.text(kind));
        }
        let network = self.words.text(record.network);
        self.line(&[
            ("", Some(format!("post {network} {}", record.id))),
            ("author=", text(record.author)),
            ("at=", text(record.at)),
            ("observed=", text(record.observed_at)),
            ("totals:", (!totals.is_empty()).then_some(totals)),
        ]);
    }

    fn membership(&mut self, record: &Membership<'_>) {
        self.line(&[
            ("", Some(format!("membership {}", self.words.text(record.network)))),
            ("account=", text(Some(record.account))),
            ("community=", text(Some(record.community))),
            ("at=", text(record.at)),
        ]);
    }

    fn observation(&mut self, record: &Observation<'_>) {
        let (network, metric) = (self.words.text(record.network), self.words.text(record.metric));
        self.line(&[
            ("", Some(format!("{network} {} {metric}={}", record.account, record.value))),
            ("at=", text(record.at)),
        ]);
    }

    fn handle(&mut self, record: &Handle<'_>) {
        let network = self.words.text(record.network);
        self.line(&[("", Some(format!("{network} {} @{}", record.account, record.handle)))]);
    }

    fn reject(&mut self, reject: &Reject<'_>) {
        let row = reject.row.map(|row| format!("row {row}: "));
        self.line(&[("reject ", Some(format!("{}{}", row.unwrap_or_default(), reject.reason)))]);
    }

    fn pass_over(&mut self, what: &'static str) {
        self.line(&[("pass-over ", Some(what.to_owned()))]);
    }
}
