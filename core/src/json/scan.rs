//! Finding the byte that ends a run, eight or more bytes at a time.
//!
//! Positions are `u32`, so that adding a small length to one can't wrap a `usize` and each load
//! costs one bounds check.

const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
pub(crate) const fn repeat(byte: u8) -> u64 {
    ONES.wrapping_mul(byte as u64)
}

/// `N` bytes at `at`, if the body has them.
#[inline(always)]
pub(crate) fn window<const N: usize>(body: &[u8], at: u32) -> Option<&[u8; N]> {
    body.get(at as usize..(at as usize).wrapping_add(N))?.first_chunk()
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
    let quote = word ^ repeat(b'"');
    let backslash = word ^ repeat(b'\\');
    (word.wrapping_sub(repeat(0x20)) & !word
        | quote.wrapping_sub(ONES) & !quote
        | backslash.wrapping_sub(ONES) & !backslash)
        & HIGHS
}

#[inline(always)]
fn first(mask: u64) -> u32 {
    mask.trailing_zeros() >> 3
}

/// The first `"`, `\`, control byte or end at or after `at`. What was passed over is or-ed into
/// `seen`, whose high bits tell whether any of it was not ASCII.
#[inline(always)]
pub(crate) fn string_end(body: &[u8], at: u32, seen: &mut u64) -> u32 {
    // Two words cover almost every short value.
    let x = word(body, at);
    let mask = special(x);
    *seen |= x;
    if mask != 0 {
        return at.wrapping_add(first(mask));
    }
    let at = at.wrapping_add(8);
    let x = word(body, at);
    let mask = special(x);
    *seen |= x;
    if mask != 0 {
        return at.wrapping_add(first(mask));
    }
    long_string_end(body, at.wrapping_add(8), seen)
}

#[inline(never)]
fn long_string_end(body: &[u8], mut at: u32, seen: &mut u64) -> u32 {
    // A loop over a block of known size without an early exit is one that the compiler vectorizes.
    while let Some(block) = window::<32>(body, at) {
        let (mut stops, mut high) = (0, 0);
        for &byte in block {
            stops |= u8::from((byte == b'"') | (byte == b'\\') | (byte < 0x20));
            high |= u8::from(byte >= 0x80);
        }
        *seen |= u64::from(high) << 7;
        if stops != 0 {
            break;
        }
        at = at.wrapping_add(32);
    }
    loop {
        let x = word(body, at);
        let mask = special(x);
        *seen |= x;
        if mask != 0 {
            return at.wrapping_add(first(mask));
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

/// High bits at exactly the bytes that are not `c`.
#[inline(always)]
fn other_than(word: u64, c: u8) -> u64 {
    let x = word ^ repeat(c);
    ((x & !HIGHS).wrapping_add(!HIGHS) | x) & HIGHS
}

/// The first byte that is not JSON white space, and where it stands.
#[inline(always)]
pub(crate) fn token(body: &[u8], at: u32) -> (u8, u32) {
    let c = byte(body, at);
    if c > b' ' {
        return (c, at);
    }
    let next = at.wrapping_add(1);
    let after = byte(body, next);
    if c == b' ' && after > b' ' { (after, next) } else { token_after_white(body, at) }
}

#[inline(never)]
fn token_after_white(body: &[u8], mut at: u32) -> (u8, u32) {
    loop {
        let x = word(body, at);
        let mask = other_than(x, b' ') & other_than(x, b'\n') & other_than(x, b'\r') & other_than(x, b'\t');
        at = at.wrapping_add(first(mask));
        if mask != 0 {
            return (byte(body, at), at);
        }
    }
}
