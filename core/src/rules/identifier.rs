//! Identifiers (contract §3). An identifier is a client's key: a character in it that cannot be seen, or a
//! word that a program writes if it has none, makes another key of it, so it is worth a look.

use super::Verdict;
use super::white_space::{is_invisible, is_white_space, strip_first, strip_first_invisible};
use crate::code::{Code, Warnings};
use crate::word::{is_ascii, is_same_word};

/// Checks a trimmed value: every one is valid.
#[inline]
pub(crate) fn check(value: &[u8]) -> Verdict {
    if stands_for_nothing(value) || (!is_ascii(value) && has_unseen(value)) {
        return Verdict::AsIs(Warnings::of(Code::UnlikelyIdentifier));
    }
    Verdict::VALID
}

/// Whether a value is a word that programs write if they have none.
#[inline]
pub(crate) fn stands_for_nothing(value: &[u8]) -> bool {
    // One test tells nearly all others by the low five bits of their first byte.
    const FIRST: u32 = 1 << (b'n' & 31) | 1 << (b'u' & 31) | 1 << (b'(' & 31) | 1 << (b'[' & 31) | 1 << (b'$' & 31);
    value.first().is_some_and(|first| FIRST.wrapping_shr(u32::from(*first)) & 1 != 0) && is_word_for_nothing(value)
}

#[cold]
#[inline(never)]
fn is_word_for_nothing(value: &[u8]) -> bool {
    let words = ["null", "(null)", "undefined", "none", "nil", "nan", "[object Object]"];
    words.iter().any(|word| is_same_word(value, word.as_bytes())) || matches!(value, [b'{' | b'$', b'{', ..])
}

/// Whether a value holds white space other than U+0020, or an invisible character.
#[cold]
#[inline(never)]
fn has_unseen(value: &[u8]) -> bool {
    (0..value.len())
        .filter_map(|at| value.get(at..))
        .any(|rest| strip_first_invisible(rest).is_some() || (!rest.starts_with(b" ") && strip_first(rest).is_some()))
}

/// Where the first character stands that makes an identifier unlikely; none if it is the whole.
pub(crate) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    chars.position(|c| c != ' ' && (is_white_space(c) || is_invisible(c)))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;

    #[test]
    fn words_that_stand_for_nothing() {
        for value in [
            "null",
            "NULL",
            "(null)",
            "Undefined",
            "None",
            "nil",
            "NaN",
            "[object Object]",
            "[OBJECT object]",
            "{{",
            "{{id}}",
            "${id",
            "${",
        ] {
            assert!(stands_for_nothing(value.as_bytes()), "{value:?}");
            assert_eq!(check(value.as_bytes()), Verdict::AsIs(Warnings::of(Code::UnlikelyIdentifier)), "{value:?}");
            assert_eq!(spoiler(value.chars()), None, "{value:?}");
        }
        for value in [
            "", "n", "nulls", " null", "null ", "(null", "[null]", "undefine", "no", "[object]", "{", "{id}", "$",
            "$id", "a{{", "0", "false", "-", "nullptr", "нет",
        ] {
            assert!(!stands_for_nothing(value.as_bytes()), "{value:?}");
            assert_eq!(check(value.as_bytes()), Verdict::VALID, "{value:?}");
        }
    }

    #[test]
    fn characters_that_cannot_be_told_from_a_space_or_from_nothing() {
        for (value, place) in [
            ("a\u{A0}b", Some(1)),
            ("a b\u{2003}c", Some(3)),
            ("ж\u{200B}\u{AD}", Some(1)),
            ("7\u{202C}", Some(1)),
            ("a b  c", None),
            ("жук", None),
            ("a\u{200D}b\u{FE0F}", None),
            ("a\u{2010}b", None),
        ] {
            let expected = place.map_or(Warnings::NONE, |_| Warnings::of(Code::UnlikelyIdentifier));
            assert_eq!(check(value.as_bytes()), Verdict::AsIs(expected), "{value:?}");
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn a_character_that_spoils_is_found_by_both(value in "[a \u{A0}\u{AD}\u{200B}\u{200C}\u{2060}\u{FFFC}ж]{0,8}") {
            let value: String = value;
            prop_assert_eq!(check(value.as_bytes()) == Verdict::VALID, spoiler(value.chars()).is_none());
        }

        #[test]
        fn total_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..24)) {
            prop_assert_ne!(check(&value), Verdict::Invalid);
        }
    }
}
