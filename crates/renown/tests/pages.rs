//! Pages as a browser shows them: wide and narrow, light and dark, with all that a reader who hears them needs, and nothing from
//! elsewhere.
//!
//! Chromium is Debian's, which `sh scripts/setup-tests` installs.
#![cfg(target_os = "linux")]

mod common {
    pub(crate) mod browser;
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
}

use std::fmt::Write as _;

use common::browser::{Browser, Picture};
use common::folder::Folder;
use common::renown::renown;
use serde_json::{Value, json};

const TOWN: [&str; 5] = ["examples/town", "--people", "examples/town/people.toml", "--format", "html"];
const WIDE: u32 = 1280;
const NARROW: u32 = 390;
const HEIGHT: u32 = 1600;

fn explained() -> String {
    let ran = renown([&["explain", "mara-lind", "-q"], &TOWN[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

/// All sorts of pages.
fn pages() -> Vec<String> {
    let september = ["--as-of-before", "2026-08-31", "--as-of", "2026-09-30", "-q"];
    let set = ["--set", "networks.twitter.weight=0.5", "-q"];
    let mut pages = vec![explained()];
    for args in [
        [&["diff", TOWN[0]], &TOWN[..], &september].concat(),
        [&["diff", TOWN[0], TOWN[0], "mara-lind"], &TOWN[1..], &september].concat(),
        [&["what-if"], &TOWN[..], &set].concat(),
    ] {
        let ran = renown(args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        pages.push(ran.stdout);
    }
    pages
}

/// What is seen of pages, each in a frame of some width.
fn measured(browser: &Browser, frames: &[(&str, u32)], is_dark: bool) -> Vec<Value> {
    let mut html = String::new();
    for (index, (page, width)) in frames.iter().enumerate() {
        let url = browser.page(&format!("frame-{index}.html"), page);
        let _ = write!(
            html,
            "<iframe scrolling=no style='border:0;width:{width}px;height:900px' src='{url}'></iframe>"
        );
    }
    let measure = include_str!("screens/measure.html").replace("FRAMES", &html);
    let seen = browser.document(&browser.page("measure.html", &measure), is_dark);
    let (_, seen) = seen.split_once("<pre id=\"seen\">").expect("what was seen");
    let (seen, _) = seen.split_once("</pre>").expect("its end");
    let seen = seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str::<Vec<Value>>(&seen).unwrap_or_else(|error| panic!("{error}: {seen}"))
}

#[track_caller]
fn list<'v>(seen: &'v Value, key: &str) -> &'v Vec<Value> {
    seen[key].as_array().unwrap_or_else(|| panic!("no {key} in {seen:#}"))
}

/// By how much the page, or a table in it, is wider than there is room.
fn over(seen: &Value) -> i64 {
    list(seen, "over").iter().filter_map(Value::as_i64).max().expect("a page")
}

/// As it would be without its rules for narrow screens, where tables neither shrink nor scroll.
fn without_phone_rules(page: &str) -> String {
    let page = page.replace(".scroll { overflow-x: auto; }", "");
    let (before, rules) = page.split_once("@media (max-width: 40rem)").expect("rules for narrow screens");
    format!("{before}.features {{ white-space: nowrap }} @media (max-width: 0) {rules}")
}

#[test]
fn nothing_is_wider_than_its_screen_and_all_is_told() {
    let (folder, pages) = (Folder::new(), pages());
    let browser = Browser::new(&folder);
    let wide = without_phone_rules(&pages[0]);
    browser.page("dot.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    let brought = "<script>document.title = 'a script ran'</script><img src=dot.svg alt=''></main>";
    let brought = pages[0].replace("</main>", brought);
    let let_in = brought.replace("Content-Security-Policy", "X");
    let mut frames: Vec<(&str, u32)> =
        pages.iter().flat_map(|page| [(page.as_str(), NARROW), (page, WIDE)]).collect();
    frames.extend([(wide.as_str(), NARROW), (&brought, WIDE), (&let_in, WIDE)]);
    let seen = measured(&browser, &frames, true);
    let (checks, seen) = (&seen[2 * pages.len()..], &seen[..2 * pages.len()]);
    for seen in seen {
        assert_eq!(over(seen), 0, "{seen:#}");
        assert_eq!(seen["dark"], true);
        assert_eq!(list(seen, "loaded").len(), 0, "{seen:#}");
        assert_eq!(seen["lang"], "en");
        assert!(seen["title"].as_str().is_some_and(|title| title.len() > 10), "{seen:#}");
        let headings: Vec<&str> = list(seen, "headings").iter().filter_map(Value::as_str).collect();
        assert!(headings.len() > 1 && headings[0] == "H1", "{headings:?}");
        assert!(headings[1..].iter().all(|heading| *heading == "H2"), "{headings:?}");
        assert!(seen["headers"].as_u64() > Some(5) && seen["charts"].as_u64() > Some(2), "{seen:#}");
        for lost in ["lost_headers", "lost_charts"] {
            assert_eq!(list(seen, lost).len(), 0, "{seen:#}");
        }
    }
    let label = seen[0]["labels"][0].as_str().expect("the score's place, in words");
    assert!(label.contains("on a scale from 1 to 100, between") && !label.contains("NaN"), "{label}");
    // What is looked for would be found.
    assert!(over(&checks[0]) > 0, "{:#}", checks[0]);
    // What a name or a value might bring along is not run, and not loaded; without the page's policy it would be.
    assert_eq!((&checks[1]["title"], &checks[1]["images"]), (&seen[0]["title"], &json!([0])));
    assert_eq!((&checks[2]["title"], &checks[2]["images"]), (&json!("a script ran"), &json!([9])));
    assert_eq!(measured(&browser, &frames[..1], false)[0]["dark"], false);
}

/// The page's text names no other place, and forbids to ask one.
#[test]
fn nothing_is_asked_of_anybody() {
    for page in pages() {
        assert!(
            page.contains("http-equiv=\"Content-Security-Policy\"") && page.contains("default-src 'none'")
        );
        let text = page.replace("http-equiv", "");
        for other in ["http", "//", "url(", "@import", "<script", "<img", "<iframe", " src=", " onload="] {
            assert!(!text.contains(other), "{other} in {page}");
        }
    }
}

#[test]
fn it_looks_right_by_day_and_by_night() {
    let folder = Folder::new();
    let browser = Browser::new(&folder);
    let page = explained();
    let url = browser.page("page.html", &page);
    for (is_dark, paper, bar, band) in [
        (false, [0xff, 0xff, 0xff], [0x0b, 0x6b, 0xcb], [0x9c, 0xc4, 0xee]),
        (true, [0x0d, 0x11, 0x17], [0x58, 0xa6, 0xff], [0x1f, 0x4d, 0x80]),
    ] {
        let seen = browser.picture(&url, [WIDE, HEIGHT], is_dark);
        assert_eq!((seen.width, seen.height), (WIDE, HEIGHT));
        // Most is paper; the margins are nothing else.
        assert!(seen.count(0..WIDE, |colour| colour == paper) * 10 > (WIDE * HEIGHT) as usize * 8);
        for margin in [0..140, WIDE - 140..WIDE] {
            assert_eq!(seen.count(margin, |colour| colour != paper), 0);
        }
        let is_read = |colour| (luminance(colour) - luminance(paper)).abs() > 0.6;
        let text = seen.count(0..WIDE, is_read);
        assert!(text > 5_000, "only {text} dots of text stand out from the paper");
        assert!(seen.count(0..WIDE, |colour| colour == bar) > 2_000, "bars are seen");
        let interval = seen.count(0..WIDE, |colour| colour == band);
        assert!(interval > 20, "the interval is not seen: {interval} dots");
    }
}

/// On a phone nothing is cut off at the edge, which would show if it were.
#[test]
fn nothing_is_cut_off_on_a_phone() {
    let folder = Folder::new();
    let browser = Browser::new(&folder);
    let page = explained();
    let framed = |name: &str, page: &str| -> Picture {
        let url = browser.page(&format!("{name}.html"), page);
        // Browsers have a least width; a frame has none.
        let frame = format!(
            "<!doctype html><body style='margin:0;background:white'><iframe scrolling=no style='border:0;width:{NARROW}px;height:{HEIGHT}px' src='{url}'></iframe>"
        );
        browser.picture(&browser.page(&format!("framed-{name}.html"), &frame), [600, HEIGHT], false)
    };
    let edge = NARROW - 8..NARROW;
    let is_ink = |colour| luminance(colour) < 0.5;
    let seen = framed("page", &page);
    assert_eq!(seen.count(edge.clone(), is_ink), 0);
    assert!(seen.count(0..NARROW, is_ink) > 5_000);
    let wide = framed("wide", &without_phone_rules(&page));
    assert!(wide.count(edge, is_ink) > 0, "a page that is too wide shows at the edge");
}

/// Relative luminance, 0 to 1, as of WCAG 2.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
