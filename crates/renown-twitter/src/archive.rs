//! The personal archive ("your X data"): `data/*.js`, each an assignment `window.YTD.<name>.part<N> = [ … ]`.
//!
//! None of these files says whose archive it is, except `account.js`; `manifest.js` says it, too, and when the archive
//! was made.

use renown_sdk::json::{Id as JsonId, JsonError, Text, from_slice};
use renown_sdk::{File, Id, Timestamp};
use serde::Deserialize;

use crate::fields::{Account, Many, Opening, Skip, When, known};
use crate::scribe::{Act, Scribe, time_of};
use crate::status::{Held, Status};

/// Whose archive it is, and when it was made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner {
    id: Option<String>,
    handle: Option<String>,
    made: Option<Timestamp>,
}

impl Owner {
    /// As `account.js` or `manifest.js` beside the file says. If neither is there, the owner is called
    /// `owner:FOLDER` after the folder that the archive lies in, or `owner:FILE` if that has no name: so nothing is
    /// lost, and an operator who wants it scored can say in the people file who it is.
    pub(crate) fn of(file: &File<'_>) -> Self {
        let mut owner = Self::default();
        if let Some(manifest) = file.siblings.read("manifest.js") {
            owner.take_manifest(&manifest);
        }
        if let Some(account) = file.siblings.read("account.js") {
            owner.take_account(&account);
        }
        if owner.id.is_none() && owner.handle.is_none() {
            owner.id = Some(format!("owner:{}", archive_name(file.path)));
        }
        owner
    }

    fn take_manifest(&mut self, bytes: &[u8]) {
        let Ok(manifest) = from_slice::<ArchiveManifest<'_>>(without_assignment(bytes)) else { return };
        self.made = manifest.archive_info.and_then(|info| info.generation_date).and_then(When::good);
        if let Some(user) = manifest.user_info {
            self.take(Account::new(user.account_id.as_ref(), user.user_name.as_ref()));
        }
    }

    fn take_account(&mut self, bytes: &[u8]) {
        let Ok(entries) = from_slice::<Many<AccountEntry<'_>>>(without_assignment(bytes)) else { return };
        if let Some(entry) = entries.iter().find_map(|entry| entry.account.as_ref()) {
            self.take(Account::new(entry.account_id.as_ref(), entry.username.as_ref()));
        }
    }

    fn take(&mut self, account: Account<'_>) {
        self.id = account.id.map(|id| id.to_string()).or(self.id.take());
        self.handle = account.handle.map(str::to_owned).or(self.handle.take());
    }

    fn account(&self) -> Account<'_> {
        Account { id: self.id.as_deref().map(Id::new), handle: self.handle.as_deref() }
    }
}

/// The JSON in a JavaScript assignment.
fn without_assignment(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| matches!(byte, b'[' | b'{')).unwrap_or(bytes.len());
    let json = bytes[start..].trim_ascii_end();
    json.strip_suffix(b";").unwrap_or(json).trim_ascii_end()
}

/// The name of the folder that holds the archive, whose files lie in its `data`; or else the file's own name.
fn archive_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    parts.find(|folder| !folder.is_empty() && *folder != "data").unwrap_or(stem)
}

#[derive(Deserialize)]
struct ArchiveManifest<'a> {
    #[serde(rename = "userInfo", borrow)]
    user_info: Option<UserInfo<'a>>,
    #[serde(rename = "archiveInfo")]
    archive_info: Option<ArchiveInfo>,
}

#[derive(Deserialize)]
struct UserInfo<'a> {
    #[serde(rename = "accountId", borrow)]
    account_id: Option<JsonId<'a>>,
    #[serde(rename = "userName", borrow)]
    user_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ArchiveInfo {
    #[serde(rename = "generationDate")]
    generation_date: Option<When>,
}

#[derive(Deserialize)]
struct AccountEntry<'a> {
    #[serde(borrow)]
    account: Option<AccountFields<'a>>,
}

#[derive(Deserialize)]
struct AccountFields<'a> {
    #[serde(rename = "accountId", borrow)]
    account_id: Option<JsonId<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

/// Reads an element of `account.js`: whose archive it is.
pub(crate) fn read_account(bytes: &[u8], scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let entry: AccountEntry<'_> = from_slice(bytes)?;
    match entry.account {
        Some(account) => scribe.handle(Account::new(account.account_id.as_ref(), account.username.as_ref())),
        None => scribe.bad_field("account", "missing: an element of account.js has one"),
    }
    Ok(())
}

/// A tweet in an archive says of a retweet only how its text begins.
type Tweet<'a> = Status<'a, Opening<'a>, Skip, Skip>;

#[derive(Deserialize)]
struct TweetEntry<'a> {
    #[serde(borrow)]
    tweet: Option<Tweet<'a>>,
}

/// Reads an element of `tweets.js`: `{"tweet": {…}}` or, until 2019, the tweet itself.
pub(crate) fn read_tweet(bytes: &[u8], owner: &Owner, scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let entry: TweetEntry<'_> = from_slice(bytes)?;
    let tweet = match entry.tweet {
        Some(tweet) => tweet,
        None => from_slice(bytes)?,
    };
    let owner_account = owner.account();
    let opening = tweet.text().and_then(|text| text.retweeted.as_deref());
    let (Some(handle), Some(id)) = (opening, tweet.id()) else {
        scribe.observed(tweet.newest().max(owner.made));
        tweet.write(owner_account, scribe);
        return Ok(());
    };
    let target = tweet.mentioned(handle);
    scribe.handle(target);
    let (kind, at) = (scribe.lexicon.repost, time_of(tweet.created_at(), id));
    scribe.act(&Act { kind, at, actor: owner_account, target, object: None, id: Some(id) });
    Ok(())
}

#[derive(Deserialize)]
struct LikeEntry<'a> {
    #[serde(borrow)]
    like: Option<LikeFields<'a>>,
}

#[derive(Deserialize)]
struct LikeFields<'a> {
    #[serde(rename = "tweetId", borrow)]
    tweet_id: Option<JsonId<'a>>,
}

/// Reads an element of `like.js`: a tweet that the owner likes. Neither its author nor the time is given.
pub(crate) fn read_like(bytes: &[u8], owner: &Owner, scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let entry: LikeEntry<'_> = from_slice(bytes)?;
    match known(entry.like.as_ref().and_then(|like| like.tweet_id.as_ref())) {
        Some(tweet) => {
            let kind = scribe.lexicon.like;
            let (actor, target) = (owner.account(), Account::default());
            scribe.act(&Act { kind, at: None, actor, target, object: Some(tweet), id: None });
        }
        None => scribe.bad_field("like.tweetId", "missing: a like has one"),
    }
    Ok(())
}

#[derive(Deserialize)]
struct FollowEntry<'a> {
    #[serde(borrow)]
    follower: Option<AccountFields<'a>>,
    #[serde(borrow)]
    following: Option<AccountFields<'a>>,
}

/// Reads an element of `follower.js`: an account that follows the owner.
pub(crate) fn read_follower(bytes: &[u8], owner: &Owner, scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let entry: FollowEntry<'_> = from_slice(bytes)?;
    match known(entry.follower.as_ref().and_then(|follower| follower.account_id.as_ref())) {
        Some(follower) => write_follow(Account::by_id(Some(follower)), owner.account(), scribe),
        None => scribe.bad_field("follower.accountId", "missing: a follower has one"),
    }
    Ok(())
}

/// Reads an element of `following.js`: an account that the owner follows.
pub(crate) fn read_following(bytes: &[u8], owner: &Owner, scribe: &mut Scribe<'_>) -> Result<(), JsonError> {
    let entry: FollowEntry<'_> = from_slice(bytes)?;
    match known(entry.following.as_ref().and_then(|following| following.account_id.as_ref())) {
        Some(followed) => write_follow(owner.account(), Account::by_id(Some(followed)), scribe),
        None => scribe.bad_field("following.accountId", "missing: a followed account has one"),
    }
    Ok(())
}

/// A follow; since when is not given.
fn write_follow(actor: Account<'_>, target: Account<'_>, scribe: &mut Scribe<'_>) {
    let kind = scribe.lexicon.follow;
    scribe.act(&Act { kind, at: None, actor, target, object: None, id: None });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_goes_by_its_folder_or_else_its_file() {
        for (path, name) in [
            ("twitter-2026-09-30/data/tweets.js", "twitter-2026-09-30"),
            ("a/twitter-2026-09-30/tweets.js", "twitter-2026-09-30"),
            ("data/tweets-part1.js", "tweets-part1"),
            ("tweets.js", "tweets"),
            ("metadata/tweets.js", "metadata"),
            ("/data/tweets.js", "tweets"),
            ("", ""),
        ] {
            assert_eq!(archive_name(path), name, "{path}");
        }
    }

    #[test]
    fn the_assignment_and_its_semicolon_are_left_out() {
        assert_eq!(without_assignment(b"window.YTD.account.part0 = [ 1 ] ;\n"), b"[ 1 ]");
        assert_eq!(without_assignment(b"[]"), b"[]");
        assert_eq!(without_assignment(b"nothing"), b"");
    }
}
