//! Damages inputs, always in the same way for the same seed: what the conformance kit, the fuzzing of adapters and that of
//! the host share.

/// A stream of random numbers that is the same on every platform and version: `SplitMix64` (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins a stream.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.number() % bound as u64) as usize }
    }

    /// One of them. There must be one.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// What is planted where a record has a text: nothing that is printed may quote it.
pub const MARK: &str = "qzmarkzq";

/// Numbers that few expect.
const NUMBERS: &[&str] = &[
    "",
    "-1",
    "0",
    "007",
    "1.5",
    "1e3",
    "1e999",
    "-1e999",
    "NaN",
    "Infinity",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615",
    "99999999999999999999999999",
    "0x10",
    "1,000",
    "\u{663}\u{664}",
];

/// Texts that few expect. Beside them goes [`MARK`].
const TEXTS: &[&str] = &[
    "",
    MARK,
    "@qzmarkzq",
    "qzmarkzq\u{202e}qzmarkzq",
    "\u{0}",
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud800",
    "\\q",
    "\u{feff}",
    "e\u{301}\u{301}\u{301}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f466}",
    "\u{1b}[31m",
    "null",
    "../../qzmarkzq",
    "https://qzmarkzq.example/@qzmarkzq/statuses/1?x=%00#qzmarkzq",
    "2026-13-45T99:99:99Z",
    "0000-00-00",
    "9999-12-31T23:59:59Z",
];

/// Values of another type.
const VALUES: &[&str] =
    &["null", "true", "{}", "[]", "[[]]", "\"qzmarkzq\"", "-1", "{\"qzmarkzq\": {\"a\": [1]}}"];

/// What opens a level, and how deep to go.
const LEVELS: &[(&str, &str)] = &[("[", "]"), ("{\"a\":", "}"), ("{\"data\":[", "]}")];
const DEPTHS: &[usize] = &[1, 3, 200, 300, 6_000];

/// Makes damaged inputs of good ones.
#[derive(Clone, Debug)]
pub struct Mutator {
    /// Where its choices come from.
    pub random: Random,
}

impl Mutator {
    /// With a seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed) }
    }

    /// The input, damaged in one to four ways; `other` is what may be spliced in.
    pub fn damage(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.random.below(4) {
            self.once(&mut bytes, other);
        }
        bytes
    }

    fn once(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        match self.random.below(12) {
            0 => self.flip(bytes),
            1 => bytes.truncate(self.random.below(bytes.len())),
            2 => drop(bytes.drain(self.range(bytes.len()))),
            3 => {
                let copy = bytes[self.range(bytes.len())].to_vec();
                self.insert(bytes, &copy);
            }
            4 => {
                let range = self.range(other.len());
                self.insert(bytes, &other[range]);
            }
            5 => {
                // From here on it is another file.
                bytes.truncate(self.random.below(bytes.len()));
                bytes.extend_from_slice(&other[self.random.below(other.len())..]);
            }
            6 => {
                let number = self.random.pick(NUMBERS).as_bytes();
                self.replace(bytes, u8::is_ascii_digit, number);
            }
            7 => self.replace_text(bytes),
            8 => {
                let value = self.random.pick(VALUES).as_bytes();
                self.replace(bytes, |byte| byte.is_ascii_alphanumeric() || *byte == b'"', value);
            }
            9 => self.nest(bytes),
            10 => self.lines(bytes),
            _ => {
                let odd: &[u8] = self.random.pick(&[
                    b"\xef\xbb\xbf",
                    b"\0",
                    b"\r\n",
                    b"\xff\xfe",
                    b"\"",
                    b"\n\n",
                    b",",
                    b"\\",
                ]);
                self.insert(bytes, odd);
            }
        }
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        let at = self.random.below(bytes.len());
        let mask = self.random.number() as u8;
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= mask;
        }
    }

    /// A range that is mostly short.
    fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.random.below(len + 1);
        let longest = if self.random.below(4) == 0 { len } else { 16 };
        start..(start + self.random.below(longest + 1)).min(len)
    }

    fn insert(&mut self, bytes: &mut Vec<u8>, more: &[u8]) {
        let at = self.random.below(bytes.len() + 1);
        bytes.splice(at..at, more.iter().copied());
    }

    /// Puts something in the place of a run of such bytes, if there is one from some place on.
    fn replace(&mut self, bytes: &mut Vec<u8>, is: impl Fn(&u8) -> bool, with: &[u8]) {
        let from = self.random.below(bytes.len());
        let Some(start) = bytes[from..].iter().position(&is).map(|at| from + at) else { return };
        let len = bytes[start..].iter().take_while(|byte| is(byte)).count();
        bytes.splice(start..start + len, with.iter().copied());
    }

    /// Puts an odd text in the place of what stands between two quotes, or of a word.
    fn replace_text(&mut self, bytes: &mut Vec<u8>) {
        let mut text = self.random.pick(TEXTS).as_bytes().to_vec();
        match self.random.below(16) {
            0 => text = MARK.repeat(self.random.pick(&[10, 1_000, 9_000])).into_bytes(),
            1 => text.extend_from_slice(b"\xff\xc3"),
            _ => {}
        }
        let quotes: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'"').collect();
        if quotes.len() < 2 || self.random.below(4) == 0 {
            return self.replace(bytes, |byte| !b" \t\r\n,;:\"{}[]".contains(byte), &text);
        }
        let first = self.random.below(quotes.len() - 1);
        bytes.splice(quotes[first] + 1..quotes[first + 1], text);
    }

    fn nest(&mut self, bytes: &mut Vec<u8>) {
        let ((open, close), depth) = (self.random.pick(LEVELS), self.random.pick(DEPTHS));
        let at = self.random.below(bytes.len() + 1);
        // Closed again around the rest, or left open.
        if self.random.below(2) == 0 {
            bytes.extend_from_slice(close.repeat(depth).as_bytes());
        }
        bytes.splice(at..at, open.repeat(depth).into_bytes());
    }

    /// Repeats, drops, moves or joins lines.
    fn lines(&mut self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        if lines.is_empty() {
            return;
        }
        let (one, other) = (self.random.below(lines.len()), self.random.below(lines.len()));
        match self.random.below(4) {
            0 => {
                let copies = self.random.pick(&[1, 2, 40]);
                let line = lines[one].clone();
                lines.splice(one..one, std::iter::repeat_n(line, copies));
            }
            1 => drop(lines.remove(one)),
            2 => lines.swap(one, other),
            _ => drop(lines[one].pop()),
        }
        *bytes = lines.concat();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_damages_alike_and_empty_inputs_are_borne() {
        let input = br#"{"id": "12", "time": "2026-09-30", "n": 7}"#;
        let damaged = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..2_000).map(|_| mutator.damage(input, b"1,2\n3,4\n")).collect::<Vec<_>>()
        };
        assert_eq!(damaged(1), damaged(1));
        assert_ne!(damaged(1), damaged(2));
        assert!(damaged(1).iter().filter(|bytes| **bytes != input).count() > 1_900);
        let mut mutator = Mutator::new(3);
        for _ in 0..2_000 {
            mutator.damage(b"", b"");
        }
    }

    #[test]
    fn every_way_of_damage_comes_up() {
        let mut mutator = Mutator::new(1);
        let all: Vec<Vec<u8>> =
            (0..2_000).map(|_| mutator.damage(b"{\"id\": \"x\", \"n\": 7}\n", b"OTHER")).collect();
        for sign in ["1e999", MARK, "[[[[[[[[", "OTHER", "\u{feff}", "\"n\": 7}\n{\"id\"", "null"] {
            let shown = |bytes: &Vec<u8>| bytes.windows(sign.len()).any(|part| part == sign.as_bytes());
            assert!(all.iter().any(shown), "{sign:?} never comes up");
        }
    }
}
