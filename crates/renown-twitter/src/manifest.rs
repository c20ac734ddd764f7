//! What the adapter says of itself.

use renown_sdk::{FileKind, Manifest, NetworkSpec, Vocable};

use crate::cases;
use crate::recognise::Kind;
use crate::scribe::NETWORK;

/// What the adapter reads and what it makes of it.
pub(crate) const MANIFEST: Manifest = Manifest {
    name: "twitter",
    docs: "Twitter/X: the archive that a person downloads, and responses and streams of API v2 and API v1.1.",
    networks: &[NetworkSpec { name: NETWORK, kinds: &KINDS, metrics: &METRICS }],
    files: &FILES,
    example: cases::PAGE,
    cases: &cases::CASES,
};

const KINDS: [Vocable; 9] = [
    Vocable {
        name: "post",
        also: &["tweet", "status"],
        unit: "posts",
        docs: "Tweets of one's own; retweets are none.",
        default_weight: ("count", 0.0),
    },
    Vocable {
        name: "repost",
        also: &["retweet", "rt"],
        unit: "acts",
        docs: "Retweets of one's tweets.",
        default_weight: ("actors", 0.5),
    },
    Vocable {
        name: "quote",
        also: &["quote_tweet"],
        unit: "acts",
        docs: "Tweets that quote one's tweet.",
        default_weight: ("weighted", 0.35),
    },
    Vocable {
        name: "reply",
        also: &["re"],
        unit: "acts",
        docs: "Replies to one's tweets.",
        default_weight: ("per_post", 0.05),
    },
    Vocable {
        name: "mention",
        also: &["mt"],
        unit: "acts",
        docs: "Tweets that name one, other than replies to one and quotes of one.",
        default_weight: ("actors", 0.65),
    },
    Vocable {
        name: "like",
        also: &["favorite", "favourite", "fav"],
        unit: "acts",
        docs: "Likes of one's tweets; nearly always a total.",
        default_weight: ("recent", 0.1),
    },
    Vocable {
        name: "bookmark",
        also: &[],
        unit: "acts",
        docs: "Bookmarks of one's tweets; only ever a total.",
        default_weight: ("recent", 0.02),
    },
    Vocable {
        name: "view",
        also: &["impression"],
        unit: "views",
        docs: "Times that one's tweets were shown; only ever a total, and 0 for tweets from before December 2022.",
        default_weight: ("recent", 0.02),
    },
    Vocable {
        name: "follow",
        also: &[],
        unit: "acts",
        docs: "Follows of one's account, where the file says by whom.",
        default_weight: ("actors", 0.0),
    },
];

const METRICS: [Vocable; 5] = [
    Vocable {
        name: "followers",
        also: &["followers_count"],
        unit: "accounts",
        docs: "Accounts that follow this one.",
        default_weight: ("latest", 0.75),
    },
    Vocable {
        name: "listed",
        also: &["listed_count"],
        unit: "lists",
        docs: "Public lists that this account is on.",
        default_weight: ("latest", 0.85),
    },
    Vocable {
        name: "friends",
        also: &["following", "friends_count", "following_count"],
        unit: "accounts",
        docs: "Accounts that this one follows.",
        default_weight: ("latest", 0.0),
    },
    Vocable {
        name: "posts",
        also: &["statuses", "tweets", "tweet_count", "statuses_count"],
        unit: "posts",
        docs: "Tweets that this account has made, retweets included.",
        default_weight: ("latest", 0.5),
    },
    Vocable {
        name: "favourites",
        also: &["favorites", "favourites_count", "favorites_count"],
        unit: "acts",
        docs: "Likes that this account has given.",
        default_weight: ("latest", 0.35),
    },
];

/// Says what a file of an archive is, and what it needs to say whose.
macro_rules! of_an_archive {
    ($what:literal) => {
        concat!(
            $what,
            " account.js or manifest.js beside it says whose archive it is; without either, the owner is called \
             `owner:FOLDER` after the folder that holds the archive."
        )
    };
}

const FILES: [FileKind; Kind::ALL.len()] = [
    FileKind {
        name: Kind::ArchiveTweets.name(),
        patterns: &["**/data/tweets*.js", "**/data/tweet*.js", "**/data/community-tweet*.js"],
        docs: of_an_archive!(
            "The tweets in a personal archive (Settings → Your account → Download an archive of your data)."
        ),
        yields: "posts with repost and like totals; repost, reply and mention by the owner; handles; communities. Totals are dated by \
                 manifest.js, if it is there.",
        passed_over: "the post that a retweet retweets, and quotes: the archive shows both only in the text. A tweet that \
                      begins `RT @name:` is a repost of @name, its totals are not the owner's.",
    },
    FileKind {
        name: Kind::ArchiveLikes.name(),
        patterns: &["**/data/like*.js"],
        docs: of_an_archive!("The tweets that the owner of a personal archive likes."),
        yields: "like by the owner, undated; whose tweet it is, is looked up among all tweets read.",
        passed_over: "the text of the tweets",
    },
    FileKind {
        name: Kind::ArchiveFollowers.name(),
        patterns: &["**/data/follower*.js"],
        docs: of_an_archive!("The followers of the owner of a personal archive."),
        yields: "follow of the owner, undated",
        passed_over: "links to profiles",
    },
    FileKind {
        name: Kind::ArchiveFollowing.name(),
        patterns: &["**/data/following*.js"],
        docs: of_an_archive!("The accounts that the owner of a personal archive follows."),
        yields: "follow by the owner, undated",
        passed_over: "links to profiles",
    },
    FileKind {
        name: Kind::ArchiveAccount.name(),
        patterns: &["**/data/account.js"],
        docs: "Whose a personal archive is.",
        yields: "the owner's handle",
        passed_over: "mail address, phone number, date of creation",
    },
    FileKind {
        name: Kind::ArchiveOther.name(),
        patterns: &["**/data/*.js", "**/data/js/*.js"],
        docs: "All other files of a personal archive: direct messages, advertising, devices, deleted tweets, the long form \
               of tweets, settings.",
        yields: "",
        passed_over: "the whole file: private, or no act of anybody, or said again in tweets.js",
    },
    FileKind {
        name: Kind::ArchiveClassic.name(),
        patterns: &["**/data/js/tweets/*.js"],
        docs: "The tweets in a personal archive of 2012 to 2018 (`Grailbird.data.tweets_YYYY_MM`).",
        yields: "posts; repost, reply, quote and mention; handles",
        passed_over: "totals: these archives have none",
    },
    FileKind {
        name: Kind::ApiV2.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Responses of API v2, one or many to a file: `{data, includes, meta, errors}`; lines of the filtered and \
               sampled streams.",
        yields: "posts with repost, reply, like, quote, bookmark and view totals; repost, quote, reply and mention; followers, \
                 friends, posts, listed and favourites of users; handles; communities of tweets",
        passed_over: "whom liking_users, retweeted_by, followers and following are about: the response does not say, so \
                      they yield the users' numbers only. Private, organic and promoted metrics; media, polls, places; \
                      error bodies (counted).",
    },
    FileKind {
        name: Kind::ApiV2Objects.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Tweets or users of API v2 outside a response, as `twarc2 flatten` writes them.",
        yields: "as api-v2",
        passed_over: "the text and totals of tweets inside `referenced_tweets`",
    },
    FileKind {
        name: Kind::ApiV1.name(),
        patterns: &["*.json"],
        docs: "Pages of API v1.1: search (standard and premium), lists of users, lists, friendships.",
        yields: "as api-v1-statuses and api-v1-users; follow of a friendship, undated; handles",
        passed_over: "whom a list of followers or friends is about: the response does not say",
    },
    FileKind {
        name: Kind::ApiV1Statuses.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Tweets of API v1.1: one, an array (timelines, lookups), or lines of a stream; deliveries of the Account \
               Activity API.",
        yields: "posts with repost and like totals (reply and quote, where given); repost, quote, reply and mention; like \
                 and follow of events; followers, friends, listed, posts and favourites of users; handles; deletions, \
                 which take tweets back",
        passed_over: "direct messages, limit notices, other events (counted)",
    },
    FileKind {
        name: Kind::ApiV1Users.name(),
        patterns: &["*.json"],
        docs: "Users of API v1.1: one, or an array.",
        yields: "followers, friends, listed, posts and favourites; handles; of the latest tweet in it, as api-v1-statuses",
        passed_over: "whether the operator follows them",
    },
    FileKind {
        name: Kind::ApiError.name(),
        patterns: &["*.json"],
        docs: "Error bodies of either API.",
        yields: "",
        passed_over: "each body (counted)",
    },
    FileKind {
        name: Kind::ApiOther.name(),
        patterns: &["*.json"],
        docs: "Lists, spaces, trends, tweet counts, compliance jobs, stream rules, places, polls, media, uploads, usage and \
               settings.",
        yields: "",
        passed_over: "the whole file: no act of anybody, and no number of an account",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_described_once_and_found_by_its_name() {
        let described: Vec<_> = FILES.iter().map(|file| file.name).collect();
        assert_eq!(described, Kind::ALL.map(Kind::name));
        for kind in Kind::ALL {
            assert_eq!(Kind::by_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::by_name("fax"), None);
    }
}
