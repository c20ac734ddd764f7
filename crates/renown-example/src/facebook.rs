//! Facebook's Graph API: page objects and paged posts with their reactions and comments.
//!
//! The best known have a folder each, as a tool that walks one page writes it; everybody else is in two
//! JSON-lines files, one document a line.

use crate::calendar::{self, END};
use crate::cast::{Account, Network, Role, Town};
use crate::folder::File;
use crate::json::Json;
use crate::map;
use crate::story::{Kind, Story};

/// Posts on a page of a feed.
const PAGE: usize = 10;

/// The documents of everybody but the person who handed in their own download.
pub fn files(town: &Town, story: &Story) -> Vec<File> {
    let (mut files, mut pages, mut feeds) = (Vec::new(), Vec::new(), Vec::new());
    for account in town.on(Network::Facebook) {
        let owner = &town.accounts[account];
        let feed = feed(town, story, account);
        match town.role(account) {
            Role::Download => {}
            Role::Star | Role::Expert => {
                let folder = format!("facebook/{}", owner.handle);
                files.push(File { path: format!("{folder}/page.json"), bytes: page(owner).line() });
                for (number, posts) in feed.into_iter().enumerate() {
                    let path = format!("{folder}/posts-{}.json", number + 1);
                    files.push(File { path, bytes: posts.line() });
                }
            }
            _ => {
                pages.extend(page(owner).line());
                feeds.extend(feed.iter().flat_map(Json::line));
            }
        }
    }
    files.push(File { path: "facebook/pages.jsonl".to_owned(), bytes: pages });
    files.push(File { path: "facebook/feeds.jsonl".to_owned(), bytes: feeds });
    files
}

fn page(owner: &Account) -> Json {
    map! {
        "id": owner.id.as_str(),
        "name": owner.name.as_str(),
        "username": owner.handle.as_str(),
        "category": if owner.followers > 100_000 { "Public figure" } else { "Personal blog" },
        "link": format!("https://www.facebook.com/{}/", owner.handle),
        "fan_count": owner.followers - owner.followers / 25,
        "followers_count": owner.followers,
        "talking_about_count": owner.followers / 60,
        "verification_status": if owner.followers > 100_000 { "blue_verified" } else { "not_verified" },
    }
}

/// An account's posts, newest first, page by page.
fn feed(town: &Town, story: &Story, account: usize) -> Vec<Json> {
    let mut posts: Vec<_> = (0..story.posts.len()).filter(|&i| story.posts[i].author == account).collect();
    posts.sort_by_key(|&i| std::cmp::Reverse(story.posts[i].at));
    let chunks = posts.len().div_ceil(PAGE);
    let page = |(number, chunk): (usize, &[usize])| {
        let after = format!("QVFI{}", story.posts[chunk[chunk.len() - 1]].id);
        let before = format!("QVFI{}", story.posts[chunk[0]].id);
        let id = &town.accounts[account].id;
        let next = format!("https://graph.facebook.com/v23.0/{id}/posts?limit={PAGE}&after={after}");
        let mut paging = map! { "cursors": map! { "before": before, "after": after } };
        if number + 1 < chunks {
            paging = paging.with("next", next);
        }
        map! { "data": Json::list(chunk.iter().map(|&i| post(town, story, i))), "paging": paging }
    };
    posts.chunks(PAGE).enumerate().map(page).collect()
}

fn post(town: &Town, story: &Story, index: usize) -> Json {
    let post = &story.posts[index];
    let author = &town.accounts[post.author];
    let id = format!("{}_{}", author.id, post.id);
    let outside = story.outside(index, END);
    let (mut reactions, mut comments) = (Vec::new(), Vec::new());
    for reaction in post.reactions.iter().map(|&i| &story.reactions[i]) {
        if reaction.kind == Kind::Like {
            let actor = &town.accounts[reaction.actor];
            let name = actor.name.as_str();
            reactions.push(map! { "id": actor.id.as_str(), "name": name, "type": feeling(&reaction.id) });
        } else {
            comments.push(map! {
                "id": format!("{}_{}", post.id, reaction.id),
                "from": from(&town.accounts[reaction.actor]),
                "created_time": calendar::facebook(reaction.at),
                "message": reaction.text.as_str(),
                "like_count": outside / 900,
            });
        }
    }
    let reacted = reactions.len() as u64 + outside;
    let commented = comments.len() as u64 + outside / 25;
    map! {
        "id": id,
        "created_time": calendar::facebook(post.at),
        "message": post.text.as_str(),
        "from": from(author),
        "permalink_url": format!("https://www.facebook.com/{}/posts/{}", author.id, post.id),
        "status_type": "mobile_status_update",
        "shares": map! { "count": outside / 30 },
        "reactions": map! { "data": reactions, "summary": map! { "total_count": reacted, "viewer_reaction": "NONE" } },
        "comments": map! { "data": comments, "summary": map! { "order": "chronological", "total_count": commented } },
    }
}

fn from(account: &Account) -> Json {
    map! { "id": account.id.as_str(), "name": account.name.as_str() }
}

/// The kind of click: mostly a plain like.
pub fn feeling(id: &str) -> &'static str {
    match id.as_bytes()[id.len() - 1] {
        b'0' => "LOVE",
        b'1' => "HAHA",
        b'2' => "WOW",
        b'3' => "CARE",
        _ => "LIKE",
    }
}
