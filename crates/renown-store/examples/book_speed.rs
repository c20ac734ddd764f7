//! How fast and how large a book is: `book_speed FOLDER [PEOPLE [DAYS]]` fills one in an empty folder, a million people and ninety days
//! unless told otherwise, and measures publishing, look-ups and charts. A folder that was filled so before is only measured again.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use renown_core::curve::Score;
use renown_core::record::{Day, Timestamp};
use renown_engine::people::Entry;
use renown_store::book::{BOOK, Book, BookError, By, Line, NewPublication};

/// How often each reading is measured.
const READINGS: usize = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("expected: book_speed FOLDER [PEOPLE [DAYS]]")?;
    let people = args.next().map_or(Ok(1_000_000), |text| text.parse::<u32>())?;
    let days = args.next().map_or(Ok(90), |text| text.parse::<u16>())?;
    let path = Path::new(&folder).join(BOOK);
    if !path.exists() {
        fill(&path, people, days)?;
    }

    // Opened anew, so that nothing is in the book's own caches; what the system keeps of the file, it keeps.
    let book = Book::open(&path)?;
    let (first, last) = (day_of(0), day_of(days));
    let number = i64::from(days);
    let mut random = Random(7);
    let mut measured = |what: &str, read: &dyn Fn(&str) -> Result<usize, BookError>| {
        let mut times = Vec::new();
        for _ in 0..READINGS {
            let person = name(random.below(people));
            let begun = Instant::now();
            if read(&person)? == 0 {
                return Err("nothing was found".into());
            }
            times.push(begun.elapsed());
        }
        println!("{what:<13} {}", spread(&mut times));
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    measured("a person", &|person| Ok(usize::from(book.resident(person)?.is_some())))?;
    measured("a look-up", &|person| Ok(usize::from(book.line(number, person)?.is_some())))?;
    measured("a chart", &|person| Ok(book.history(person, first, last)?.len()))?;
    measured("a page of 100", &|_| Ok(book.page(number, u64::from(people) / 2, 100)?.len()))?;
    Ok(())
}

/// Fills a book.
fn fill(path: &Path, people: u32, days: u16) -> Result<(), Box<dyn std::error::Error>> {
    let book = Book::open(path)?;
    let at = Timestamp::from_seconds(1_790_000_000).ok_or("a time")?;
    let entries: Vec<Entry> = (0..people).map(entry).collect();
    let begun = Instant::now();
    book.import(&entries, &By::keeper(at))?;
    println!("import        {people} people in {:.1} s", begun.elapsed().as_secs_f64());

    let mut publishing = Vec::new();
    for day in 0..days {
        let begun = Instant::now();
        publish(&book, people, day, at)?;
        publishing.push(begun.elapsed());
    }
    println!("publishing    {}", spread(&mut publishing));
    println!("the file      {:.2} GB", std::fs::metadata(path)?.len() as f64 / 1e9);
    Ok(())
}

/// A stream of numbers that is the same each time (Knuth's constants).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 32) % u64::from(end)) as u32
    }
}

fn name(number: u32) -> String {
    // Names are in no order that scores are in.
    format!("person-{:08x}", number.wrapping_mul(0x9e37_79b1))
}

fn day_of(number: u16) -> Day {
    Day::from_raw(20_000 + number)
}

fn entry(number: u32) -> Entry {
    let accounts =
        vec![("twitter".to_owned(), number.to_string()), ("youtube".to_owned(), format!("UC{number:022}"))];
    Entry {
        id: name(number),
        name: None,
        consent: Some(true),
        minor: false,
        exclude: false,
        accounts,
        line: 0,
    }
}

fn publish(book: &Book, people: u32, day: u16, at: Timestamp) -> Result<(), BookError> {
    let networks: [Arc<str>; 3] = ["facebook", "twitter", "youtube"].map(Arc::from);
    let publication = NewPublication {
        as_of: day_of(day),
        stamp: "a stamp".into(),
        scale: "1".into(),
        memo: None,
        published_at: at,
        moves: None,
        communities: Vec::new(),
    };
    let lines = (0..people).map(|place| {
        // Everybody is elsewhere each day.
        let person = (u64::from(place) + u64::from(day) * 12_345) % u64::from(people);
        let score = 1_000_000 - (u64::from(place) * 990_000 / u64::from(people)) as u32;
        let third = (score - 10_000) / 3;
        let parts = [third, third, score - 10_000 - 2 * third];
        Line {
            person: name(person as u32),
            score: Score(score),
            interval: None,
            rank: place + 1,
            percentile: score,
            coverage: 9_000,
            parts: networks.iter().cloned().zip(parts).collect(),
            reasons: Vec::new(),
        }
    });
    book.publish(&publication, lines, false).map(|_| ())
}

/// The middle, the slowest of a hundred, and the slowest of all.
fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() - 1) as f64 * share) as usize).copied().unwrap_or_default();
    format!("median {:.3?}, 99 of 100 below {:.3?}, most {:.3?}", at(0.5), at(0.99), at(1.0))
}
