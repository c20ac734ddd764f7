//! How deep a document is nested, at several gigabytes a second.
//!
//! Every document is asked, since the parser behind the adapters skips unknown fields by recursion; a byte-by-byte walk took
//! a quarter of all reading. Here 64 bytes at a time become four bit masks, and only the number of brackets in each
//! block is looked at.

/// Where the bytes that matter are in a block of 64, a bit a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Masks {
    quotes: u64,
    backslashes: u64,
    opening: u64,
    closing: u64,
}

impl Masks {
    /// `{` and `[` differ in one bit, as do `}` and `]`: with that bit set there are two bytes to look for.
    const CASE: u8 = 0x20;

    #[cfg(target_arch = "x86_64")]
    fn of(block: &[u8; 64]) -> Self {
        #[expect(unsafe_code, reason = "a proven hot spot: byte by byte, this took a quarter of all reading")]
        // SAFETY: SSE2 is part of x86-64 itself; there is no such processor without it.
        unsafe {
            Self::sse2(block)
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "sse2")]
    fn sse2(block: &[u8; 64]) -> Self {
        use std::arch::x86_64::{
            __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
        };
        let is = |bytes: __m128i, byte: u8| {
            let equal = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8));
            u64::from(_mm_movemask_epi8(equal) as u16)
        };
        let half = |bytes: &[u8]| i64::from_le_bytes(std::array::from_fn(|at| bytes[at]));
        let mut masks = Self::default();
        for (index, lane) in block.chunks_exact(16).enumerate() {
            let bytes = _mm_set_epi64x(half(&lane[8..]), half(&lane[..8]));
            let folded = _mm_or_si128(bytes, _mm_set1_epi8(Self::CASE as i8));
            let shift = index * 16;
            masks.quotes |= is(bytes, b'"') << shift;
            masks.backslashes |= is(bytes, b'\\') << shift;
            masks.opening |= is(folded, b'{') << shift;
            masks.closing |= is(folded, b'}') << shift;
        }
        masks
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn of(block: &[u8; 64]) -> Self {
        Self::byte_by_byte(block)
    }

    #[cfg(any(test, not(target_arch = "x86_64")))]
    fn byte_by_byte(block: &[u8; 64]) -> Self {
        let mut masks = Self::default();
        for (at, &byte) in block.iter().enumerate() {
            masks.quotes |= u64::from(byte == b'"') << at;
            masks.backslashes |= u64::from(byte == b'\\') << at;
            masks.opening |= u64::from(byte | Self::CASE == b'{') << at;
            masks.closing |= u64::from(byte | Self::CASE == b'}') << at;
        }
        masks
    }
}

/// Whether a document may be nested deeper than `limit`: `false` is certain, `true` may be wrong by the brackets of one
/// block of 64 bytes.
pub(super) fn may_exceed(document: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_i64, 0_u64, false);
    let mut blocks = document.chunks_exact(64);
    let mut last = [b' '; 64];
    last[..blocks.remainder().len()].copy_from_slice(blocks.remainder());
    let whole = blocks.by_ref().map(|block| std::array::from_fn(|at| block[at]));
    for block in whole.chain([last]) {
        let masks = Masks::of(&block);
        let quotes = masks.quotes & !escapes(masks.backslashes, &mut escaped);
        let strings = up_to(quotes) ^ in_string;
        in_string = ((strings as i64) >> 63) as u64;
        let opening = i64::from((masks.opening & !strings).count_ones());
        if depth + opening > limit as i64 {
            return true;
        }
        depth += opening - i64::from((masks.closing & !strings).count_ones());
    }
    false
}

/// Which bytes a backslash takes the meaning from. `carried` says whether the first one is, and is brought up to date.
fn escapes(mut backslashes: u64, carried: &mut bool) -> u64 {
    let mut escaped = u64::from(*carried);
    backslashes &= !escaped;
    *carried = false;
    while backslashes != 0 {
        let at = backslashes.trailing_zeros();
        if at == 63 {
            *carried = true;
            break;
        }
        escaped |= 2 << at;
        backslashes &= !(3 << at);
    }
    escaped
}

/// Each bit becomes the parity of the bits up to it: from the quotes to what is between them.
fn up_to(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Brackets, and strings with all that could be mistaken for one. (At a backslash outside a string the parser stops.)
    const TOKENS: [&str; 9] = ["{", "[", "[", "]", "}", "\"[\"", "\"\\\"}\"", "\"{\\\\\"", "12,"];

    /// The deepest nesting, one byte at a time.
    fn deepest(document: &[u8]) -> usize {
        let (mut depth, mut deepest, mut in_string, mut escaped) = (0_i64, 0, false, false);
        for &byte in document {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                b'}' | b']' if !in_string => depth -= 1,
                _ => {}
            }
        }
        deepest as usize
    }

    proptest! {
        #[test]
        fn never_says_no_wrongly(
            tokens in proptest::collection::vec(proptest::sample::select(TOKENS.to_vec()), 0..300), limit in 0_usize..90) {
            let document = tokens.concat().into_bytes();
            if deepest(&document) > limit {
                prop_assert!(may_exceed(&document, limit));
            }
            if deepest(&document) + 64 <= limit {
                prop_assert!(!may_exceed(&document, limit));
            }
        }

        #[test]
        fn masks_are_the_same_with_and_without_vectors(block in proptest::array::uniform32(any::<u8>())) {
            let block: [u8; 64] = std::array::from_fn(|at| block[at % 32].wrapping_add((at / 32) as u8 * 0x5b));
            prop_assert_eq!(Masks::of(&block), Masks::byte_by_byte(&block));
        }
    }
}
