//! File names (contract §3).

use super::white_space::strip_first;
use super::{Verdict, text};
use crate::code::{Code, Warnings};

/// Checks a trimmed value.
#[inline]
pub(crate) fn check(name: &[u8]) -> Verdict {
    if is_odd(name) { check_closely(name) } else { Verdict::VALID }
}

/// Whether a name may be invalid or look garbled: false for nearly all, so that they are read once and
/// no more.
#[inline]
fn is_odd(name: &[u8]) -> bool {
    let is_odd = |byte: u8| (byte == b'/') | (byte == b'\\') | (byte == b'%');
    // First by the first bytes of what turns the direction (E2) and of U+FFFD (EF), which share this pattern with
    // a few, but not with those of Cyrillic; then by the next bytes.
    text::any_byte(name, |byte| is_odd(byte) | (byte & 0xD2 == 0xC2))
        && text::any_pair(name, |first, second| {
            is_odd(first)
                | ((first == 0x80) & matches!(second, 0xAA..=0xAE))
                | ((first == 0x81) & matches!(second, 0xA6..=0xA9))
                | ((first == 0xBF) & (second == 0xBD))
        })
        || name.starts_with(b"=?")
}

#[cold]
#[inline(never)]
fn check_closely(name: &[u8]) -> Verdict {
    if has_invalid(name) {
        Verdict::Invalid
    } else if text::has_replacement(name) || is_encoded_words(name) || has_encoded_letter(name) {
        Verdict::AsIs(Warnings::of(Code::GarbledText))
    } else {
        Verdict::VALID
    }
}

/// Whether the name holds a separator of paths, or a character that turns the direction of what follows.
pub(crate) fn has_invalid(name: &[u8]) -> bool {
    text::any_byte(name, |byte| (byte == b'/') | (byte == b'\\'))
        || name.windows(3).any(|c| matches!(c, [0xE2, 0x80, 0xAA..=0xAE] | [0xE2, 0x81, 0xA6..=0xA9]))
}

/// The same of one character: `photo` U+202E `gpj.exe` is shown as a picture.
fn is_invalid(c: char) -> bool {
    matches!(c, '/' | '\\') || turns(c)
}

fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether the name is nothing but RFC 2047's encoded words, with white space between them.
fn is_encoded_words(name: &[u8]) -> bool {
    let mut rest = name;
    loop {
        rest = match strip_encoded_word(rest) {
            None => return false,
            Some([]) => return true,
            Some(after) => match strip_first(after) {
                None => return false,
                Some(after) => after,
            },
        };
        while let Some(after) = strip_first(rest) {
            rest = after;
        }
    }
}

/// What follows `=?`, a charset, `?b?` or `?q?`, a text, and `?=`.
fn strip_encoded_word(text: &[u8]) -> Option<&[u8]> {
    match strip_piece(text.strip_prefix(b"=?")?)? {
        [b'b' | b'B' | b'q' | b'Q', b'?', rest @ ..] => strip_piece(rest)?.strip_prefix(b"="),
        _ => None,
    }
}

/// What follows a piece that is not empty, without `?` and white space, and the `?` behind it.
fn strip_piece(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| *byte == b'?').filter(|end| *end > 0)?;
    let (piece, rest) = text.split_at_checked(end)?;
    let has_white = (0..end).filter_map(|at| piece.get(at..)).any(|rest| strip_first(rest).is_some());
    if has_white { None } else { rest.get(1..) }
}

/// Whether two percent-encoded bytes above 7F follow each other: half a letter of another alphabet.
fn has_encoded_letter(name: &[u8]) -> bool {
    let is_high = |byte: u8| matches!(byte, b'8' | b'9' | b'A'..=b'F' | b'a'..=b'f');
    name.windows(6).any(|bytes| match bytes {
        [b'%', a, b, b'%', c, d] => is_high(*a) && b.is_ascii_hexdigit() && is_high(*c) && d.is_ascii_hexdigit(),
        _ => false,
    })
}

/// A last `.` with a character before it and a letter or digit directly after it.
pub(crate) fn has_extension(name: &[u8]) -> bool {
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => false,
        Some(dot) => name.get(dot.wrapping_add(1)).is_some_and(u8::is_ascii_alphanumeric),
    }
}

/// Where the first character stands that makes a name invalid.
pub(crate) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    chars.position(is_invalid)
}

/// The edits that make a name valid: of a path all up to its last separator goes, in another name a `_`
/// takes the place of each separator, and what turns the direction goes. `name` are the characters of
/// the trimmed value with their places; `edit` gets a place and what stands there afterwards.
pub(crate) fn mend(name: impl Iterator<Item = (u32, u32, char)> + Clone, mut edit: impl FnMut(u32, u32, &'static str)) {
    let mut rest = name.clone();
    if is_path(name.clone().map(|(_, _, c)| c)) {
        let separator = |(_, (_, _, c)): &(usize, (u32, u32, char))| matches!(c, '/' | '\\');
        let last = name.clone().enumerate().filter(separator).last();
        if let (Some((start, _, _)), Some((index, (offset, length, _)))) = (name.clone().next(), last) {
            edit(start, offset.wrapping_add(length).wrapping_sub(start), "");
            rest.nth(index);
        }
    }
    for (offset, length, c) in rest {
        match c {
            '/' => edit(offset, length, "_"),
            c if turns(c) => edit(offset, length, ""),
            _ => {}
        }
    }
}

/// Whether a name with a separator is a path, and not a name like `Act 15/2.pdf`.
fn is_path(mut name: impl Iterator<Item = char> + Clone) -> bool {
    let mut start = name.clone();
    match (start.next(), start.next()) {
        (Some('/' | '\\' | '.'), _) => true,
        (Some(letter), Some(':')) if letter.is_ascii_alphabetic() => true,
        _ => name.any(|c| c == '\\'),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    const GARBLED: Verdict = Verdict::AsIs(Warnings::of(Code::GarbledText));

    #[test]
    fn names_that_are_valid() {
        for name in
            ["a", "photo.jpg", "Отчёт — «май».pdf", "a%20b", "100%", "a:b", "..", "=?", "a\u{200B}b\u{200E}", "a b"]
        {
            assert_eq!(check(name.as_bytes()), Verdict::VALID, "{name:?}");
            assert_eq!(spoiler(name.chars()), None, "{name:?}");
        }
    }

    #[test]
    fn names_that_are_not() {
        for (name, place) in [
            ("/", 0),
            ("a/b", 1),
            ("ж\\b/", 1),
            ("photo\u{202E}gpj.exe", 5),
            ("a\u{202A}", 1),
            ("a\u{2066}b\u{2069}/", 1),
            ("=?utf-8?q?a/b?=", 11),
        ] {
            assert_eq!(check(name.as_bytes()), Verdict::Invalid, "{name:?}");
            assert_eq!(spoiler(name.chars()), Some(place), "{name:?}");
        }
        for c in ["\u{2029}", "\u{202F}", "\u{2065}", "\u{206A}", "\u{2215}", "\u{FF0F}"] {
            assert_eq!(check([b"a", c.as_bytes(), b"b"].concat().as_slice()), Verdict::VALID, "{c:?}");
        }
    }

    #[test]
    fn names_that_are_still_encoded() {
        for name in [
            "=?UTF-8?B?0L7RgtGH?=",
            "=?utf-8?q?a_b?= =?x?b?=20?=",
            "=?ж?Q?ж?=\u{A0}\u{2003}=?a?b?c?=",
            "=?=?q?=?=",
            "\u{FFFD}.pdf",
            "%D0%9F",
            "a%20%d0%bf.pdf",
            "a%80%FFb",
            "%20%81%9f",
        ] {
            assert_eq!(check(name.as_bytes()), GARBLED, "{name:?}");
        }
        for name in [
            "=?utf-8?x?a?=",
            "=??q?a?=",
            "=?utf-8?q??=",
            "=?utf-8?q?a b?=",
            "=?utf 8?q?a?=",
            "=?utf-8?q?a?b?=",
            "=?utf-8?q?a?=.pdf",
            "a=?utf-8?q?a?=",
            "=?utf-8?q?a?==?utf-8?q?a?=",
            "=?utf-8?q?a?= b",
            "=?utf-8?q?a?",
            "=?utf-8?q",
            "=?utf-8",
            "%D0",
            "%D0a%9F",
            "%7F%80",
            "%80%7F",
            "%D0%G0",
            "%G0%D0",
            "%D0%9",
            "%C3\u{A9}",
        ] {
            assert_eq!(check(name.as_bytes()), Verdict::VALID, "{name:?}");
        }
    }

    #[test]
    fn extensions() {
        for name in ["a.b", "ж.7", "..b", "a.tar.gz", "a.b c", "a.jжг"] {
            assert!(has_extension(name.as_bytes()), "{name:?}");
        }
        for name in ["", "a", ".b", "a.", "a..", "a. b", "a.ж", "a.b.", "a.b.-"] {
            assert!(!has_extension(name.as_bytes()), "{name:?}");
        }
    }

    /// The name after the edits, and how many there were.
    fn mended(name: &str) -> (String, usize) {
        let chars = name.char_indices().map(|(at, c)| (at as u32, c.len_utf8() as u32, c));
        let mut edits = Vec::new();
        mend(chars, |offset, length, text| edits.push((offset as usize, length as usize, text)));
        let (mut written, mut at) = (String::new(), 0);
        for (offset, length, text) in &edits {
            written.push_str(&name[at..*offset]);
            written.push_str(text);
            at = offset + length;
        }
        written.push_str(&name[at..]);
        (written, edits.len())
    }

    #[test]
    fn paths_lose_their_folders_and_other_names_their_slashes() {
        for (name, expected, edits) in [
            ("C:\\Users\\ivan\\a.png", "a.png", 1),
            ("c:a/b", "b", 1),
            ("/a/b/c", "c", 1),
            ("./a", "a", 1),
            ("a/b\\c", "c", 1),
            ("a\\b/c", "c", 1),
            ("\\\\host\\share\\", "", 1),
            ("Акт 15/2.pdf", "Акт 15_2.pdf", 1),
            ("Auftrag_225/2385/5648.pdf", "Auftrag_225_2385_5648.pdf", 2),
            ("1:a/b", "1:a_b", 1),
            ("ж:a/b", "ж:a_b", 1),
            ("photo\u{202E}gpj.exe", "photogpj.exe", 1),
            (".\u{202E}x", ".x", 1),
            ("/\u{202E}a/\u{202E}b\u{2066}", "b", 3),
            ("a\u{2069}/b", "a_b", 2),
            ("a", "a", 0),
        ] {
            assert_eq!(mended(name), (String::from(expected), edits), "{name:?}");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours under Miri")]
    fn nothing_odd_is_overlooked() {
        for c in '\0'..='\u{FFFF}' {
            for (before, after) in [("a", "b"), ("", ""), ("жук — «", ""), (&*"ж".repeat(31), &*"y".repeat(40))]
            {
                let name = [before, &*String::from(c), after].concat();
                let verdict = check_closely(name.as_bytes());
                assert_eq!(check(name.as_bytes()), verdict, "{name:?}");
                let latin = c < '\u{500}' && c != '%';
                assert!(verdict != Verdict::VALID || !latin || !is_odd(name.as_bytes()), "{name:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_character_that_spoils_is_found_by_both(name in "[a.:ж/\\\\\u{202D}\u{202E}\u{202F}\u{2065}-\u{206A}%]{0,12}") {
            let name: String = name;
            prop_assert_eq!(check(name.as_bytes()) == Verdict::Invalid, spoiler(name.chars()).is_some());
            prop_assert_eq!(spoiler(mended(&name).0.chars()), None);
        }

        #[test]
        fn total_on_bytes(name in proptest::collection::vec(any::<u8>(), 0..40), start in "(=\\?u\\?q\\?)?") {
            check(&[start.as_bytes(), &name].concat());
            has_extension(&name);
        }
    }
}
