//! The words of a run, looked up once per file.

use renown_sdk::{TooManyWords, Vocabulary, Word};

/// Facebook's name in records.
pub(crate) const FACEBOOK: &str = "facebook";
/// Instagram's name in records.
pub(crate) const INSTAGRAM: &str = "instagram";

/// The types of reaction, as the Graph API and the downloads spell them (some by two names), and their kinds.
pub(crate) const REACTION_TYPES: [(&str, &str); 12] = [
    ("LIKE", "react-like"),
    ("LOVE", "react-love"),
    ("WOW", "react-wow"),
    ("HAHA", "react-haha"),
    ("SAD", "react-sad"),
    ("SORRY", "react-sad"),
    ("ANGRY", "react-angry"),
    ("ANGER", "react-angry"),
    ("CARE", "react-care"),
    ("SUPPORT", "react-care"),
    ("THANKFUL", "react-thankful"),
    ("PRIDE", "react-pride"),
];

/// The words of Facebook.
pub(crate) struct FacebookWords {
    pub(crate) network: Word,
    pub(crate) reaction: Word,
    pub(crate) react_like: Word,
    pub(crate) react_love: Word,
    pub(crate) react_wow: Word,
    pub(crate) react_haha: Word,
    pub(crate) react_sad: Word,
    pub(crate) react_angry: Word,
    pub(crate) react_care: Word,
    pub(crate) react_thankful: Word,
    pub(crate) react_pride: Word,
    pub(crate) comment: Word,
    pub(crate) reply: Word,
    pub(crate) share: Word,
    pub(crate) mention: Word,
    pub(crate) follow: Word,
    pub(crate) friend: Word,
    pub(crate) view: Word,
    pub(crate) reach: Word,
    pub(crate) fans: Word,
    pub(crate) followers: Word,
    pub(crate) friends: Word,
    pub(crate) members: Word,
    pub(crate) talking_about: Word,
    pub(crate) daily_impressions: Word,
    pub(crate) daily_reach: Word,
    pub(crate) daily_profile_views: Word,
}

impl FacebookWords {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let kind = |name| vocabulary.kind(FACEBOOK, name);
        let metric = |name| vocabulary.metric(FACEBOOK, name);
        Ok(Self {
            network: vocabulary.network(FACEBOOK)?,
            reaction: kind("reaction")?,
            react_like: kind("react-like")?,
            react_love: kind("react-love")?,
            react_wow: kind("react-wow")?,
            react_haha: kind("react-haha")?,
            react_sad: kind("react-sad")?,
            react_angry: kind("react-angry")?,
            react_care: kind("react-care")?,
            react_thankful: kind("react-thankful")?,
            react_pride: kind("react-pride")?,
            comment: kind("comment")?,
            reply: kind("reply")?,
            share: kind("share")?,
            mention: kind("mention")?,
            follow: kind("follow")?,
            friend: kind("friend")?,
            view: kind("view")?,
            reach: kind("reach")?,
            fans: metric("fans")?,
            followers: metric("followers")?,
            friends: metric("friends")?,
            members: metric("members")?,
            talking_about: metric("talking_about")?,
            daily_impressions: metric("daily_impressions")?,
            daily_reach: metric("daily_reach")?,
            daily_profile_views: metric("daily_profile_views")?,
        })
    }
}

/// The words of Instagram.
pub(crate) struct InstagramWords {
    pub(crate) network: Word,
    pub(crate) like: Word,
    pub(crate) comment: Word,
    pub(crate) reply: Word,
    pub(crate) mention: Word,
    pub(crate) follow: Word,
    pub(crate) share: Word,
    pub(crate) save: Word,
    pub(crate) view: Word,
    pub(crate) reach: Word,
    pub(crate) followers: Word,
    pub(crate) friends: Word,
    pub(crate) posts: Word,
    pub(crate) daily_impressions: Word,
    pub(crate) daily_reach: Word,
    pub(crate) daily_profile_views: Word,
}

impl InstagramWords {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        let kind = |name| vocabulary.kind(INSTAGRAM, name);
        let metric = |name| vocabulary.metric(INSTAGRAM, name);
        Ok(Self {
            network: vocabulary.network(INSTAGRAM)?,
            like: kind("like")?,
            comment: kind("comment")?,
            reply: kind("reply")?,
            mention: kind("mention")?,
            follow: kind("follow")?,
            share: kind("share")?,
            save: kind("save")?,
            view: kind("view")?,
            reach: kind("reach")?,
            followers: metric("followers")?,
            friends: metric("friends")?,
            posts: metric("posts")?,
            daily_impressions: metric("daily_impressions")?,
            daily_reach: metric("daily_reach")?,
            daily_profile_views: metric("daily_profile_views")?,
        })
    }
}
