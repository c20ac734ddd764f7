//! Which kind of file a file is, judged by the names of the fields in its first documents.

use renown_sdk::File;
use renown_sdk::json::Outline;

/// A kind of file. The manifest describes each under [`Kind::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    ApiV2,
    ApiV2Objects,
    ApiV1,
    ApiV1Statuses,
    ApiV1Users,
    ApiError,
    ApiOther,
    ArchiveTweets,
    ArchiveLikes,
    ArchiveFollowers,
    ArchiveFollowing,
    ArchiveAccount,
    ArchiveClassic,
    ArchiveOther,
}

impl Kind {
    /// Every kind, in the order of the manifest.
    pub(crate) const ALL: [Self; 14] = [
        Self::ArchiveTweets,
        Self::ArchiveLikes,
        Self::ArchiveFollowers,
        Self::ArchiveFollowing,
        Self::ArchiveAccount,
        Self::ArchiveOther,
        Self::ArchiveClassic,
        Self::ApiV2,
        Self::ApiV2Objects,
        Self::ApiV1,
        Self::ApiV1Statuses,
        Self::ApiV1Users,
        Self::ApiError,
        Self::ApiOther,
    ];

    /// Its name in the manifest.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ApiV2 => "api-v2",
            Self::ApiV2Objects => "api-v2-objects",
            Self::ApiV1 => "api-v1",
            Self::ApiV1Statuses => "api-v1-statuses",
            Self::ApiV1Users => "api-v1-users",
            Self::ApiError => "api-error",
            Self::ApiOther => "api-other",
            Self::ArchiveTweets => "archive-tweets",
            Self::ArchiveLikes => "archive-likes",
            Self::ArchiveFollowers => "archive-followers",
            Self::ArchiveFollowing => "archive-following",
            Self::ArchiveAccount => "archive-account",
            Self::ArchiveClassic => "archive-classic",
            Self::ArchiveOther => "archive-other",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its records are about the person whose archive it is, whom the file itself does not name.
    pub(crate) fn has_owner(self) -> bool {
        matches!(
            self,
            Self::ArchiveTweets | Self::ArchiveLikes | Self::ArchiveFollowers | Self::ArchiveFollowing
        )
    }

    /// Whether files of this kind yield records.
    fn yields(self) -> bool {
        !matches!(self, Self::ApiError | Self::ApiOther | Self::ArchiveOther)
    }
}

/// How many lines of a file are looked at: a stream may begin with notices, and a file of pages with an error.
const LINES: usize = 16;

/// The kind of a file, `None` if it is not Twitter's.
pub(crate) fn recognise(file: &File<'_>) -> Option<Kind> {
    let outline = Outline::of(file.head);
    if !outline.prefix.is_empty() {
        return assigned(&outline.prefix);
    }
    let first = document(&outline, file);
    if first.is_some_and(Kind::yields) {
        return first;
    }
    file.head
        .split(|&byte| byte == b'\n')
        .take(LINES)
        .filter(|line| line.starts_with(b"{"))
        .filter_map(|line| document(&Outline::of(line), file))
        .find(|kind| kind.yields())
        .or(first)
}

/// The kind of a JavaScript file of an archive, by what it assigns to.
fn assigned(prefix: &str) -> Option<Kind> {
    let prefix = prefix.trim_start_matches('\u{feff}');
    if let Some(variable) = prefix.strip_prefix("window.YTD.") {
        return Some(match variable.split('.').next().unwrap_or(variable) {
            "tweet" | "tweets" | "community_tweet" | "twitter_circle_tweet" => Kind::ArchiveTweets,
            "like" | "likes" => Kind::ArchiveLikes,
            "follower" | "followers" => Kind::ArchiveFollowers,
            "following" => Kind::ArchiveFollowing,
            "account" => Kind::ArchiveAccount,
            _ => Kind::ArchiveOther,
        });
    }
    if prefix.starts_with("Grailbird.data.tweets_") {
        return Some(Kind::ArchiveClassic);
    }
    let others = [
        "window.__THAR_CONFIG",
        "Grailbird.data.",
        "var tweet_index",
        "var payload_details",
        "var user_details",
    ];
    others.iter().any(|other| prefix.starts_with(other)).then_some(Kind::ArchiveOther)
}

/// The kind of a document: an object, or an array of objects.
fn document(outline: &Outline, file: &File<'_>) -> Option<Kind> {
    let object = Object { outline, prefix: if outline.has("[]") { "[]." } else { "" } };
    archive_entry(&object)
        .or_else(|| api_v2(&object))
        .or_else(|| api_v1(&object))
        .or_else(|| api_other(&object, file))
        .or_else(|| api_error(&object, file))
}

/// The paths of the document, or of the elements of the array that it is.
struct Object<'o> {
    outline: &'o Outline,
    prefix: &'static str,
}

impl Object<'_> {
    fn has(&self, path: &str) -> bool {
        self.has_at("", path)
    }

    fn any(&self, paths: &[&str]) -> bool {
        self.any_at("", paths)
    }

    fn all(&self, paths: &[&str]) -> bool {
        self.all_at("", paths)
    }

    fn has_at(&self, at: &str, path: &str) -> bool {
        self.outline.has(&format!("{}{at}{path}", self.prefix))
    }

    fn any_at(&self, at: &str, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.has_at(at, path))
    }

    fn all_at(&self, at: &str, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has_at(at, path))
    }

    /// Whether there is nothing at `path`, or nothing in it.
    fn is_empty(&self, path: &str) -> bool {
        let path = format!("{}{path}", self.prefix);
        let mut rest = self.outline.paths().filter_map(|other| other.strip_prefix(&path));
        rest.all(|rest| !rest.starts_with('.') && !rest.starts_with("[]."))
    }

    /// Whether the document has paths under `at`, and none but these.
    fn only_at(&self, at: &str, paths: &[&str]) -> bool {
        let at = format!("{}{at}", self.prefix);
        let mut below = self.outline.paths().filter_map(|path| path.strip_prefix(&at)).peekable();
        below.peek().is_some() && below.all(|path| paths.contains(&path))
    }
}

/// A file of an archive whose assignment somebody has cut off.
fn archive_entry(object: &Object<'_>) -> Option<Kind> {
    [
        ("tweet.id_str", Kind::ArchiveTweets),
        ("like.tweetId", Kind::ArchiveLikes),
        ("follower.userLink", Kind::ArchiveFollowers),
        ("following.userLink", Kind::ArchiveFollowing),
        ("account.accountDisplayName", Kind::ArchiveAccount),
    ]
    .into_iter()
    .find(|(path, _)| object.has(path))
    .map(|(_, kind)| kind)
}

fn api_v2(object: &Object<'_>) -> Option<Kind> {
    let listed_user = |at| object.all_at(at, &["id", "name", "username"]);
    // Facebook's pages of users have `paging`, Twitter's `meta`.
    let page_of_users = listed_user("data[].")
        && !object.has("paging")
        && (object.any(&["meta.result_count", "includes", "matching_rules"])
            || object.any_at(
                "data[].",
                &["public_metrics", "pinned_tweet_id", "profile_image_url", "description"],
            ));
    let one_user = listed_user("data.");
    let page_of_tweets = tweet_v2(object, "data[].")
        || (object.all_at("data[].", &["id", "text"])
            && object.any(&["meta.result_count", "matching_rules"]));
    // A tweet just made, or asked for without fields, has no more than an id and a text.
    let one_tweet = tweet_v2(object, "data.")
        || object.all_at("data.", &["id", "text"])
            && (object.only_at("data.", &["id", "text"])
                || object.any(&["data.attachments", "includes.media[].media_key", "matching_rules"]));
    let without_results = object.has("meta.result_count") && object.is_empty("data") && !object.has("paging");
    let expansions = (listed_user("users[].") || tweet_v2(object, "tweets[]."))
        && object.any(&["media[].media_key", "polls[].options", "places[].full_name", "tweets[].author_id"]);
    if page_of_users || one_user || page_of_tweets || one_tweet || without_results || expansions {
        return Some(Kind::ApiV2);
    }
    let user = listed_user("") && object.has("public_metrics.followers_count");
    (user || tweet_v2(object, "")).then_some(Kind::ApiV2Objects)
}

/// Whether a tweet of API v2 lies at `at`.
fn tweet_v2(object: &Object<'_>, at: &str) -> bool {
    let own = ["edit_history_tweet_ids", "public_metrics.retweet_count", "referenced_tweets[].type"];
    // Others than Twitter have an `author_id`, too, but not inside its envelope.
    object.all_at(at, &["id", "text"])
        && (object.any_at(at, &own) || (!at.is_empty() && object.has_at(at, "author_id")))
}

fn api_v1(object: &Object<'_>) -> Option<Kind> {
    let list = |at| object.all_at(at, &["member_count", "subscriber_count", "user.screen_name"]);
    let pages = tweet_v1(object, "statuses[].")
        || tweet_v1(object, "results[].")
        || user_v1(object, "users[].")
        || list("lists[].")
        || list("")
        || object.has("search_metadata.completed_in")
        || object.all(&["completed_in", "max_id_str", "refresh_url"])
        || (object.any(&["relationship.source.screen_name", "relationship.target.screen_name"])
            && object.any(&["relationship.source.following", "relationship.target.following"]));
    if pages {
        return Some(Kind::ApiV1);
    }
    let event = object.has("event") && object.has("target.screen_name");
    let notice = object.has("delete.status.user_id") || object.has("limit.track");
    let activity = object.has("for_user_id")
        && object.any(&["tweet_create_events", "favorite_events", "follow_events", "tweet_delete_events"]);
    if tweet_v1(object, "") || event || notice || activity {
        return Some(Kind::ApiV1Statuses);
    }
    let relation = object.all(&["screen_name", "connections"]);
    (user_v1(object, "") || relation).then_some(Kind::ApiV1Users)
}

/// Whether a tweet of API v1.1 lies at `at`.
fn tweet_v1(object: &Object<'_>, at: &str) -> bool {
    let tweet = ["retweet_count", "in_reply_to_status_id", "in_reply_to_screen_name", "favorited"];
    object.any_at(at, &["text", "full_text"])
        && object.any_at(at, &tweet)
        && (object.has_at(at, "id_str") || object.all_at(at, &["user.screen_name", "favorited"]))
}

/// Whether a user of API v1.1 lies at `at`.
fn user_v1(object: &Object<'_>, at: &str) -> bool {
    object.has_at(at, "screen_name")
        && object.any_at(at, &["id", "id_str"])
        && object.any_at(at, &["followers_count", "statuses_count", "friends_count"])
}

/// All paths of an answer of API v2 that says no more than that something is done.
const DONE: [&str; 10] = [
    "data",
    "data.blocking",
    "data.following",
    "data.pending_follow",
    "data.muting",
    "data.liked",
    "data.retweeted",
    "data.bookmarked",
    "data.deleted",
    "data.pinned",
];

/// What the API says of anything else: recognised, and yielding nothing.
fn api_other(object: &Object<'_>, file: &File<'_>) -> Option<Kind> {
    let has_list = |at| object.all_at(at, &["follower_count", "owner_id"]);
    let in_data = |field: &str| object.has_at("data.", field) || object.has_at("data[].", field);
    let v2 = has_list("data.")
        || has_list("data[].")
        || has_list("")
        || in_data("host_ids")
        || object.all(&["host_ids", "state"])
        || in_data("trend_name")
        || object.has("meta.total_tweet_count")
        || in_data("project_usage")
        || in_data("upload_expires_at")
        || object.all(&["upload_expires_at", "download_expires_at"])
        || object.has("meta.sent")
        || object.all(&["sent", "summary.valid"])
        || object.has("media_key")
        || object.all(&["voting_status", "options[].votes"])
        || (object.any(&DONE[1..]) && object.only_at("", &DONE));
    let v1 = object.has("media_id_string")
        || object.all(&["ids", "next_cursor_str"])
        || object.all(&["woeid", "placeType"])
        || object.has("trends[].promoted_content")
        || object.all(&["country_code", "full_name", "place_type"])
        || object.all(&["country_code", "full_name", "contained_within"])
        || object.all(&["result.places[].full_name", "query.params"])
        || object.has("sizes.mobile_retina")
        || object.all(&["id_str", "query", "position"])
        || object.all(&["screen_name", "discoverable_by_email"])
        || object.has("environments[].webhooks")
        || object.any(&[
            "welcome_message",
            "welcome_messages",
            "welcome_message_rule",
            "welcome_message_rules",
        ])
        || object.has("direct_message.sender_screen_name")
        || object.has("events[].message_create")
        || (object.all(&["provider_name", "author_url", "html"])
            && file.head_text().contains("twitter-tweet"));
    (v2 || v1).then_some(Kind::ApiOther)
}

/// An error body of either API.
fn api_error(object: &Object<'_>, file: &File<'_>) -> Option<Kind> {
    let head = file.head_text();
    let problem = object.any(&["title", "detail", "errors"])
        && (head.contains("api.twitter.com/2/problems/") || head.contains("api.x.com/2/problems/"));
    let v1 = object.all(&["errors[].code", "errors[].message"])
        && object.only_at("", &["errors", "errors[]", "errors[].code", "errors[].message"]);
    // `"request": "/1.1/statuses/show.json"`
    let oldest = object.all(&["error", "request"]) && head.contains("\"/1");
    (problem || v1 || oldest).then_some(Kind::ApiError)
}
