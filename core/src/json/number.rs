//! Integers as JSON writes them (RFC 8259, section 6), by their exact decimal value: `256`,
//! `256.0` and `2.56e2` are one integer, and nothing is ever rounded.

/// What a JSON number is as an integer from 0 to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    Value(u64),
    /// Not a whole number, in range or not.
    Fraction,
    /// A whole number below 0.
    Below,
    /// A whole number above the bound.
    Above,
}

/// Reads the text of a JSON number.
#[inline]
pub(crate) fn parse(number: &[u8], max: u64) -> Integer {
    // The usual case: digits only, and so few that they cannot overflow.
    let mut value = 0_u64;
    for byte in number {
        if !byte.is_ascii_digit() {
            return parse_slowly(number, max);
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(byte & 0x0F));
    }
    match value {
        _ if number.len() > 19 => parse_slowly(number, max),
        value if value <= max => Integer::Value(value),
        _ => Integer::Above,
    }
}

#[inline(never)]
fn parse_slowly(number: &[u8], max: u64) -> Integer {
    let (negative, rest) = match number {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, number),
    };
    let (units, rest) = digits(rest);
    let (decimals, rest) = match rest {
        [b'.', rest @ ..] => digits(rest),
        _ => (&[][..], rest),
    };
    let digits = units.iter().chain(decimals);
    let is_significant = |digit: &u8| *digit != b'0';

    let Some(first) = digits.clone().position(is_significant) else {
        return Integer::Value(0);
    };
    let zeros_at_end = digits.clone().rev().position(is_significant).unwrap_or(0);
    // How many of the digits, followed by as many zeros as it takes, stand before the point, and
    // where the last one that is not 0 ends. Saturating cannot bring the two together: an exponent
    // that comes near the bounds of i64 is out of reach of any length.
    let before_point = exponent(rest).saturating_add(signed(units.len()));
    let end = signed(units.len()).saturating_add(signed(decimals.len())).saturating_sub(signed(zeros_at_end));
    if before_point < end {
        return Integer::Fraction;
    }
    if negative {
        return Integer::Below;
    }
    let length = usize::try_from(before_point.saturating_sub(signed(first))).unwrap_or(usize::MAX);
    whole(digits.skip(first).chain(core::iter::repeat(&b'0')).take(length), max)
}

/// The number that the digits spell. It stops where the bound is crossed, so that what follows the
/// first significant digit costs no more than the bound has digits.
#[inline]
fn whole<'a>(digits: impl Iterator<Item = &'a u8>, max: u64) -> Integer {
    let mut value = 0_u64;
    for digit in digits {
        match value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit & 0x0F))) {
            Some(next) if next <= max => value = next,
            _ => return Integer::Above,
        }
    }
    Integer::Value(value)
}

/// The exponent, none being 0.
fn exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'e' | b'E', b'-', digits @ ..] => (true, digits),
        [b'e' | b'E', b'+', digits @ ..] | [b'e' | b'E', digits @ ..] => (false, digits),
        _ => return 0,
    };
    let size = digits.iter().fold(0_i64, |size, digit| size.saturating_mul(10).saturating_add(i64::from(digit & 0x0F)));
    if negative { size.saturating_neg() } else { size }
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The digits that `text` begins with, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    const MAX_SAFE: u64 = (1 << 53) - 1;

    #[test]
    fn table() {
        use Integer::{Above, Below, Fraction, Value};
        for (number, integer) in [
            ("0", Value(0)),
            ("-0", Value(0)),
            ("-0.0", Value(0)),
            ("0e999", Value(0)),
            ("0.000e-99999999999999999999", Value(0)),
            ("-0E+99999999999999999999", Value(0)),
            ("7", Value(7)),
            ("256", Value(256)),
            ("256.0", Value(256)),
            ("2.56e2", Value(256)),
            ("2.560E+002", Value(256)),
            ("25600e-2", Value(256)),
            ("256000.00e-0003", Value(256)),
            ("0.000256e6", Value(256)),
            ("0.256e3", Value(256)),
            ("0.256e2", Fraction),
            ("2.56e1", Fraction),
            ("256e-1", Fraction),
            ("256.01", Fraction),
            ("0.5", Fraction),
            ("-0.5", Fraction),
            ("-1.5e0", Fraction),
            ("1e-1", Fraction),
            ("1e-99999999999999999999", Fraction),
            ("99999999999999999999.5", Fraction),
            ("-1", Below),
            ("-1.0", Below),
            ("-1e400", Below),
            ("-10e-1", Below),
            ("9007199254740991", Value(MAX_SAFE)),
            ("9007199254740991.000", Value(MAX_SAFE)),
            ("9.007199254740991e15", Value(MAX_SAFE)),
            ("9007199254740992", Above),
            ("9007199254740991.1", Fraction),
            ("9007199254740992e0", Above),
            ("18446744073709551616", Above),
            ("18446744073709551617", Above),
            ("100000000000000000000000000000", Above),
            ("1e400", Above),
            ("1e99999999999999999999", Above),
            ("0.1e9223372036854775807", Above),
        ] {
            assert_eq!(parse(number.as_bytes(), MAX_SAFE), integer, "{number}");
        }
        assert_eq!(parse(b"18446744073709551615", u64::MAX), Value(u64::MAX));
        assert_eq!(parse(b"18446744073709551616", u64::MAX), Above);
        assert_eq!(parse(b"18446744073709551615.0", u64::MAX), Value(u64::MAX));
        assert_eq!(parse(b"64", 64), Value(64));
        assert_eq!(parse(b"6.5e1", 64), Above);
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn long_numbers_take_linear_time() {
        let zeros = "0".repeat(1 << 20);
        for (number, integer) in [
            (std::format!("1{zeros}"), Integer::Above),
            (std::format!("1{zeros}e-1048576"), Integer::Value(1)),
            (std::format!("1{zeros}e-1048577"), Integer::Fraction),
            (std::format!("0.{zeros}1e1048577"), Integer::Value(1)),
            (std::format!("0.{zeros}1e1048576"), Integer::Fraction),
            (std::format!("3.{zeros}"), Integer::Value(3)),
            (std::format!("3e{zeros}2"), Integer::Value(300)),
            (std::format!("0.{zeros}e{zeros}9"), Integer::Value(0)),
            (std::format!("1e9{zeros}"), Integer::Above),
        ] {
            assert_eq!(parse(number.as_bytes(), MAX_SAFE), integer, "{:.20}", number);
        }
    }

    /// By moving the point through the digits, one place at a time.
    fn oracle(number: &str, max: u64) -> Integer {
        let (negative, rest) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (units, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let (mut units, mut decimals): (Vec<char>, Vec<char>) = (units.chars().collect(), decimals.chars().collect());
        let exponent: i32 = exponent.parse().unwrap();
        for _ in 0..exponent {
            units.push(if decimals.is_empty() { '0' } else { decimals.remove(0) });
        }
        for _ in exponent..0 {
            decimals.insert(0, units.pop().unwrap_or('0'));
        }
        let units: String = units.into_iter().collect();
        let units = units.trim_start_matches('0');
        let value = if units.is_empty() { Some(0) } else { units.parse::<u128>().ok() };
        match value {
            _ if decimals.iter().any(|digit| *digit != '0') => Integer::Fraction,
            Some(0) => Integer::Value(0),
            _ if negative => Integer::Below,
            Some(value) if value <= u128::from(max) => Integer::Value(value as u64),
            _ => Integer::Above,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn as_moving_the_point_has_it(
            number in "-?(0|[1-9][0-9]{0,4}0{0,3}|9007199254740[0-9]{3}|1844674407370955161[0-9])(\\.0{0,3}[0-9]{0,2}0)?([eE][+-]?[0-9]{1,2})?",
            max in prop_oneof![Just(MAX_SAFE), Just(u64::MAX), 0_u64..1000]
        ) {
            prop_assert!(serde_json::from_str::<serde_json::Number>(&number).is_ok());
            prop_assert_eq!(parse(number.as_bytes(), max), oracle(&number, max));
        }

        #[test]
        fn every_u64_is_itself(value in any::<u64>()) {
            let number = std::format!("{value}");
            prop_assert_eq!(parse(number.as_bytes(), u64::MAX), Integer::Value(value));
        }

        #[test]
        fn total_on_bytes(number in proptest::collection::vec(any::<u8>(), 0..24), text in "[-+.eE0-9]{0,12}") {
            parse(&number, MAX_SAFE);
            parse(text.as_bytes(), MAX_SAFE);
        }
    }
}
