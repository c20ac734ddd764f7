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
    #[target_feature(enable = "avx2")]
    fn avx2(block: &[u8; 64]) -> Self {
        use std::arch::x86_64::{
            __m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x,
            _mm256_set1_epi8,
        };
        let is = |bytes: __m256i, byte: u8| {
            let equal = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
            u64::from(_mm256_movemask_epi8(equal) as u32)
        };
        let (words, _) = block.as_chunks::<8>();
        let word = |at: usize| i64::from_le_bytes(words[at]);
        let mut masks = Self::default();
        for half in 0..2 {
            let at = half * 4;
            let bytes = _mm256_set_epi64x(word(at + 3), word(at + 2), word(at + 1), word(at));
            let folded = _mm256_or_si256(bytes, _mm256_set1_epi8(Self::CASE as i8));
            let shift = half * 32;
            masks.quotes |= is(bytes, b'"') << shift;
            masks.backslashes |= is(bytes, b'\\') << shift;
            masks.opening |= is(folded, b'{') << shift;
            masks.closing |= is(folded, b'}') << shift;
        }
        masks
    }

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
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("popcnt") {
        #[expect(
            unsafe_code,
            reason = "a proven hot spot: byte by byte, this took a quarter of all reading"
        )]
        // SAFETY: the processor was just asked for both.
        return unsafe { may_exceed_avx2(document, limit) };
    }
    walk(document, limit, Masks::byte_by_byte)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn may_exceed_avx2(document: &[u8], limit: usize) -> bool {
    walk(document, limit, |block| Masks::avx2(block))
}

#[expect(clippy::inline_always, reason = "it must be compiled with what its caller may use of the processor")]
#[inline(always)]
fn walk(document: &[u8], limit: usize, masks_of: impl Fn(&[u8; 64]) -> Masks) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_i64, 0_u64, false);
    let (blocks, rest) = document.as_chunks::<64>();
    let mut last = [b' '; 64];
    last[..rest.len()].copy_from_slice(rest);
    for block in blocks.iter().chain([&last]) {
        let masks = masks_of(block);
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
        fn the_answer_is_the_same_with_and_without_vectors(
            tokens in proptest::collection::vec(proptest::sample::select(TOKENS.to_vec()), 0..300), limit in 0_usize..90) {
            let document = tokens.concat().into_bytes();
            prop_assert_eq!(may_exceed(&document, limit), walk(&document, limit, Masks::byte_by_byte));
        }
    }
}
