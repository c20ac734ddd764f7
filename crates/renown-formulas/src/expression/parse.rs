//! From an expression's text to steps in postfix order, by precedence climbing (Pratt, "Top Down Operator Precedence",
//! 1973). What is wrong is told with the bytes that are wrong.

use std::ops::Range;

use renown_core::formula::FormulaError;

use super::SCORE;

/// One step; it takes its operands from a stack and leaves its result there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Number(f64),
    /// A feature, by its column.
    Column(usize),
    /// A feature that another run may have.
    Missing,
    One(One),
    Two(Two),
}

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

/// How tightly operators bind: the higher first. A sign binds as `*` does, so that `-x^2` is `-(x^2)`.
const SIGN: u8 = 2;
const DEEPEST: usize = 64;

/// Finds the column of a feature, `None` if it is only not in this run.
pub(super) type Find<'f> = &'f mut dyn FnMut(&str, Range<usize>) -> Result<Option<usize>, FormulaError>;

pub(super) fn parse(text: &str, find: Find<'_>) -> Result<Vec<Step>, FormulaError> {
    let mut parser = Parser { text, at: 0, depth: 0, steps: Vec::new(), find };
    parser.expression(0)?;
    match parser.peek() {
        None => Ok(parser.steps),
        Some(')') => Err(parser.wrong("this bracket closes none that is open")),
        Some(_) => Err(parser.wrong("expected an operator (+ - * / ^) or the end here")),
    }
}

struct Parser<'t, 'f> {
    text: &'t str,
    at: usize,
    depth: usize,
    steps: Vec<Step>,
    find: Find<'f>,
}

impl<'t> Parser<'t, '_> {
    /// An expression whose operators bind at least so tightly.
    fn expression(&mut self, least: u8) -> Result<(), FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong(format!("more than {DEEPEST} brackets and operators within each other")));
        }
        self.operand(least)?;
        while let Some((_, then, step)) = self.peek().and_then(operator).filter(|found| found.0 >= least) {
            self.at += 1;
            self.expression(then)?;
            self.steps.push(Step::Two(step));
        }
        self.depth -= 1;
        Ok(())
    }

    /// A number, feature, call or bracket; or a sign and what it binds, within an expression that binds so tightly.
    fn operand(&mut self, least: u8) -> Result<(), FormulaError> {
        match self.peek() {
            Some('-') => {
                self.at += 1;
                self.expression(least.max(SIGN))?;
                self.steps.push(Step::One(|x| -x));
                Ok(())
            }
            Some('(') => {
                let open = self.at;
                self.at += 1;
                self.expression(0)?;
                self.close(open)
            }
            Some('{') => {
                let start = self.at;
                let length = self.text[start..].find('}');
                let length = length.ok_or_else(|| self.wrong("this brace is never closed"))?;
                self.at += length + 1;
                let text: &'t str = self.text;
                let name = text[start + 1..start + length].trim();
                self.feature(name, start..self.at)
            }
            Some(first) if first.is_ascii_digit() || first == '.' => self.number(),
            Some(first) if first.is_alphabetic() || first == '_' => {
                let start = self.at;
                let is_name =
                    |character: char| character.is_alphanumeric() || character == '_' || character == '.';
                let name = self.take(is_name);
                if self.peek() == Some('(') {
                    return self.call(name, start..start + name.len());
                }
                self.feature(name, start..start + name.len())
            }
            Some(_) => Err(self.wrong("expected a number, a feature, a function or a bracket here")),
            None => Err(self.wrong("expected more: a number, a feature, a function or a bracket")),
        }
    }

    fn number(&mut self) -> Result<(), FormulaError> {
        let start = self.at;
        self.take(|character| character.is_ascii_digit() || character == '.');
        if let Some(exponent) = self.text[self.at..].strip_prefix(['e', 'E']) {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            self.at = self.text.len() - digits.len();
            self.take(|character| character.is_ascii_digit());
        }
        match self.text[start..self.at].parse() {
            Ok(number) if f64::is_finite(number) => {
                self.steps.push(Step::Number(number));
                Ok(())
            }
            _ => Err(of(start..self.at, "this is no number")),
        }
    }

    fn feature(&mut self, name: &str, place: Range<usize>) -> Result<(), FormulaError> {
        if functions().any(|function| function == name) {
            return Err(of(place, format!("`{name}` is a function: expected `(` behind it")));
        }
        if !name.contains('.') {
            let error = of(place, format!("`{name}` is not the name of a feature"));
            return Err(error.help("a feature is `<kind or metric>.<stat>`, such as `repost.actors`"));
        }
        let column = (self.find)(name, place)?;
        self.steps.push(column.map_or(Step::Missing, Step::Column));
        Ok(())
    }

    fn call(&mut self, name: &str, place: Range<usize>) -> Result<(), FormulaError> {
        let find = |known: &str| known == name;
        let one = ONE.iter().find(|one| find(one.0)).map(|one| one.1);
        let many = MANY.iter().find(|many| find(many.0)).map(|many| many.1);
        if one.is_none() && many.is_none() && name != POW {
            return Err(of(place, format!("there is no function `{name}`")).known(functions()));
        }
        let open = self.at;
        self.at += 1;
        let mut given = 1;
        self.expression(0)?;
        while self.peek() == Some(',') {
            self.at += 1;
            self.expression(0)?;
            given += 1;
            if let Some(function) = many {
                self.steps.push(Step::Two(function));
            }
        }
        self.close(open)?;
        match one {
            _ if many.is_some() => Ok(()),
            Some(function) if given == 1 => {
                self.steps.push(Step::One(function));
                Ok(())
            }
            None if given == 2 => {
                self.steps.push(Step::Two(libm::pow));
                Ok(())
            }
            Some(_) => Err(of(place, format!("`{name}` takes one value, not {given}"))),
            None => Err(of(place, format!("`{name}` takes two values, not {given}"))),
        }
    }

    /// The closing bracket of the one at `open`.
    fn close(&mut self, open: usize) -> Result<(), FormulaError> {
        match self.peek() {
            Some(')') => {
                self.at += 1;
                Ok(())
            }
            None => Err(of(open..open + 1, "this bracket is never closed")),
            Some(_) => Err(self.wrong("expected an operator (+ - * / ^) or `)` here")),
        }
    }

    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        self.take(char::is_whitespace);
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let rest = &self.text[self.at..];
        let taken = &rest[..rest.find(|character| !is(character)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Something is wrong with the character at hand.
    fn wrong(&self, message: impl Into<String>) -> FormulaError {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        of(self.at..self.at + length, message)
    }
}

fn of(place: Range<usize>, message: impl Into<String>) -> FormulaError {
    FormulaError::new(message).of_text(SCORE, place)
}

/// How tightly an operator binds, what its right side must at least, and what it does. `^` takes from the right.
fn operator(character: char) -> Option<(u8, u8, Two)> {
    Some(match character {
        '+' => (1, 2, |a, b| a + b),
        '-' => (1, 2, |a, b| a - b),
        '*' => (2, 3, |a, b| a * b),
        '/' => (2, 3, |a, b| a / b),
        '^' => (4, 3, libm::pow),
        _ => return None,
    })
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the examples are exact in binary")]
mod tests {
    use proptest::prelude::*;

    use super::super::Computed;
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

    fn value(text: &str) -> f64 {
        let steps = parse(text, &mut find).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let computed = Computed { steps, used: [0, 1].into(), weights: vec![1.0, 1.0] };
        computed.of(|column| [3.0, 5.0][column], &mut Vec::new())
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
            ("log(1, 2)", "log", "takes one value, not 2"),
            ("pow(1)", "pow", "takes two values, not 1"),
            ("2 * actors", "actors", "not the name of a feature"),
            ("2 * a.days", "a.days", "unknown"),
            ("{a.h", "{", "never closed"),
            ("{}", "{}", "not the name of a feature"),
            ("1.2.3", "1.2.3", "no number"),
            ("1e999", "1e999", "no number"),
            ("2 × 3", "×", "expected an operator"),
            ("é.h + 1", "é.h", "unknown"),
            ("max()", ")", "expected a number"),
            ("2 % 3", "%", "expected an operator"),
        ] {
            let error = parse(text, &mut find).expect_err(text);
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
            assert!(parse(&text, &mut find).unwrap_err().message.contains("within each other"));
        }
        assert_eq!(value(&vec!["1"; 10_000].join("+")), 10_000.0);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in r"([a-z.]{1,5}|[0-9.eE+]{1,4}|[-+*/^(){},]|a\.h|max\(|log\(|\s|.){0,12}") {
            if let Err(error) = parse(&text, &mut find) {
                let renown_core::formula::Culprit::Param(_, Some(place)) = error.culprit else {
                    return Err(TestCaseError::fail("no place"));
                };
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
