//! How fast bulk pages of API v2 are read: `cargo run --release -p renown-twitter --example twitter_throughput [SECONDS]`.
//!
//! Makes pages of 100 tweets with what `expansions` and all `fields` bring (about 200 KB each, invented people), reads
//! them over and over on one thread into a sink that only counts, and prints megabytes a second of processor time, so
//! that a busy machine measures alike (of elapsed time, where the system does not tell). The same for the tweets of API
//! v1.1, one document each.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use renown_sdk::{
    Adapter, File, Handle, Interaction, Observation, Piece, Post, Reject, Sink, Vocabulary, Words,
};
use renown_twitter::Twitter;

/// Counts, so that nothing can be optimised away.
#[derive(Default)]
struct Counter {
    records: u64,
    rejects: u64,
}

impl Sink for Counter {
    fn interaction(&mut self, record: &Interaction<'_>) {
        self.records += record.amount;
    }
    fn post(&mut self, record: &Post<'_>) {
        self.records += 1 + (record.totals.len() / 1_000) as u64;
    }
    fn observation(&mut self, _: &Observation<'_>) {
        self.records += 1;
    }
    fn handle(&mut self, _: &Handle<'_>) {
        self.records += 1;
    }
    fn reject(&mut self, _: &Reject<'_>) {
        self.rejects += 1;
    }
    fn pass_over(&mut self, _: &'static str) {}
}

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3);
    let pages: Vec<String> = (0..64).map(page_v2).collect();
    measure("API v2 pages", "pages.jsonl", &pages, Duration::from_secs(seconds));
    let tweets: Vec<String> = (0..2_000).map(tweet_v1).collect();
    measure("API v1.1 tweets", "tweets.jsonl", &tweets, Duration::from_secs(seconds));
}

fn measure(what: &str, path: &str, documents: &[String], time: Duration) {
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), [Twitter.manifest()]);
    let file = File {
        path,
        head: documents[0].as_bytes(),
        disk: None,
        siblings: &(),
        options: &renown_sdk::NO_OPTIONS,
    };
    let kind = Twitter.recognise(&file).expect("the adapter knows its own format");
    let reader = Twitter.open(&file, kind, &vocabulary).expect("nothing is missing");
    let size: usize = documents.iter().map(String::len).sum();
    let (mut counter, mut bytes, start) = (Counter::default(), 0, Instant::now());
    let before = processor_seconds();
    while start.elapsed() < time {
        for document in documents {
            reader.read(&Piece::new(document.as_bytes(), 0), &mut counter);
        }
        bytes += size;
    }
    let elapsed = start.elapsed().as_secs_f64();
    let took = before.zip(processor_seconds()).map_or(elapsed, |(before, after)| after - before);
    println!(
        "{what} ({kind}, {} KB each): {:.0} MB/s, {:.1} million records/s, {} rejects",
        size / documents.len() / 1_000,
        bytes as f64 / took / 1e6,
        counter.records as f64 / took / 1e6,
        counter.rejects
    );
}

/// How long this thread has run, as Linux tells it.
fn processor_seconds() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = told.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// A number that looks random and is the same everywhere.
fn noise(seed: u64) -> u64 {
    let mut value = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    value ^= value >> 29;
    value = value.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value ^ (value >> 32)
}

const FIRST_ID: u64 = 1_500_000_000_000_000_000;

/// A page of API v2: every third tweet a retweet, every fourth a reply, every seventh a quote.
fn page_v2(page: u64) -> String {
    let mut text = String::from("{\"data\":[");
    let (mut users, mut tweets) = (String::new(), String::new());
    for at in 0..100 {
        let seed = page * 100 + at;
        let id = FIRST_ID + seed * 1_000;
        let (author, other) = (noise(seed) % 1_000_000, noise(seed + 7) % 1_000_000);
        let comma = if at == 0 { "" } else { "," };
        let body = tweet_v2(seed, id, author, other);
        let _ = write!(text, "{comma}{body}");
        let user = user_v2(seed, author);
        let _ = write!(users, "{comma}{user}");
        if at % 2 == 0 {
            let body = tweet_v2(seed * 12 + 1, id - 500, other, author);
            let comma = if tweets.is_empty() { "" } else { "," };
            let _ = write!(tweets, "{comma}{body}");
        }
    }
    let _ = write!(
        text,
        "],\"includes\":{{\"users\":[{users}],\"tweets\":[{tweets}]}},\"meta\":{{\"newest_id\":\"{FIRST_ID}\",\"result_count\":100}}}}"
    );
    text
}

fn tweet_v2(seed: u64, id: u64, author: u64, other: u64) -> String {
    let referenced = match seed % 12 {
        0 | 3 | 6 | 9 => {
            format!("\"referenced_tweets\":[{{\"type\":\"retweeted\",\"id\":\"{}\"}}],", id - 500)
        }
        1 | 5 => format!(
            "\"in_reply_to_user_id\":\"{other}\",\"referenced_tweets\":[{{\"type\":\"replied_to\",\"id\":\"{}\"}}],",
            id - 500
        ),
        7 => format!("\"referenced_tweets\":[{{\"type\":\"quoted\",\"id\":\"{}\"}}],", id - 500),
        _ => String::new(),
    };
    let opening = if seed.is_multiple_of(3) { format!("RT @user_{other}: ") } else { String::new() };
    format!(
        "{{\"conversation_id\":\"{id}\",\"created_at\":\"2026-03-{:02}T{:02}:{:02}:{:02}.000Z\",\"reply_settings\":\"everyone\",\
         {referenced}\"edit_history_tweet_ids\":[\"{id}\"],\"lang\":\"en\",\"possibly_sensitive\":false,\"source\":\"Twitter Web App\",\
         \"context_annotations\":[{{\"domain\":{{\"id\":\"46\",\"name\":\"Brand Category\",\"description\":\"Categories within Brand Verticals that narrow down the scope\"}},\
         \"entity\":{{\"id\":\"781974596752842752\",\"name\":\"Services\"}}}}],\
         \"entities\":{{\"mentions\":[{{\"start\":3,\"end\":14,\"username\":\"user_{other}\",\"id\":\"{other}\"}}],\
         \"urls\":[{{\"start\":90,\"end\":113,\"url\":\"https://t.co/abcdefghij\",\"expanded_url\":\"https://example.org/{id}\",\"display_url\":\"example.org/{id}\"}}]}},\
         \"author_id\":\"{author}\",\"id\":\"{id}\",\
         \"text\":\"{opening}We met \\\"again\\\" at the river, caf\\u00e9 and all\\n\\nand it was, as ever, the long way home https://t.co/abcdefghij\",\
         \"public_metrics\":{{\"retweet_count\":{},\"reply_count\":{},\"like_count\":{},\"quote_count\":{},\"bookmark_count\":{},\"impression_count\":{}}}}}",
        seed % 28 + 1,
        seed % 24,
        seed % 60,
        noise(seed) % 60,
        noise(seed) % 500,
        seed % 9,
        noise(seed + 1) % 3_000,
        seed % 3,
        seed % 5,
        noise(seed + 2) % 90_000,
    )
}

fn user_v2(seed: u64, id: u64) -> String {
    format!(
        "{{\"username\":\"user_{id}\",\"name\":\"Somebody {id}\",\"id\":\"{id}\",\"created_at\":\"2012-05-01T10:00:00.000Z\",\"protected\":false,\
         \"verified\":false,\"location\":\"Somewhere\",\"description\":\"Builds bridges, reads maps, walks dogs. Opinions are on loan.\",\
         \"profile_image_url\":\"https://pbs.example.org/profile_images/{id}/normal.jpg\",\"url\":\"https://t.co/abcdefghij\",\
         \"public_metrics\":{{\"followers_count\":{},\"following_count\":{},\"tweet_count\":{},\"listed_count\":{},\"like_count\":{}}}}}",
        noise(seed) % 100_000,
        noise(seed + 1) % 3_000,
        noise(seed + 2) % 50_000,
        noise(seed + 3) % 300,
        noise(seed + 4) % 20_000,
    )
}

/// A tweet of API v1.1 with its user; every third is a retweet that holds its original.
fn tweet_v1(seed: u64) -> String {
    let id = FIRST_ID + seed * 1_000;
    let plain = |id: u64, author: u64, held: &str| {
        format!(
            "{{\"created_at\":\"Mon Mar 02 12:00:{:02} +0000 2026\",\"id\":{id},\"id_str\":\"{id}\",\"text\":\"@user_7 the long way home, again\",\
             \"source\":\"\\u003ca href=\\\"https://example.org\\\"\\u003eweb\\u003c/a\\u003e\",\"truncated\":false,\"in_reply_to_status_id\":null,\
             \"in_reply_to_status_id_str\":null,\"in_reply_to_user_id\":null,\"in_reply_to_user_id_str\":null,\"in_reply_to_screen_name\":null,\
             \"user\":{{\"id\":{author},\"id_str\":\"{author}\",\"name\":\"Somebody\",\"screen_name\":\"user_{author}\",\"location\":\"Somewhere\",\
             \"description\":\"Builds bridges, reads maps, walks dogs.\",\"url\":null,\"entities\":{{\"description\":{{\"urls\":[]}}}},\"protected\":false,\
             \"followers_count\":{},\"friends_count\":{},\"listed_count\":3,\"created_at\":\"Tue May 01 10:00:00 +0000 2012\",\"favourites_count\":99,\
             \"utc_offset\":null,\"time_zone\":null,\"geo_enabled\":false,\"verified\":false,\"statuses_count\":1234,\"lang\":\"en\",\
             \"profile_background_image_url_https\":\"https://abs.example.org/images/themes/theme1/bg.png\",\"profile_link_color\":\"1DA1F2\"}},\
             \"geo\":null,\"coordinates\":null,\"place\":null,\"contributors\":null,{held}\"is_quote_status\":false,\"retweet_count\":4,\"favorite_count\":5,\
             \"entities\":{{\"hashtags\":[],\"symbols\":[],\"user_mentions\":[{{\"screen_name\":\"user_7\",\"name\":\"Seven\",\"id\":7,\"id_str\":\"7\",\"indices\":[0,7]}}],\"urls\":[]}},\
             \"favorited\":false,\"retweeted\":false,\"lang\":\"en\"}}",
            seed % 60,
            noise(seed) % 90_000,
            noise(seed + 1) % 3_000,
        )
    };
    let author = noise(seed) % 1_000_000;
    if seed.is_multiple_of(3) {
        let held = format!("\"retweeted_status\":{},", plain(id - 500, author + 1, ""));
        plain(id, author, &held)
    } else {
        plain(id, author, "")
    }
}
