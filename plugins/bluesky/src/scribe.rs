//! From fields to records, the same for every format.

use renown_sdk::{
    BadFields, Counted, Handle, Id, Interaction, Observations, Post, Reject, Sink, Timestamp, TooManyWords,
    Undo, Undone, Vocabulary, Word,
};

use crate::address::Address;
use crate::loose::{List, Loose};

/// The network's name.
pub(crate) const NETWORK: &str = "bluesky";

/// The words of the records, looked up once a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexicon {
    network: Word,
    pub(crate) like: Word,
    pub(crate) repost: Word,
    pub(crate) quote: Word,
    pub(crate) reply: Word,
    pub(crate) mention: Word,
    pub(crate) follow: Word,
    pub(crate) bookmark: Word,
    pub(crate) followers: Word,
    pub(crate) friends: Word,
    pub(crate) posts: Word,
}

impl Lexicon {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let kind = |name| vocabulary.kind(NETWORK, name);
        let metric = |name| vocabulary.metric(NETWORK, name);
        Ok(Self {
            network: vocabulary.network(NETWORK)?,
            like: kind("like")?,
            repost: kind("repost")?,
            quote: kind("quote")?,
            reply: kind("reply")?,
            mention: kind("mention")?,
            follow: kind("follow")?,
            bookmark: kind("bookmark")?,
            followers: metric("followers")?,
            friends: metric("friends")?,
            posts: metric("posts")?,
        })
    }
}

/// No more totals than this are shown by a post, nor numbers by a profile.
const MOST_COUNTS: usize = 5;

/// What the network shows in the place of a handle that its account has lost.
const NO_HANDLE: &str = "handle.invalid";

/// Writes the records of one piece.
pub(crate) struct Scribe<'s> {
    pub(crate) lexicon: &'s Lexicon,
    sink: &'s mut dyn Sink,
    piece: &'s [u8],
    bad_fields: BadFields,
}

impl<'s> Scribe<'s> {
    pub(crate) fn new(lexicon: &'s Lexicon, piece: &'s [u8], sink: &'s mut dyn Sink) -> Self {
        Self { lexicon, sink, piece, bad_fields: BadFields::default() }
    }

    /// An act, which is the record at `act`. (DIDs and addresses are never integers, so they are texts as they stand.)
    pub(crate) fn act(
        &mut self,
        kind: Word,
        act: &Address<'_>,
        at: Option<Timestamp>,
        target: &str,
        object: Option<&str>,
    ) {
        self.sink.interaction(&Interaction {
            at,
            network: self.lexicon.network,
            kind,
            actor: Some(Id::Text(act.did)),
            target: Some(Id::Text(target)),
            object: object.map(Id::Text),
            id: Some(Id::Text(act.uri)),
            amount: 1,
        });
    }

    /// The act at an address is gone.
    pub(crate) fn undo(&mut self, kind: Word, gone: &Address<'_>, at: Option<Timestamp>) {
        let undone = Undone::Act { kind, id: Id::Text(gone.uri) };
        self.sink.undo(&Undo { at, network: self.lexicon.network, undone });
    }

    /// The post at an address is gone, and what it was as a reply, a quote or a mention.
    pub(crate) fn undo_post(&mut self, gone: &Address<'_>, at: Option<Timestamp>) {
        let undone = Undone::Post(Id::Text(gone.uri));
        self.sink.undo(&Undo { at, network: self.lexicon.network, undone });
        let Lexicon { reply, quote, mention, .. } = *self.lexicon;
        for kind in [reply, quote, mention] {
            self.undo(kind, gone, at);
        }
    }

    /// An account is there, or is not: closed by its owner or by the network, for a time or for good.
    pub(crate) fn account(&mut self, did: &str, at: Option<Timestamp>, active: bool) {
        let undone = Undone::Account { account: Id::Text(did), back: active };
        self.sink.undo(&Undo { at, network: self.lexicon.network, undone });
    }

    /// A post with the totals it shows.
    pub(crate) fn post(
        &mut self,
        post: &Address<'_>,
        at: Option<Timestamp>,
        observed_at: Option<Timestamp>,
        totals: &[Counted],
    ) {
        let mut good = [(self.lexicon.network, 0); MOST_COUNTS];
        let totals = self.bad_fields.good(totals.iter().copied(), &mut good);
        let (network, id, author) = (self.lexicon.network, Id::Text(post.uri), Some(Id::Text(post.did)));
        self.sink.post(&Post { network, id, author, at, observed_at, totals });
    }

    /// The numbers beside an account.
    pub(crate) fn numbers(&mut self, did: &str, at: Option<Timestamp>, numbers: &[Counted]) {
        let mut good = [(self.lexicon.network, 0); MOST_COUNTS];
        let numbers = self.bad_fields.good(numbers.iter().copied(), &mut good);
        let (network, account) = (self.lexicon.network, Id::Text(did));
        self.sink.observations(&Observations { at, network, account, numbers });
    }

    /// An account's handle; whether it is one.
    pub(crate) fn handle(&mut self, did: &str, handle: &str) -> bool {
        let handle = handle.strip_prefix('@').unwrap_or(handle);
        let is_one = !handle.is_empty() && handle != NO_HANDLE;
        if is_one {
            self.sink.handle(&Handle { network: self.lexicon.network, account: Id::Text(did), handle });
        }
        is_one
    }

    /// The objects of a list that may be missing; what is no list, or no object in it, is noted.
    pub(crate) fn each<'l, T>(
        &mut self,
        field: &'static str,
        list: Option<&'l Loose<List<T>>>,
    ) -> impl Iterator<Item = &'l T> + Clone + use<'l, T> {
        let all = match list {
            Some(Loose::Good(list)) => &list.0[..],
            Some(Loose::Bad) => {
                self.bad_field(field, "not a list");
                &[]
            }
            None => &[],
        };
        for _ in all.iter().filter(|element| element.good().is_none()) {
            self.bad_field(field, "an element that is no object");
        }
        all.iter().filter_map(Loose::good).map(|object| &object.0)
    }

    /// Something well-formed that is no record.
    pub(crate) fn pass_over(&mut self, what: &'static str) {
        self.sink.pass_over(what);
    }

    /// The piece, or something in it, cannot be read.
    pub(crate) fn reject(&mut self, reason: String) {
        self.sink.reject(&Reject { offset: 0, row: None, reason, record: self.piece });
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
