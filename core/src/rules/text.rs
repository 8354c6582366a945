//! What is common to all strings: their length and their control characters.

use crate::word::{HIGHS, repeat};

/// The length of UTF-8 in UTF-16 code units, as the server and the browser measure it.
pub(crate) fn utf16_len(bytes: &[u8]) -> usize {
    // A scalar value has as many units as it has first bytes, and one more if it has four bytes.
    // Counting in bytes over short blocks is what the compiler vectorizes.
    let mut units = 0_usize;
    let (blocks, rest) = bytes.as_chunks::<64>();
    for block in blocks {
        let mut count = 0_u8;
        for &byte in block {
            count = count.wrapping_add(u8::from(byte as i8 >= -64)).wrapping_add(u8::from(byte >= 0xF0));
        }
        units = units.wrapping_add(usize::from(count));
    }
    for &byte in rest {
        units = units.wrapping_add(usize::from(byte as i8 >= -64)).wrapping_add(usize::from(byte >= 0xF0));
    }
    units
}

/// Whether a value holds U+0000–U+001F or U+007F–U+009F.
#[inline]
pub(crate) fn has_control(value: &[u8]) -> bool {
    let (words, rest) = value.as_chunks::<8>();
    let mut found = words.iter().any(|word| is_suspect(*word));
    if let Some(last) = value.last_chunk::<8>() {
        found |= is_suspect(*last);
    } else {
        found |= rest.iter().any(|byte| !matches!(byte, 0x20..0x7F));
    }
    found && control_for_certain(value)
}

/// Of ASCII a whole word is judged at once; what has anything else is looked at closely.
#[inline]
fn is_suspect(word: [u8; 8]) -> bool {
    let word = u64::from_le_bytes(word);
    (word | word.wrapping_sub(repeat(0x20)) | word.wrapping_add(repeat(1))) & HIGHS != 0
}

#[cold]
#[inline(never)]
fn control_for_certain(value: &[u8]) -> bool {
    // In UTF-8, U+0080–U+009F are C2 80–C2 9F, and C2 is never anything but a first byte.
    any_byte(value, |byte| (byte < 0x20) | (byte == 0x7F) | (byte == 0xC2))
        && (value.iter().any(|byte| *byte < 0x20 || *byte == 0x7F)
            || value.windows(2).any(|pair| matches!(pair, [0xC2, 0x80..=0x9F])))
}

/// Whether a message text holds U+0000–U+001F other than tab, LF and CR.
pub(crate) fn has_control_in_text(value: &[u8]) -> bool {
    any_byte(value, |byte| (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r'))
}

/// Whether a byte is of some kind. Without an early exit inside a block, which the compiler
/// vectorizes.
#[inline]
pub(crate) fn any_byte(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = bytes.as_chunks::<32>();
    blocks.iter().any(|block| block.iter().fold(0, |found, byte| found | u8::from(is(*byte))) != 0)
        || rest.iter().any(|byte| is(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    #[test]
    fn utf16_lengths_are_those_of_std() {
        let mixed = "aя€😀\u{7f}";
        for n in 0..40 {
            let s: String = mixed.chars().cycle().skip(n % 5).take(n * 5 + n % 3).collect();
            assert_eq!(utf16_len(s.as_bytes()), s.encode_utf16().count());
        }
    }

    #[test]
    fn words_of_printable_ascii_are_no_suspects() {
        for byte in 0..=u8::MAX {
            let printable = (0x20..0x7F).contains(&byte);
            assert_eq!(is_suspect([byte; 8]), !printable, "{byte:x}");
            for place in 0..8 {
                let mut word = *b" ~x1 /.a";
                *word.get_mut(place).unwrap() = byte;
                assert_eq!(is_suspect(word), !printable, "{byte:x} at {place}");
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn control_characters_are_those_of_the_contract() {
        for c in (0..0x3000).filter_map(char::from_u32) {
            // Alone, twice, and where values are looked at a word or a block at a time.
            let doubled = String::from_iter([c, c]);
            let c = c as u32;
            for shown in [&doubled[..doubled.len() / 2], &doubled] {
                for (before, after) in [("", ""), ("a ", "b"), ("", &*"x".repeat(32)), ("more than a word", "")] {
                    let s = [before, shown, after].concat();
                    let in_text = c < 0x20 && ![9, 10, 13].contains(&c);
                    assert_eq!(has_control(s.as_bytes()), c < 0x20 || (0x7F..0xA0).contains(&c), "{c:x} in {s:?}");
                    assert_eq!(has_control_in_text(s.as_bytes()), in_text, "{c:x} in {s:?}");
                }
            }
        }
    }
}
