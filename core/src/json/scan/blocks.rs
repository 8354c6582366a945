//! Sixteen bytes at a time, and UTF-8 (RFC 3629) judged on the way, so that no body is read twice.

use super::{Seen, byte, window};
use crate::word::block::{Block, Marks};

/// The first `"`, `\`, control byte or end at or after `at`; and what was passed over. Up to `at` the string must be ASCII.
#[inline(never)]
pub(super) fn string_end(body: &[u8], mut at: u32) -> (u32, Seen) {
    loop {
        let unusual = unusual(block(body, at));
        if unusual != 0 {
            let end = at.wrapping_add(unusual.trailing_zeros());
            return if byte(body, end) < 0x7F { (end, Seen::NOTHING) } else { end_beyond_ascii(body, end) };
        }
        at = at.wrapping_add(Block::LEN);
    }
}

/// The first `"`, `\`, control byte or end at or after `at`.
#[inline(never)]
pub(super) fn plain_end(text: &[u8], mut at: u32) -> u32 {
    loop {
        let stops = stops(block(text, at)).bits();
        if stops != 0 {
            return at.wrapping_add(stops.trailing_zeros());
        }
        at = at.wrapping_add(Block::LEN);
    }
}

/// [`string_end`] from the first byte on that is not printable ASCII: for characters of two bytes at most, as those of
/// Latin, Greek, Cyrillic, Hebrew and Arabic are.
#[inline(never)]
pub(super) fn end_beyond_ascii(body: &[u8], mut at: u32) -> (u32, Seen) {
    let mut doubtful = 0;
    while let Some(bytes) = window::<17>(body, at.wrapping_sub(1)) {
        let ([_, block @ ..], [before @ .., _]) = (bytes, bytes);
        let (block, before) = (Block::of(block), Block::of(before));
        let (stops, others) = (stops(block), block.at_least(0xE0) | faults_of_pairs(block, before));
        let doubtful_here = self::doubtful(block).bits();
        if (stops | others).any() {
            let stops = stops.bits();
            let passed = through_first(stops);
            if stops == 0 || others.bits() & passed != 0 {
                break;
            }
            return (at.wrapping_add(stops.trailing_zeros()), seen(doubtful | doubtful_here & passed, 0));
        }
        doubtful |= doubtful_here;
        at = at.wrapping_add(Block::LEN);
    }
    end_of_any(body, at, doubtful)
}

/// The same for characters of any length.
#[inline(never)]
fn end_of_any(body: &[u8], mut at: u32, mut doubtful: u32) -> (u32, Seen) {
    let mut faults = 0;
    loop {
        let near = near(body, at);
        let stops = stops(near.block).bits();
        let passed = through_first(stops);
        doubtful |= self::doubtful(near.block).bits() & passed;
        faults |= near.faults().bits() & passed;
        if stops != 0 {
            return (at.wrapping_add(stops.trailing_zeros()), seen(doubtful, faults));
        }
        at = at.wrapping_add(Block::LEN);
    }
}

/// The lowest bit of a mask and all below it; all there are if it is 0. What a string has passed when it stops, with the
/// stop itself: there a character that is not complete misses a byte.
#[inline(always)]
fn through_first(mask: u32) -> u32 {
    mask ^ mask.wrapping_sub(1)
}

/// What was seen, by whether there are bits.
#[inline(always)]
fn seen(doubtful: u32, faults: u32) -> Seen {
    let mut seen = Seen::BEYOND;
    if doubtful != 0 {
        seen |= Seen::DOUBTFUL;
    }
    if faults != 0 {
        seen |= Seen::ILL_FORMED;
    }
    seen
}

/// DEL, and what only characters from U+0080 to U+00BF and those of more than two bytes begin with.
#[inline(always)]
fn doubtful(block: Block) -> Marks {
    block.is(0x7F) | block.is(0xC2) | block.at_least(0xE0)
}

#[inline(always)]
fn is_continuation(block: Block) -> Marks {
    block.below_signed(0xC0)
}

/// C0 and C1, which only overlong forms would begin with.
#[inline(always)]
fn is_overlong_pair(block: Block) -> Marks {
    block.masked(0xFE).is(0xC0)
}

/// Bytes that can't stand where they do, if no character has more than two bytes. `before` begins a byte earlier.
#[inline(always)]
fn faults_of_pairs(block: Block, before: Block) -> Marks {
    is_continuation(block) ^ before.at_least(0xC0) | is_overlong_pair(block)
}

/// What a string can't hold as it is: `"`, `\` and U+0000–U+001F.
#[inline(always)]
fn stops(block: Block) -> Marks {
    // With the second bit turned over, `"` takes the place of U+0020, next to the control characters.
    block.turned(b'"' ^ b' ').at_most(b' ') | block.is(b'\\')
}

/// Bits of all but printable ASCII, and of `"` and `\`.
#[inline(always)]
fn unusual(block: Block) -> u32 {
    // As signed numbers, what is not ASCII is below all that is.
    (block.turned(b'"' ^ b' ').below_signed(b' ' + 1) | block.is(b'\\') | block.is(0x7F)).bits()
}

/// The block at `at`, filled up with zeros past the end: a zero stops every scan.
#[inline(always)]
fn block(body: &[u8], at: u32) -> Block {
    match window::<16>(body, at) {
        Some(bytes) => Block::of(bytes),
        None => Block::of(&last_bytes(body, at).to_le_bytes()),
    }
}

/// Sixteen bytes at `at` as a number, the first one lowest.
#[inline(never)]
fn last_bytes(body: &[u8], at: u32) -> u128 {
    let missing = (at as usize).wrapping_add(16).wrapping_sub(body.len());
    match body.last_chunk::<16>() {
        Some(bytes) if missing < 16 => u128::from_le_bytes(*bytes) >> missing.wrapping_mul(8),
        _ => {
            let rest = body.get(at as usize..).unwrap_or(&[]);
            rest.iter().take(16).rev().fold(0, |bytes, byte| bytes << 8 | u128::from(*byte))
        }
    }
}

/// A block, and those that begin one, two and three bytes before it: what a byte must be follows from the three before.
struct Near {
    block: Block,
    before: Block,
    two_before: Block,
    three_before: Block,
}

/// The blocks near `at`, with zeros where the body has no bytes.
#[inline(always)]
fn near(body: &[u8], at: u32) -> Near {
    match window::<19>(body, at.wrapping_sub(3)) {
        Some(bytes) => {
            let [three_before @ .., _, _, _] = bytes;
            let [_, two_before @ .., _, _] = bytes;
            let [_, _, before @ .., _] = bytes;
            let [_, _, _, block @ ..] = bytes;
            Near {
                block: Block::of(block),
                before: Block::of(before),
                two_before: Block::of(two_before),
                three_before: Block::of(three_before),
            }
        }
        None => last_near(body, at),
    }
}

#[inline(never)]
fn last_near(body: &[u8], at: u32) -> Near {
    let bytes = last_bytes(body, at);
    let moved = |by: u32| {
        let bytes =
            (1..=by).fold(bytes, |bytes, distance| bytes << 8 | u128::from(byte(body, at.wrapping_sub(distance))));
        Block::of(&bytes.to_le_bytes())
    };
    Near { block: moved(0), before: moved(1), two_before: moved(2), three_before: moved(3) }
}

impl Near {
    /// Bytes that can't stand where they do.
    #[inline(always)]
    fn faults(&self) -> Marks {
        let (b, p1) = (self.block, self.before);
        let owed = p1.at_least(0xC0) | self.two_before.at_least(0xE0) | self.three_before.at_least(0xF0);
        let never = is_overlong_pair(b) | b.at_least(0xF5);
        // Overlong forms have too small a second byte; surrogates and what is above U+10FFFF, one too large.
        let small = p1.is(0xE0) & b.at_most(0x9F) | p1.is(0xF0) & b.at_most(0x8F);
        let large = p1.is(0xED) & b.at_least(0xA0) | p1.is(0xF4) & b.at_least(0x90);
        is_continuation(b) ^ owed | never | small | large
    }
}
