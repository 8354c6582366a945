//! `phone`: 7 to 15 digits (ITU-T E.164), international or national.
//!
//! A number is the client's key: apart from a mark and a rule that the host itself has set, nothing here
//! touches a digit. A number that reads as national is passed on as it is, with a warning; an
//! international one is written without a mark, unless it would then read as national.

mod country;
mod national;
mod plan;
mod read;

pub use national::National;
pub(in crate::rules::address) use read::{bracketed_zeros, decimals, index_of, spoiler};

use crate::code::{Code, Warnings};
use crate::memory::{OutOfMemory, put_bytes};
use crate::rules::Verdict;
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use read::{Digits, Spelling};

/// How many digits a number has, country code included.
const LENGTH: RangeInclusive<usize> = 7..=15;

const NATIONAL: Warnings = Warnings::of(Code::NationalNumber);
const UNLIKELY: Warnings = Warnings::of(Code::UnlikelyAddress);

#[inline]
pub(super) fn check(national: &[National], value: &[u8], out: &mut Vec<u8>) -> Result<Verdict, OutOfMemory> {
    // The usual case: nothing to remove, no mark, no rule that rewrites it.
    if is_plain(value) && !value.starts_with(b"00") && fitting(national, value).is_none() {
        return Ok(Verdict::AsIs(if has_national_form(value) { NATIONAL } else { unlikely(value) }));
    }
    check_slowly(national, value, out)
}

/// Whether the value is 8 to 15 digits: its first eight and its last eight, each eight at a time.
#[inline]
fn is_plain(value: &[u8]) -> bool {
    let are_digits = |bytes: &[u8; 8]| {
        let bytes = u64::from_ne_bytes(*bytes);
        // The high half of a digit is 3, and still is when 6 is added. (A carry comes only
        // out of a byte that fails the first test.)
        let high = 0xF0F0_F0F0_F0F0_F0F0;
        let raised = bytes.wrapping_add(0x0606_0606_0606_0606);
        bytes & high == 0x3030_3030_3030_3030 && raised & high == 0x3030_3030_3030_3030
    };
    match (value.first_chunk(), value.last_chunk()) {
        (Some(first), Some(last)) => value.len() <= 15 && are_digits(first) && are_digits(last),
        _ => false,
    }
}

#[inline(never)]
fn check_slowly(national: &[National], value: &[u8], out: &mut Vec<u8>) -> Result<Verdict, OutOfMemory> {
    let (spelling, mut rewritten) = (read::read(value), Digits::default());
    let Some(normal) = spelling.as_ref().and_then(|spelling| normalize(national, spelling, &mut rewritten)) else {
        return Ok(Verdict::Invalid);
    };
    let Normal { has_plus, number, warnings } = normal;
    let bare = if has_plus { value.strip_prefix(b"+") } else { Some(value) };
    if bare == Some(number) {
        return Ok(Verdict::AsIs(warnings));
    }
    if has_plus {
        put_bytes(out, b"+")?;
    }
    put_bytes(out, number)?;
    Ok(Verdict::Rewritten(warnings))
}

/// A number as it is written.
struct Normal<'n> {
    /// With a `+` before it. (Were it a text, it would be compared where it is empty, too, and stands nowhere: to compare
    /// no bytes there takes glibc on AVX-512 a tenth of a check.)
    has_plus: bool,
    number: &'n [u8],
    warnings: Warnings,
}

/// The normal form; none if the value is no number. `rewritten` is room for what a rule writes.
fn normalize<'n>(national: &[National], spelling: &'n Spelling<'_>, rewritten: &'n mut Digits) -> Option<Normal<'n>> {
    if spelling.adds_zeros {
        return None;
    }
    let (has_mark, number) = spelling.number();
    let is_trunk = is_trunk(number) || spelling.has_lone_eight();
    if has_mark && !is_trunk {
        return if number.starts_with(b"0") { None } else { international(national, number) };
    }
    if let Some((rule, subscriber)) = fitting(national, number) {
        rewritten.extend(rule.country_code())?;
        rewritten.extend(subscriber)?;
        return international(national, rewritten.as_bytes());
    }
    if !is_trunk && !number.starts_with(b"0") {
        return international(national, number);
    }
    // Without its separators it may read as an international number.
    let warnings = if has_national_form(number) { NATIONAL } else { NATIONAL.with(unlikely(number)) };
    LENGTH.contains(&number.len()).then_some(Normal { has_plus: false, number, warnings })
}

/// An international number is written without a mark; with one if it would read as national otherwise.
fn international<'n>(national: &[National], number: &'n [u8]) -> Option<Normal<'n>> {
    let has_plus = has_national_form(number) || fitting(national, number).is_some();
    LENGTH.contains(&number.len()).then(|| Normal { has_plus, number, warnings: unlikely(number) })
}

/// How many digits the national forms of Kazakhstan, Russia and Belarus have.
const TRUNK_LENGTH: usize = 11;

/// Whether the number is the national form of a number of Kazakhstan, Russia or Belarus: no
/// international number looks so, whatever mark it has.
#[inline]
fn is_trunk(number: &[u8]) -> bool {
    number.len() == TRUNK_LENGTH
        && match number {
            [b'8', b'7' | b'9', ..] => true,
            [b'8', b'0', next, ..] => !matches!(next, b'0' | b'8'),
            _ => false,
        }
}

/// Whether a number without a mark reads as national even if it is nothing but digits.
#[inline]
fn has_national_form(number: &[u8]) -> bool {
    number.starts_with(b"0") || is_trunk(number)
}

/// The first rule that the number fits, and what follows its prefix.
#[inline]
fn fitting<'n>(national: &'n [National], number: &'n [u8]) -> Option<(&'n National, &'n [u8])> {
    // Most channels have none.
    if national.is_empty() { None } else { fitting_of(national, number) }
}

#[inline(never)]
fn fitting_of<'n>(national: &'n [National], number: &'n [u8]) -> Option<(&'n National, &'n [u8])> {
    national.iter().find_map(|rule| Some((rule, rule.subscriber(number)?)))
}

#[inline]
fn unlikely(number: &[u8]) -> Warnings {
    if plan::is_impossible(number) { UNLIKELY } else { Warnings::NONE }
}

/// Whether a value is an international number with its `+`, on a channel that has no numbers.
pub(super) fn is_with_plus(value: &[u8]) -> bool {
    value.starts_with(b"+") && read::read(value).is_some_and(|spelling| LENGTH.contains(&spelling.digits().len()))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::AddressKind;
    use super::super::tests::{assert_stable, normal};
    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    /// What a value is written as; `n` if it reads as national, `u` if it is unlikely.
    fn written(national: &[National], value: &str) -> Option<(String, &'static str)> {
        let (written, warnings) = normal(AddressKind::Phone, national, value.as_bytes())?;
        let letters = match (warnings.has(Code::NationalNumber), warnings.has(Code::UnlikelyAddress)) {
            (false, false) => "",
            (true, false) => "n",
            (false, true) => "u",
            (true, true) => "nu",
        };
        Some((String::from_utf8(written.into_owned()).unwrap(), letters))
    }

    fn assert_written(national: &[National], value: &str, expected: Option<(&str, &str)>) {
        let found = written(national, value);
        assert_eq!(found.as_ref().map(|(number, warnings)| (number.as_str(), *warnings)), expected, "{value:?}");
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn without_a_rule() {
        for (value, number, warnings) in [
            ("89000000000", "89000000000", "n"),
            ("8 (900) 000-00-00", "89000000000", "n"),
            ("8.900.000.00.00", "89000000000", "n"),
            ("79000000000", "79000000000", ""),
            ("+79000000000", "79000000000", ""),
            ("+7 900 000 00 00", "79000000000", ""),
            ("(+7) 900-000-00-00", "79000000000", ""),
            ("0079000000000", "79000000000", ""),
            ("0 0 7 9000000000", "79000000000", ""),
            ("\u{202A}+7\u{A0}900\u{2011}000\u{2013}00\u{2015}00\u{202C}", "79000000000", ""),
            ("\u{200B}7\u{200F}9\u{2010}\u{2060}0\u{2066}0\u{2069}\u{FEFF}\u{202E}\u{3000}0000000", "79000000000", ""),
            ("7\u{AD}900\u{61C}00\u{2212}00\u{200C}000\u{200D}", "79000000000", ""),
            // A mark that means nothing.
            ("+89000000000", "89000000000", "n"),
            ("+8 900 000 00 00", "89000000000", "n"),
            ("0089000000000", "89000000000", "n"),
            ("+87011234567", "87011234567", "n"),
            ("87011234567", "87011234567", "n"),
            ("80291234567", "80291234567", "n"),
            ("+80291234567", "80291234567", "n"),
            ("80012345678", "80012345678", ""),
            ("+80812345678", "80812345678", ""),
            ("870123456789", "870123456789", ""),
            // An 8 by itself.
            ("8 (495) 123-45-67", "84951234567", "n"),
            ("8-800-2000-102", "88002000102", "nu"),
            ("88002000102", "88002000102", "u"),
            ("8 (10) 7 900 1234567", "81079001234567", "nu"),
            ("8 612 34567", "861234567", "n"),
            ("+8 612 34567", "861234567", "n"),
            ("00 8-612-34567", "861234567", "n"),
            ("8\u{200B}61234567", "861234567", "n"),
            ("8/61234567", "861234567", "n"),
            ("(8) 61234567", "861234567", "n"),
            ("86 12 34567", "861234567", ""),
            ("+370 (8-612) 34567", "370861234567", "u"),
            ("+84 951 234 567", "84951234567", ""),
            ("890000000000", "890000000000", "u"),
            ("8900000000", "8900000000", "u"),
            ("88000000000", "88000000000", "u"),
            ("0123456", "0123456", "n"),
            ("0 123 456", "0123456", "n"),
            ("012345678901234", "012345678901234", "n"),
            ("0234/123456-10", "023412345610", "n"),
            ("+49 123 / 42 42 42", "49123424242", ""),
            ("1234567", "1234567", "u"),
            ("223456789012345", "223456789012345", ""),
            ("+223456789012345", "223456789012345", ""),
            ("00223456789012345", "223456789012345", ""),
            ("(0) 44 7700", "0447700", "n"),
            ("+7 (8 900) 123-45-67", "789001234567", "u"),
            ("+44 07700 900123", "4407700900123", "u"),
            ("7001234567", "7001234567", "u"),
        ] {
            assert_written(&[], value, Some((number, warnings)));
        }
        for value in [
            "", "+", "00", "000", "123456", "+123456", "00123456", "1234567890123456", "+1234567890123456", "001234567890123456",
            "+0123456789", "000123456789", "+00123456789", "++1234567", "+ +1234567", "1+234567890", "00+123456789", "123456789+",
            "12345678a", "12345678x9", "tel:12345678", "1234567/8", "1234567,8", "1234567#", "*1234567", "１２３４５６７８", "٠١٢٣٤٥٦٧٨",
            "1234567\u{2016}", "1234567_8", "()-. ", "012345", "79001234567.0", "7900123456.00 ", "+44 (0) 7700 900123",
            "44( 0\u{A0})7700900123", "+7 495 123-45-67/68", "12/34/567890", "1234567890123456789012345678901234567890",
        ] {
            assert_written(&[], value, None);
        }
    }

    // What is not seen to be plain is read slowly, with the same result.
    #[test]
    #[cfg_attr(miri, ignore = "takes hours under Miri")]
    fn eight_to_fifteen_digits_are_plain() {
        for length in 0..20 {
            let number = "1234567890".chars().cycle().take(length).collect::<String>().into_bytes();
            assert_eq!(is_plain(&number), (8..=15).contains(&length), "{length}");
            for place in 0..length {
                for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
                    let mut other = number.clone();
                    *other.get_mut(place).unwrap() = byte;
                    assert!(!is_plain(&other), "{byte:x} at {place} of {length}");
                }
            }
        }
        for digit in b'0'..=b'9' {
            assert!(is_plain(&[digit; 9]));
        }
    }

    fn rules(rules: &[(&str, &str, u8)]) -> Vec<National> {
        let rule = |(prefix, country, length): &(&str, &str, u8)| National::new(prefix, country, *length);
        rules.iter().map(rule).collect::<Option<_>>().unwrap()
    }

    #[test]
    fn with_a_rule() {
        let russia = rules(&[("8", "7", 11)]);
        for (value, number, warnings) in [
            ("89000000000", "79000000000", ""),
            ("8 (900) 000-00-00", "79000000000", ""),
            ("+8 900 000 00 00", "79000000000", ""),
            ("88001234567", "78001234567", ""),
            ("79000000000", "79000000000", ""),
            ("+89000000000", "79000000000", ""),
            ("+84951234567", "+84951234567", ""),
            ("+84 951234567", "+84951234567", ""),
            ("+8 4951234567", "74951234567", ""),
            ("0084951234567", "+84951234567", ""),
            ("8800123456", "8800123456", "u"),
            ("0900000000", "0900000000", "n"),
            ("8 612 34567", "861234567", "n"),
        ] {
            assert_written(&russia, value, Some((number, warnings)));
        }
        // A prefix 0 is not a mark; what is written may fit a rule again.
        let france = rules(&[("0", "33", 10)]);
        assert_written(&france, "01 23 45 67 89", Some(("33123456789", "")));
        assert_written(&france, "0022345678", Some(("22345678", "")));
        assert_written(&france, "012345678", Some(("012345678", "n")));
        assert_written(&france, "89000000000", Some(("89000000000", "n")));
        let same = rules(&[("7", "7", 11)]);
        assert_written(&same, "79000000000", Some(("+79000000000", "")));
        let longest = rules(&[("1", "123", 13)]);
        assert_written(&longest, "1 234567890123", Some(("123234567890123", "u")));
    }

    #[test]
    fn of_several_rules_the_first_that_fits() {
        let rules = rules(&[("8", "7", 11), ("", "7", 10), ("0", "996", 10), ("80", "375", 11), ("8", "370", 9)]);
        for (value, number, warnings) in [
            ("9001234567", "79001234567", ""),
            ("8001234567", "78001234567", ""),
            ("0555123456", "996555123456", ""),
            ("80291234567", "70291234567", "u"),
            ("8-612-34567", "37061234567", ""),
            ("+9001234567", "+9001234567", "u"),
            ("+861234567", "+861234567", ""),
            ("0501234567", "996501234567", ""),
        ] {
            assert_written(&rules, value, Some((number, warnings)));
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn rules_that_are_none() {
        for (prefix, country, length) in [
            ("8", "7", 11), ("", "7", 10), ("0", "380", 10), ("01", "1", 8), ("810", "1", 15), ("123", "4412", 6), ("", "9989", 11),
            ("0", "870", 10), ("1", "870", 8),
        ] {
            let rule = National::new(prefix, country, length).unwrap();
            assert_eq!((rule.prefix(), rule.country(), rule.length()), (prefix, country, length));
        }
        for (prefix, country, length) in [
            ("8", "", 11), ("1234", "7", 11), ("8", "12345", 10), ("00", "7", 11), ("001", "7", 11), ("8", "0", 11), ("8", "21", 11),
            ("8", "07", 11), ("x", "7", 11), ("8", "+7", 11), ("٨", "7", 11), ("", "3725", 3), ("8", "7", 16), ("81", "7", 7),
            ("8", "77", 15), ("8", "7", 0), ("8", "7", 255), ("0", "870", 9), ("", "8781", 7),
        ] {
            assert_eq!(National::new(prefix, country, length), None, "{prefix} {country} {length}");
        }
    }

    /// The rule as the contract words it, on strings.
    fn oracle(national: &[(String, String, usize)], value: &str) -> Option<(String, &'static str)> {
        let unseen = |c: char| {
            let invisible =
                "\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180E}\u{2800}\u{3164}\u{FEFF}\u{FFA0}\u{FFFC}";
            c.is_whitespace()
                || invisible.contains(c)
                || matches!(u32::from(c), 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F)
        };
        let slash = || {
            let (before, behind) = value.split_once('/')?;
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let mark = if digits(value).starts_with("00") && !value.contains('+') { 2 } else { 0 };
            let good = !behind.contains('/')
                && (1..=6).contains(&digits(before).len().saturating_sub(mark))
                && digits(behind).len() >= 5;
            good.then_some(())
        };
        let slash = slash().is_some();
        let separates = |c: char| {
            unseen(c) || "-.()\u{2212}".contains(c) || matches!(u32::from(c), 0x2010..=0x2015) || (slash && c == '/')
        };
        let visible: String = value.chars().filter(|c| !unseen(*c)).collect();
        let is_decimal = |(number, zeros): (&str, &str)| {
            !number.contains('.') && !zeros.is_empty() && zeros.chars().all(|c| c == '0')
        };
        if visible.split_once('.').is_some_and(is_decimal) {
            return None;
        }
        if visible.match_indices("(0)").any(|(at, _)| visible[..at].contains(|c: char| c.is_ascii_digit())) {
            return None;
        }
        let joined: String = value.chars().filter(|c| !separates(*c)).collect();
        let (marked, number) = match joined.strip_prefix('+').or_else(|| joined.strip_prefix("00")) {
            Some(number) => (true, String::from(number)),
            None => (false, joined.clone()),
        };
        if !number.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let trunk = |number: &str| {
            number.len() == 11
                && (number.starts_with("87")
                    || number.starts_with("89")
                    || (number.starts_with("80") && !number.starts_with("800") && !number.starts_with("808")))
        };
        // Behind the mark, an 8 and then a separator.
        let mut behind_mark = value;
        let mut to_skip = joined.len() - number.len();
        while to_skip > 0 || behind_mark.starts_with(separates) {
            let c = behind_mark.chars().next().unwrap();
            to_skip -= usize::from(!separates(c));
            behind_mark = &behind_mark[c.len_utf8()..];
        }
        let lone = behind_mark.strip_prefix('8').is_some_and(|rest| rest.starts_with(separates));
        let marked = marked && !trunk(&number) && !lone;
        if marked && number.starts_with('0') {
            return None;
        }
        let fits = |number: &str| {
            national.iter().find(|(prefix, _, length)| {
                number.starts_with(prefix.as_str())
                    && number.len() == *length
                    && !(prefix.is_empty() && number.starts_with('0'))
            })
        };
        let reads_as_national = |number: &str| number.starts_with('0') || trunk(number) || fits(number).is_some();
        let unlikely = |number: &str| plan::is_impossible(number.as_bytes());
        let good = |number: &str| (7..=15).contains(&number.len());
        let international = |number: String| {
            let mark = if reads_as_national(&number) { "+" } else { "" };
            good(&number).then(|| (std::format!("{mark}{number}"), if unlikely(&number) { "u" } else { "" }))
        };
        if marked {
            return international(number);
        }
        if let Some((prefix, country, _)) = fits(&number) {
            return international(std::format!("{country}{}", number.strip_prefix(prefix.as_str())?));
        }
        if reads_as_national(&number) || lone {
            let again = !reads_as_national(&number) && good(&number) && unlikely(&number);
            return good(&number).then_some((number, if again { "nu" } else { "n" }));
        }
        international(number)
    }

    /// Lists of rules, many of them for numbers that the values are.
    fn some_rules() -> impl Strategy<Value = Vec<(String, String, usize)>> {
        let prefix = prop_oneof!["[0-9]{0,3}", "[078]?", "8[0-9]?"];
        let country = prop_oneof![
            proptest::sample::select(country::COUNTRY_CODES).prop_map(|code| std::format!("{code}")),
            Just(String::from("7")),
            "8[0-9]{2,3}"
        ];
        let rule = (prefix, country, 4_usize..=15);
        let is_rule = |(prefix, country, length): &(String, String, usize)| {
            National::new(prefix, country, *length as u8).is_some()
        };
        proptest::collection::vec(rule, 0..=8).prop_map(move |mut rules| {
            rules.retain(is_rule);
            rules
        })
    }

    fn national(rules: &[(String, String, usize)]) -> Vec<National> {
        rules.iter().map(|(prefix, country, length)| National::new(prefix, country, *length as u8).unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn as_the_contract_words_it(
            value in prop_oneof![
                "[ (]?(\\+|00|0|8|89|7)?[0-9 ()\u{2010}\u{2016}\u{200B}\u{FEFF}x+-]{0,3}[0-9]{5,14}",
                "(\\+|00|0 0)?[ -]?(8|80|87|89|81)[ /-]?[0-9]{6,10}",
                "(\\+|00)?[0-9]{1,4}[ (]{0,2}0?[)/ ]?[0-9]{4,9}(\\.0{0,2}|\\))?[ \u{200D}]?",
                "[+0 ]{0,3}[0-9]{0,4}/[0-9]{1,3}[/-]?[0-9]{2,6}",
            ],
            rules in some_rules()
        ) {
            prop_assert_eq!(written(&national(&rules), &value), oracle(&rules, &value));
            assert_stable(AddressKind::Phone, &national(&rules), value.as_bytes());
        }

        #[test]
        fn total_and_stable_on_bytes(
            value in proptest::collection::vec(any::<u8>(), 0..24),
            zeros in "[0+]{0,3}[0-9]{0,20}",
            rules in some_rules()
        ) {
            let national = national(&rules);
            assert_stable(AddressKind::Phone, &national, &value);
            assert_stable(AddressKind::Phone, &national, zeros.as_bytes());
        }
    }
}
