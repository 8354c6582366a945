//! Finding the byte that ends a run, eight or more bytes at a time.
//!
//! The first sixteen bytes of a string are judged as two words; behind them it goes on by [`blocks`], where the target
//! has vector registers, else by [`words`].
//!
//! Positions are `u32`, so that adding a small length to one can't wrap a `usize` and each load
//! costs one bounds check.

mod blocks;
mod words;

use crate::word::block::BLOCKS;
use crate::word::{HIGHS, ONES, repeat};
use core::ops::BitOrAssign;

/// `N` bytes at `at`, if the body has them.
#[inline(always)]
pub(crate) fn window<const N: usize>(body: &[u8], at: u32) -> Option<&[u8; N]> {
    body.get(at as usize..(at as usize).wrapping_add(N))?.first_chunk()
}

#[inline(always)]
pub(crate) fn slice(body: &[u8], start: u32, end: u32) -> &[u8] {
    body.get(start as usize..end as usize).unwrap_or(&[])
}

/// The byte at `at`; 0, which no JSON text can have there, past the end.
#[inline(always)]
pub(crate) fn byte(body: &[u8], at: u32) -> u8 {
    body.get(at as usize).copied().unwrap_or(0)
}

/// Eight bytes at `at`, filled up with zeros past the end: a zero stops every scan.
#[inline(always)]
fn word(body: &[u8], at: u32) -> u64 {
    match window::<8>(body, at) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => last_word(body, at),
    }
}

#[inline(never)]
fn last_word(body: &[u8], at: u32) -> u64 {
    let missing = (at as usize).wrapping_add(8).wrapping_sub(body.len());
    match body.last_chunk::<8>() {
        Some(bytes) if missing < 8 => u64::from_le_bytes(*bytes) >> missing.wrapping_mul(8),
        _ => {
            let rest = body.get(at as usize..).unwrap_or(&[]);
            rest.iter().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
        }
    }
}

/// High bits at the bytes that a string can't hold as they are: `"`, `\` and U+0000–U+001F.
///
/// The lowest bit set is exact; those above it may be false, so only the lowest is ever used.
#[inline(always)]
fn special(word: u64) -> u64 {
    // With the second bit turned over, `"` takes the place of U+0020, next to the control characters.
    let quote_or_control = (word ^ repeat(b'"' ^ b' ')).wrapping_sub(repeat(b' ' + 1));
    let backslash = (word ^ repeat(b'\\')).wrapping_sub(ONES);
    (quote_or_control | backslash) & !word & HIGHS
}

#[inline(always)]
fn first(mask: u64) -> u32 {
    mask.trailing_zeros() >> 3
}

/// High bits tell whether a byte is above `~`: DEL, or not ASCII.
#[inline(always)]
fn beyond(word: u64) -> u64 {
    word | word.wrapping_add(ONES)
}

/// The end of printable ASCII among the sixteen bytes at `at`, where nearly all keys and values end: the first `"`, `\`,
/// control byte, byte above `~`, or end; else the place behind them.
///
/// By words on every target: for so little a block is slower.
#[inline(always)]
pub(crate) fn printable_end(body: &[u8], at: u32) -> u32 {
    let unusual = |at| {
        let x = word(body, at);
        special(x) | beyond(x) & HIGHS
    };
    let mask = unusual(at);
    if mask != 0 {
        return at.wrapping_add(first(mask));
    }
    let at = at.wrapping_add(8);
    at.wrapping_add(first(unusual(at)))
}

/// The first `"`, `\`, control byte or end at or after `at`; and what was passed over. Up to `at` the string must be
/// ASCII.
#[inline(always)]
pub(crate) fn string_end(body: &[u8], at: u32) -> (u32, Seen) {
    if BLOCKS { blocks::string_end(body, at) } else { words::string_end(body, at) }
}

/// [`string_end`] behind an escape, where there often is more than ASCII, and nothing is lost if that is said without need.
#[inline(always)]
pub(crate) fn run_end(body: &[u8], at: u32) -> (u32, Seen) {
    if BLOCKS { blocks::end_beyond_ascii(body, at) } else { words::string_end(body, at) }
}

/// The first `"`, `\`, control byte or end at or after `at`, whatever is passed over.
#[inline(always)]
pub(crate) fn plain_end(text: &[u8], at: u32) -> u32 {
    if BLOCKS { blocks::plain_end(text, at) } else { words::string_end(text, at).0 }
}

/// What was passed over besides printable ASCII. Each may be said without need, but is never left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen(u8);

impl Seen {
    pub(crate) const NOTHING: Seen = Seen(0);
    /// DEL, or other than ASCII.
    const BEYOND: Seen = Seen(1);
    /// DEL, a character from U+0080 to U+00BF, or one of more than two bytes. No character but these is a control
    /// character above U+001F, a line end, or one that has been lost.
    const DOUBTFUL: Seen = Seen(2);
    /// What is not UTF-8.
    const ILL_FORMED: Seen = Seen(4);
    /// Something, and nobody has looked what it is.
    const UNJUDGED: Seen = Seen(7);

    #[inline(always)]
    fn has(self, other: Seen) -> bool {
        self.0 & other.0 != 0
    }

    /// All of it is printable ASCII.
    #[inline(always)]
    pub(crate) fn is_nothing(self) -> bool {
        self == Seen::NOTHING
    }

    #[inline(always)]
    pub(crate) fn is_doubtful(self) -> bool {
        self.has(Seen::DOUBTFUL)
    }

    #[inline(always)]
    pub(crate) fn is_ill_formed(self) -> bool {
        self.has(Seen::ILL_FORMED)
    }
}

impl BitOrAssign for Seen {
    #[inline(always)]
    fn bitor_assign(&mut self, other: Seen) {
        self.0 |= other.0;
    }
}

/// The first byte that is not JSON white space, and where it stands.
#[inline(always)]
pub(crate) fn token(body: &[u8], at: u32) -> (u8, u32) {
    let c = byte(body, at);
    if c > b' ' { (c, at) } else { token_after_white(body, at) }
}

/// [`token`] where white space stands.
#[inline(never)]
pub(crate) fn token_after_white(body: &[u8], at: u32) -> (u8, u32) {
    // Nearly always a line end, then indentation. Each by itself: the place where the indentation starts is then known
    // before the bytes are.
    let found = match window::<2>(body, at) {
        Some(b"\r\n") => token_after_spaces(body, at.wrapping_add(2)),
        Some([b'\n', _]) => token_after_spaces(body, at.wrapping_add(1)),
        _ => token_after_spaces(body, at),
    };
    found.unwrap_or_else(|| token_after_much_white(body, at))
}

/// The token behind at most seven spaces, if there is one.
#[inline(always)]
fn token_after_spaces(body: &[u8], at: u32) -> Option<(u8, u32)> {
    // The first byte that differs from a space ends them.
    let spaces = first(word(body, at) ^ repeat(b' '));
    let at = at.wrapping_add(spaces);
    Some((byte(body, at), at)).filter(|(c, _)| *c > b' ')
}

#[inline(never)]
fn token_after_much_white(body: &[u8], mut at: u32) -> (u8, u32) {
    loop {
        let c = byte(body, at);
        match c {
            b' ' => at = at.wrapping_add(first(word(body, at) ^ repeat(b' '))),
            b'\t' | b'\n' | b'\r' => at = at.wrapping_add(1),
            _ => return (c, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    const STOPS: [u8; 5] = [b'"', b'\\', 0, b'\n', 0x1F];
    /// Bytes that are next to those that end a string.
    const OTHERS: [u8; 7] = [b' ', b'!', b'#', b'[', b']', b'x', b'~'];

    /// Both ways, whichever this target takes.
    const ENDS: [End; 2] = [blocks::string_end, words::string_end];
    type End = fn(&[u8], u32) -> (u32, Seen);

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn strings_end_at_the_first_byte_that_ends_them() {
        for length in 0..100_u32 {
            for other in OTHERS {
                let mut body = vec![other; length as usize];
                for stop in STOPS {
                    // Alone, and with what follows it: the same again, and the other.
                    for after in [&[][..], &[stop; 40], &[other; 40]] {
                        body.truncate(length as usize);
                        assert_eq!(ENDS.map(|end| end(&body, 0)), [(length, Seen::NOTHING); 2]);
                        assert_eq!(blocks::plain_end(&body, 0), length);
                        body.push(stop);
                        body.extend_from_slice(after);
                        assert_eq!(ENDS.map(|end| end(&body, 0)), [(length, Seen::NOTHING); 2], "{other} {stop}");
                        assert_eq!(blocks::plain_end(&body, 0), length);
                        assert_eq!(printable_end(&body, 0), length.min(16));
                    }
                }
            }
        }
    }

    /// Whether text holds DEL, a character from U+0080 to U+00BF, or one of more than two bytes.
    fn is_doubtful(text: &[u8]) -> bool {
        text.iter().any(|byte| matches!(byte, 0x7F | 0xC2 | 0xE0..))
    }

    /// What is seen in the string at the start of `body` is what the standard library says of its bytes.
    fn same_as_std(body: &[u8]) {
        let stop = body.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)).unwrap_or(body.len());
        let text = &body[..stop];
        let beyond = text.iter().any(|byte| *byte >= 0x7F);
        let is_utf8 = core::str::from_utf8(text).is_ok();
        let first = text.iter().position(|byte| *byte >= 0x7F).unwrap_or(stop).min(16);
        assert_eq!(printable_end(body, 0) as usize, first, "{body:x?}");
        for at in [0, first as u32] {
            let (end, seen) = blocks::string_end(body, at);
            assert_eq!((end as usize, seen.is_nothing()), (stop, !beyond), "{body:x?}");
            assert_eq!((seen.is_ill_formed(), seen.is_doubtful()), (!is_utf8, is_doubtful(text)), "{body:x?}");
            let (end, seen) = words::string_end(body, at);
            assert_eq!(end as usize, stop, "{body:x?}");
            assert!(seen == Seen::UNJUDGED || seen.is_nothing() && !beyond, "{body:x?}");
        }
        assert_eq!(blocks::plain_end(body, 0) as usize, stop);
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn every_short_sequence_at_every_place_of_a_block() {
        let bytes = [
            b'"', 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ];
        for a in bytes {
            for b in bytes {
                for c in bytes {
                    // Where a block begins by itself, and where an earlier character has it begin.
                    for (first, place) in
                        [("", 0), ("", 5), ("", 12), ("", 13), ("", 14), ("", 15), ("", 31), ("ж", 29)]
                    {
                        let mut text = first.as_bytes().to_vec();
                        text.resize(first.len() + place, b'x');
                        text.extend([a, b, c]);
                        same_as_std(&text);
                        text.push(0x80);
                        same_as_std(&text);
                        text.extend(b"\" and more than a block behind it");
                        same_as_std(&text);
                    }
                }
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn long_texts() {
        let text = "Здравствуйте, 你好, 😀 and some ASCII to fill a block or two. ".repeat(3).into_bytes();
        for end in 0..text.len() {
            same_as_std(&text[..end]);
            let mut broken = text.clone();
            for byte in [b'x', b'"', 0x80, 0xD0, 0xE0, 0xF4] {
                broken[end] = byte;
                same_as_std(&broken);
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn more_than_printable_ascii_is_seen_wherever_it_stands() {
        for length in 1..100_usize {
            for place in 0..length {
                for byte in [0x7F, 0x80, 0xC2, 0xFF] {
                    let mut body = vec![b'x'; length];
                    *body.get_mut(place).unwrap() = byte;
                    body.extend_from_slice(b"\" and more than a word or a block");
                    same_as_std(&body);
                    // And at the same place of the next word or block: the two must not make up for each other.
                    for distance in [8, 16] {
                        let mut body = body.clone();
                        if let Some(next) = body.get_mut(place + distance).filter(|next| **next == b'x') {
                            *next = byte;
                            same_as_std(&body);
                        }
                    }
                }
            }
        }
    }

    proptest! {
        /// Few of these need more than a block; Miri sees both ways by them.
        #[test]
        fn both_ways_see_what_std_sees(
            text in "[a-z \"ж€😀\u{7F}\u{85}é]{0,70}",
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3)
        ) {
            let mut body = text.into_bytes();
            for (place, byte) in changes {
                if !body.is_empty() {
                    let place = place.index(body.len());
                    body[place] = byte;
                }
            }
            same_as_std(&body);
        }

        #[test]
        fn total_on_bytes(body in proptest::collection::vec(any::<u8>(), 0..60), at in 0_u32..80) {
            for end in ENDS {
                prop_assert!(end(&body, at).0 >= at);
            }
            prop_assert_eq!(blocks::plain_end(&body, at), words::string_end(&body, at).0);
            prop_assert!(printable_end(&body, at) - at <= 16);
        }
    }

    #[test]
    fn words_end_in_zeros_past_the_end() {
        for length in 0..20_usize {
            let body: Vec<u8> = (1..=length as u8).collect();
            for at in 0..=length + 9 {
                let mut bytes = [0; 8];
                for (to, from) in bytes.iter_mut().zip(body.get(at..).unwrap_or_default()) {
                    *to = *from;
                }
                assert_eq!(word(&body, at as u32), u64::from_le_bytes(bytes), "{length} {at}");
            }
        }
    }
}
