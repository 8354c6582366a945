//! `numeric`: an optional `-` and 1 to 19 digits, which is as many as a 64-bit identifier has.

use crate::rules::Verdict;

pub(super) fn check(value: &[u8]) -> Verdict {
    if is_numeric(value) { Verdict::VALID } else { Verdict::Invalid }
}

fn is_numeric(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    matches!(digits.len(), 1..=19) && digits.iter().all(u8::is_ascii_digit)
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
}
