//! What the adapter says of itself.

use renown_sdk::{FileKind, Manifest, NetworkSpec, Vocable};

use crate::cases;
use crate::recognise::Kind;
use crate::scribe::NETWORK;

/// What the adapter reads and what it makes of it.
pub(crate) const MANIFEST: Manifest = Manifest {
    name: "bluesky",
    docs: "Bluesky: recordings of the Jetstream event stream, exported repositories, and responses of the public API.",
    networks: &[NetworkSpec { name: NETWORK, kinds: &KINDS, metrics: &METRICS }],
    files: &FILES,
    example: cases::STREAM,
    cases: &cases::CASES,
};

const KINDS: [Vocable; 8] = [
    Vocable {
        name: "post",
        also: &["skeet"],
        unit: "posts",
        docs: "Posts of one's own, replies and quotes included; reposts are none.",
        default_weight: ("count", 0.0),
    },
    Vocable {
        name: "repost",
        also: &["reskeet"],
        unit: "acts",
        docs: "Reposts of one's posts.",
        default_weight: ("recent", 0.7),
    },
    Vocable {
        name: "quote",
        also: &[],
        unit: "acts",
        docs: "Posts that quote one's post.",
        default_weight: ("weighted", 0.25),
    },
    Vocable {
        name: "reply",
        also: &[],
        unit: "acts",
        docs: "Replies to one's posts.",
        default_weight: ("weighted", 0.25),
    },
    Vocable {
        name: "mention",
        also: &[],
        unit: "acts",
        docs: "Posts that name one, other than replies to one and quotes of one.",
        default_weight: ("actors", 0.4),
    },
    Vocable {
        name: "like",
        also: &["fav"],
        unit: "acts",
        docs: "Likes of one's posts, feeds and lists.",
        default_weight: ("weighted", 0.2),
    },
    Vocable {
        name: "bookmark",
        also: &[],
        unit: "acts",
        docs: "Bookmarks of one's posts; only ever a total.",
        default_weight: ("recent", 0.05),
    },
    Vocable {
        name: "follow",
        also: &[],
        unit: "acts",
        docs: "Follows of one's account.",
        default_weight: ("actors", 0.1),
    },
];

const METRICS: [Vocable; 3] = [
    Vocable {
        name: "followers",
        also: &["followersCount"],
        unit: "accounts",
        docs: "Accounts that follow this one.",
        default_weight: ("latest", 1.0),
    },
    Vocable {
        name: "friends",
        also: &["following", "follows", "followsCount"],
        unit: "accounts",
        docs: "Accounts that this one follows.",
        default_weight: ("latest", 0.0),
    },
    Vocable {
        name: "posts",
        also: &["postsCount"],
        unit: "posts",
        docs: "Posts that this account has made.",
        default_weight: ("latest", 0.4),
    },
];

const FILES: [FileKind; Kind::ALL.len()] = [
    FileKind {
        name: Kind::Jetstream.name(),
        patterns: &["*.jsonl", "*.json"],
        docs: "A recording of Jetstream, the network's event stream (`websocat wss://jetstream…/subscribe > events.jsonl`): \
               an event a line.",
        yields: "like, repost, reply, quote, mention and follow, each with its actor; posts; handles; deletes, and accounts that \
                 are closed or back, which undo them",
        passed_over: "Blocks, lists, profiles and other applications' records (counted by name). The repost by \
                      which a like or repost came about (`via`).",
    },
    FileKind {
        name: Kind::Repository.name(),
        patterns: &["*.car"],
        docs: "All of one person's records (Settings → Account → Export my data, or com.atproto.sync.getRepo). Named as a \
               file on disk, not inside an archive.",
        yields: "like, repost, reply, quote, mention and follow by the person; their posts. What they undid is not in it.",
        passed_over: "blocks, lists, profiles and other applications' records (counted by name)",
    },
    FileKind {
        name: Kind::Api.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Pages of the public API: getAuthorFeed and other feeds, getPosts, searchPosts, getQuotes, \
               listNotifications, getProfiles, listRecords.",
        yields: "posts with like, repost, reply, quote and bookmark totals; repost, reply, quote and mention; of \
                 notifications and listed records also like and follow; followers, friends and posts of profiles, undated; \
                 handles",
        passed_over: "posts that are gone or blocked, reposts without an address (pages from before 2025), the posts \
                      inside quotes, labels, what the reader has done",
    },
    FileKind {
        name: Kind::ApiObjects.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Objects of the public API outside a page: a profile (getProfile), a post, a place in a feed, a record \
               (getRecord).",
        yields: "as api",
        passed_over: "as api",
    },
    FileKind {
        name: Kind::ApiOther.name(),
        patterns: &["*.json"],
        docs: "Lists of who follows, likes or reposts (getFollowers, getFollows, getLikes, getRepostedBy), threads \
               (getPostThread), search for people, accounts' documents.",
        yields: "",
        passed_over: "the whole file. Lists of people do not give the addresses of their acts, so an act that is in another \
                      file, too, could not be known again and would count twice; for posts of a thread, use getPosts.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_described_once_and_found_by_its_name() {
        let described: Vec<_> = FILES.iter().map(|file| file.name).collect();
        assert_eq!(described, Kind::ALL.map(Kind::name));
        for (kind, file) in Kind::ALL.into_iter().zip(&FILES) {
            assert_eq!(Kind::by_name(kind.name()), Some(kind));
            assert_eq!(kind.yields(), !file.yields.is_empty());
        }
        assert_eq!(Kind::by_name("fax"), None);
    }
}
