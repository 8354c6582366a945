//! White space is Unicode's White_Space property (PropList.txt), here and in every rule.
//!
//! The slice patterns spell its 25 characters in UTF-8; no character's encoding begins or ends
//! with another's, so both ends can be looked at without decoding.

/// White_Space; `char::is_whitespace` is documented to be exactly that property.
pub(crate) fn is_white_space(c: char) -> bool {
    c.is_whitespace()
}

/// Where the value starts and ends once White_Space is taken off both ends.
#[inline]
pub(crate) fn trim(value: &[u8]) -> (usize, usize) {
    match value {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => (0, value.len()),
        _ => trim_slowly(value),
    }
}

#[inline(never)]
fn trim_slowly(value: &[u8]) -> (usize, usize) {
    let mut rest = value;
    while let Some(after) = strip_first(rest) {
        rest = after;
    }
    let start = value.len().saturating_sub(rest.len());
    while let Some(before) = strip_last(rest) {
        rest = before;
    }
    (start, start.saturating_add(rest.len()))
}

/// Whether nothing would be left after trimming.
#[inline]
pub(crate) fn is_blank(value: &[u8]) -> bool {
    let mut rest = value;
    while let Some(after) = strip_first(rest) {
        rest = after;
    }
    rest.is_empty()
}

/// What follows the one white space character that `text` begins with.
#[inline]
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

/// What stands before the one white space character that `text` ends with.
#[inline]
fn strip_last(text: &[u8]) -> Option<&[u8]> {
    match text {
        [rest @ .., 0x09..=0x0D | b' ']
        | [rest @ .., 0xC2, 0x85 | 0xA0]
        | [rest @ .., 0xE1, 0x9A, 0x80]
        | [rest @ .., 0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF]
        | [rest @ .., 0xE2, 0x81, 0x9F]
        | [rest @ .., 0xE3, 0x80, 0x80] => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn the_patterns_are_white_space_and_nothing_else() {
        let mut count = 0;
        for c in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            assert_eq!(strip_first(bytes).is_some(), is_white_space(c), "{c:?}");
            assert_eq!(strip_last(bytes).is_some(), is_white_space(c), "{c:?}");
            assert_eq!(is_blank(bytes), is_white_space(c), "{c:?}");
            count += usize::from(is_white_space(c));
        }
        assert_eq!(count, 25);
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
            ("\u{200B}x\u{200B}", (0, 7)),
            ("\u{FEFF}x", (0, 4)),
            ("\x7Fx\x1F", (0, 3)),
        ] {
            assert_eq!(trim(value.as_bytes()), range, "{value:?}");
        }
        let blank = "\u{2003} \r\n";
        assert!(is_blank(blank.as_bytes()) && is_blank(b""));
        assert_eq!(trim(blank.as_bytes()), (blank.len(), blank.len()));
    }

    proptest! {
        #[test]
        fn as_str_trim_has_it(value in "[ \\t\u{85}\u{A0}\u{1680}\u{2005}\u{202F}\u{205F}\u{3000}a\u{200B}ж]{0,12}") {
            let (start, end) = trim(value.as_bytes());
            prop_assert_eq!(value.get(start..end), Some(value.trim()));
            prop_assert_eq!(is_blank(value.as_bytes()), value.trim().is_empty());
        }

        #[test]
        fn total_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..12)) {
            let (start, end) = trim(&value);
            prop_assert!(start <= end && end <= value.len());
            is_blank(&value);
        }
    }
}
