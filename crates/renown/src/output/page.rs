//! What all HTML pages have: one file that loads nothing from elsewhere, on a phone, in the dark, read aloud or printed.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::shown;

const STYLE: &str = include_str!("page.css");

/// Writes a page. No script runs in it: what is folded away is so by the browser's own `details`.
pub(super) fn write(title: &str, body: &Markup, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // Whatever a name or a value may hold, nothing is loaded and nothing is run.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    out.write_all(page.into_string().as_bytes())?;
    out.write_all(b"\n")
}

/// A bar in a table's cell, from the middle to the left for what is negative; `share` is of the widest one, -1 to 1. The number stands
/// beside it, so that it is hidden from who hears the page.
pub(super) fn bar(share: f64) -> Markup {
    let (x, class) = if share < 0.0 { (50.0 + 50.0 * share, "minus") } else { (50.0, "plus") };
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none" {
            line.axis x1="50" y1="0" x2="50" y2="10" {}
            rect class=(class) x=(format!("{x:.2}")) y="1" width=(format!("{:.2}", 50.0 * share.abs())) height="8" {}
        }
    }
}

/// A bar that begins at the left; `share` is of the widest one, 0 to 1.
pub(super) fn bar_of(share: f64) -> Markup {
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none" {
            rect.plus x="0" y="1" width=(format!("{:.2}", 100.0 * share)) height="8" {}
        }
    }
}

/// A feature's name, which a narrow column breaks between its words.
pub(super) fn name_of(feature: &str) -> Markup {
    html! { @for word in shown(feature, false).split_inclusive(['.', '_']) { (word) wbr; } }
}
