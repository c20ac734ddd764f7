//! A plugin that fails where its input tells it to: a file `x.faulty` whose first line is `panic in read`, say. What it
//! reads where it does not fail, its options say, one of each type.

use std::borrow::Cow;

use renown_sdk::formula::{Formula, FormulaError, Prepared, Spec};
use renown_sdk::{
    Adapter, Case, File, FileKind, Framing, Id, Interaction, Manifest, NetworkSpec, Opened, ParamKind,
    ParamSpec, ParamValue, Piece, Reader, Sink, Vocable, Vocabulary, Word,
};

/// The adapter.
#[derive(Clone, Copy, Debug)]
pub struct Faulty;

renown_sdk::register_adapter!(Faulty);
renown_sdk::export_plugin!();

static MANIFEST: Manifest = Manifest {
    name: "faulty",
    docs: "Fails.",
    networks: &[NetworkSpec::new("faulty").kinds(&[LIKE])],
    files: &[FileKind::new("faulty", &["*.faulty"], "Says where to fail.").yields("likes")],
    example: Case::new("does not fail")
        .file("x.faulty", "well\n")
        .gives("faulty", "interaction faulty like actor=one target=two"),
    cases: &[],
};

const LIKE: Vocable = Vocable::new("like", "acts", "Likes.", ("weighted", 1.0));

const fn option(
    name: &'static str,
    kind: ParamKind,
    docs: &'static str,
    default: Option<ParamValue>,
) -> ParamSpec {
    ParamSpec { name: Cow::Borrowed(name), kind, docs: Cow::Borrowed(docs), default }
}

static OPTIONS: [ParamSpec; 4] = [
    option("amount", ParamKind::Number, "How much each like is.", Some(ParamValue::Number(1.0))),
    option("target", ParamKind::Text, "Who is liked, if not `two`.", Some(ParamValue::Text(String::new()))),
    option("backwards", ParamKind::Flag, "Whether it likes back.", Some(ParamValue::Flag(false))),
    option("actor", ParamKind::File, "Who likes, if not `one`.", None),
];

impl Adapter for Faulty {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn options(&self) -> &[ParamSpec] {
        &OPTIONS
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        assert!(!file.head.starts_with(b"panic in recognise"), "as asked");
        file.has_extension("faulty").then_some("faulty")
    }

    fn open(&self, file: &File<'_>, _: &'static str, vocabulary: &Vocabulary) -> Opened {
        assert!(!file.head.starts_with(b"panic in open"), "as asked");
        let (network, like) = (vocabulary.network("faulty")?, vocabulary.kind("faulty", "like")?);
        let options = file.options;
        let target = Some(options.text("target")?).filter(|target| !target.is_empty()).unwrap_or("two");
        let actor = options.file("actor").map_or("one".into(), String::from_utf8_lossy);
        let (mut actor, mut target) = (actor.trim().to_owned(), target.to_owned());
        if options.flag("backwards")? {
            std::mem::swap(&mut actor, &mut target);
        }
        let amount = options.number("amount")? as u64;
        Ok(Box::new(FaultyReader { network, like, actor, target, amount }))
    }
}

struct FaultyReader {
    network: Word,
    like: Word,
    actor: String,
    target: String,
    amount: u64,
}

impl Reader for FaultyReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: 0, quote: None }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let like = Interaction {
            actor: Some(Id::new(&self.actor)),
            target: Some(Id::new(&self.target)),
            amount: self.amount,
            ..Interaction::new(self.network, self.like)
        };
        for line in piece.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            assert!(line != b"panic in read", "as asked, over `a bystander`");
            let undeclared = line == b"a kind that is not declared";
            sink.interaction(&Interaction {
                kind: if undeclared { self.network } else { self.like },
                ..like
            });
        }
    }
}

/// A formula that fails before it begins.
#[derive(Debug)]
struct Failing;

renown_sdk::register_formula!(Failing);

impl Formula for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    fn docs(&self) -> &'static str {
        "Panics as it is made ready."
    }

    fn prepare(&self, _: &Spec<'_>) -> Result<std::sync::Arc<dyn Prepared>, FormulaError> {
        panic!("as asked")
    }
}
