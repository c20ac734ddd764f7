//! Twitter's recent search, API v2: pages of tweets as JSON lines, one file a month, newest first.

use crate::calendar::{self, midnight};
use crate::cast::Town;
use crate::folder::File;
use crate::json::Json;
use crate::map;
use crate::story::{Kind, Story};

/// Tweets on a page, as many as the API gives.
const PAGE: usize = 100;

/// A tweet is a post, or a reaction that is not a like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tweet {
    Post(usize),
    Reaction(usize),
}

/// The pages, each month as it looked when the month was over.
pub fn files(town: &Town, story: &Story) -> Vec<File> {
    let mut files = Vec::new();
    for month in 6..10 {
        let (start, until) = (midnight(2026, month, 1), midnight(2026, month + 1, 1));
        let search = Search { town, story, until };
        let tweets = search.between(start);
        let mut lines = Vec::new();
        for (number, page) in tweets.chunks(PAGE).enumerate() {
            let last = (number + 1) * PAGE >= tweets.len();
            lines.extend(search.page(page, last).line());
        }
        files.push(File { path: format!("twitter/search-2026-{month:02}.jsonl"), bytes: lines });
    }
    files
}

/// What the search finds, with totals as they are at one moment.
struct Search<'a> {
    town: &'a Town,
    story: &'a Story,
    until: i64,
}

impl Search<'_> {
    /// All tweets from a moment on, newest first.
    fn between(&self, start: i64) -> Vec<Tweet> {
        let posts = (0..self.story.posts.len()).map(Tweet::Post);
        let reactions = (0..self.story.reactions.len()).map(Tweet::Reaction);
        let is_tweet =
            |i: &Tweet| !matches!(i, Tweet::Reaction(i) if self.story.reactions[*i].kind == Kind::Like);
        let within = |tweet: &Tweet| (start..self.until).contains(&self.facts(*tweet).1);
        let mut tweets: Vec<_> = posts.chain(reactions).filter(is_tweet).filter(within).collect();
        tweets.sort_by_key(|&tweet| std::cmp::Reverse((self.facts(tweet).1, self.facts(tweet).2)));
        tweets
    }

    /// Author, moment and id of a tweet.
    fn facts(&self, tweet: Tweet) -> (usize, i64, &str) {
        match tweet {
            Tweet::Post(i) => (self.story.posts[i].author, self.story.posts[i].at, &self.story.posts[i].id),
            Tweet::Reaction(i) => {
                (self.story.reactions[i].actor, self.story.reactions[i].at, &self.story.reactions[i].id)
            }
        }
    }

    fn page(&self, page: &[Tweet], last: bool) -> Json {
        let mut users = Vec::new();
        let mut originals = Vec::new();
        for &tweet in page {
            let mut named = vec![self.facts(tweet).0];
            if let Tweet::Reaction(i) = tweet {
                let post = self.story.reactions[i].post;
                named.push(self.story.posts[post].author);
                if !originals.contains(&post) {
                    originals.push(post);
                }
            }
            named.retain(|user| !users.contains(user));
            named.dedup();
            users.extend(named);
        }
        let mut meta = map! {
            "newest_id": self.facts(page[0]).2,
            "oldest_id": self.facts(page[page.len() - 1]).2,
            "result_count": page.len() as u64,
        };
        if !last {
            meta = meta.with("next_token", format!("b26v89c19zqg8o3f{}", self.facts(page[page.len() - 1]).2));
        }
        map! {
            "data": Json::list(page.iter().map(|&tweet| self.tweet(tweet))),
            "includes": map! {
                "users": Json::list(users.iter().map(|&user| self.user(user))),
                "tweets": Json::list(originals.iter().map(|&post| self.tweet(Tweet::Post(post)))),
            },
            "meta": meta,
        }
    }

    fn tweet(&self, tweet: Tweet) -> Json {
        let (author, at, id) = self.facts(tweet);
        let mut text = String::new();
        let mut mentions = Vec::new();
        let mut mention = |text: &mut String, account: usize| {
            let start = text.chars().count() as u64;
            text.push('@');
            text.push_str(&self.town.accounts[account].handle);
            mentions.push(map! {
                "start": start,
                "end": text.chars().count() as u64,
                "username": self.town.accounts[account].handle.as_str(),
                "id": self.town.accounts[account].id.as_str(),
            });
        };
        let mut conversation = id;
        let mut reference = None;
        let mut metrics = [0; 4];
        match tweet {
            Tweet::Post(i) => {
                let post = &self.story.posts[i];
                if let Some(account) = post.mention {
                    mention(&mut text, account);
                    text.push(' ');
                }
                text.push_str(&post.text);
                metrics = totals(self.story, i, self.until);
            }
            Tweet::Reaction(i) => {
                let reaction = &self.story.reactions[i];
                let post = &self.story.posts[reaction.post];
                match reaction.kind {
                    Kind::Repost => {
                        text.push_str("RT ");
                        mention(&mut text, post.author);
                        text.extend(": ".chars().chain(post.text.chars().take(100)).chain("…".chars()));
                        metrics[0] = totals(self.story, reaction.post, self.until)[0];
                        reference = Some(("retweeted", &post.id));
                    }
                    Kind::Quote => {
                        text.push_str(&reaction.text);
                        reference = Some(("quoted", &post.id));
                    }
                    Kind::Reply | Kind::Like => {
                        mention(&mut text, post.author);
                        text.push(' ');
                        text.push_str(&reaction.text);
                        conversation = &post.id;
                        reference = Some(("replied_to", &post.id));
                    }
                }
            }
        }
        let [retweets, replies, likes, quotes] = metrics;
        let mut json = map! {
            "id": id,
            "text": text,
            "author_id": self.town.accounts[author].id.as_str(),
            "created_at": calendar::twitter(at),
            "conversation_id": conversation,
            "edit_history_tweet_ids": vec![Json::from(id)],
            "lang": "en",
            "possibly_sensitive": false,
            "reply_settings": "everyone",
            "public_metrics": map! {
                "retweet_count": retweets,
                "reply_count": replies,
                "like_count": likes,
                "quote_count": quotes,
                "bookmark_count": likes / 40,
                "impression_count": if retweets > likes { 0 } else { likes * 38 + replies * 90 },
            },
        };
        if let (Some(("replied_to", _)), Tweet::Reaction(i)) = (reference, tweet) {
            let post = &self.story.posts[self.story.reactions[i].post];
            json = json.with("in_reply_to_user_id", self.town.accounts[post.author].id.as_str());
        }
        if let (Tweet::Post(_), Some(community)) = (tweet, community(author)) {
            json = json.with("community_id", community);
        }
        if let Some((kind, id)) = reference {
            json = json.with("referenced_tweets", vec![map! { "type": kind, "id": id.as_str() }]);
        }
        if !mentions.is_empty() {
            json = json.with("entities", map! { "mentions": mentions });
        }
        json
    }

    fn user(&self, user: usize) -> Json {
        let account = &self.town.accounts[user];
        let followers = account.followers_at(self.until);
        map! {
            "id": account.id.as_str(),
            "name": account.name.as_str(),
            "username": account.handle.as_str(),
            "created_at": calendar::twitter(account.created),
            "verified": account.followers > 100_000,
            "protected": false,
            "public_metrics": map! {
                "followers_count": followers,
                "following_count": account.following,
                "tweet_count": 40 + account.created as u64 % 3000,
                "listed_count": account.listed_at(self.until),
                "like_count": account.created as u64 % 1700,
            },
        }
    }
}

/// The community to which somebody's tweets go, if to one: of gardeners, of those who mend things, of the choir.
fn community(author: usize) -> Option<&'static str> {
    const COMMUNITIES: [&str; 3] = ["1490000000000000101", "1490000000000000102", "1490000000000000103"];
    COMMUNITIES.get(author % 8).copied()
}

/// Retweets, replies, likes and quotes of a post at a moment, from the town and from outside.
pub fn totals(story: &Story, post: usize, until: i64) -> [u64; 4] {
    let outside = story.outside(post, until);
    let count = |kind, share| story.count(post, kind, until) + outside / share;
    [count(Kind::Repost, 6), count(Kind::Reply, 14), count(Kind::Like, 1), count(Kind::Quote, 40)]
}
