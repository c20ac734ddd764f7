//! From fields to records, the same for every format.

use std::fmt::Write as _;

use renown_sdk::{
    BadFields, Counted, Handle, Id, Interaction, Membership, Observations, Post, Reject, Sink, Timestamp,
    TooManyWords, Vocabulary, Word,
};

use crate::account::Account;
use crate::fields::{Total, When};

/// The network's name.
pub(crate) const NETWORK: &str = "mastodon";

/// What somebody can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Repost,
    Quote,
    Reply,
    Mention,
    Like,
    Bookmark,
    Follow,
}

impl Verb {
    const ALL: [Self; 7] =
        [Self::Repost, Self::Quote, Self::Reply, Self::Mention, Self::Like, Self::Bookmark, Self::Follow];

    const fn name(self) -> &'static str {
        match self {
            Self::Repost => "repost",
            Self::Quote => "quote",
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Like => "like",
            Self::Bookmark => "bookmark",
            Self::Follow => "follow",
        }
    }
}

/// The words of the records, looked up once a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexicon {
    network: Word,
    verbs: [Word; Verb::ALL.len()],
    pub(crate) followers: Word,
    pub(crate) friends: Word,
    pub(crate) posts: Word,
}

impl Lexicon {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let network = vocabulary.network(NETWORK)?;
        let metric = |name| vocabulary.metric(NETWORK, name);
        let mut verbs = [network; Verb::ALL.len()];
        for verb in Verb::ALL {
            verbs[verb as usize] = vocabulary.kind(NETWORK, verb.name())?;
        }
        Ok(Self {
            network,
            verbs,
            followers: metric("followers")?,
            friends: metric("friends")?,
            posts: metric("posts")?,
        })
    }

    /// The kind of an act.
    pub(crate) fn kind(&self, verb: Verb) -> Word {
        self.verbs[verb as usize]
    }
}

/// A number as a field gives it: the word it counts, the field's name, and the count if the field is there.
pub(crate) type Shown = (Word, &'static str, Total);

/// Something that somebody did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act<'a> {
    pub(crate) verb: Verb,
    pub(crate) at: Option<Timestamp>,
    pub(crate) actor: Account<'a>,
    pub(crate) target: Account<'a>,
    /// The URI of the post that receives it.
    pub(crate) object: Option<&'a str>,
    /// The URI of the post that is the act. `None` for what is no post: it is named after both its ends.
    pub(crate) id: Option<&'a str>,
}

/// No more totals than this are shown by a post, nor numbers by an account.
const MOST_COUNTS: usize = 4;

/// Writes the records of one piece.
pub(crate) struct Scribe<'s> {
    pub(crate) lexicon: &'s Lexicon,
    sink: &'s mut dyn Sink,
    piece: &'s [u8],
    /// A time than which nothing in the piece is older: of the newest thing in it.
    observed: Option<Timestamp>,
    bad_fields: BadFields,
    actor_name: String,
    target_name: String,
    act_name: String,
}

impl<'s> Scribe<'s> {
    pub(crate) fn new(lexicon: &'s Lexicon, piece: &'s [u8], sink: &'s mut dyn Sink) -> Self {
        Self {
            lexicon,
            sink,
            piece,
            observed: None,
            bad_fields: BadFields::default(),
            actor_name: String::new(),
            target_name: String::new(),
            act_name: String::new(),
        }
    }

    /// Notes that the piece cannot be older than `at`.
    pub(crate) fn observed(&mut self, at: Option<Timestamp>) {
        self.observed = self.observed.max(at);
    }

    /// The time in `field`.
    pub(crate) fn time(&mut self, field: &'static str, when: When) -> Option<Timestamp> {
        if when == When::Bad {
            self.bad_field(field, "not a time such as 2026-09-30T12:00:00Z");
        }
        when.good()
    }

    /// An act, and the handle of whom it is done to; that of whoever does it is told once, by the caller. Without an actor
    /// it would read as a total, so then it is passed over.
    pub(crate) fn act(&mut self, act: &Act<'_>) {
        self.handle(act.target);
        let Some(actor) = act.actor.name(&mut self.actor_name) else {
            self.sink.pass_over("act whose author the file does not name");
            return;
        };
        let target = act.target.name(&mut self.target_name);
        let object = act.object.map(Id::new);
        let Some(end) = object.or(target) else {
            self.sink.pass_over("act on nothing that the file names");
            return;
        };
        let id = act.id.map_or_else(
            || {
                self.act_name.clear();
                // Writing to a string cannot fail.
                let _ = write!(self.act_name, "{}:{actor}:{end}", act.verb.name());
                Id::Text(&self.act_name)
            },
            Id::new,
        );
        self.sink.interaction(&Interaction {
            at: act.at,
            network: self.lexicon.network,
            kind: self.lexicon.kind(act.verb),
            actor: Some(actor),
            target,
            object,
            id: Some(id),
            amount: 1,
        });
    }

    /// A post with the totals it shows.
    pub(crate) fn post(&mut self, id: &str, author: Account<'_>, at: Option<Timestamp>, totals: &[Shown]) {
        let mut good = [(self.lexicon.network, 0); MOST_COUNTS];
        let good = self.bad_fields.good(totals.iter().map(plain), &mut good);
        self.sink.post(&Post {
            network: self.lexicon.network,
            id: Id::new(id),
            author: author.name(&mut self.actor_name),
            at,
            observed_at: self.observed.max(at),
            totals: good,
        });
    }

    /// An account's handle and the numbers beside it.
    pub(crate) fn account(&mut self, account: Account<'_>, numbers: &[Shown]) {
        self.handle(account);
        let mut good = [(self.lexicon.network, 0); MOST_COUNTS];
        let good = self.bad_fields.good(numbers.iter().map(plain), &mut good);
        let Some(account) = account.name(&mut self.actor_name) else { return };
        let (at, network) = (self.observed, self.lexicon.network);
        self.sink.observations(&Observations { at, network, account, numbers: good });
    }

    /// The handle of an account of which URI and address are known, and the instance that it is always of.
    pub(crate) fn handle(&mut self, account: Account<'_>) {
        let (network, instance) = (self.lexicon.network, account.instance());
        if let (Some((account, handle)), Some(instance)) = (account.both(&mut self.actor_name), instance) {
            self.sink.handle(&Handle { network, account, handle });
            self.sink.membership(&Membership { at: None, network, account, community: &instance });
        }
    }

    /// Something well-formed that is no record.
    pub(crate) fn pass_over(&mut self, what: &'static str) {
        self.sink.pass_over(what);
    }

    /// The piece cannot be read.
    pub(crate) fn reject(&mut self, reason: String) {
        self.sink.reject(&Reject { offset: 0, row: None, reason, record: self.piece });
    }

    /// A line of the piece cannot be read.
    pub(crate) fn reject_line(&mut self, offset: usize, reason: &str, line: &[u8]) {
        self.sink.reject(&Reject { offset, row: None, reason: reason.to_owned(), record: line });
    }

    /// A field that cannot be read; what stands beside it is.
    pub(crate) fn bad_field(&mut self, field: &'static str, what: &'static str) {
        self.bad_fields.note(field, what);
    }

    /// Tells of the fields that could not be read.
    pub(crate) fn finish(self) {
        self.bad_fields.tell(self.piece, self.sink);
    }
}

fn plain(&(word, field, Total(count)): &Shown) -> Counted {
    (word, field, count)
}
