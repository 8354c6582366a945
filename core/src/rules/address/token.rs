//! `token`: visible ASCII, as in RFC 9110's VCHAR.

use crate::code::{Code, Warnings};
use crate::rules::Verdict;
use crate::rules::identifier::stands_for_nothing;

pub(super) fn check(value: &[u8]) -> Verdict {
    if !is_token(value) {
        Verdict::Invalid
    } else if stands_for_nothing(value) {
        Verdict::AsIs(Warnings::of(Code::UnlikelyAddress))
    } else {
        Verdict::VALID
    }
}

fn is_token(value: &[u8]) -> bool {
    // No early end, so that many bytes are looked at at once.
    !value.is_empty() && value.iter().fold(true, |good, byte| good & byte.is_ascii_graphic())
}

/// The index of the first character that no token can hold.
pub(super) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    chars.position(|c| !c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        for value in [
            "a",
            "!~",
            "wsfck62auiv00gz14vedivwptm09ahmrhz",
            "gcm_5555555_jzxn0m4r87pz9rp4hx6ugrnq3n64r3so",
            "apns_id1_fjb4va4kmikrpaydlqqql203o4ht7h82",
            "nullable",
        ] {
            assert_eq!(check(value.as_bytes()), Verdict::VALID, "{value:?}");
        }
        for value in ["null", "(NULL)", "{{token}}", "${token}"] {
            let unlikely = Verdict::AsIs(Warnings::of(Code::UnlikelyAddress));
            assert_eq!(check(value.as_bytes()), unlikely, "{value:?}");
        }
        for value in ["", "a b", "a\tb", "ж", "a\u{A0}b", "a\x7F", "a\u{200B}", "[object Object]"] {
            assert_eq!(check(value.as_bytes()), Verdict::Invalid, "{value:?}");
        }
    }

    #[test]
    fn characters_that_spoil_a_token() {
        for (value, place) in [("<1e2122ba 4ccabb8e>", Some(9)), ("жa", Some(0)), ("a\u{7F}", Some(1)), ("abc", None)]
        {
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }
}
