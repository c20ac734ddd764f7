//! "Download your information": the folder Facebook hands a member, with its letters escaped byte by byte.
//!
//! Other people stand in it by name only, and in sentences.

use crate::cast::{Network, Role, Town};
use crate::facebook::feeling;
use crate::folder::File;
use crate::json::{Json, Letters};
use crate::map;
use crate::story::{Kind, Reaction, Story};

/// The download of the one person who asked for it.
pub fn files(town: &Town, story: &Story) -> Vec<File> {
    let me = town.with_role(Network::Facebook, Role::Download)[0];
    let name = town.accounts[me].name.as_str();
    let posts = story.posts.iter().filter(|post| post.author == me).map(|post| {
        map! {
            "timestamp": post.at as u64,
            "data": vec![map! { "post": post.text.as_str() }],
            "title": format!("{name} updated her status."),
        }
    });
    let title = |reaction: &Reaction, verb: &str| {
        let author = story.posts[reaction.post].author;
        let whose =
            if author == me { "her own".to_owned() } else { town.accounts[author].name.clone() + "'s" };
        format!("{name} {verb} {whose} post.")
    };
    let mine = || story.reactions.iter().filter(|reaction| reaction.actor == me);
    let comments = mine().filter(|reaction| reaction.kind != Kind::Like).map(|reaction| {
        let at = reaction.at as u64;
        let comment = map! { "timestamp": at, "comment": reaction.text.as_str(), "author": name };
        map! {
            "timestamp": at,
            "data": vec![map! { "comment": comment }],
            "title": title(reaction, "commented on"),
        }
    });
    let likes = mine().filter(|reaction| reaction.kind == Kind::Like).map(|reaction| {
        let feeling = feeling(&reaction.id);
        map! {
            "timestamp": reaction.at as u64,
            "data": vec![map! { "reaction": map! { "reaction": feeling, "actor": name } }],
            "title": title(reaction, if feeling == "LIKE" { "likes" } else { "reacted to" }),
        }
    });
    // Friendship goes both ways, whoever asked first.
    let mut friends: Vec<_> = story.follows.iter().filter(|f| f.from == me || f.to == me).collect();
    friends.sort_by_key(|follow| std::cmp::Reverse(follow.at));
    let friends = friends.into_iter().map(|follow| {
        let other = if follow.from == me { follow.to } else { follow.from };
        map! { "name": town.accounts[other].name.as_str(), "timestamp": follow.at as u64 }
    });
    let profile = map! { "profile_v2": map! {
        "name": map! { "full_name": name },
        "username": town.accounts[me].handle.as_str(),
        "registration_timestamp": town.accounts[me].created as u64,
        "profile_uri": format!("https://www.facebook.com/profile.php?id={}", town.accounts[me].id),
    } };
    let folder = format!("facebook/download-{}", town.people[town.accounts[me].person].id);
    let documents = [
        ("personal_information/profile_information/profile_information.json", profile),
        ("your_facebook_activity/posts/your_posts_1.json", Json::list(posts)),
        (
            "your_facebook_activity/comments_and_reactions/comments.json",
            map! { "comments_v2": Json::list(comments) },
        ),
        ("your_facebook_activity/comments_and_reactions/likes_and_reactions_1.json", Json::list(likes)),
        ("connections/friends/your_friends.json", map! { "friends_v2": Json::list(friends) }),
    ];
    let file = |(path, json): (&str, Json)| File {
        path: format!("{folder}/{path}"),
        bytes: json.pretty(Letters::BytesAsLetters),
    };
    documents.into_iter().map(file).collect()
}
