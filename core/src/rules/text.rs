//! What is common to all strings, their length and their control characters; and the line ends and lost
//! characters of the message's text (contract §3).

use crate::memory::{OutOfMemory, put_bytes};
use crate::word::{HIGHS, blocks, repeat};
use alloc::vec::Vec;

/// The length of UTF-8 in UTF-16 code units, as the server and the browser measure it.
#[inline(never)] // asked in many places, seldom
pub(crate) fn utf16_len(bytes: &[u8]) -> usize {
    // A scalar value has as many units as it has first bytes, and one more if it has four bytes.
    // Counting in bytes over short blocks is what the compiler vectorizes.
    let mut units = 0_usize;
    let (blocks, rest) = blocks::<64>(bytes);
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
    let (mut words, rest) = blocks::<8>(value);
    let mut found = words.any(|word| is_suspect(*word));
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

/// Whether a message text holds U+0000–U+001F other than tab and the line ends (U+000A–U+000D).
pub(crate) fn has_control_in_text(value: &[u8]) -> bool {
    any_byte(value, is_control_in_text)
}

/// Whether a byte is a control character that no message text may hold.
#[inline]
pub(crate) fn is_control_in_text(byte: u8) -> bool {
    (byte < 0x20) & !matches!(byte, b'\t'..=b'\r')
}

/// Whether a text may hold a control character or a line end other than LF, or look garbled: false for
/// nearly all, so that they are read once and no more. If it is true, [`has_control_in_text`],
/// [`line_ends`] and [`is_garbled`] decide.
#[inline(never)]
pub(crate) fn is_odd(value: &[u8]) -> bool {
    let is_odd = |byte: u8| (byte < 0x20) & (byte != b'\n');
    // First by the first bytes of U+0080–U+009F (C2), of U+2028 and U+2029 (E2) and of U+FFFD (EF), which share
    // this pattern with a few, but not with those of Cyrillic; then by the next bytes.
    any_byte(value, |byte| is_odd(byte) | (byte & 0xD2 == 0xC2))
        && any_pair(value, |first, second| {
            (is_odd(first) & (first != b'\t'))
                | ((first == 0xC2) & (second <= 0x9F))
                | ((first == 0x80) & (second & !1 == 0xA8))
                | ((first == 0xBF) & (second == 0xBD))
        })
}

/// Whether writing every line end as LF changes the text, which then is appended in that form. Line ends
/// are those of Word, PDF and mainframes too: CRLF, CR, U+000B, U+000C, U+0085, U+2028 and U+2029.
///
/// # Errors
/// [`OutOfMemory`] if there is no room; `out` then holds a part.
#[cold]
#[inline(never)]
pub(crate) fn line_ends(value: &[u8], out: &mut Vec<u8>) -> Result<bool, OutOfMemory> {
    let mut rest = value;
    while let Some((line, after)) = split_line(rest) {
        put_bytes(out, line)?;
        put_bytes(out, b"\n")?;
        rest = after;
    }
    let changes = rest.len() < value.len();
    if changes {
        put_bytes(out, rest)?;
    }
    Ok(changes)
}

/// What stands before the first line end other than LF, and what after it.
fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut start = 0_usize;
    loop {
        let begins = |byte: &u8| matches!(byte, 0x0B..=0x0D | 0xC2 | 0xE2);
        let at = start.saturating_add(text.get(start..)?.iter().position(begins)?);
        let (line, rest) = text.split_at_checked(at)?;
        if let Some(after) = strip_line_end(rest) {
            return Some((line, after));
        }
        start = at.saturating_add(1);
    }
}

#[rustfmt::skip] // one line end a line
fn strip_line_end(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'\r', b'\n', rest @ ..]
        | [0x0B | 0x0C | b'\r', rest @ ..]
        | [0xC2, 0x85, rest @ ..]                           // U+0085
        | [0xE2, 0x80, 0xA8 | 0xA9, rest @ ..] => Some(rest), // U+2028, U+2029
        _ => None,
    }
}

/// Whether a text, its line ends written as LF, has lost characters on its way: it holds U+FFFD, or
/// U+0080–U+009F, of which U+0085 is a line end.
#[cold]
#[inline(never)]
pub(crate) fn is_garbled(value: &[u8]) -> bool {
    let is_control = |byte| matches!(byte, 0x80..=0x84 | 0x86..=0x9F);
    any_pair(value, |first, second| (first == 0xC2) & is_control(second)) || has_replacement(value)
}

/// Whether a value holds U+FFFD, which stands for what could not be read.
pub(crate) fn has_replacement(value: &[u8]) -> bool {
    any_pair(value, |first, second| (first == 0xBF) & (second == 0xBD))
        && value.windows(3).any(|bytes| bytes == b"\xEF\xBF\xBD")
}

/// Where the first character stands that makes a text look garbled.
pub(crate) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    chars.position(|c| matches!(c, '\u{FFFD}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}'))
}

/// Whether a byte is of some kind. Without an early exit inside a block, which the compiler
/// vectorizes; the last block overlaps the one before.
#[inline]
pub(crate) fn any_byte(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    let is_in = |block: &[u8; 32]| block.iter().fold(0, |found, byte| found | u8::from(is(*byte))) != 0;
    let (mut blocks, rest) = blocks::<32>(bytes);
    match bytes.last_chunk::<32>() {
        Some(last) => blocks.any(is_in) || is_in(last),
        None => rest.iter().any(|byte| is(*byte)),
    }
}

/// Whether a byte and the one behind it are of some kind; behind the last stands 0. Like [`any_byte`].
#[inline]
pub(crate) fn any_pair(bytes: &[u8], is: impl Fn(u8, u8) -> bool) -> bool {
    let Some((last, firsts)) = bytes.split_last() else {
        return false;
    };
    let (first_blocks, firsts) = blocks::<32>(firsts);
    let (second_blocks, seconds) = blocks::<32>(bytes.get(1..).unwrap_or_default());
    let is_in = |(firsts, seconds): (&[u8; 32], &[u8; 32])| {
        firsts.iter().zip(seconds).fold(0, |found, (a, b)| found | u8::from(is(*a, *b))) != 0
    };
    first_blocks.zip(second_blocks).any(is_in) || firsts.iter().zip(seconds).any(|(a, b)| is(*a, *b)) || is(*last, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use proptest::prelude::*;

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
                    let in_text = c < 0x20 && !(9..=13).contains(&c);
                    assert_eq!(has_control(s.as_bytes()), c < 0x20 || (0x7F..0xA0).contains(&c), "{c:x} in {s:?}");
                    assert_eq!(has_control_in_text(s.as_bytes()), in_text, "{c:x} in {s:?}");
                }
            }
        }
    }

    fn lines(text: &str) -> Option<String> {
        let mut out = b"|".to_vec();
        let changes = line_ends(text.as_bytes(), &mut out).unwrap();
        let written = String::from_utf8(out).unwrap().split_off(1);
        assert!(changes || written.is_empty(), "{text:?}");
        changes.then_some(written)
    }

    #[test]
    fn line_ends_become_lf() {
        for (text, written) in [
            ("a\r\nb", "a\nb"),
            ("\r", "\n"),
            ("\r\r\n\n\r", "\n\n\n\n"),
            ("a\u{B}b\u{C}c\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf"),
            ("\r\u{2028}", "\n\n"),
            ("ж\u{85}", "ж\n"),
        ] {
            assert_eq!(lines(text).as_deref(), Some(written), "{text:?}");
            assert_eq!(lines(written), None, "{written:?}");
        }
        for text in ["", "\n", "a\nb\tc", "\u{1E}\u{1C}", "\u{84}\u{86}", "\u{2027}\u{202A}\u{3028}", "\u{A0}"] {
            assert_eq!(lines(text), None, "{text:?}");
        }
    }

    #[test]
    fn lost_characters_make_a_text_garbled() {
        for (text, place) in [
            ("\u{FFFD}", Some(0)),
            ("a\u{80}", Some(1)),
            ("ж\u{9F}\u{FFFD}", Some(1)),
            ("\u{84}", Some(0)),
            ("\u{86}", Some(0)),
            ("?", None),
            ("\u{85}", None),
            ("\u{A0}\u{7F}\u{FFFC}\u{FFFE}\u{1FFFD}", None),
        ] {
            assert_eq!(is_garbled(text.as_bytes()), place.is_some(), "{text:?}");
            assert_eq!(spoiler(text.chars()), place, "{text:?}");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours under Miri")]
    fn nothing_odd_is_overlooked() {
        for c in '\0'..='\u{FFFF}' {
            for (before, after) in [("", ""), ("a", "b"), ("ж — «", ""), (&*"x".repeat(31), &*"y".repeat(40))] {
                let text = [before, &*String::from(c), after].concat();
                let bytes = text.as_bytes();
                let needed = lines(&text).is_some() || is_garbled(bytes) || has_control_in_text(bytes);
                assert!(is_odd(bytes) || !needed, "{c:?} in {text:?}");
                let latin = c < '\u{80}' || ('\u{A0}'..'\u{500}').contains(&c);
                assert!(needed || !latin || !is_odd(bytes), "{c:?} in {text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn line_ends_as_str_replaces_them(text in "[ab\n\r\u{B}\u{C}\u{85}\u{2028}\u{2029}\u{84}ж]{0,20}") {
            let written = text.replace("\r\n", "\n").replace(['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
            prop_assert_eq!(lines(&text), (written != text).then_some(written));
        }

        #[test]
        fn total_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..80)) {
            let rewritten = line_ends(&value, &mut Vec::new()).unwrap();
            prop_assert!(is_odd(&value) || !(rewritten || is_garbled(&value) || has_control_in_text(&value)));
            has_control(&value);
        }
    }
}
