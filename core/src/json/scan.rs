//! Finding the byte that ends a run, eight or more bytes at a time.
//!
//! Positions are `u32`, so that adding a small length to one can't wrap a `usize` and each load
//! costs one bounds check.

const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGHS: u64 = 0x8080_8080_8080_8080;

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
    let rest = body.get(at as usize..).unwrap_or(&[]);
    rest.iter().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// High bits at the bytes that a string can't hold as they are: `"`, `\` and U+0000–U+001F.
///
/// The lowest bit set is exact; those above it may be false, so only the lowest is ever used.
#[inline(always)]
fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    (word.wrapping_sub(ONES * 0x20) & !word
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
        let (mut stop, mut all) = (false, 0_u8);
        for &byte in block {
            stop |= (byte == b'"') | (byte == b'\\') | (byte < 0x20);
            all |= byte;
        }
        *seen |= u64::from(all & 0x80);
        if stop {
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

/// The first byte that is not JSON white space, and where it stands.
#[inline(always)]
pub(crate) fn token(body: &[u8], at: u32) -> (u8, u32) {
    let c = byte(body, at);
    if c > b' ' { (c, at) } else { token_after_white(body, at) }
}

#[inline(never)]
fn token_after_white(body: &[u8], mut at: u32) -> (u8, u32) {
    loop {
        let c = byte(body, at);
        if !matches!(c, b' ' | b'\n' | b'\r' | b'\t') {
            return (c, at);
        }
        at = at.wrapping_add(1);
        // Indentation is a run of spaces.
        loop {
            let x = word(body, at) ^ (ONES * b' ' as u64);
            at = at.wrapping_add(first(x).min(8));
            if x != 0 {
                break;
            }
        }
    }
}
