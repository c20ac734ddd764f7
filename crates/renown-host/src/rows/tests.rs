//! Rows of further numbers: what they are further numbers of, and where they may not stand.

use std::sync::Arc;

use renown_abi::{HANDLE, INTERACTION, MEMBERSHIP, NUMBER, OBSERVATION, PASSED_OVER, POST};
use renown_sdk::{Case, FileKind, NetworkSpec, Observation, Vocable, Words};

use super::*;

const LIKE: Vocable = Vocable::new("like", "acts", "Some.", ("weighted", 1.0));
const VIEW: Vocable = Vocable::new("view", "views", "Some.", ("count", 1.0));
const FOLLOWERS: Vocable = Vocable::new("followers", "accounts", "Some.", ("latest", 1.0));
const LISTED: Vocable = Vocable::new("listed", "lists", "Some.", ("latest", 1.0));
const POSTS: Vocable = Vocable::new("posts", "posts", "Some.", ("latest", 1.0));

static MANIFEST: Manifest = Manifest {
    name: "some",
    docs: "Some.",
    networks: &[
        NetworkSpec::new("one").kinds(&[LIKE, VIEW]).metrics(&[FOLLOWERS, LISTED, POSTS]),
        NetworkSpec::new("two").kinds(&[VIEW]),
    ],
    files: &[FileKind::new("any", &["*"], "Any.")],
    example: Case::new("one").file("a", "a").gives("any", ""),
    cases: &[],
};

/// Writes down what comes, words by their texts.
struct Lines(Vocabulary, Arc<Words>, Vec<String>);

impl Lines {
    fn new() -> Self {
        let words = Arc::new(Words::new());
        Self(Vocabulary::new(words.clone(), [&MANIFEST]), words, Vec::new())
    }

    fn text(&self, word: Word) -> String {
        self.1.text(word).into()
    }
}

impl Sink for Lines {
    fn interaction(&mut self, act: &Interaction<'_>) {
        self.2.push(format!("{} {} {}", self.text(act.network), self.text(act.kind), act.amount));
    }
    fn post(&mut self, post: &Post<'_>) {
        let totals = post.totals.iter().map(|(kind, total)| format!(" {}={total}", self.text(*kind)));
        let totals: String = totals.collect();
        self.2.push(format!("{} post {}{totals}", self.text(post.network), post.id));
    }
    fn observation(&mut self, seen: &Observation<'_>) {
        let at = seen.at.map_or(0, renown_sdk::Timestamp::micros);
        let (network, metric) = (self.text(seen.network), self.text(seen.metric));
        self.2.push(format!("{network} {} {at} {metric}={}", seen.account, seen.value));
    }
    fn handle(&mut self, handle: &Handle<'_>) {
        self.2.push(format!("@{}", handle.handle));
    }
    fn membership(&mut self, member: &Membership<'_>) {
        let at = member.at.map_or(0, renown_sdk::Timestamp::micros);
        self.2.push(format!("{} {} {at} in {}", self.text(member.network), member.account, member.community));
    }
    fn reject(&mut self, reject: &Reject<'_>) {
        self.2.push(reject.reason.clone());
    }
    fn pass_over(&mut self, what: &'static str) {
        self.2.push(what.to_owned());
    }
}

/// Rows: what each is, its network, its word and its amount. Of row `n` the account and the post are `n`, the time is `n`
/// microseconds and the text is `x`.
struct Rows(Vec<(u8, u16, u16, u64)>);

impl Rows {
    /// What they give if all values are there but the amounts of some rows, and why they end.
    fn read_without(&self, missing: &[usize], with_bits: bool) -> (Vec<String>, Result<(), String>) {
        let rows = self.0.len();
        let (mut bits, mut offsets) = (vec![u8::MAX; rows.div_ceil(8)], vec![0]);
        for row in missing {
            bits[row / 8] &= !(1 << (row % 8));
        }
        offsets.extend(1..=rows as i32);
        let (records, networks): (Vec<u8>, Vec<u16>) = self.0.iter().map(|row| (row.0, row.1)).unzip();
        let (words, amounts): (Vec<u16>, Vec<u64>) = self.0.iter().map(|row| (row.2, row.3)).unzip();
        let (numbers, text): (Vec<i64>, String) = ((0..rows as i64).collect(), "x".repeat(rows));
        let all = Validity::default();
        let validity = Validity { bits: with_bits.then_some(&*bits), start: 0 };
        let numbers = || Column::Integers(Numbers { values: &numbers, validity: all });
        let columns = [
            ("record", Column::Bytes(Numbers { values: &records, validity: all })),
            ("network", Column::Words(Numbers { values: &networks, validity: all })),
            ("word", Column::Words(Numbers { values: &words, validity: all })),
            ("amount", Column::Amounts(Numbers { values: &amounts, validity })),
            ("target", numbers()),
            ("object", numbers()),
            ("at", numbers()),
            ("text", Column::Texts(Texts { offsets: Offsets::Small(&offsets), text: &text, validity: all })),
        ];
        let mut lines = Lines::new();
        let codes = Codes::new(&MANIFEST, &lines.0).unwrap();
        let batch = Batch::new(rows, &columns).unwrap();
        let result = write(&batch, &codes, &Labels::default(), &[], &mut lines);
        (lines.2, result)
    }

    #[track_caller]
    fn assert_gives(&self, expected: &[&str], end: Result<(), &str>) {
        // The quick way, of columns without a null, and the other.
        for with_bits in [false, true] {
            let (lines, result) = self.read_without(&[], with_bits);
            assert_eq!(lines, expected);
            assert_eq!(
                result.as_ref().map_err(String::as_str),
                end.as_ref().map(|()| &()).map_err(|why| *why)
            );
        }
    }
}

#[test]
fn below_a_post_they_are_totals_and_below_an_observation_observations() {
    // The network of a further number is that above, whatever stands in its row.
    let rows = [
        (OBSERVATION, 0, 0, 10),
        (NUMBER, 0, 2, 11),
        (NUMBER, 9, 1, 12),
        (POST, 0, 9, 0),
        (NUMBER, 0, 1, 13),
        (NUMBER, 1, 0, u64::MAX),
        (POST, 1, 0, 0),
        (NUMBER, 0, 0, 14),
        (OBSERVATION, 0, 1, 15),
        (PASSED_OVER, 0, 0, 0),
        (POST, 0, 0, 0),
    ];
    let expected = [
        "one 0 0 followers=10",
        "one 0 0 posts=11",
        "one 0 0 listed=12",
        "one post 3 view=13 like=18446744073709551615",
        "two post 6 view=14",
        "one 8 8 listed=15",
        "x",
        "one post 10",
    ];
    Rows(rows.to_vec()).assert_gives(&expected, Ok(()));
}

#[test]
fn below_anything_else_they_are_refused() {
    let why =
        |row: usize| format!("row {row}: a further number that follows neither a post nor an observation");
    let below = |record: u8| Rows(vec![(record, 0, 0, 1), (NUMBER, 0, 0, 2), (POST, 0, 0, 0)]);
    below(HANDLE).assert_gives(&["@x"], Err(&why(1)));
    below(MEMBERSHIP).assert_gives(&["one 0 0 in x"], Err(&why(1)));
    below(INTERACTION).assert_gives(&["one like 1"], Err(&why(1)));
    below(PASSED_OVER).assert_gives(&["x"], Err(&why(1)));
    Rows(vec![(NUMBER, 0, 0, 2)]).assert_gives(&[], Err(&why(0)));
    // A handle between an account's numbers ends them.
    let between = [(OBSERVATION, 0, 0, 1), (NUMBER, 0, 1, 2), (HANDLE, 0, 0, 0), (NUMBER, 0, 2, 3)];
    let before = ["one 0 0 followers=1", "one 0 0 listed=2", "@x"];
    Rows(between.to_vec()).assert_gives(&before, Err(&why(3)));
}

#[test]
fn each_is_of_what_its_network_declares() {
    let why = |row: usize| format!("row {row}: kind or metric 2 is not declared in the manifest");
    // There is a third metric, and no third kind.
    let totals = [(POST, 0, 0, 0), (NUMBER, 0, 1, 1), (NUMBER, 0, 2, 1)];
    Rows(totals.to_vec()).assert_gives(&[], Err(&why(2)));
    let seen = [(OBSERVATION, 0, 0, 5), (NUMBER, 0, 2, 6), (OBSERVATION, 0, 2, 7)];
    let lines = ["one 0 0 followers=5", "one 0 0 posts=6", "one 2 2 posts=7"];
    Rows(seen.to_vec()).assert_gives(&lines, Ok(()));
}

#[test]
fn each_has_a_number() {
    for head in [POST, OBSERVATION] {
        let rows = Rows(vec![(HANDLE, 0, 0, 0), (head, 0, 0, 1), (NUMBER, 0, 0, 2), (NUMBER, 0, 1, 3)]);
        // All of them are handed on, or none is.
        let (lines, result) = rows.read_without(&[3], true);
        assert_eq!((lines, result), (vec!["@x".to_owned()], Err("row 3: no `amount`".to_owned())));
    }
}
