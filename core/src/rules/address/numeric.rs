//! `numeric`: an optional `-` and 1 to 19 digits, which is as many as a 64-bit identifier has.

use crate::rules::Verdict;

pub(super) fn check(value: &[u8]) -> Verdict {
    if is_numeric(value) { Verdict::VALID } else { Verdict::Invalid }
}

fn is_numeric(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    matches!(digits.len(), 1..=19) && digits.iter().all(u8::is_ascii_digit)
}

/// The index of the first character that no identifier can hold.
pub(super) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    chars.position(|c| !(c.is_ascii_digit() || c == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for value in ["0", "-0", "007", "-1001234567890", "9999999999999999999", "-9999999999999999999"] {
            assert!(is_numeric(value.as_bytes()), "{value:?}");
        }
        for value in
            ["", "-", "--1", "+1", "1-", "1 2", "1.0", "1e3", "a", "٣", "10000000000000000000", "-00000000000000000001"]
        {
            assert!(!is_numeric(value.as_bytes()), "{value:?}");
        }
    }

    #[test]
    fn characters_that_spoil_an_identifier() {
        for (value, place) in
            [("-1001234567890/11", Some(14)), ("@ivan", Some(0)), ("1\u{A0}2", Some(1)), ("1-2", None)]
        {
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }
}
