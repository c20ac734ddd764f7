//! Google Takeout: the CSV files `YouTube` hands a member.

use crate::calendar;
use crate::cast::{Network, Role, Town};
use crate::folder::File;
use crate::story::Story;
use std::fmt::Write;

/// The takeout of the one person who asked for it. The comments bear the ids they have in the API's files
/// too.
pub fn files(town: &Town, story: &Story) -> Vec<File> {
    let me = town.with_role(Network::Youtube, Role::Takeout)[0];
    let account = &town.accounts[me];
    let channel = format!(
        "Channel ID,Channel Title (Original),Channel Visibility\n{},{},Public\n",
        account.id, account.name
    );
    let mut subscriptions = "Channel Id,Channel Url,Channel Title\n".to_owned();
    for follow in story.follows.iter().filter(|follow| follow.from == me) {
        let to = &town.accounts[follow.to];
        let _ = writeln!(subscriptions, "{0},http://www.youtube.com/channel/{0},{1}", to.id, to.name);
    }
    let mut comments =
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,\
        Comment Text,Top-Level Comment ID\n"
            .to_owned();
    for reaction in story.reactions.iter().filter(|reaction| reaction.actor == me) {
        let parent = reaction.parent.map_or("", |parent| &story.reactions[parent].id);
        let _ = writeln!(
            comments,
            "{},{},{}.000000+00:00,0,{parent},,{},\"{{\"\"text\"\":\"\"{}\"\"}}\",{parent}",
            reaction.id,
            account.id,
            calendar::plain(reaction.at),
            story.posts[reaction.post].id,
            reaction.text
        );
    }
    let folder = format!("youtube/takeout-{}/YouTube and YouTube Music", town.people[account.person].id);
    [
        ("channels/channel", channel),
        ("subscriptions/subscriptions", subscriptions),
        ("comments/comments", comments),
    ]
    .map(|(name, text)| File { path: format!("{folder}/{name}.csv"), bytes: text.into_bytes() })
    .into()
}
