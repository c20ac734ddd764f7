//! Large mode: Twitter API v2 pages, JSON lines, until a size is reached.
//!
//! Memory stays constant: a person is a number from which name, handle and fame follow, and of the past only
//! the latest posts are remembered, for others to answer. Bytes are written by hand, since the point of the
//! mode is to be much faster than what reads them.

use crate::calendar::{END, START, civil};
use crate::cast::FEWEST;
use crate::dice::Dice;
use crate::story::{Kind, snowflake};
use crate::words::{self, FAMILY, GIVEN};
use anyhow::{Context, Result, ensure};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Tweets on a page, as many as the API gives.
const PAGE: usize = 100;
/// How many posts are remembered.
const MEMORY: usize = 4096;
/// What a tweet comes to, with its share of the page's users and originals; sets the pace of time only.
const USUAL_BYTES: u64 = 1235;
/// After how many bytes a new file is begun.
const FILE_BYTES: u64 = 1_000_000_000;

/// A stream of pages, ready to be written.
pub struct Stream {
    people: u64,
    bytes: u64,
    /// Milliseconds between two tweets.
    pace: i64,
    tweets: u64,
    dice: Dice,
    names: Names,
    memory: Vec<Tweet>,
    posts: usize,
    page: Page,
}

/// What was written.
pub struct Written {
    /// Tweets in the pages' `data`.
    pub tweets: u64,
    /// Bytes in all files.
    pub bytes: u64,
}

/// A tweet, small enough to remember thousands.
#[derive(Clone, Copy)]
struct Tweet {
    id: u64,
    /// Milliseconds since 1970.
    at: i64,
    author: u32,
    /// Chooses the words.
    words: u32,
    /// Whom it mentions.
    mention: Option<u32>,
    /// Which tweet it reposts, quotes or answers: how, its id, author and words.
    answers: Option<(Kind, u64, u32, u32)>,
    /// Likes from people who are not in the pages.
    outside: u32,
    /// Reposts, replies, likes and quotes so far.
    seen: [u32; 4],
}

/// A page under way.
#[derive(Default)]
struct Page {
    bytes: Vec<u8>,
    users: Vec<u32>,
    /// Places in the memory of the posts that the page's tweets refer to.
    originals: Vec<usize>,
}

impl Stream {
    /// A stream of about `bytes` bytes by `people` people.
    ///
    /// # Errors
    ///
    /// When there are too few people, or more than 32 bits can number.
    pub fn new(people: usize, seed: u64, bytes: u64) -> Result<Self> {
        ensure!(people >= FEWEST, "a stream needs at least {FEWEST} people, not {people}");
        ensure!(u32::try_from(people).is_ok(), "a stream has at most {} people, not {people}", u32::MAX);
        Ok(Self {
            people: people as u64,
            bytes,
            pace: ((END - START) * 1000 / (bytes / USUAL_BYTES).max(1) as i64).max(1),
            tweets: 0,
            dice: Dice::new(seed, "stream"),
            names: Names::new(),
            memory: Vec::with_capacity(MEMORY),
            posts: 0,
            page: Page::default(),
        })
    }

    /// Writes `twitter/search-0001.jsonl` and so on under a folder, stopping after the page that reaches the
    /// size.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn write(mut self, folder: &Path) -> Result<Written> {
        let folder = folder.join("twitter");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let mut bytes = 0;
        for number in 1.. {
            let path = folder.join(format!("search-{number:04}.jsonl"));
            let mut file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
            let full = (bytes + FILE_BYTES).min(self.bytes);
            while bytes < full {
                let page = self.next_page();
                file.write_all(page).with_context(|| format!("cannot write {}", path.display()))?;
                bytes += page.len() as u64;
            }
            if bytes >= self.bytes {
                break;
            }
        }
        Ok(Written { tweets: self.tweets, bytes })
    }

    /// The next page, one line.
    fn next_page(&mut self) -> &[u8] {
        self.page.bytes.clear();
        self.page.users.clear();
        self.page.originals.clear();
        self.page.text("{\"data\":[");
        let (mut first, mut last) = (u64::MAX, 0);
        for nth in 0..PAGE {
            self.page.comma(nth);
            let tweet = self.next_tweet();
            (first, last) = (first.min(tweet.id), last.max(tweet.id));
            self.page.users.push(tweet.author);
            self.page.tweet(&self.names, &tweet);
        }
        self.tweets += PAGE as u64;
        let originals = sorted(std::mem::take(&mut self.page.originals));
        self.page.users.extend(originals.iter().map(|&i| self.memory[i].author));
        let users = sorted(std::mem::take(&mut self.page.users));
        self.page.text("],\"includes\":{\"users\":[");
        for (nth, &user) in users.iter().enumerate() {
            self.page.comma(nth);
            self.page.user(&self.names, user);
        }
        self.page.text("],\"tweets\":[");
        for (nth, &original) in originals.iter().enumerate() {
            self.page.comma(nth);
            self.page.tweet(&self.names, &self.memory[original]);
        }
        self.page
            .text("]},\"meta\":{\"newest_id\":\"")
            .number(last)
            .text("\",\"oldest_id\":\"")
            .number(first);
        self.page.text("\",\"result_count\":").number(PAGE as u64);
        self.page.text(",\"next_token\":\"b26v89c19zqg8o3f").number(last).text("\"}}\n");
        (self.page.originals, self.page.users) = (originals, users);
        &self.page.bytes
    }

    /// A new post, an answer to one remembered, or a remembered one again with newer totals.
    fn next_tweet(&mut self) -> Tweet {
        let roll = self.dice.below(100);
        if self.memory.len() <= 2 * PAGE || roll < 40 {
            let post = self.tweet(None);
            // The oldest one is forgotten.
            let place = self.posts % MEMORY;
            if place == self.memory.len() {
                self.memory.push(post);
            } else {
                self.memory[place] = post;
            }
            self.posts += 1;
            return post;
        }
        let place = self.remembered();
        let kind = match roll {
            40..44 => return self.memory[place],
            44..70 => Kind::Repost,
            70..92 => Kind::Reply,
            _ => Kind::Quote,
        };
        self.page.originals.push(place);
        let likes = self.dice.below(12) as u32;
        let original = &mut self.memory[place];
        let count =
            [Kind::Repost, Kind::Reply, Kind::Like, Kind::Quote].iter().position(|&other| other == kind);
        original.seen[count.unwrap_or(2)] += 1;
        original.seen[2] += likes;
        let answers = Some((kind, original.id, original.author, original.words));
        let reposts = original.outside / 8 + original.seen[0];
        let mut tweet = self.tweet(answers);
        if kind == Kind::Repost {
            tweet.seen[0] = reposts;
        }
        tweet
    }

    fn tweet(&mut self, answers: Option<(Kind, u64, u32, u32)>) -> Tweet {
        let number = self.tweets + self.page.users.len() as u64;
        let at = (START * 1000 + number as i64 * self.pace).min(END * 1000 - 1);
        let mut author = self.person(40);
        if answers.is_some_and(|(_, _, original, _)| original == author) {
            author = (author + 1) % self.people as u32;
        }
        let outside = if answers.is_some() { 0 } else { self.dice.below(followers(author) / 200 + 1) as u32 };
        let mention = if answers.is_none() && self.dice.percent(15) { Some(self.person(80)) } else { None };
        let mention = mention.filter(|&person| person != author);
        let words = self.dice.below(1 << 32) as u32;
        let id = snowflake(at as u64, number);
        Tweet { id, at, author, words, mention, answers, outside, seen: [0; 4] }
    }

    /// Somebody: the well known in so many percent of the cases, anybody in the others.
    fn person(&mut self, well_known: u64) -> u32 {
        let well_known = self.dice.percent(well_known);
        (if well_known { self.dice.near_top(self.people) } else { self.dice.below(self.people) }) as u32
    }

    /// The best known author's of four remembered posts, none so old that it is forgotten before the page
    /// ends.
    fn remembered(&mut self) -> usize {
        let choices = (self.memory.len() - PAGE) as u64;
        let places = [(); 4].map(|()| (self.posts - 1 - self.dice.below(choices) as usize) % MEMORY);
        places.into_iter().min_by_key(|&place| self.memory[place].author).unwrap_or(places[0])
    }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}

/// People are numbered from the best known on.
fn followers(person: u32) -> u64 {
    40 + u64::from(person) * 7919 % 200 + 20_000_000 / (u64::from(person) + 2)
}

/// The short ASCII forms from which handles are made.
struct Names {
    given: Vec<String>,
    family: Vec<String>,
}

impl Names {
    fn new() -> Self {
        let short = |name: &&str, len| words::ascii(name, "").chars().take(len).collect();
        Self {
            given: GIVEN.iter().map(|name| short(name, 5)).collect(),
            family: FAMILY.iter().map(|name| short(name, 4)).collect(),
        }
    }
}

impl Page {
    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    fn comma(&mut self, nth: usize) {
        if nth > 0 {
            self.bytes.push(b',');
        }
    }

    fn number(&mut self, mut number: u64) -> &mut Self {
        let mut digits = [0; 20];
        let mut start = digits.len();
        loop {
            start -= 1;
            digits[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(&digits[start..]);
        self
    }

    fn two_digits(&mut self, number: i64) -> &mut Self {
        self.bytes.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
        self
    }

    /// `2026-09-01T12:00:00.000Z`
    fn time(&mut self, at: i64) -> &mut Self {
        let [year, month, day, hour, minute, second] = civil(at);
        self.number(year as u64).text("-").two_digits(month).text("-").two_digits(day);
        self.text("T")
            .two_digits(hour)
            .text(":")
            .two_digits(minute)
            .text(":")
            .two_digits(second)
            .text(".000Z")
    }

    fn account(&mut self, person: u32) -> &mut Self {
        self.number(2_000_000_000 + u64::from(person))
    }

    /// Writes the handle and gives its length.
    fn handle(&mut self, names: &Names, person: u32) -> usize {
        let start = self.bytes.len();
        let nth = person as usize;
        self.text(&names.given[nth % GIVEN.len()]).text(&names.family[nth / GIVEN.len() % FAMILY.len()]);
        self.number(u64::from(person));
        self.bytes.len() - start
    }

    fn user(&mut self, names: &Names, person: u32) {
        let nth = person as usize;
        let number = u64::from(person);
        let followers = followers(person);
        self.text("{\"id\":\"")
            .account(person)
            .text("\",\"name\":\"")
            .text(GIVEN[nth % GIVEN.len()])
            .text(" ");
        self.text(FAMILY[nth / GIVEN.len() % FAMILY.len()]).text("\",\"username\":\"").handle(names, person);
        self.text("\",\"created_at\":\"").time(START - 30_000_000 - (number as i64 * 104_729) % 300_000_000);
        self.text(if person < 50 { "\",\"verified\":true" } else { "\",\"verified\":false" });
        self.text(",\"public_metrics\":{\"followers_count\":").number(followers);
        self.text(",\"following_count\":").number(30 + number * 31 % 900);
        self.text(",\"tweet_count\":").number(10 + number * 37 % 9000);
        self.text(",\"listed_count\":").number(followers / 300);
        self.text(",\"like_count\":").number(number * 41 % 5000).text("}}");
    }

    fn tweet(&mut self, names: &Names, tweet: &Tweet) {
        self.text("{\"id\":\"").number(tweet.id).text("\",\"text\":\"");
        let mut mention = None;
        let kind = tweet.answers.map(|(kind, ..)| kind);
        match (tweet.answers, tweet.mention) {
            (Some((Kind::Repost, _, author, words)), _) => {
                let len = self.text("RT @").handle(names, author);
                mention = Some((author, 3, 4 + len));
                let [opening, middle, ..] = words::long_post(words);
                self.text(": ").text(opening).text(" ").text(middle).text("…");
            }
            (Some((Kind::Reply, _, person, _)), _) | (None, Some(person)) => {
                let len = self.text("@").handle(names, person);
                mention = Some((person, 0, 1 + len));
                self.text(" ");
            }
            _ => {}
        }
        match kind {
            None => {
                let [opening, middle, more, ending] = words::long_post(tweet.words);
                self.text(opening).text(" ").text(middle).text(" ").text(more).text(" ").text(ending);
            }
            Some(Kind::Repost) => {}
            Some(_) => {
                let [_, middle, ..] = words::long_post(tweet.words);
                self.text(words::ANSWERS[tweet.words as usize % words::ANSWERS.len()]).text(" ").text(middle);
            }
        }
        self.text("\",\"author_id\":\"")
            .account(tweet.author)
            .text("\",\"created_at\":\"")
            .time(tweet.at / 1000);
        let conversation = match tweet.answers {
            Some((Kind::Reply, original, ..)) => original,
            _ => tweet.id,
        };
        self.text("\",\"conversation_id\":\"").number(conversation).text("\",\"edit_history_tweet_ids\":[\"");
        self.number(tweet.id).text("\"],\"lang\":\"en\",\"possibly_sensitive\":false");
        self.text(",\"reply_settings\":\"everyone\",\"source\":\"Twitter Web App\"");
        if let Some((kind, id, author, _)) = tweet.answers {
            let name = match kind {
                Kind::Repost => "retweeted",
                Kind::Quote => "quoted",
                Kind::Reply | Kind::Like => {
                    self.text(",\"in_reply_to_user_id\":\"").account(author).text("\"");
                    "replied_to"
                }
            };
            self.text(",\"referenced_tweets\":[{\"type\":\"")
                .text(name)
                .text("\",\"id\":\"")
                .number(id)
                .text("\"}]");
        }
        if let Some((person, start, end)) = mention {
            self.text(",\"entities\":{\"mentions\":[{\"start\":")
                .number(start)
                .text(",\"end\":")
                .number(end as u64);
            self.text(",\"username\":\"").handle(names, person);
            self.text("\",\"id\":\"").account(person).text("\"}]}");
        }
        let outside = u64::from(tweet.outside);
        let [reposts, replies, likes, quotes] = tweet.seen.map(u64::from);
        self.text(",\"public_metrics\":{\"retweet_count\":").number(reposts + outside / 8);
        self.text(",\"reply_count\":").number(replies + outside / 14);
        self.text(",\"like_count\":").number(likes + outside);
        self.text(",\"quote_count\":").number(quotes + outside / 40);
        self.text(",\"bookmark_count\":").number(likes / 9);
        self.text(",\"impression_count\":").number((likes + outside) * 41 + replies * 90).text("}}");
    }
}
