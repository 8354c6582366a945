//! Finding the byte that ends a run, eight or more bytes at a time.
//!
//! Positions are `u32`, so that adding a small length to one can't wrap a `usize` and each load
//! costs one bounds check.

use crate::word::{HIGHS, ONES, repeat};

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

/// The first `"`, `\`, control byte or end at or after `at`; and what was passed over, all words
/// or-ed: a high bit says that there may be a byte above `~`, none that there is none. That goes for
/// what lies behind the end in the last word, too.
#[inline(always)]
pub(crate) fn string_end(body: &[u8], at: u32) -> (u32, u64) {
    // Two words cover almost every short value.
    let x = word(body, at);
    let mask = special(x);
    let seen = beyond(x);
    if mask != 0 {
        return (at.wrapping_add(first(mask)), seen);
    }
    let at = at.wrapping_add(8);
    let x = word(body, at);
    let mask = special(x);
    let seen = seen | beyond(x);
    if mask != 0 {
        return (at.wrapping_add(first(mask)), seen);
    }
    long_string_end(body, at.wrapping_add(8), seen)
}

#[inline(never)]
fn long_string_end(body: &[u8], mut at: u32, mut seen: u64) -> (u32, u64) {
    // A loop over a block of known size without an early exit is one that the compiler vectorizes.
    while let Some(block) = window::<32>(body, at) {
        let (mut stops, mut high) = (0, 0);
        for &byte in block {
            stops |= u8::from((byte == b'"') | (byte == b'\\') | (byte < 0x20));
            high |= u8::from(byte >= 0x7F);
        }
        seen |= u64::from(high) << 7;
        if stops != 0 {
            break;
        }
        at = at.wrapping_add(32);
    }
    loop {
        let x = word(body, at);
        let mask = special(x);
        seen |= beyond(x);
        if mask != 0 {
            return (at.wrapping_add(first(mask)), seen);
        }
        at = at.wrapping_add(8);
    }
}

/// A piece of a string for those who copy it: the eight bytes at `at`, how many of them come before
/// the first `"`, `\`, control byte or end, and whether there is one among them.
#[inline(always)]
pub(crate) fn string_word(body: &[u8], at: u32) -> (u64, u32, bool) {
    let x = word(body, at);
    let mask = special(x);
    (x, first(mask), mask != 0)
}

/// The first byte that is not JSON white space, and where it stands.
#[inline(always)]
pub(crate) fn token(body: &[u8], at: u32) -> (u8, u32) {
    let c = byte(body, at);
    if c > b' ' { (c, at) } else { token_after_white(body, at) }
}

#[inline(never)]
fn token_after_white(body: &[u8], at: u32) -> (u8, u32) {
    // Nearly always a line end, then indentation, all in one word: the first byte that differs from a
    // space ends it. (Behind what is shifted out come zeros.)
    if let Some(bytes) = window::<8>(body, at) {
        let x = u64::from_le_bytes(*bytes);
        let line_end = match bytes {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => 0_u32,
        };
        let at = at.wrapping_add(line_end).wrapping_add(first(x.wrapping_shr(line_end << 3) ^ repeat(b' ')));
        let c = byte(body, at);
        if c > b' ' {
            return (c, at);
        }
    }
    token_after_much_white(body, at)
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

    const STOPS: [u8; 5] = [b'"', b'\\', 0, b'\n', 0x1F];
    /// Bytes that are next to those that end a string.
    const OTHERS: [u8; 7] = [b' ', b'!', b'#', b'[', b']', b'x', b'~'];

    /// Where the string at the start of `body` ends, all of which is ASCII and printable or ends it.
    fn ascii_end(body: &[u8]) -> u32 {
        let (end, seen) = string_end(body, 0);
        assert_eq!(seen & HIGHS, 0, "{body:?}");
        end
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn strings_end_at_the_first_byte_that_ends_them() {
        for length in 0..100_u32 {
            for other in OTHERS {
                let mut body = vec![other; length as usize];
                assert_eq!(ascii_end(&body), length);
                for stop in STOPS {
                    // Alone, and with what follows it: the same again, and the other.
                    for after in [&[][..], &[stop; 40], &[other; 40]] {
                        body.truncate(length as usize);
                        body.push(stop);
                        body.extend_from_slice(after);
                        assert_eq!(ascii_end(&body), length, "{other} {stop}");
                        let (word, len, stops) = string_word(&body, 0);
                        assert_eq!((word, len, stops), (super::word(&body, 0), length.min(8), length < 8));
                    }
                }
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
                    body.extend_from_slice(b"\" and more than a word");
                    let (end, seen) = string_end(&body, 0);
                    assert_eq!(end as usize, length);
                    assert_ne!(seen & HIGHS, 0, "{byte:x} at {place} of {length}");
                    // And at the same place of the next word: the two must not make up for each other.
                    if let Some(next) = body.get_mut(place + 8).filter(|next| **next == b'x') {
                        *next = byte;
                        assert_ne!(string_end(&body, 0).1 & HIGHS, 0, "{byte:x} at {place} of {length}, twice");
                    }
                }
            }
        }
    }

    #[test]
    fn words_end_in_zeros_past_the_end() {
        for length in 0..20_usize {
            let body: vec::Vec<u8> = (1..=length as u8).collect();
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
