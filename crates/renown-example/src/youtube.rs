//! `YouTube`'s Data API v3: list responses of channels, videos, comment threads and subscriptions.

use crate::calendar::{self, END};
use crate::cast::{Network, Town};
use crate::folder::{File, gzip};
use crate::json::Json;
use crate::map;
use crate::story::{Reaction, Story};
use anyhow::Result;

/// Items in a response, as many as the API gives.
const PAGE: usize = 50;

/// The responses; the subscriptions are one gzipped document.
///
/// # Errors
///
/// When the gzip cannot be written.
pub fn files(town: &Town, story: &Story) -> Result<Vec<File>> {
    let channels = town.on(Network::Youtube).into_iter().map(|channel| self::channel(town, story, channel));
    let videos = (0..story.posts.len()).map(|video| self::video(town, story, video));
    let first = story.reactions.iter().enumerate().filter(|(_, reaction)| reaction.parent.is_none());
    let threads = first.map(|(i, _)| thread(town, story, i));
    let mut files = Vec::new();
    responses(&mut files, "channel", "channels", channels.collect());
    responses(&mut files, "video", "videos", videos.collect());
    responses(&mut files, "commentThread", "comment-threads", threads.collect());
    let subscriptions = Json::list(story.follows.iter().map(|follow| {
        let [from, to] = [follow.from, follow.to].map(|account| &town.accounts[account]);
        map! {
            "kind": "youtube#subscription",
            "id": format!("S{}{}", &from.id[2..], &to.id[18..]),
            "snippet": map! {
                "publishedAt": calendar::youtube(follow.at),
                "title": to.name.as_str(),
                "description": "",
                "resourceId": map! { "kind": "youtube#channel", "channelId": to.id.as_str() },
                "channelId": from.id.as_str(),
            },
        }
    }));
    let count = story.follows.len() as u64;
    let document = map! {
        "kind": "youtube#subscriptionListResponse",
        "pageInfo": map! { "totalResults": count, "resultsPerPage": PAGE as u64 },
        "items": subscriptions,
    };
    files.push(File { path: "youtube/subscriptions.json.gz".to_owned(), bytes: gzip(&document.line())? });
    Ok(files)
}

/// Cuts items into list responses.
fn responses(files: &mut Vec<File>, kind: &str, name: &str, items: Vec<Json>) {
    let count = items.len();
    let mut items = items.into_iter();
    for page in 1..=count.div_ceil(PAGE) {
        let mut json = map! { "kind": format!("youtube#{kind}ListResponse"), "etag": format!("tarrowick-{name}-{page}") };
        if page * PAGE < count {
            json = json.with("nextPageToken", format!("CDIQA{page}"));
        }
        let json = json
            .with("pageInfo", map! { "totalResults": count as u64, "resultsPerPage": PAGE as u64 })
            .with("items", Json::list(items.by_ref().take(PAGE)));
        files.push(File { path: format!("youtube/{name}-{page}.json"), bytes: json.line() });
    }
}

fn channel(town: &Town, story: &Story, channel: usize) -> Json {
    let account = &town.accounts[channel];
    let videos: Vec<_> = (0..story.posts.len()).filter(|&i| story.posts[i].author == channel).collect();
    let views: u64 = videos.iter().map(|&i| views(story, i)).sum();
    map! {
        "kind": "youtube#channel",
        "id": account.id.as_str(),
        "snippet": map! {
            "title": account.name.as_str(),
            "description": "",
            "customUrl": format!("@{}", account.handle),
            "publishedAt": calendar::youtube(account.created),
        },
        "statistics": map! {
            "viewCount": (views + account.followers * 9).to_string(),
            "subscriberCount": rounded(account.followers).to_string(),
            "hiddenSubscriberCount": false,
            "videoCount": videos.len().to_string(),
        },
    }
}

fn video(town: &Town, story: &Story, video: usize) -> Json {
    let post = &story.posts[video];
    let author = &town.accounts[post.author];
    let outside = story.outside(video, END);
    map! {
        "kind": "youtube#video",
        "id": post.id.as_str(),
        "snippet": map! {
            "publishedAt": calendar::youtube(post.at),
            "channelId": author.id.as_str(),
            "title": post.text.as_str(),
            "description": "Filmed in Tarrowick.",
            "channelTitle": author.name.as_str(),
            "categoryId": "22",
            "liveBroadcastContent": "none",
        },
        "statistics": map! {
            "viewCount": views(story, video).to_string(),
            "likeCount": (outside + post.reactions.len() as u64 * 2).to_string(),
            "favoriteCount": "0",
            "commentCount": (outside / 20 + post.reactions.len() as u64).to_string(),
        },
    }
}

fn views(story: &Story, video: usize) -> u64 {
    story.outside(video, END) * 41 + story.posts[video].reactions.len() as u64 * 60
}

/// `YouTube` tells subscribers to three digits.
fn rounded(subscribers: u64) -> u64 {
    let step = 10_u64.pow(subscribers.max(1).ilog10().saturating_sub(2));
    subscribers / step * step
}

/// A comment and the answers below it.
fn thread(town: &Town, story: &Story, first: usize) -> Json {
    let top = &story.reactions[first];
    let video = &story.posts[top.post];
    let channel = town.accounts[video.author].id.as_str();
    let answers: Vec<_> = story.reactions.iter().filter(|reaction| reaction.parent == Some(first)).collect();
    let thread = map! {
        "kind": "youtube#commentThread",
        "id": top.id.as_str(),
        "snippet": map! {
            "channelId": channel,
            "videoId": video.id.as_str(),
            "topLevelComment": comment(town, story, top, None),
            "canReply": true,
            "totalReplyCount": answers.len() as u64,
            "isPublic": true,
        },
    };
    if answers.is_empty() {
        return thread;
    }
    let answers = answers.into_iter().map(|answer| comment(town, story, answer, Some(&top.id)));
    thread.with("replies", map! { "comments": Json::list(answers) })
}

fn comment(town: &Town, story: &Story, reaction: &Reaction, parent: Option<&str>) -> Json {
    let author = &town.accounts[reaction.actor];
    let video = &story.posts[reaction.post];
    let mut snippet = map! {
        "channelId": town.accounts[video.author].id.as_str(),
        "videoId": video.id.as_str(),
        "textDisplay": reaction.text.as_str(),
        "textOriginal": reaction.text.as_str(),
        "authorDisplayName": format!("@{}", author.handle),
        "authorChannelUrl": format!("http://www.youtube.com/@{}", author.handle),
        "authorChannelId": map! { "value": author.id.as_str() },
        "canRate": true,
        "viewerRating": "none",
        "likeCount": video.outside / 1500 + reaction.at as u64 % 3,
        "publishedAt": calendar::youtube(reaction.at),
        "updatedAt": calendar::youtube(reaction.at),
    };
    if let Some(parent) = parent {
        snippet = snippet.with("parentId", parent);
    }
    map! { "kind": "youtube#comment", "id": reaction.id.as_str(), "snippet": snippet }
}
