//! Whether bytes are well-formed UTF-8 (RFC 3629).
//!
//! Each byte is judged from itself and the three before it, without a branch, in blocks of a fixed
//! size: a loop that the compiler vectorizes. On text that is not ASCII that is several times as
//! fast as `core::str::from_utf8`, which then only has to find the place of a fault.

use crate::word::block::BLOCKS;

const BLOCK: usize = 64;
/// A block and the three bytes before it; zeros where there are none. A zero after a sequence that
/// is not complete is itself a fault.
const WINDOW: usize = BLOCK + 3;

/// The first byte of the first ill-formed sequence.
pub(crate) fn first_fault(bytes: &[u8]) -> Option<u32> {
    // Where there are vector registers, the reader has judged nearly all that comes here.
    if !BLOCKS && is_well_formed(bytes) {
        return None;
    }
    core::str::from_utf8(bytes).err().map(|error| error.valid_up_to() as u32)
}

fn is_well_formed(bytes: &[u8]) -> bool {
    if !judge(&padded(&[], bytes)) {
        return false;
    }
    // Windows overlap by the three bytes that go before a block.
    let mut windows = bytes.get(BLOCK.saturating_sub(3)..).unwrap_or(&[]);
    while let Some(window) = windows.first_chunk::<WINDOW>() {
        if !judge(window) {
            return false;
        }
        windows = windows.get(BLOCK..).unwrap_or(&[]);
    }
    judge(&padded(windows, &[]))
}

/// A window that starts with `before`, or, after three zeros, with `first`.
fn padded(before: &[u8], first: &[u8]) -> [u8; WINDOW] {
    let mut window = [0; WINDOW];
    let start = if first.is_empty() { 0 } else { 3 };
    for (to, from) in window.iter_mut().skip(start).zip(before.iter().chain(first)) {
        *to = *from;
    }
    window
}

#[inline(always)]
fn judge(window: &[u8; WINDOW]) -> bool {
    let highest = window.iter().fold(0, |highest, byte| if *byte > highest { *byte } else { highest });
    match highest {
        0..0x80 => true,
        // Latin, Greek, Cyrillic, Hebrew and Arabic have two bytes at most.
        0x80..0xE0 => judge_pairs(window),
        _ => judge_all(window),
    }
}

#[inline(always)]
fn flag(condition: bool) -> u8 {
    u8::from(condition)
}

#[inline(always)]
fn is_continuation(byte: u8) -> u8 {
    flag((byte as i8) < -64)
}

fn judge_pairs(window: &[u8; WINDOW]) -> bool {
    let [_, _, before @ ..] = window;
    let [_, _, _, block @ ..] = window;
    let mut bad = 0_u8;
    for (byte, before) in block.iter().zip(before) {
        bad |= is_continuation(*byte) ^ flag(*before >= 0xC0);
        bad |= flag(*byte & 0xFE == 0xC0);
    }
    bad == 0
}

#[inline(never)]
fn judge_all(window: &[u8; WINDOW]) -> bool {
    let [_, two_before @ ..] = window;
    let [_, _, before @ ..] = window;
    let [_, _, _, block @ ..] = window;
    let mut bad = 0_u8;
    for (((byte, p1), p2), p3) in block.iter().zip(before).zip(two_before).zip(window) {
        let owed = flag(*p1 >= 0xC0) | flag(*p2 >= 0xE0) | flag(*p3 >= 0xF0);
        bad |= is_continuation(*byte) ^ owed;
        bad |= flag(*byte & 0xFE == 0xC0) | flag(*byte >= 0xF5);
        // Overlong forms, surrogates, and what is above U+10FFFF.
        bad |= flag(*p1 == 0xE0) & flag(*byte < 0xA0);
        bad |= flag(*p1 == 0xED) & flag(*byte >= 0xA0);
        bad |= flag(*p1 == 0xF0) & flag(*byte < 0x90);
        bad |= flag(*p1 == 0xF4) & flag(*byte >= 0x90);
    }
    bad == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn same_as_std(bytes: &[u8]) {
        let want = core::str::from_utf8(bytes).err().map(|error| error.valid_up_to() as u32);
        assert_eq!(first_fault(bytes), want, "{bytes:x?}");
        // It alone, too: a text that it took for ill-formed would only be read once more.
        assert_eq!(is_well_formed(bytes), want.is_none(), "{bytes:x?}");
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn every_short_sequence_at_every_place_of_a_block() {
        let bytes = [
            0x3E, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ];
        for a in bytes {
            for b in bytes {
                for c in bytes {
                    for place in [0, 61, 62, 63, 64, 125, 127] {
                        let mut text = "x".repeat(place).into_bytes();
                        text.extend([a, b, c, 0x80]);
                        same_as_std(&text);
                        text.pop();
                        same_as_std(&text);
                        // Beside a character of three bytes, all kinds of fault are looked for.
                        text.extend("€".bytes());
                        same_as_std(&text);
                    }
                }
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn long_texts() {
        let text = "Здравствуйте, 你好, 😀 and some ASCII to fill a block or two. ".repeat(5).into_bytes();
        for end in 0..text.len() {
            same_as_std(&text[..end]);
            let mut broken: Vec<u8> = text.clone();
            broken[end] ^= 0x80;
            same_as_std(&broken);
            broken[end] = 0xF4;
            same_as_std(&broken);
        }
    }
}
