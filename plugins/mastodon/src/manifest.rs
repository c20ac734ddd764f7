//! What the adapter says of itself.

use renown_sdk::{FileKind, Manifest, NetworkSpec, Vocable};

use crate::cases;
use crate::recognise::Kind;
use crate::scribe::NETWORK;

/// What the adapter reads and what it makes of it.
pub(crate) const MANIFEST: Manifest = Manifest {
    name: "mastodon",
    docs: "Mastodon, and servers that write what it writes: the archive that an instance hands out, lists exported as CSV, \
           and responses of the API.",
    networks: &[NetworkSpec { name: NETWORK, kinds: &KINDS, metrics: &METRICS }],
    files: &FILES,
    example: cases::STATUSES,
    cases: &cases::CASES,
};

const KINDS: [Vocable; 8] = [
    Vocable {
        name: "post",
        also: &["status", "toot", "note"],
        unit: "posts",
        docs: "Posts of one's own, letters to single persons left out; reposts are none.",
        default_weight: ("count", 0.0),
    },
    Vocable {
        name: "repost",
        also: &["reblog", "boost", "announce"],
        unit: "acts",
        docs: "Boosts of one's posts.",
        default_weight: ("recent", 0.6),
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
        default_weight: ("weighted", 0.2),
    },
    Vocable {
        name: "mention",
        also: &[],
        unit: "acts",
        docs: "Posts that name one, other than replies to one and quotes of one.",
        default_weight: ("actors", 0.5),
    },
    Vocable {
        name: "like",
        also: &["favourite", "favorite", "fav"],
        unit: "acts",
        docs: "Favourites of one's posts.",
        default_weight: ("recent", 0.2),
    },
    Vocable {
        name: "bookmark",
        also: &[],
        unit: "acts",
        docs: "Bookmarks of one's posts; only the archive of whoever set one has it.",
        default_weight: ("recent", 0.05),
    },
    Vocable {
        name: "follow",
        also: &[],
        unit: "acts",
        docs: "Follows of one's account, where the file says by whom.",
        default_weight: ("actors", 0.1),
    },
];

const METRICS: [Vocable; 3] = [
    Vocable {
        name: "followers",
        also: &["followers_count"],
        unit: "accounts",
        docs: "Accounts that follow this one, as far as the instance that was asked knows.",
        default_weight: ("latest", 1.0),
    },
    Vocable {
        name: "friends",
        also: &["following", "following_count"],
        unit: "accounts",
        docs: "Accounts that this one follows.",
        default_weight: ("latest", 0.0),
    },
    Vocable {
        name: "posts",
        also: &["statuses", "statuses_count"],
        unit: "posts",
        docs: "Posts that this account has made, boosts included.",
        default_weight: ("latest", 0.4),
    },
];

/// Says what a file is that does not say whose it is.
macro_rules! of_somebody {
    ($what:literal) => {
        concat!(
            $what,
            " actor.json beside it says whose it is; without it, the owner is called `owner:FOLDER` after the folder that \
             holds the file."
        )
    };
}

const FILES: [FileKind; Kind::ALL.len()] = [
    FileKind {
        name: Kind::Outbox.name(),
        patterns: &["**/outbox.json"],
        docs: "What the owner of an archive posted and boosted (Preferences → Import and export → Request your archive); a page \
               of any account's outbox.",
        yields: "posts with like and repost totals, where given (since 4.4); repost, quote, reply and mention; handles and instances. Totals \
                 are dated by the newest post.",
        passed_over: "letters to single persons, activities that are given only by name, other activities (counted); text and \
                      media",
    },
    FileKind {
        name: Kind::Likes.name(),
        patterns: &["**/likes.json"],
        docs: of_somebody!("The posts that the owner of an archive likes."),
        yields: "like by the owner, undated; whose post it is, its URI says or is looked up among all posts read",
        passed_over: "nothing",
    },
    FileKind {
        name: Kind::Bookmarks.name(),
        patterns: &["**/bookmarks.json"],
        docs: of_somebody!("The posts that the owner of an archive has bookmarked."),
        yields: "bookmark by the owner, undated, as archive-likes",
        passed_over: "nothing",
    },
    FileKind {
        name: Kind::Actor.name(),
        patterns: &["**/actor.json"],
        docs: "Whose an archive is; any account as `ActivityPub` shows it.",
        yields: "the account's handle and instance",
        passed_over: "name, description, pictures, keys, date of creation",
    },
    FileKind {
        name: Kind::Following.name(),
        patterns: &["following_accounts.csv"],
        docs: of_somebody!("The accounts that somebody follows (Import and export → Data export → Follows)."),
        yields: "follow by the owner, undated",
        passed_over: "whether boosts are shown, notifications, languages",
    },
    FileKind {
        name: Kind::Followers.name(),
        patterns: &["followers.csv", "followers_accounts.csv"],
        docs: of_somebody!(
            "The accounts that follow somebody, which some servers export. It looks like export-following: the file's name \
             must say `follower`."
        ),
        yields: "follow of the owner, undated",
        passed_over: "all but the first column",
    },
    FileKind {
        name: Kind::BookmarkList.name(),
        patterns: &["bookmarks.csv"],
        docs: of_somebody!("The posts that somebody has bookmarked."),
        yields: "bookmark by the owner, undated",
        passed_over: "nothing",
    },
    FileKind {
        name: Kind::ExportOther.name(),
        patterns: &["blocked_accounts.csv", "muted_accounts.csv", "blocked_domains.csv", "lists.csv"],
        docs: "Whom somebody blocks or mutes, and lists.",
        yields: "",
        passed_over: "the whole file: private, and known to nobody else",
    },
    FileKind {
        name: Kind::ApiStatuses.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Statuses of the API: one, an array (`/api/v1/accounts/:id/statuses`, timelines), or lines.",
        yields: "posts with repost, like, reply and quote totals; repost, quote, reply and mention; followers, friends and posts \
                 of accounts; handles and instances",
        passed_over: "direct messages; a reply to an account that the status does not mention (counted), since the number that \
                      the API gives for it means something on that instance only",
    },
    FileKind {
        name: Kind::ApiAccounts.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Accounts of the API: one, or an array.",
        yields: "followers, friends and posts, dated by the account's latest post; handles and instances",
        passed_over: "whom a list of followers, or of those who boosted or liked, is about: the response does not say",
    },
    FileKind {
        name: Kind::ApiNotifications.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Notifications of the API (`/api/v1/notifications`). Whose they are, the first like or boost among them shows; \
               without one, `owner:FOLDER` or `owner:FILE`.",
        yields: "like, repost and follow by name; of the statuses in it, as api-statuses",
        passed_over: "requests to follow, polls, moderation (counted)",
    },
    FileKind {
        name: Kind::ApiPage.name(),
        patterns: &["*.json", "*.jsonl"],
        docs: "Search results, and the thread around a status (`/api/v1/statuses/:id/context`).",
        yields: "as api-statuses and api-accounts",
        passed_over: "hashtags",
    },
    FileKind {
        name: Kind::ApiOther.name(),
        patterns: &["*.json"],
        docs: "Relationships, instances, emoji; grouped notifications (`/api/v2/notifications`).",
        yields: "",
        passed_over: "the whole file: no act of anybody or, where notifications are grouped, only samples of who acted, \
                      without their times",
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
