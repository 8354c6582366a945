//! Numbers that cannot exist: what numbering plans say of an international number.

use super::country::{COUNTRY_CODES, MOBILE_LENGTHS, ZERO_FOLLOWS};

/// Begins a Russian call abroad, `8~10`; or it is Japan's code and the zero of a national number.
const DIALLED_ABROAD: &[u8] = b"810";

/// The country code of North America, whose numbers have a plan of their own.
const NORTH_AMERICA: u16 = 1;

/// How many digits the country code has that a number with these first three digits begins with; 0 if
/// there is none.
static CODE_LENGTHS: [u8; 1000] = {
    let mut lengths = [0; 1000];
    let mut codes = COUNTRY_CODES;
    while let [code, rest @ ..] = codes {
        let (digits, numbers) = match *code {
            ..10 => (1, 100),
            10..100 => (2, 10),
            _ => (3, 1),
        };
        #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "runs at compile time only")]
        {
            let mut i = 0;
            while i < numbers {
                let first_three = *code as usize * numbers + i;
                assert!(lengths[first_three] == 0);
                lengths[first_three] = digits;
                i += 1;
            }
        }
        codes = rest;
    }
    lengths
};

/// The country code that the digits begin with, and what follows it.
#[inline]
pub(super) fn split(digits: &[u8]) -> Option<(u16, &[u8])> {
    let [a, b, c] = match *digits {
        [a, b, c, ..] => [a, b, c],
        [a, b] => [a, b, b'0'],
        [a] => [a, b'0', b'0'],
        [] => return None,
    };
    let value =
        |digits: &[u8]| digits.iter().fold(0_u16, |n, digit| n.wrapping_mul(10).wrapping_add(u16::from(digit & 0xF)));
    let length = usize::from(*CODE_LENGTHS.get(usize::from(value(&[a, b, c])))?);
    let (code, rest) = digits.split_at_checked(length)?;
    (length > 0).then(|| (value(code), rest))
}

/// Whether an international number, of 7 digits or more, cannot exist.
#[inline]
pub(super) fn is_impossible(number: &[u8]) -> bool {
    let Some((code, rest)) = split(number) else {
        return true;
    };
    let has_other_length = MOBILE_LENGTHS
        .iter()
        .find(|(country, ..)| *country == code)
        .is_some_and(|(_, fewest, most)| !(*fewest..=*most).contains(&number.len()));
    has_other_length
        || (rest.starts_with(b"0") && !ZERO_FOLLOWS.contains(&code))
        || number.starts_with(DIALLED_ABROAD)
        || (code == NORTH_AMERICA && matches!(rest, [b'0' | b'1', ..] | [_, _, _, b'0' | b'1', ..]))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::collections::BTreeMap;
    use std::string::ToString;
    use std::vec::Vec;

    /// A row of the extract: whether a 0 may follow the code, and the lengths of mobile numbers.
    struct Metadata {
        zero_follows: bool,
        mobile_lengths: Vec<usize>,
    }

    fn metadata() -> BTreeMap<u16, Metadata> {
        let rows = include_str!("libphonenumber.txt").lines().filter(|line| !line.starts_with('#'));
        rows.map(|row| {
            let mut words = row.split(' ');
            let code = words.next().unwrap().parse().unwrap();
            let zero_follows = match words.next() {
                Some("zero") => true,
                Some("-") => false,
                word => panic!("{word:?}"),
            };
            (code, Metadata { zero_follows, mobile_lengths: words.map(|word| word.parse().unwrap()).collect() })
        })
        .collect()
    }

    /// Assigned, but not in the metadata yet.
    const RESERVED: u16 = 997;
    /// Toll-free, all of it, so that the extract knows nothing of its numbers.
    const TOLL_FREE: u16 = 800;
    /// One more digit passes here than the metadata has (contract §4).
    const KYRGYZSTAN: u16 = 996;

    #[test]
    fn the_data_is_that_of_libphonenumber() {
        let metadata = metadata();
        let codes: Vec<u16> = metadata.keys().copied().collect();
        let ours = |leave_out| {
            let mut codes = COUNTRY_CODES.to_vec();
            codes.sort_unstable();
            codes.retain(|code| *code != leave_out);
            codes
        };
        assert_eq!(ours(RESERVED), codes);
        for (code, Metadata { zero_follows, mobile_lengths }) in &metadata {
            assert_eq!(ZERO_FOLLOWS.contains(code), *zero_follows || *code == TOLL_FREE, "{code}");
            if let Some((_, fewest, most)) = MOBILE_LENGTHS.iter().find(|(country, ..)| country == code) {
                let most = if *code == KYRGYZSTAN { most - 1 } else { *most };
                assert_eq!((*fewest..=most).collect::<Vec<_>>(), *mobile_lengths, "{code}");
            }
        }
    }

    #[test]
    fn every_number_begins_with_one_code_or_none() {
        let codes: BTreeMap<_, _> = COUNTRY_CODES.iter().map(|code| (code.to_string(), *code)).collect();
        for first_three in 0..1000 {
            let digits = std::format!("{first_three:03}");
            let expected = (1..=3).find_map(|length: usize| codes.get(&digits[..length]));
            assert_eq!(split(digits.as_bytes()).map(|(code, _)| code), expected.copied(), "{digits}");
        }
        for (digits, found) in [
            ("", None),
            ("7", Some((7, ""))),
            ("77", Some((7, "7"))),
            ("2", None),
            ("20", Some((20, ""))),
            ("37", None),
            ("3751", Some((375, "1"))),
            ("0", None),
            ("1234", Some((1, "234"))),
        ] {
            let expected = found.map(|(code, rest): (u16, &str)| (code, rest.as_bytes()));
            assert_eq!(split(digits.as_bytes()), expected, "{digits:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn numbers_that_cannot_exist() {
        for number in [
            "2101234567", "8901234567890", "9991234567", "81079001234567", "8101234567", "4407700900123", "9720501234567",
            "70001234567", "7900123456", "790012345678", "7001234567", "88002000102", "1212555010", "121255501000", "10125550100",
            "11125550100", "12120550100", "12121550100", "37061234", "370861234567", "37529123456", "3752912345678", "99655512345",
            "99655512345678", "99890123456", "9951234567", "99312345678901", "996055512345",
        ] {
            assert!(is_impossible(number.as_bytes()), "{number}");
        }
        for number in [
            "79001234567", "77011234567", "12125550100", "12129990100", "861234567", "8613800138000", "82880134910105",
            "883510001234567", "242057173992", "390612345678", "4712345678", "80012345678", "8000123456", "99712345678", "996555123456",
            "9965551234567", "37061234567", "375291234567", "99365123456", "551681234567", "492341234567",
        ] {
            assert!(!is_impossible(number.as_bytes()), "{number}");
        }
    }
}
