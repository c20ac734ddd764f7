//! What the adapter says of itself: its words, its kinds of file, and its cases.

mod cases;

use renown_sdk::{FileKind, Manifest, NetworkSpec, Vocable};

use crate::words::{FACEBOOK, INSTAGRAM};

/// The manifest.
pub(crate) static MANIFEST: Manifest = Manifest {
    name: "facebook",
    docs: "Facebook and Instagram: responses of the Graph API, and the download of one's own information (as JSON).",
    networks: &[
        NetworkSpec { name: FACEBOOK, kinds: &FACEBOOK_KINDS, metrics: &FACEBOOK_METRICS },
        NetworkSpec { name: INSTAGRAM, kinds: &INSTAGRAM_KINDS, metrics: &INSTAGRAM_METRICS },
    ],
    files: &FILES,
    example: cases::EXAMPLE,
    cases: &cases::CASES,
};

/// A kind or metric; what is only shown has weight 0.
const fn word(
    name: &'static str,
    also: &'static [&'static str],
    unit: &'static str,
    default_weight: (&'static str, f64),
    docs: &'static str,
) -> Vocable {
    Vocable { name, also, unit, docs, default_weight }
}

static FACEBOOK_KINDS: [Vocable; 19] = [
    word(
        "post",
        &["posts", "status", "photo", "video"],
        "posts",
        ("count", 0.0),
        "A post, photo, video or album of one's own.",
    ),
    word(
        "reaction",
        &["reactions", "like", "likes", "react"],
        "acts",
        ("recent", 0.2),
        "A reaction of any type to a post or comment, likes included. A reaction by itself carries the time of what it was made to.",
    ),
    word(
        "react-like",
        &["react_like"],
        "acts",
        ("count", 0.0),
        "Of the reactions, the likes; part of `reaction`, so not counted again.",
    ),
    word("react-love", &["react_love", "love"], "acts", ("count", 0.0), "Of the reactions, the loves."),
    word("react-wow", &["react_wow", "wow"], "acts", ("count", 0.0), "Of the reactions, the wows."),
    word("react-haha", &["react_haha", "haha"], "acts", ("count", 0.0), "Of the reactions, the laughs."),
    word(
        "react-sad",
        &["react_sad", "sad", "sorry"],
        "acts",
        ("count", 0.0),
        "Of the reactions, the sad ones.",
    ),
    word(
        "react-angry",
        &["react_angry", "angry", "anger"],
        "acts",
        ("count", 0.0),
        "Of the reactions, the angry ones.",
    ),
    word("react-care", &["react_care", "care"], "acts", ("count", 0.0), "Of the reactions, the caring ones."),
    word(
        "react-thankful",
        &["react_thankful", "thankful"],
        "acts",
        ("count", 0.0),
        "Of the reactions, the thankful ones (2016 to 2017).",
    ),
    word(
        "react-pride",
        &["react_pride", "pride"],
        "acts",
        ("count", 0.0),
        "Of the reactions, the proud ones (2017).",
    ),
    word("comment", &["comments"], "acts", ("weighted", 0.5), "A comment on a post."),
    word("reply", &["replies"], "acts", ("weighted", 0.2), "A reply to a comment."),
    word("share", &["shares", "repost"], "acts", ("recent", 0.15), "A post shared on."),
    word(
        "mention",
        &["mentions", "tag", "tags"],
        "acts",
        ("actors", 0.5),
        "An account named or tagged in a post or comment.",
    ),
    word(
        "follow",
        &["follows"],
        "accounts",
        ("actors", 0.0),
        "A follower, or somebody who likes a page and thereby follows it.",
    ),
    word(
        "friend",
        &["friendship"],
        "accounts",
        ("actors", 0.0),
        "A friend; friendship is mutual and agreed to.",
    ),
    word(
        "view",
        &["views", "impression", "impressions"],
        "views",
        ("recent", 0.1),
        "How often a post or video was seen: views or impressions, the larger where both are shown.",
    ),
    word(
        "reach",
        &["impressions_unique"],
        "accounts",
        ("count", 0.0),
        "How many accounts saw a post; part of `view`, so not counted again.",
    ),
];

static FACEBOOK_METRICS: [Vocable; 8] = [
    word("fans", &["fan_count", "page_likes"], "accounts", ("latest", 0.5), "Accounts that like a page."),
    word(
        "followers",
        &["followers_count", "page_follows"],
        "accounts",
        ("latest", 1.0),
        "Accounts that follow a page or person.",
    ),
    word("friends", &["friend_count"], "accounts", ("latest", 0.5), "Friends of a person."),
    word("members", &["member_count"], "accounts", ("latest", 0.5), "Members of a group."),
    word(
        "talking_about",
        &["talking_about_count"],
        "accounts",
        ("latest", 0.4),
        "Accounts that lately did something with a page.",
    ),
    word(
        "daily_impressions",
        &["page_impressions"],
        "views",
        ("latest", 0.0),
        "How often a page's content was seen on a day.",
    ),
    word(
        "daily_reach",
        &["page_impressions_unique"],
        "accounts",
        ("latest", 0.0),
        "How many accounts saw a page's content on a day.",
    ),
    word(
        "daily_profile_views",
        &["page_views_total"],
        "views",
        ("latest", 0.0),
        "How often a page itself was seen on a day.",
    ),
];

static INSTAGRAM_KINDS: [Vocable; 10] = [
    word(
        "post",
        &["posts", "media", "reel", "story"],
        "posts",
        ("count", 0.0),
        "A photo, video, album, reel or story of one's own.",
    ),
    word("like", &["likes", "reaction"], "acts", ("recent", 0.4), "A like of a post or comment."),
    word("comment", &["comments"], "acts", ("weighted", 0.6), "A comment on a post."),
    word("reply", &["replies"], "acts", ("weighted", 0.2), "A reply to a comment or story."),
    word(
        "mention",
        &["mentions", "tag", "tags"],
        "acts",
        ("actors", 0.6),
        "An account named or tagged in a post or comment.",
    ),
    word("follow", &["follows"], "accounts", ("actors", 0.0), "A follower."),
    word("share", &["shares"], "acts", ("count", 0.3), "A post shared on."),
    word("save", &["saved", "saves"], "acts", ("count", 0.15), "A post saved for later."),
    word(
        "view",
        &["views", "impression", "impressions", "plays"],
        "views",
        ("recent", 0.1),
        "How often a post was seen or a reel played: the larger where both are shown.",
    ),
    word(
        "reach",
        &["reached"],
        "accounts",
        ("count", 0.0),
        "How many accounts saw a post; part of `view`, so not counted again.",
    ),
];

static INSTAGRAM_METRICS: [Vocable; 6] = [
    word("followers", &["followers_count"], "accounts", ("latest", 1.0), "Accounts that follow the account."),
    word(
        "friends",
        &["following", "follows_count"],
        "accounts",
        ("latest", 0.0),
        "Accounts that the account follows.",
    ),
    word("posts", &["media_count"], "posts", ("latest", 0.5), "Posts of the account."),
    word(
        "daily_impressions",
        &[],
        "views",
        ("latest", 0.0),
        "How often the account's content was seen on a day.",
    ),
    word(
        "daily_reach",
        &[],
        "accounts",
        ("latest", 0.0),
        "How many accounts saw the account's content on a day.",
    ),
    word(
        "daily_profile_views",
        &["profile_views"],
        "views",
        ("latest", 0.0),
        "How often the profile was seen on a day.",
    ),
];

static FILES: [FileKind; 16] = [
    FileKind {
        name: "graph-api",
        patterns: &["*.json", "*.jsonl"],
        docs: "Facebook Graph API responses: a page of objects, one object, or several by id, whole or a line each.",
        yields: "Posts, photos, videos and albums with totals of reactions (also by type), comments, shares, views; comments, \
                 replies, reactions, shares, mentions and page likes with their actors; fans, followers, friends, members; \
                 handles; lifetime insights of posts, daily insights of pages.",
        passed_over: "Comments whose author the API hides; objects without a total whose author is not shown (ask for \
                      `from`); events, businesses and messages; weekly, 28-day and broken-down insights; error bodies.",
    },
    FileKind {
        name: "instagram-graph-api",
        patterns: &["*.json", "*.jsonl"],
        docs: "Instagram Graph API responses: accounts, media, stories, comments, mentions, business discovery, insights.",
        yields: "Media with totals of likes, comments, views, saves, shares; comments, replies and mentions with their \
                 actors; followers, followed, posts; handles; lifetime insights of media, daily insights of accounts.",
        passed_over: "Comments whose author the API hides; media without totals whose owner is not shown; parts of albums; \
                      hashtags; weekly, 28-day and broken-down insights; error bodies.",
    },
    FileKind {
        name: "graph-error",
        patterns: &["*.json"],
        docs: "An error that the Graph API answered with.",
        yields: "",
        passed_over: "All of it: the request failed, so it holds no records.",
    },
    FileKind {
        name: "graph-other",
        patterns: &["*.json"],
        docs: "Graph API responses without records: profile pictures, publishing limits.",
        yields: "",
        passed_over: "All of it: it is about nothing that anybody did.",
    },
    FileKind {
        name: "download-posts",
        patterns: &[
            "**/posts/your_posts*.json",
            "**/groups/*posts*.json",
            "**/posts/other_people's_posts_to_your_timeline.json",
        ],
        docs: "Facebook, Download your information, Posts or Groups, as JSON.",
        yields: "The owner's posts, on the timeline and in groups; people tagged in them as mentions; posts of others shared on; \
                 what others wrote on the owner's timeline as mentions, by whom an English title says.",
        passed_over: "What others did with the posts: the download does not hold it.",
    },
    FileKind {
        name: "download-comments",
        patterns: &[
            "**/comments/comments.json",
            "**/comments_and_reactions/comments.json",
            "**/groups/your_comments_in_groups.json",
        ],
        docs: "Facebook, Download your information, Comments or Groups, as JSON.",
        yields: "The owner's comments and replies, with the person addressed.",
        passed_over: "Those of which no English title says to whom.",
    },
    FileKind {
        name: "download-reactions",
        patterns: &["**/likes_and_reactions*.json", "**/posts_and_comments.json"],
        docs: "Facebook, Download your information, Likes and reactions, as JSON.",
        yields: "The owner's reactions, with the person whose post it was.",
        passed_over: "The type of reaction; those of which no English title or label says to whom.",
    },
    FileKind {
        name: "download-friends",
        patterns: &["**/friends/*friends.json"],
        docs: "Facebook, Download your information, Friends, as JSON.",
        yields: "A `friend` from each friend, since when, and the number of friends.",
        passed_over: "",
    },
    FileKind {
        name: "download-follows",
        patterns: &["**/people_who_followed_you.json", "**/who_you*follow*.json", "**/pages_you*liked.json"],
        docs: "Facebook, Download your information, Followers or Pages, as JSON.",
        yields: "A `follow` from each follower, and to each account or page that the owner follows or likes.",
        passed_over: "",
    },
    FileKind {
        name: "download-profile",
        patterns: &["**/profile_information/profile_information.json"],
        docs: "Facebook, Download your information, Profile. Keep it in the folder: it says whose download it is.",
        yields: "The owner's handle.",
        passed_over: "Everything else in the profile.",
    },
    FileKind {
        name: "download-other",
        patterns: &["**/your_facebook_activity/**/*.json"],
        docs: "Any other file of a Facebook download.",
        yields: "",
        passed_over: "All of it: messages, events, group memberships, friends removed or asked for, searches, things viewed, \
                      security, adverts.",
    },
    FileKind {
        name: "instagram-download-posts",
        patterns: &[
            "**/posts_*.json",
            "**/reels.json",
            "**/igtv_videos.json",
            "**/archived_posts.json",
            "**/media.json",
        ],
        docs: "Instagram, Download your information, Content, as JSON.",
        yields: "The owner's posts, reels and videos.",
        passed_over: "Stories and profile pictures; what others did with the posts, which the download does not hold.",
    },
    FileKind {
        name: "instagram-download-comments",
        patterns: &["**/post_comments*.json", "**/reels_comments.json"],
        docs: "Instagram, Download your information, Comments, as JSON.",
        yields: "The owner's comments, with the account below whose post they stand.",
        passed_over: "Those that do not say below whose post.",
    },
    FileKind {
        name: "instagram-download-likes",
        patterns: &["**/liked_posts.json", "**/liked_comments.json", "**/story_likes.json"],
        docs: "Instagram, Download your information, Likes, as JSON.",
        yields: "The owner's likes of posts, comments and stories, with the account that received them.",
        passed_over: "Those that do not say whose post it was.",
    },
    FileKind {
        name: "instagram-download-follows",
        patterns: &["**/followers_*.json", "**/following.json"],
        docs: "Instagram, Download your information, Followers and following, as JSON.",
        yields: "A `follow` from each follower, and to each account that the owner follows.",
        passed_over: "",
    },
    FileKind {
        name: "instagram-download-other",
        patterns: &["**/your_instagram_activity/**/*.json", "**/personal_information.json"],
        docs: "Any other file of an Instagram download. Keep personal_information.json in the folder: it says whose it is.",
        yields: "",
        passed_over: "All of it: messages, searches, saved posts, requests, settings, the profile.",
    },
];
