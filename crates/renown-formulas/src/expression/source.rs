//! From an expression's text to something that can be computed, by nanoexpr, whose names have neither points nor dashes. So
//! names are looked at here first, and features become names that it has, of the same length: what it says of places is
//! then true of the text.

use std::fmt::Write;
use std::ops::Range;

use nanoexpr::{Context, ErrorKind, Evaluator, Instruction, Number, Program, Span};
use renown_core::formula::FormulaError;

use super::SCORE;

type One = fn(f64) -> f64;
type Two = fn(f64, f64) -> f64;

/// From `libm`, so that they give the same bits on every platform; a square root is exact everywhere.
const ONE: [(&str, One); 6] = [
    ("log", libm::log),
    ("log1p", libm::log1p),
    ("log2", libm::log2),
    ("exp", libm::exp),
    ("sqrt", f64::sqrt),
    ("abs", f64::abs),
];

/// `f64::min` and `f64::max` would hide what is no number.
const MANY: [(&str, Two); 2] = [
    ("min", |a, b| if a <= b || a.is_nan() { a } else { b }),
    ("max", |a, b| if a >= b || a.is_nan() { a } else { b }),
];

const POW: &str = "pow";

fn functions() -> impl Iterator<Item = &'static str> {
    ONE.iter().map(|one| one.0).chain(MANY.iter().map(|many| many.0)).chain([POW])
}

/// So many brackets and operators may be within each other.
const DEEPEST: usize = 64;
/// So many values a function may take.
const ARGUMENTS: usize = 32;
/// So many values may be pending at once.
const PENDING: usize = 64;

/// A number as everywhere else in Renown: what cannot be computed is `NaN` or infinite and goes on as that, and a power is
/// `libm`'s. Comparisons are left out, and conditions with them: a threshold moves a score by leaps.
#[derive(Clone, Copy, Debug, Default)]
struct Value(f64);

impl Number for Value {
    fn parse(literal: &str) -> Option<Self> {
        literal.parse().ok().filter(|number: &f64| number.is_finite()).map(Self)
    }

    fn add(self, other: Self) -> Result<Self, ErrorKind> {
        Ok(Self(self.0 + other.0))
    }

    fn subtract(self, other: Self) -> Result<Self, ErrorKind> {
        Ok(Self(self.0 - other.0))
    }

    fn multiply(self, other: Self) -> Result<Self, ErrorKind> {
        Ok(Self(self.0 * other.0))
    }

    fn divide(self, other: Self) -> Result<Self, ErrorKind> {
        Ok(Self(self.0 / other.0))
    }

    fn remainder(self, _: Self) -> Result<Self, ErrorKind> {
        Err(ErrorKind::Unsupported)
    }

    fn power(self, other: Self) -> Result<Self, ErrorKind> {
        Ok(Self(libm::pow(self.0, other.0)))
    }

    fn negate(self) -> Result<Self, ErrorKind> {
        Ok(Self(-self.0))
    }
}

/// Finds the column of a feature, `None` if it is only not in this run.
pub(super) type Find<'f> = &'f mut dyn FnMut(&str, Range<usize>) -> Result<Option<usize>, FormulaError>;

/// An expression that can be computed.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The text, with `__7` for the feature that `features` has in place 7.
    text: String,
    /// The columns of the features that it names.
    features: Vec<Option<usize>>,
}

impl Source {
    /// # Errors
    /// What is wrong with the text, and with which bytes of it.
    pub(super) fn new(text: &str, find: Find<'_>) -> Result<Self, FormulaError> {
        let mut source = Self { text: String::with_capacity(text.len()), features: Vec::new() };
        let mut at = 0;
        while let Some(token) = token(text, at)? {
            let place = at..at + token.length;
            at = place.end;
            match token.name {
                Some(name) if name.contains('.') => {
                    let column = find(name, place.clone())?;
                    source.feature(column, place)?;
                }
                Some(name) if functions().any(|function| function == name) => source.text += name,
                Some(name) if text[at..].trim_start().starts_with('(') => {
                    return Err(of(place, format!("there is no function `{name}`")).known(functions()));
                }
                Some(name) => {
                    let error = of(place, format!("`{name}` is not the name of a feature"));
                    return Err(error.help("a feature is `<kind or metric>.<stat>`, such as `repost.actors`"));
                }
                None => source.text += &text[place],
            }
        }
        let nothing = source.ready(|ready| ready.evaluate(|_| 0.0)).flatten();
        nothing.map_err(|error| in_words(error, text))?;
        Ok(source)
    }

    /// Writes a feature under a name as long as what stands in the text.
    fn feature(&mut self, column: Option<usize>, place: Range<usize>) -> Result<(), FormulaError> {
        let known = self.features.iter().position(|known| *known == column);
        let number = known.unwrap_or(self.features.len());
        if known.is_none() {
            self.features.push(column);
        }
        let start = self.text.len();
        // Writing into a text cannot fail.
        let _ = write!(self.text, "{number:_>width$}", width = place.len());
        if self.text.len() - start > place.len() || !self.text[start..].starts_with('_') {
            return Err(of(place, "too many features in one expression"));
        }
        Ok(())
    }

    /// The columns that it names.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.features.iter().filter_map(|column| *column)
    }

    /// Reads it, which takes as long as computing it a few times.
    pub(super) fn ready<T>(&self, each: impl FnOnce(Ready<'_>) -> T) -> Result<T, nanoexpr::Error> {
        // Each instruction stands for a number, a name or an operator, or for half of `?:`.
        let mut room = vec![Instruction::default(); self.text.len()];
        let program =
            Evaluator::<_, ARGUMENTS>::new(&()).max_depth(DEEPEST).compile(&self.text, &mut room)?;
        Ok(each(Ready { source: self, program }))
    }
}

/// An expression that was read.
pub(super) struct Ready<'r> {
    source: &'r Source,
    program: Program<'r, 'r, Value, PENDING>,
}

impl Ready<'_> {
    /// The points of a row, of which `value` gives the values by their columns.
    pub(super) fn of(&self, value: impl Fn(usize) -> f64) -> f64 {
        // What can fail has failed in `Source::new`: whether it does is not a matter of values.
        self.evaluate(value).unwrap_or(f64::NAN)
    }

    fn evaluate(&self, value: impl Fn(usize) -> f64) -> Result<f64, nanoexpr::Error> {
        Ok(self.program.evaluate(&Row { features: &self.source.features, value })?.0)
    }
}

/// What names stand for in one row.
struct Row<'r, F> {
    features: &'r [Option<usize>],
    value: F,
}

impl<F: Fn(usize) -> f64> Context<Value> for Row<'_, F> {
    fn variable(&self, name: &str) -> Option<Value> {
        let number: usize = name.strip_prefix('_')?.trim_start_matches('_').parse().ok()?;
        Some(Value(self.features.get(number)?.map_or(0.0, &self.value)))
    }

    fn call(&self, name: &str, values: &[Value]) -> Option<Result<Value, ErrorKind>> {
        if let Some((_, many)) = MANY.iter().find(|many| many.0 == name) {
            let all = values.iter().map(|value| value.0).reduce(many);
            return Some(all.map(Value).ok_or(ErrorKind::ArgumentCount));
        }
        let one = ONE.iter().find(|one| one.0 == name);
        Some(match (one, values) {
            (Some((_, function)), [value]) => Ok(Value(function(value.0))),
            (None, [left, right]) if name == POW => left.power(*right),
            (None, _) if name != POW => return None,
            _ => Err(ErrorKind::ArgumentCount),
        })
    }
}

/// A part of the text.
struct Token<'t> {
    length: usize,
    /// Without its braces, if it is a name.
    name: Option<&'t str>,
}

/// The part that begins at a byte: a name, a number, or a character.
fn token(text: &str, at: usize) -> Result<Option<Token<'_>>, FormulaError> {
    let rest = &text[at..];
    let Some(first) = rest.chars().next() else { return Ok(None) };
    if first == '{' {
        let length = rest.find('}').ok_or_else(|| of(at..at + 1, "this brace is never closed"))?;
        let name = rest[1..length].trim();
        if name.contains('.') {
            return Ok(Some(Token { length: length + 1, name: Some(name) }));
        }
        return Err(of(at..at + length + 1, format!("`{name}` is not the name of a feature")));
    }
    let is_of_name = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
    let length = rest.find(|character| !is_of_name(character)).unwrap_or(rest.len());
    let is_name = first.is_alphabetic() || first == '_';
    Ok(Some(Token { length: length.max(first.len_utf8()), name: is_name.then_some(&rest[..length]) }))
}

/// What nanoexpr says, in words that fit; the text as its user wrote it.
fn in_words(error: nanoexpr::Error, text: &str) -> FormulaError {
    let Span { start, end } = error.span;
    let named = text[start..end].split('(').next().unwrap_or_default().trim_end();
    let place = match error.kind {
        // The call whole.
        ErrorKind::ArgumentCount | ErrorKind::UnknownFunction => start..start + named.len(),
        _ => start..end,
    };
    let follows_value =
        text[..start].trim_end().ends_with(|last: char| last.is_alphanumeric() || ")}_.".contains(last));
    let message = match error.kind {
        ErrorKind::UnexpectedToken if follows_value && named == ")" => {
            "this bracket closes none that is open".to_owned()
        }
        ErrorKind::UnexpectedToken | ErrorKind::UnexpectedCharacter if follows_value => {
            "expected an operator (+ - * / ^), `)` or the end here".to_owned()
        }
        ErrorKind::UnexpectedToken | ErrorKind::UnexpectedCharacter => {
            "expected a number, a feature, a function or a bracket here".to_owned()
        }
        ErrorKind::UnexpectedEnd => "expected more: a number, a feature, a function or a bracket".to_owned(),
        ErrorKind::UnclosedParenthesis => "this bracket is never closed".to_owned(),
        ErrorKind::InvalidNumber => "this is no number".to_owned(),
        ErrorKind::UnknownVariable => format!("`{named}` is a function: expected `(` behind it"),
        ErrorKind::UnknownFunction => format!("`{named}` is a feature: expected an operator behind it"),
        ErrorKind::ArgumentCount if MANY.iter().any(|many| many.0 == named) => {
            format!("`{named}` takes at least one value")
        }
        ErrorKind::ArgumentCount if named == POW => format!("`{named}` takes two values"),
        ErrorKind::ArgumentCount => format!("`{named}` takes one value"),
        ErrorKind::TooManyArguments => format!("a function takes at most {ARGUMENTS} values"),
        ErrorKind::TooDeep => format!("more than {DEEPEST} brackets and operators within each other"),
        ErrorKind::TooLong => format!("more than {PENDING} values that wait for others"),
        ErrorKind::Unsupported => {
            "expected none but the operators + - * / ^: others would move a score by leaps".to_owned()
        }
        other => other.to_string(),
    };
    of(place, message)
}

fn of(place: Range<usize>, message: impl Into<String>) -> FormulaError {
    FormulaError::new(message).of_text(SCORE, place)
}
#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the examples are exact in binary")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// With `a.h` = 3, `b-c.h` = 5, and a feature of another run.
    fn find(name: &str, place: Range<usize>) -> Result<Option<usize>, FormulaError> {
        match name {
            "a.h" => Ok(Some(0)),
            "b-c.h" => Ok(Some(1)),
            "other.h" => Ok(None),
            _ => Err(of(place, "unknown")),
        }
    }

    fn parse(text: &str) -> Result<Source, FormulaError> {
        Source::new(text, &mut find)
    }

    fn value(text: &str) -> f64 {
        let source = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        source.ready(|ready| ready.of(|column| [3.0, 5.0][column])).unwrap()
    }

    #[test]
    fn operators_bind_as_in_mathematics() {
        for (text, expected) in [
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("10 - 3 - 2", 5.0),
            ("16 / 4 / 2", 2.0),
            ("2 ^ 3 ^ 2", 512.0),
            ("-2 ^ 2", -4.0),
            ("2 ^ -1 * 3", 1.5),
            ("2 ^ -2 ^ 2 * 16", 1.0),
            ("2 * -3", -6.0),
            ("--3 - -3", 6.0),
            ("1e3 + 1.5E-1 * 0 + .5", 1000.5),
            ("a.h*{b-c.h}", 15.0),
            ("a.h-other.h", 3.0),
            ("max(a.h, min({ b-c.h }, 4), 2)", 4.0),
            ("min(7)", 7.0),
            ("log2(8) + sqrt(16) + abs(-1) + pow(2, 5)", 40.0),
            ("exp(0) + log(1) + log1p(0)", 1.0),
            ("\t1\n+\r\n2 ", 3.0),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        assert!(value("max(0, sqrt(-1))").is_nan() && value("min(sqrt(-1), 0)").is_nan());
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        for (text, wrong, message) in [
            ("", "", "expected more"),
            ("1 +", "", "expected more"),
            ("1 + * 2", "*", "expected a number"),
            ("1 2", "2", "expected an operator"),
            ("(1 + 2", "(", "never closed"),
            ("1 + 2)", ")", "closes none"),
            ("max(1, 2", "(", "never closed"),
            ("(1, 2)", ",", "expected an operator"),
            ("lgo(1)", "lgo", "there is no function `lgo`"),
            ("log", "log", "`log` is a function"),
            ("log(1, 2)", "log", "takes one value"),
            ("pow(1)", "pow", "takes two values"),
            ("2 * actors", "actors", "not the name of a feature"),
            ("2 * a.days", "a.days", "unknown"),
            ("{a.h", "{", "never closed"),
            ("{}", "{}", "not the name of a feature"),
            ("1.2.3", ".3", "expected an operator"),
            ("1e999", "1e999", "no number"),
            ("2 × 3", "×", "expected an operator"),
            ("é.h + 1", "é.h", "unknown"),
            ("a.h + é", "é", "not the name of a feature"),
            ("1 + ¼", "¼", "expected a number"),
            ("max()", "max", "takes at least one value"),
            ("max(1,)", ")", "expected a number"),
            ("a.h (1)", "a.h", "is a feature"),
            ("1 + 2 % 3", "2 % 3", "expected none but the operators"),
            ("a.h > 2", "a.h > 2", "expected none but the operators"),
            ("a.h ? 1 : 0", "a.h ?", "expected none but the operators"),
            ("a.h!", "a.h!", "expected none but the operators"),
            ("_0 + a.h", "_0", "not the name of a feature"),
            ("2__0 + a.h", "__0", "expected an operator"),
        ] {
            let error = parse(text).expect_err(text);
            let renown_core::formula::Culprit::Param(name, Some(place)) = &error.culprit else {
                panic!("{error:?}")
            };
            assert_eq!((name.as_str(), &text[place.clone()]), (SCORE, wrong), "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        for text in ["(".repeat(100_000), "-".repeat(100_000), "2^".repeat(100_000), "log(".repeat(100_000)] {
            assert!(parse(&text).unwrap_err().message.contains("within each other"));
        }
        assert_eq!(value(&vec!["1"; 10_000].join("+")), 10_000.0);
        assert_eq!(value(&vec!["a.h"; 10_000].join("+")), 30_000.0);
        let many = |count| format!("max({})", vec!["a.h"; count].join(","));
        assert_eq!(value(&many(ARGUMENTS)), 3.0);
        assert!(parse(&many(ARGUMENTS + 1)).unwrap_err().message.contains("at most 32 values"));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in r"([a-z.]{1,5}|[0-9.eE+]{1,4}|[-+*/^(){},]|a\.h|max\(|log\(|\s|.){0,12}") {
            if let Err(error) = parse(&text) {
                let renown_core::formula::Culprit::Param(_, Some(place)) = error.culprit else {
                    return Err(TestCaseError::fail("no place"));
                };
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
