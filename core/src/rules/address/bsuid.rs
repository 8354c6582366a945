//! `bsuid`: WhatsApp's business-scoped user id, which stands in the place of a number since 2026: a
//! country's two capitals, `.`, and 1 to 128 letters and digits.

use crate::rules::Verdict;
use core::ops::RangeInclusive;

const LENGTH: RangeInclusive<usize> = 1..=128;

pub(super) fn check(value: &[u8]) -> Verdict {
    if is_bsuid(value) { Verdict::VALID } else { Verdict::Invalid }
}

fn is_bsuid(value: &[u8]) -> bool {
    match value {
        [b'A'..=b'Z', b'A'..=b'Z', b'.', id @ ..] => {
            LENGTH.contains(&id.len()) && id.iter().all(u8::is_ascii_alphanumeric)
        }
        _ => false,
    }
}

/// The index of the first character that no user id can hold.
pub(super) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    chars.position(|c| !(c.is_ascii_alphanumeric() || c == '.'))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;

    #[test]
    fn user_ids() {
        let (longest, longer) = (std::format!("US.{}", "a".repeat(128)), std::format!("US.{}", "a".repeat(129)));
        for value in ["US.13491208655302741918", "ZZ.a", "RU.0aZ9", &longest] {
            assert!(is_bsuid(value.as_bytes()), "{value:?}");
        }
        for value in [
            "",
            "US",
            "US.",
            "US.1-2",
            "us.1",
            "Us.1",
            "U.1",
            "USA.1",
            "US1",
            "US 1",
            "US..1",
            "US.\u{661}",
            "\u{411}Y.1",
            &longer,
        ] {
            assert!(!is_bsuid(value.as_bytes()), "{value:?}");
        }
    }

    #[test]
    fn characters_that_spoil_a_user_id() {
        for (value, place) in [("US.1-2", Some(4)), ("US.ж", Some(3)), ("us.1", None), ("US.1.2", None)] {
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }
}
