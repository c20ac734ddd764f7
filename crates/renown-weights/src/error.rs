//! Errors as their reader sees them: the place, an excerpt, what was expected and what may have been meant.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use renown_core::stat::Stat;
use renown_core::suggest::{nearest, unknown};

use crate::place;

/// Weights that cannot be used. Displays as an excerpt of the file, or of the `--set`, with a caret under the fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rendered}")]
pub struct WeightsError {
    message: String,
    place: Option<(usize, usize)>,
    rendered: String,
    formula_failed: bool,
}

impl WeightsError {
    /// What is wrong, in a line, without the excerpt.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line and column of the fault, from 1; in characters, within the file or the `--set`. `None` if it is of no place.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.place
    }

    /// Whether a formula failed, and the weights are not to blame.
    pub fn formula_failed(&self) -> bool {
        self.formula_failed
    }
}

/// What weights were read from: a file, and what was set over it.
///
/// Places are byte offsets. Those of a `--set` go on where the text before it ends, as if all stood in one file, so
/// that an offset alone says where a value came from, whatever it went through since.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    path: String,
    text: String,
    sets: Vec<String>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str, sets: &[&str]) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            sets: sets.iter().map(|&set| set.to_owned()).collect(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether anything was set.
    pub(crate) fn is_set(&self) -> bool {
        !self.sets.is_empty()
    }

    /// What was set, each with the place at which it begins.
    pub(crate) fn sets(&self) -> impl Iterator<Item = (usize, &str)> {
        self.sets.iter().scan(self.text.len() + 1, |next, set| {
            let base = *next;
            *next += set.len() + 1;
            Some((base, set.as_str()))
        })
    }

    /// Where a place is: the name of the text, the text, and the place within it.
    fn locate(&self, span: &Range<usize>) -> (&str, &str, Range<usize>) {
        let set = self.sets().find(|(base, set)| (*base..=base + set.len()).contains(&span.start));
        let (name, base, text) = match set {
            Some((base, set)) => ("--set", base, set),
            None => (self.path(), 0, self.text()),
        };
        let within = |at: usize| text.floor_char_boundary(at.saturating_sub(base).min(text.len()));
        let start = within(span.start);
        (name, text, start..within(span.end).max(start))
    }

    /// A fault at a place as something that can be used all the same, with its code and a note; and where that is, unless
    /// it is the beginning of the file.
    pub(crate) fn warning(&self, code: &str, fault: &Fault, note: &str) -> (Option<Excerpt>, String) {
        let title = Level::WARNING.primary_title(fault.message.as_str()).id(code);
        let help = fault.help.iter().map(|help| Level::HELP.message(help.as_str()));
        let help = help.chain([Level::NOTE.message(note)]);
        let span = match &fault.place {
            Place::Span(span) if !span.is_empty() => span.clone(),
            _ => {
                let group = title.element(Origin::path(self.path())).elements(help);
                return (None, Renderer::plain().render(&[group]));
            }
        };
        let (name, text, at) = self.locate(&span);
        let mark = AnnotationKind::Primary.span(at.clone());
        let excerpt = Snippet::source(text).path(name).annotation(mark);
        let rendered = Renderer::plain().render(&[title.element(excerpt).elements(help)]);
        let excerpt = Excerpt {
            in_file: span.start <= self.text.len(),
            start: line_and_column(text, at.start),
            end: line_and_column(text, at.end),
            bytes: at,
        };
        (Some(excerpt), rendered)
    }

    pub(crate) fn error(&self, fault: Fault) -> WeightsError {
        let Fault { message, place: of, label, help, formula_failed } = fault;
        let title = Level::ERROR.primary_title(message.as_str());
        let help = help.iter().map(|help| Level::HELP.message(help.as_str()));
        let span = match of {
            Place::Span(span) => span,
            Place::Within(within) => {
                let Within { span, text: value, bytes } = *within;
                let (_, text, at) = self.locate(&span);
                let inner = place::within(&text[at], &value, &bytes);
                span.start + inner.start..span.start + inner.end
            }
            Place::File => {
                let rendered =
                    Renderer::plain().render(&[title.element(Origin::path(self.path())).elements(help)]);
                return WeightsError { message, place: None, rendered, formula_failed };
            }
            Place::None => {
                let rendered = Renderer::plain().render(&[title.elements(help)]);
                return WeightsError { message, place: None, rendered, formula_failed };
            }
        };
        let (name, text, span) = self.locate(&span);
        let place = line_and_column(text, span.start);
        let mark = AnnotationKind::Primary.span(span);
        let mark = if label.is_empty() { mark } else { mark.label(label.as_str()) };
        let excerpt = Snippet::source(text).path(name).annotation(mark);
        let rendered = Renderer::plain().render(&[title.element(excerpt).elements(help)]);
        WeightsError { message, place: Some(place), rendered, formula_failed }
    }
}

/// A place in the weights file, or in a `--set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Whether it is in the file.
    pub in_file: bool,
    /// The line and column where it begins, from 1; in characters.
    pub start: (usize, usize),
    /// Those behind its end.
    pub end: (usize, usize),
    /// Its bytes.
    pub bytes: Range<usize>,
}

/// The line and column of a byte, from 1; in characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
    (line, column)
}

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    message: String,
    place: Place,
    label: String,
    help: Option<String>,
    formula_failed: bool,
}

#[derive(Debug)]
enum Place {
    Span(Range<usize>),
    /// Some bytes of the value of a text that stands there.
    Within(Box<Within>),
    /// The file as a whole.
    File,
    /// Not in the weights.
    None,
}

#[derive(Debug)]
struct Within {
    /// Where the text stands.
    span: Range<usize>,
    text: String,
    bytes: Range<usize>,
}

impl Fault {
    fn new(place: Place, message: impl Into<String>) -> Self {
        Self { message: message.into(), place, label: String::new(), help: None, formula_failed: false }
    }

    /// A fault at a place.
    pub(crate) fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Place::Span(span), message)
    }

    /// A fault of some bytes of a text that stands at a place.
    pub(crate) fn within(
        span: Range<usize>,
        text: &str,
        bytes: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Place::Within(Box::new(Within { span, text: text.to_owned(), bytes })), message)
    }

    /// A fault that is not in the weights.
    pub(crate) fn elsewhere(message: impl Into<String>) -> Self {
        Self::new(Place::None, message)
    }

    /// It is a failure of a formula's own, at the place that names the formula.
    pub(crate) fn of_formula(mut self) -> Self {
        self.formula_failed = true;
        self
    }

    /// What is said beside the caret.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What is said below the excerpt.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the known name that was meant, if one is near, in place of other help.
    pub(crate) fn meant<'n>(self, wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        match nearest(wrong, known) {
            Some(meant) => self.help(format!("did you mean `{meant}`?")),
            None => self,
        }
    }

    /// What the TOML parser and serde found, in words for somebody who knows neither.
    pub(crate) fn of_toml(error: &toml::de::Error) -> Self {
        let message = error.message();
        let span = error.span().unwrap_or(0..0);
        if message.starts_with("unknown field `")
            && let Some((wrong, known)) = unknown(message)
        {
            if wrong.starts_with("$__toml") {
                return Self::at(span, "expected anything but a date here");
            }
            let fault = Self::at(span, format!("unknown key `{wrong}`"));
            return match Stat::named(wrong) {
                // `repost.weighted = 1` is a table `repost` to TOML.
                Some(stat) if known.contains(&"curve") => {
                    fault.help(format!("the name of a feature is put in quotes: `\"….{stat}\" = …`"))
                }
                _ => fault.label(format!("expected {}", listed(&known))).meant(wrong, known),
            };
        }
        if let Some(name) = message.strip_prefix("missing field ") {
            let fault = if error.span().is_some_and(|span| span.start > 0) {
                Self::at(span, format!("{name} is missing here"))
            } else {
                Self::new(Place::File, format!("{name} is missing"))
            };
            if name == "`path`" {
                return fault.help("write `path = \"…\"`, where the plugin's file is, relative to this one");
            }
            return fault.help(
                "the file is the whole ruler and nothing has a hidden value; the default file shows each",
            );
        }
        let of_shape =
            message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid length "));
        if let Some((found, expected)) = of_shape.and_then(|rest| rest.rsplit_once(", expected ")) {
            let found = match found {
                "map" => "a table or a date",
                "sequence" => "an array",
                found => found,
            };
            let fault =
                |expected: &str| Self::at(span.clone(), format!("expected {expected}, found {found}"));
            return match expected {
                "a sequence" if found.starts_with("a table") => {
                    fault("an array").help("each table of an array has double brackets: `[[…]]`")
                }
                "a sequence" => fault("an array"),
                expected => fault(expected),
            };
        }
        Self::at(span, message)
    }
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn listed(names: &[&str]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        text.push_str(match index {
            0 => "",
            _ if index + 1 == names.len() => " or ",
            _ => ", ",
        });
        text.push('`');
        text.push_str(name);
        text.push('`');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_tell_the_file_from_each_set() {
        let source = Source::new("w.toml", "one\ntwö = 2\n", &["a=1", "bb=22"]);
        let places: Vec<usize> = source.sets().map(|set| set.0).collect();
        assert_eq!(places, [14, 18]);
        assert_eq!(source.locate(&(4..8)), ("w.toml", "one\ntwö = 2\n", 4..8));
        assert_eq!(source.locate(&(14..15)), ("--set", "a=1", 0..1));
        assert_eq!(source.locate(&(21..23)), ("--set", "bb=22", 3..5));
        assert_eq!(source.error(Fault::at(9..10, "x")).place(), Some((2, 5)));
        // Past an end, or within a character.
        assert_eq!(source.locate(&(7..999)).2, 6..13);
    }
}
