//! The archive Twitter hands a member: a zip of JavaScript files, each one assignment of a JSON list.

use crate::calendar::{self, END};
use crate::cast::{Network, Role, Town};
use crate::folder::{File, zip};
use crate::json::{Json, Letters};
use crate::map;
use crate::story::{Kind, Reaction, Story};
use crate::twitter::totals;
use anyhow::Result;

/// The archive of the town's expert.
///
/// # Errors
///
/// When the zip cannot be written.
pub fn file(town: &Town, story: &Story) -> Result<File> {
    let me = town.with_role(Network::Twitter, Role::Expert)[0];
    let account = &town.accounts[me];
    let parts = [
        ("account", vec![owner(town, me)]),
        ("follower", contacts(town, "follower", story.follows.iter().filter(|f| f.to == me).map(|f| f.from))),
        (
            "following",
            contacts(town, "following", story.follows.iter().filter(|f| f.from == me).map(|f| f.to)),
        ),
        ("like", likes(story, me)),
        ("tweets", tweets(town, story, me)),
    ];
    let mut entries = Vec::new();
    for (name, items) in parts {
        let mut text = format!("window.YTD.{name}.part0 = ").into_bytes();
        text.extend(Json::List(items).pretty(Letters::Utf8));
        entries.push((format!("data/{name}.js"), text));
    }
    Ok(File { path: format!("twitter/twitter-archive-{}.zip", account.handle), bytes: zip(&entries)? })
}

fn owner(town: &Town, me: usize) -> Json {
    let account = &town.accounts[me];
    map! { "account": map! {
        "email": format!("{}@tarrowick.example", account.handle),
        "createdVia": "web",
        "username": account.handle.as_str(),
        "accountId": account.id.as_str(),
        "createdAt": calendar::twitter(account.created),
        "accountDisplayName": account.name.as_str(),
    } }
}

fn contacts(town: &Town, kind: &'static str, them: impl Iterator<Item = usize>) -> Vec<Json> {
    let contact = |account: usize| {
        let id = town.accounts[account].id.as_str();
        let link = format!("https://twitter.com/intent/user?user_id={id}");
        Json::Map(vec![(kind, map! { "accountId": id, "userLink": link })])
    };
    them.map(contact).collect()
}

fn likes(story: &Story, me: usize) -> Vec<Json> {
    let mine = story.reactions.iter().filter(|reaction| reaction.actor == me && reaction.kind == Kind::Like);
    let like = |reaction: &Reaction| {
        let post = &story.posts[reaction.post];
        let link = format!("https://twitter.com/i/web/status/{}", post.id);
        map! { "like": map! { "tweetId": post.id.as_str(), "fullText": post.text.as_str(), "expandedUrl": link } }
    };
    mine.map(like).collect()
}

/// Every tweet the owner wrote: posts, retweets, quotes and replies. All numbers are strings here.
fn tweets(town: &Town, story: &Story, me: usize) -> Vec<Json> {
    let mut tweets = Vec::new();
    for (i, post) in story.posts.iter().enumerate().filter(|(_, post)| post.author == me) {
        let [retweets, _, likes, _] = totals(story, i, END);
        let (text, mention) = match post.mention {
            Some(other) => (format!("@{} {}", town.accounts[other].handle, post.text), Some((other, 0))),
            None => (post.text.clone(), None),
        };
        tweets.push((post.at, tweet(town, &post.id, post.at, &text, mention, [likes, retweets])));
    }
    for reaction in
        story.reactions.iter().filter(|reaction| reaction.actor == me && reaction.kind != Kind::Like)
    {
        let post = &story.posts[reaction.post];
        let author = &town.accounts[post.author];
        let (text, mention) = match reaction.kind {
            Kind::Repost => {
                let start: String = post.text.chars().take(100).collect();
                (format!("RT @{}: {start}…", author.handle), Some((post.author, 3)))
            }
            Kind::Quote => {
                (format!("{} https://twitter.com/{}/status/{}", reaction.text, author.handle, post.id), None)
            }
            _ => (format!("@{} {}", author.handle, reaction.text), Some((post.author, 0))),
        };
        let mut json = tweet(town, &reaction.id, reaction.at, &text, mention, [0, 0]);
        if reaction.kind == Kind::Reply {
            json = json
                .with("in_reply_to_status_id_str", post.id.as_str())
                .with("in_reply_to_status_id", post.id.as_str())
                .with("in_reply_to_user_id_str", author.id.as_str())
                .with("in_reply_to_user_id", author.id.as_str())
                .with("in_reply_to_screen_name", author.handle.as_str());
        }
        tweets.push((reaction.at, json));
    }
    tweets.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    tweets.into_iter().map(|(_, tweet)| map! { "tweet": tweet }).collect()
}

fn tweet(
    town: &Town,
    id: &str,
    at: i64,
    text: &str,
    mention: Option<(usize, usize)>,
    [likes, retweets]: [u64; 2],
) -> Json {
    let mentions = mention.map(|(other, start)| {
        let other = &town.accounts[other];
        let end = start + 1 + other.handle.chars().count();
        map! {
            "name": other.name.as_str(),
            "screen_name": other.handle.as_str(),
            "indices": vec![Json::from(start.to_string()), Json::from(end.to_string())],
            "id_str": other.id.as_str(),
            "id": other.id.as_str(),
        }
    });
    map! {
        "edit_info": map! { "initial": map! {
            "editTweetIds": vec![Json::from(id)],
            "editableUntil": calendar::twitter(at + 3600),
            "editsRemaining": "5",
            "isEditEligible": true,
        } },
        "retweeted": false,
        "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
        "entities": map! {
            "hashtags": vec![],
            "symbols": vec![],
            "user_mentions": Json::list(mentions),
            "urls": vec![],
        },
        "display_text_range": vec![Json::from("0"), Json::from(text.chars().count().to_string())],
        "favorite_count": likes.to_string(),
        "id_str": id,
        "truncated": false,
        "retweet_count": retweets.to_string(),
        "id": id,
        "created_at": calendar::archive(at),
        "favorited": false,
        "full_text": text,
        "lang": "en",
    }
}
