//! Eight bytes at a time, for targets without vector registers.

use super::{Seen, beyond, first, special, window, word};
use crate::word::HIGHS;

/// The first `"`, `\`, control byte or end at or after `at`; and what was passed over, which nobody has judged: what lies
/// behind the end in the last word counts, too.
#[inline(always)]
pub(super) fn string_end(body: &[u8], at: u32) -> (u32, Seen) {
    // Two words cover almost every short value.
    let x = word(body, at);
    let mask = special(x);
    let seen = beyond(x);
    if mask != 0 {
        return (at.wrapping_add(first(mask)), unjudged(seen));
    }
    let at = at.wrapping_add(8);
    let x = word(body, at);
    let mask = special(x);
    let seen = seen | beyond(x);
    if mask != 0 {
        return (at.wrapping_add(first(mask)), unjudged(seen));
    }
    let (end, seen) = long_string_end(body, at.wrapping_add(8), seen);
    (end, unjudged(seen))
}

/// What high bits tell: that there may be a byte above `~`, or that there is none.
#[inline(always)]
fn unjudged(seen: u64) -> Seen {
    if seen & HIGHS == 0 { Seen::NOTHING } else { Seen::UNJUDGED }
}

#[inline(never)]
fn long_string_end(body: &[u8], mut at: u32, mut seen: u64) -> (u32, u64) {
    // A loop over a block of known size without an early exit is one that the compiler vectorizes, where it can.
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
