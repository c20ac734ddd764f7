//! From fields to records, the same for every format.

use renown_sdk::{
    BadFields, Counted, Handle, Id, Interaction, Membership, Observations, Post, Reject, Sink, Timestamp,
    TooManyWords, Undo, Undone, Vocabulary, Word,
};

use crate::fields::{Account, When, snowflake_time};

/// The network's name.
pub(crate) const NETWORK: &str = "twitter";

/// The words of the records, looked up once a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexicon {
    network: Word,
    pub(crate) repost: Word,
    pub(crate) quote: Word,
    pub(crate) reply: Word,
    pub(crate) mention: Word,
    pub(crate) like: Word,
    pub(crate) bookmark: Word,
    pub(crate) view: Word,
    pub(crate) follow: Word,
    pub(crate) followers: Word,
    pub(crate) friends: Word,
    pub(crate) listed: Word,
    pub(crate) posts: Word,
    pub(crate) favourites: Word,
}

impl Lexicon {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let kind = |name| vocabulary.kind(NETWORK, name);
        let metric = |name| vocabulary.metric(NETWORK, name);
        Ok(Self {
            network: vocabulary.network(NETWORK)?,
            repost: kind("repost")?,
            quote: kind("quote")?,
            reply: kind("reply")?,
            mention: kind("mention")?,
            like: kind("like")?,
            bookmark: kind("bookmark")?,
            view: kind("view")?,
            follow: kind("follow")?,
            followers: metric("followers")?,
            friends: metric("friends")?,
            listed: metric("listed")?,
            posts: metric("posts")?,
            favourites: metric("favourites")?,
        })
    }
}

/// Something that somebody did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act<'a> {
    pub(crate) kind: Word,
    pub(crate) at: Option<Timestamp>,
    pub(crate) actor: Account<'a>,
    pub(crate) target: Account<'a>,
    pub(crate) object: Option<Id<'a>>,
    /// The tweet that is the act. `None` for likes and follows, which are named after both their ends.
    pub(crate) id: Option<Id<'a>>,
}

/// No more totals than this are shown by a tweet, nor numbers by a user.
const MOST_COUNTS: usize = 8;

/// Writes the records of one piece.
pub(crate) struct Scribe<'s> {
    pub(crate) lexicon: &'s Lexicon,
    sink: &'s mut dyn Sink,
    piece: &'s [u8],
    /// A time than which nothing in the piece is older: of the newest tweet in it.
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

    /// When a tweet was made: what `created_at` says or, failing that, its id.
    pub(crate) fn made(&mut self, created_at: Option<When>, id: Id<'_>) -> Option<Timestamp> {
        let at = time_of(created_at, id);
        if at.is_none() && created_at == Some(When::Bad) {
            self.bad_field("created_at", "not a time such as 2026-09-30T12:00:00.000Z");
        }
        at
    }

    /// An act. Without an actor it would read as a total, so then it is passed over.
    pub(crate) fn act(&mut self, act: &Act<'_>) {
        let Some(actor) = act.actor.name(&mut self.actor_name) else {
            self.sink.pass_over("act whose author the file does not name");
            return;
        };
        let target = act.target.name(&mut self.target_name);
        if target.is_none() && act.object.is_none() {
            self.sink.pass_over("act on nothing that the file names");
            return;
        }
        let id = match (act.id, act.object.or(target)) {
            (None, Some(end)) => {
                let kind = if act.kind == self.lexicon.follow { "follow" } else { "like" };
                self.act_name.clear();
                // Writing to a string cannot fail.
                let _ = std::fmt::Write::write_fmt(&mut self.act_name, format_args!("{kind}:{actor}:{end}"));
                Some(Id::Text(&self.act_name))
            }
            (id, _) => id,
        };
        self.sink.interaction(&Interaction {
            at: act.at,
            network: self.lexicon.network,
            kind: act.kind,
            actor: Some(actor),
            target,
            object: act.object,
            id,
            amount: 1,
        });
    }

    /// A tweet is gone, which may have been a retweet, a quote, a reply and full of mentions.
    pub(crate) fn delete(&mut self, id: Id<'_>) {
        let Lexicon { network, repost, quote, reply, mention, .. } = *self.lexicon;
        // The stream does not say when, and tells of it in order.
        self.sink.undo(&Undo { at: None, network, undone: Undone::Post(id) });
        for kind in [repost, quote, reply, mention] {
            self.sink.undo(&Undo { at: None, network, undone: Undone::Act { kind, id } });
        }
    }

    /// A post with the totals it shows.
    pub(crate) fn post(
        &mut self,
        id: Id<'_>,
        author: Account<'_>,
        at: Option<Timestamp>,
        totals: &[Counted],
    ) {
        let mut good = [(self.lexicon.network, 0); MOST_COUNTS];
        let good = self.bad_fields.good(totals.iter().copied(), &mut good);
        self.sink.post(&Post {
            network: self.lexicon.network,
            id,
            author: author.name(&mut self.actor_name),
            at,
            observed_at: self.observed.max(at),
            totals: good,
        });
    }

    /// An account's handle and the numbers beside it.
    pub(crate) fn user(&mut self, account: Account<'_>, numbers: &[Counted]) {
        self.handle(account);
        let mut good = [(self.lexicon.network, 0); MOST_COUNTS];
        let good = self.bad_fields.good(numbers.iter().copied(), &mut good);
        let Some(account) = account.name(&mut self.actor_name) else { return };
        let (at, network) = (self.observed, self.lexicon.network);
        self.sink.observations(&Observations { at, network, account, numbers: good });
    }

    /// The handle of an account of which both are known.
    pub(crate) fn handle(&mut self, account: Account<'_>) {
        if let Account { id: Some(id), handle: Some(handle) } = account {
            self.sink.handle(&Handle { network: self.lexicon.network, account: id, handle });
        }
    }

    /// That somebody tweeted in a community, if the tweet says so.
    pub(crate) fn in_community(
        &mut self,
        account: Account<'_>,
        community: Option<Id<'_>>,
        at: Option<Timestamp>,
    ) {
        let (Some(account), Some(community)) = (account.name(&mut self.actor_name), community) else {
            return;
        };
        let (network, community) = (self.lexicon.network, &community.to_string());
        self.sink.membership(&Membership { at, network, account, community });
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

/// What `created_at` says or, failing that, the id.
pub(crate) fn time_of(created_at: Option<When>, id: Id<'_>) -> Option<Timestamp> {
    created_at.and_then(When::good).or_else(|| snowflake_time(id))
}
