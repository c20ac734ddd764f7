//! A plugin that fails where its input tells it to: a file `x.faulty` whose first line is `panic in read`, say.

use renown_sdk::{
    Adapter, Case, File, FileKind, Framing, Id, Interaction, Manifest, NetworkSpec, OpenError, Piece, Reader,
    Sink, Vocable, Vocabulary, Word,
};

/// The adapter.
#[derive(Clone, Copy, Debug)]
pub struct Faulty;

renown_sdk::register_adapter!(Faulty);
renown_sdk::export_plugin!();

static MANIFEST: Manifest = Manifest {
    name: "faulty",
    docs: "Fails.",
    networks: &[NetworkSpec {
        name: "faulty",
        kinds: &[Vocable {
            name: "like",
            also: &[],
            unit: "acts",
            docs: "Likes.",
            default_weight: ("weighted", 1.0),
        }],
        metrics: &[],
    }],
    files: &[FileKind {
        name: "faulty",
        patterns: &["*.faulty"],
        docs: "Says where to fail.",
        yields: "likes",
        passed_over: "",
    }],
    example: Case {
        name: "does not fail",
        path: "x.faulty",
        input: "well\n",
        siblings: &[],
        kind: "faulty",
        records: "interaction faulty like actor=one target=two",
    },
    cases: &[],
};

impl Adapter for Faulty {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        assert!(!file.head.starts_with(b"panic in recognise"), "as asked");
        file.has_extension("faulty").then_some("faulty")
    }

    fn open(
        &self,
        file: &File<'_>,
        _: &'static str,
        vocabulary: &Vocabulary,
    ) -> Result<Box<dyn Reader>, OpenError> {
        assert!(!file.head.starts_with(b"panic in open"), "as asked");
        let (network, like) = (vocabulary.network("faulty")?, vocabulary.kind("faulty", "like")?);
        Ok(Box::new(FaultyReader { network, like }))
    }
}

struct FaultyReader {
    network: Word,
    like: Word,
}

impl Reader for FaultyReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: 0, quote: None }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let like = Interaction {
            at: None,
            network: self.network,
            kind: self.like,
            actor: Some(Id::Text("one")),
            target: Some(Id::Text("two")),
            object: None,
            id: None,
            amount: 1,
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
