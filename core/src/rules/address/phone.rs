//! `phone`: 7 to 15 digits (ITU-T E.164), international or national.
//!
//! A number is the client's key: apart from a `00` mark and a rule that the host itself has set,
//! nothing here touches a digit. A number that reads as national is passed on as it is, with a
//! warning; an international one is written without a mark, unless it would then read as national.

use crate::code::{Code, Warnings};
use crate::few::Few;
use crate::memory::{OutOfMemory, put};
use crate::rules::Verdict;
use crate::rules::white_space;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

/// How many digits a number has, country code included.
const LENGTH: RangeInclusive<usize> = 7..=15;

/// The digits that a number begins with: up to 4 of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digits(Few<u8, 4>);

impl Digits {
    const NONE: Digits = Digits(Few::new(b'0'));

    pub(crate) fn new(text: &[u8]) -> Option<Digits> {
        let mut digits = Digits::NONE;
        text.iter().try_for_each(|digit| digits.0.push(*digit))?;
        text.iter().all(u8::is_ascii_digit).then_some(digits)
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// A host's own rule for the numbers of its country: one that begins with `prefix` and has
/// `length` digits is written with `country` in the place of `prefix`. With prefix 8, country 7
/// and length 11, `89000000000` becomes `79000000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct National {
    prefix: Digits,
    country: Digits,
    length: u8,
}

impl National {
    /// A rule that no number fits.
    pub(crate) const NONE: National = National { prefix: Digits::NONE, country: Digits::NONE, length: 0 };

    /// The rule, if it is one: `prefix` and `country` have 1 to 3 digits, `country` does not begin
    /// with 0 nor `prefix` with 00, `length` is 7 to 15, and so is the length of what is written.
    pub fn new(prefix: &str, country: &str, length: u8) -> Option<National> {
        let prefix = Self::read_prefix(prefix.as_bytes())?;
        let country = Self::read_country(country.as_bytes())?;
        Self::from_parts(prefix, country, length).filter(|_| Self::is_length(length))
    }

    /// The national prefix, as `8` in Russia.
    pub fn prefix(&self) -> &str {
        self.prefix.as_str()
    }

    /// The country code, as `7` for Russia.
    pub fn country(&self) -> &str {
        self.country.as_str()
    }

    /// How many digits a number has in national form, the prefix included.
    pub fn length(&self) -> u8 {
        self.length
    }

    pub(crate) fn read_prefix(text: &[u8]) -> Option<Digits> {
        Digits::new(text).filter(|_| matches!(text.len(), 1..=3) && !text.starts_with(b"00"))
    }

    pub(crate) fn read_country(text: &[u8]) -> Option<Digits> {
        Digits::new(text).filter(|_| matches!(text.len(), 1..=3) && !text.starts_with(b"0"))
    }

    pub(crate) fn is_length(length: u8) -> bool {
        LENGTH.contains(&usize::from(length))
    }

    /// None where the parts are good but what the rule would write is not 7 to 15 digits long.
    pub(crate) fn from_parts(prefix: Digits, country: Digits, length: u8) -> Option<National> {
        let written =
            usize::from(length).checked_sub(prefix.as_bytes().len())?.checked_add(country.as_bytes().len())?;
        LENGTH.contains(&written).then_some(National { prefix, country, length })
    }

    /// What follows the prefix of a number that fits.
    fn subscriber<'n>(&self, number: &'n [u8]) -> Option<&'n [u8]> {
        let fits = number.len() == usize::from(self.length);
        number.strip_prefix(self.prefix.as_bytes()).filter(|_| fits)
    }
}

/// The first rule that the number fits, and what follows its prefix.
#[inline]
fn rewriting<'n>(national: &'n [National], number: &'n [u8]) -> Option<(&'n National, &'n [u8])> {
    national.iter().find_map(|rule| Some((rule, rule.subscriber(number)?)))
}

#[inline]
pub(super) fn check(national: &[National], value: &[u8], out: &mut Vec<u8>) -> Result<Verdict, OutOfMemory> {
    // The usual case: nothing to remove, no mark, no rule that rewrites it.
    if is_plain(value) && !value.starts_with(b"00") && rewriting(national, value).is_none() {
        return Ok(Verdict::AsIs(warnings(reads_as_national(national, value))));
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
    let mut written = Written::default();
    let Some(warns) = write(national, value, &mut written) else {
        return Ok(Verdict::Invalid);
    };
    if written.as_bytes() == value {
        return Ok(Verdict::AsIs(warnings(warns)));
    }
    put(out, written.as_bytes())?;
    Ok(Verdict::Rewritten(warnings(warns)))
}

fn warnings(reads_as_national: bool) -> Warnings {
    if reads_as_national { Warnings::of(Code::NationalNumber) } else { Warnings::NONE }
}

/// Writes the normal form and says whether it reads as national; none if the value is refused.
fn write(national: &[National], value: &[u8], written: &mut Written) -> Option<bool> {
    let mut digits = Written::default();
    let marked = read(value, &mut digits)?;
    let number = digits.as_bytes();
    let (marked, number) = match number.strip_prefix(b"00") {
        Some(number) if !marked => (true, number),
        _ => (marked, number),
    };
    if marked {
        if number.starts_with(b"0") {
            return None;
        }
        write_international(national, &[], number, written)?;
        return Some(false);
    }
    if let Some((rule, subscriber)) = rewriting(national, number) {
        write_international(national, rule.country.as_bytes(), subscriber, written)?;
        return Some(false);
    }
    written.extend(number)?;
    LENGTH.contains(&number.len()).then(|| reads_as_national(national, number))
}

/// Writes an international number, which is the country code and what follows, without a mark; with
/// one where it would read as national.
fn write_international(national: &[National], country: &[u8], subscriber: &[u8], written: &mut Written) -> Option<()> {
    let mut number = Written::default();
    number.extend(country)?;
    number.extend(subscriber)?;
    let number = number.as_bytes();
    if reads_as_national(national, number) {
        written.push(b'+')?;
    }
    written.extend(number)?;
    LENGTH.contains(&number.len()).then_some(())
}

/// How a number without a mark reads. No country code is 0 or begins with 89.
#[inline]
fn reads_as_national(national: &[National], number: &[u8]) -> bool {
    number.starts_with(b"0")
        || (number.len() == 11 && number.starts_with(b"89"))
        || rewriting(national, number).is_some()
}

/// Collects the digits, punctuation left out, and says whether a `+` stands before them.
fn read(value: &[u8], digits: &mut Written) -> Option<bool> {
    let mut marked = false;
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        rest = match byte {
            b'0'..=b'9' => {
                digits.push(*byte)?;
                after
            }
            b'-' | b'.' | b'(' | b')' => after,
            b'+' if !marked && digits.len == 0 => {
                marked = true;
                after
            }
            _ => white_space::strip_first(rest).or_else(|| strip_unseen(rest))?,
        };
    }
    Some(marked)
}

/// What follows the dash or invisible character that `text` begins with: contact apps paste both.
#[rustfmt::skip] // one range of characters a line
fn strip_unseen(text: &[u8]) -> Option<&[u8]> {
    match text {
        [0xE2, 0x80, 0x8B..=0x95 | 0xAA..=0xAE, rest @ ..]         // U+200B–200F and 2010–2015, 202A–202E
        | [0xE2, 0x81, 0xA0 | 0xA6..=0xA9, rest @ ..]              // U+2060, 2066–2069
        | [0xEF, 0xBB, 0xBF, rest @ ..] => Some(rest),             // U+FEFF
        _ => None,
    }
}

/// Room for a number: 15 digits and a mark, which is `+` or `00`.
#[derive(Default)]
struct Written {
    bytes: [u8; 17],
    len: usize,
}

impl Written {
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = byte;
        self.len = self.len.saturating_add(1);
        Some(())
    }

    fn extend(&mut self, bytes: &[u8]) -> Option<()> {
        bytes.iter().try_for_each(|byte| self.push(*byte))
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::AddressKind;
    use super::super::tests::{assert_stable, normal};
    use super::*;
    use proptest::prelude::*;
    use std::string::String;

    fn written(national: &[National], value: &str) -> Option<(String, bool)> {
        let (written, warns) = normal(AddressKind::Phone, national, value.as_bytes())?;
        Some((String::from_utf8(written.into_owned()).unwrap(), warns))
    }

    fn assert_written(national: &[National], value: &str, expected: Option<(&str, bool)>) {
        let found = written(national, value);
        assert_eq!(found.as_ref().map(|(number, warns)| (number.as_str(), *warns)), expected, "{value:?}");
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn without_a_rule() {
        for (value, number, warns) in [
            ("89000000000", "89000000000", true),
            ("8 (900) 000-00-00", "89000000000", true),
            ("8.900.000.00.00", "89000000000", true),
            ("79000000000", "79000000000", false),
            ("+79000000000", "79000000000", false),
            ("+7 900 000 00 00", "79000000000", false),
            ("(+7) 900-000-00-00", "79000000000", false),
            ("0079000000000", "79000000000", false),
            ("0 0 7 9000000000", "79000000000", false),
            ("\u{202A}+7\u{A0}900\u{2011}000\u{2013}00\u{2015}00\u{202C}", "79000000000", false),
            ("\u{200B}7\u{200F}9\u{2010}\u{2060}0\u{2066}0\u{2069}\u{FEFF}\u{202E}\u{3000}0000000", "79000000000", false),
            ("+89000000000", "+89000000000", false),
            ("+8 900 000 00 00", "+89000000000", false),
            ("0089000000000", "+89000000000", false),
            ("890000000000", "890000000000", false),
            ("8900000000", "8900000000", false),
            ("88000000000", "88000000000", false),
            ("0123456", "0123456", true),
            ("0 123 456", "0123456", true),
            ("012345678901234", "012345678901234", true),
            ("1234567", "1234567", false),
            ("123456789012345", "123456789012345", false),
            ("+123456789012345", "123456789012345", false),
            ("00123456789012345", "123456789012345", false),
        ] {
            assert_written(&[], value, Some((number, warns)));
        }
        for value in [
            "", "+", "00", "000", "123456", "+123456", "00123456", "1234567890123456", "+1234567890123456", "001234567890123456",
            "+0123456789", "000123456789", "+00123456789", "++1234567", "+ +1234567", "1+234567890", "00+123456789", "123456789+",
            "12345678a", "12345678x9", "tel:12345678", "1234567/8", "1234567,8", "1234567#", "*1234567", "１２３４５６７８", "٠١٢٣٤٥٦٧٨",
            "1234567\u{2016}", "1234567\u{2212}8", "1234567\u{AD}8", "1234567_8", "()-. ", "012345",
        ] {
            assert_written(&[], value, None);
        }
    }

    // What is not seen to be plain is read slowly, with the same result.
    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
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

    #[test]
    fn with_a_rule() {
        let russia = National::new("8", "7", 11).unwrap();
        for (value, number, warns) in [
            ("89000000000", "79000000000", false),
            ("8 (900) 000-00-00", "79000000000", false),
            ("88001234567", "78001234567", false),
            ("79000000000", "79000000000", false),
            ("+89000000000", "+89000000000", false),
            ("+88001234567", "+88001234567", false),
            ("0088001234567", "+88001234567", false),
            ("8800123456", "8800123456", false),
            ("0900000000", "0900000000", true),
        ] {
            assert_written(&[russia], value, Some((number, warns)));
        }
        // A prefix 0 is not a mark; what is written may fit the rule again, or read as national.
        let france = National::new("0", "33", 10).unwrap();
        assert_written(&[france], "01 23 45 67 89", Some(("33123456789", false)));
        assert_written(&[france], "0012345678", Some(("12345678", false)));
        assert_written(&[france], "012345678", Some(("012345678", true)));
        assert_written(&[france], "89000000000", Some(("89000000000", true)));
        let same = National::new("7", "7", 11).unwrap();
        assert_written(&[same], "79000000000", Some(("+79000000000", false)));
        let odd = National::new("1", "89", 10).unwrap();
        assert_written(&[odd], "1234567890", Some(("+89234567890", false)));
        let longest = National::new("1", "123", 13).unwrap();
        assert_written(&[longest], "1 234567890123", Some(("123234567890123", false)));
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn rules() {
        for (prefix, country, length) in [("8", "7", 11), ("0", "380", 10), ("01", "1", 8), ("810", "1", 15), ("123", "456", 7)] {
            let rule = National::new(prefix, country, length).unwrap();
            assert_eq!((rule.prefix(), rule.country(), rule.length()), (prefix, country, length));
        }
        for (prefix, country, length) in [
            ("", "7", 11), ("8", "", 11), ("1234", "7", 11), ("8", "1234", 11), ("00", "7", 11), ("001", "7", 11), ("8", "0", 11),
            ("8", "07", 11), ("x", "7", 11), ("8", "+7", 11), ("٨", "7", 11), ("8", "7", 6), ("8", "7", 16), ("81", "7", 7),
            ("8", "77", 15), ("8", "77", 6), ("8", "7", 0), ("8", "7", 255),
        ] {
            assert_eq!(National::new(prefix, country, length), None, "{prefix} {country} {length}");
        }
    }

    /// The rule as the contract words it, on strings.
    fn oracle(national: Option<(&str, &str, usize)>, value: &str) -> Option<(String, bool)> {
        let removed = |c: char| {
            c.is_whitespace()
                || "-.()".contains(c)
                || matches!(u32::from(c), 0x2010..=0x2015 | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060 | 0x2066..=0x2069 | 0xFEFF)
        };
        let number: String = value.chars().filter(|c| !removed(*c)).collect();
        let fits = |number: &str| {
            national.is_some_and(|(prefix, _, length)| number.starts_with(prefix) && number.len() == length)
        };
        let reads_as_national =
            |number: &str| number.starts_with('0') || (number.len() == 11 && number.starts_with("89")) || fits(number);
        let (number, warns) = if let Some(number) = number.strip_prefix('+').or_else(|| number.strip_prefix("00")) {
            if number.starts_with('0') {
                return None;
            }
            (String::from(number), false)
        } else if let (Some((prefix, country, _)), true) = (national, fits(&number)) {
            (std::format!("{country}{}", number.strip_prefix(prefix)?), false)
        } else {
            let warns = reads_as_national(&number);
            (number, warns)
        };
        if !number.chars().all(|c| c.is_ascii_digit()) || !(7..=15).contains(&number.len()) {
            return None;
        }
        let mark = if !warns && reads_as_national(&number) { "+" } else { "" };
        Some((std::format!("{mark}{number}"), warns))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn as_the_contract_words_it(
            value in "[ (]?(\\+|00|0|8|89|7)?[0-9 ()\u{2010}\u{2016}\u{200B}\u{FEFF}x+-]{0,3}[0-9]{5,14}",
            rule in prop_oneof![
                Just(None), Just(Some(("8", "7", 11))), Just(Some(("0", "33", 10))), Just(Some(("7", "7", 11))),
                Just(Some(("8", "89", 10))), Just(Some(("89", "7", 11))),
            ]
        ) {
            let national = rule.map(|(prefix, country, length)| National::new(prefix, country, length as u8).unwrap());
            prop_assert_eq!(written(national.as_slice(), &value), oracle(rule, &value));
            assert_stable(AddressKind::Phone, national.as_slice(), value.as_bytes());
        }

        #[test]
        fn total_and_stable_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..24), zeros in "[0+]{0,3}[0-9]{0,20}") {
            let national = National::new("0", "33", 10);
            assert_stable(AddressKind::Phone, national.as_slice(), &value);
            assert_stable(AddressKind::Phone, national.as_slice(), zeros.as_bytes());
        }
    }
}
