//! White space is Unicode's White_Space property (PropList.txt), here and in every rule; invisible
//! characters are those of contract §3. Trimming takes both off both ends, and a value of nothing else
//! is blank.
//!
//! The slice patterns spell the characters in UTF-8; no character's encoding begins or ends with
//! another's, so both ends can be looked at without decoding.

/// White_Space; `char::is_whitespace` is documented to be exactly that property.
pub(crate) fn is_white_space(c: char) -> bool {
    c.is_whitespace()
}

/// The invisible characters: of Default_Ignorable_Code_Point those that people paste without knowing
/// (what shapes letters and emoji is not among them), the blank U+2800 and the picture's place U+FFFC.
#[inline(never)] // asked in many places, seldom
#[rustfmt::skip] // one range of characters a line
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}'
            | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFFC}'
    )
}

/// Where the value starts and ends once white space and invisible characters are taken off both ends.
#[inline]
pub(crate) fn trim(value: &[u8]) -> (usize, usize) {
    match value {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => (0, value.len()),
        _ => trim_slowly(value),
    }
}

#[inline(never)]
fn trim_slowly(value: &[u8]) -> (usize, usize) {
    let trimmed = trim_start(value);
    let start = value.len().saturating_sub(trimmed.len());
    let mut rest = trimmed;
    while let Some(before) = strip_last(rest) {
        rest = before;
    }
    (start, start.saturating_add(rest.len()))
}

/// Whether nothing would be left after trimming.
#[inline]
pub(crate) fn is_blank(value: &[u8]) -> bool {
    trim_start(value).is_empty()
}

#[inline]
fn trim_start(value: &[u8]) -> &[u8] {
    let mut rest = value;
    loop {
        rest = match rest {
            [b'!'..=b'~', ..] => return rest,
            _ => match strip_first(rest).or_else(|| strip_first_invisible(rest)) {
                Some(after) => after,
                None => return rest,
            },
        };
    }
}

/// What follows the one white space character that `text` begins with.
#[inline(never)] // asked in many places, seldom
#[rustfmt::skip] // one range of characters a line
pub(crate) fn strip_first(text: &[u8]) -> Option<&[u8]> {
    match text {
        [0x09..=0x0D | b' ', rest @ ..]                                         // tab to CR, space
        | [0xC2, 0x85 | 0xA0, rest @ ..]                                        // U+0085, U+00A0
        | [0xE1, 0x9A, 0x80, rest @ ..]                                         // U+1680
        | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, rest @ ..]             // U+2000–200A, 2028, 2029, 202F
        | [0xE2, 0x81, 0x9F, rest @ ..]                                         // U+205F
        | [0xE3, 0x80, 0x80, rest @ ..] => Some(rest),                          // U+3000
        _ => None,
    }
}

/// What follows the one invisible character that `text` begins with.
#[inline]
#[rustfmt::skip] // one range of characters a line
pub(crate) fn strip_first_invisible(text: &[u8]) -> Option<&[u8]> {
    match text {
        [0xC2, 0xAD, rest @ ..]                                                 // U+00AD
        | [0xCD, 0x8F, rest @ ..]                                               // U+034F
        | [0xD8, 0x9C, rest @ ..]                                               // U+061C
        | [0xE1, 0x85, 0x9F | 0xA0, rest @ ..]                                  // U+115F, 1160
        | [0xE1, 0x9E, 0xB4 | 0xB5, rest @ ..]                                  // U+17B4, 17B5
        | [0xE1, 0xA0, 0x8E, rest @ ..]                                         // U+180E
        | [0xE2, 0x80, 0x8B | 0x8E | 0x8F | 0xAA..=0xAE, rest @ ..]             // U+200B, 200E, 200F, 202A–202E
        | [0xE2, 0x81, 0xA0..=0xAF, rest @ ..]                                  // U+2060–206F
        | [0xE2, 0xA0, 0x80, rest @ ..]                                         // U+2800
        | [0xE3, 0x85, 0xA4, rest @ ..]                                         // U+3164
        | [0xEF, 0xBB, 0xBF, rest @ ..]                                         // U+FEFF
        | [0xEF, 0xBE, 0xA0, rest @ ..]                                         // U+FFA0
        | [0xEF, 0xBF, 0xBC, rest @ ..] => Some(rest),                          // U+FFFC
        _ => None,
    }
}

/// What stands before the one white space or invisible character that `text` ends with.
#[inline]
fn strip_last(text: &[u8]) -> Option<&[u8]> {
    let ends = |text: &[u8]| strip_first(text).or_else(|| strip_first_invisible(text)).is_some_and(<[u8]>::is_empty);
    // Of white space and invisible characters only ASCII takes one byte, and none takes four.
    [1, 2, 3].into_iter().find_map(|length| {
        let (before, last) = text.split_at_checked(text.len().checked_sub(length)?)?;
        ends(last).then_some(before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn the_patterns_are_the_characters_and_nothing_else() {
        let (mut white, mut invisible) = (0, 0);
        for c in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            assert_eq!(strip_first(bytes).is_some(), is_white_space(c), "{c:?}");
            assert_eq!(strip_first_invisible(bytes).is_some(), is_invisible(c), "{c:?}");
            assert!(!(is_white_space(c) && is_invisible(c)), "{c:?}");
            assert_eq!(strip_last(bytes).is_some(), is_white_space(c) || is_invisible(c), "{c:?}");
            assert_eq!(is_blank(bytes), is_white_space(c) || is_invisible(c), "{c:?}");
            white += usize::from(is_white_space(c));
            invisible += usize::from(is_invisible(c));
        }
        assert_eq!((white, invisible), (25, 37));
    }

    #[test]
    fn trims_both_ends() {
        for (value, range) in [
            ("", (0, 0)),
            ("a", (0, 1)),
            ("abc", (0, 3)),
            ("a c", (0, 3)),
            (" abc ", (1, 4)),
            ("\tabc\n", (1, 4)),
            ("abc ", (0, 3)),
            ("\u{3000}a b\u{A0}\u{2028}", (3, 6)),
            ("жук", (0, 6)),
            ("\u{200B}x\u{200B}", (3, 4)),
            ("\u{FEFF}x", (3, 4)),
            (" \u{AD} x \u{2800}\u{A0}", (4, 5)),
            ("\u{200D}x\u{FE0F}", (0, 7)),
            ("\u{202E}+7\u{202C}", (3, 5)),
            ("\u{FFFD}x", (0, 4)),
            ("\x7Fx\x1F", (0, 3)),
        ] {
            assert_eq!(trim(value.as_bytes()), range, "{value:?}");
        }
        let blank = "\u{2003} \u{FFFC}\u{3164}\r\n";
        assert!(is_blank(blank.as_bytes()) && is_blank(b""));
        assert_eq!(trim(blank.as_bytes()), (blank.len(), blank.len()));
    }

    proptest! {
        #[test]
        fn as_str_has_it(value in "[ \\t\u{85}\u{A0}\u{1680}\u{2005}\u{202F}\u{205F}\u{3000}a\u{200B}\u{200C}\u{AD}\u{FEFF}ж]{0,12}") {
            let trimmed = value.trim_matches(|c| is_white_space(c) || is_invisible(c));
            let (start, end) = trim(value.as_bytes());
            prop_assert_eq!(value.get(start..end), Some(trimmed));
            prop_assert_eq!(is_blank(value.as_bytes()), trimmed.is_empty());
        }

        #[test]
        fn total_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..12)) {
            let (start, end) = trim(&value);
            prop_assert!(start <= end && end <= value.len());
            is_blank(&value);
        }
    }
}
