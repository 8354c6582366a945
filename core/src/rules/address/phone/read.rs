//! How people write numbers: the digits are collected, and what separates them is removed.

use crate::rules::white_space::{is_invisible, is_white_space};
use core::ops::{Range, RangeInclusive};

/// How many digits stand before a `/` that separates, as Germans and Austrians write it.
const BEFORE_SLASH: RangeInclusive<usize> = 1..=6;
/// How many stand behind it, or more.
const BEHIND_SLASH: usize = 5;

/// A mark of two digits.
const ZEROS: &[u8] = b"00";

/// A number as it is spelled.
pub(super) struct Spelling<'v> {
    value: &'v [u8],
    digits: Digits,
    /// A `+` stands before the digits.
    has_plus: bool,
    /// Removing the separators adds a digit: a spreadsheet's decimals, or a bracketed zero.
    pub(super) adds_zeros: bool,
}

impl Spelling<'_> {
    /// All digits, those of a mark too.
    pub(super) fn digits(&self) -> &[u8] {
        self.digits.as_bytes()
    }

    /// Whether the number has a mark, and the digits behind it.
    #[inline]
    pub(super) fn number(&self) -> (bool, &[u8]) {
        match self.digits().strip_prefix(ZEROS) {
            Some(number) if !self.has_plus => (true, number),
            _ => (self.has_plus, self.digits()),
        }
    }

    /// Whether the first digit behind the mark is an 8 with a separator directly behind it: a trunk
    /// prefix, for no country code is 8 alone.
    #[inline]
    pub(super) fn has_lone_eight(&self) -> bool {
        let (_, number) = self.number();
        let mark = self.digits().len().saturating_sub(number.len());
        number.starts_with(b"8") && self.separator_follows(mark)
    }

    /// Whether a separator stands directly behind the digit of this index.
    #[inline(never)]
    fn separator_follows(&self, index: usize) -> bool {
        let mut digits = self.value.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit());
        let next = digits.nth(index).and_then(|(at, _)| self.value.get(at.saturating_add(1)));
        next.is_some_and(|byte| !byte.is_ascii_digit())
    }
}

/// The digits of a number, and room for more than one has.
#[derive(Default)]
pub(super) struct Digits {
    bytes: [u8; Digits::MOST],
    len: usize,
}

impl Digits {
    const MOST: usize = 32;

    fn push(&mut self, digit: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = digit;
        self.len = self.len.wrapping_add(1);
        Some(())
    }

    pub(super) fn extend(&mut self, digits: &[u8]) -> Option<()> {
        digits.iter().try_for_each(|digit| self.push(*digit))
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Reads a number; none if it has characters that no number has, or far too many digits.
#[inline]
pub(super) fn read(value: &[u8]) -> Option<Spelling<'_>> {
    read_ascii(value).or_else(|| read_any(value))
}

/// The kinds of bytes, a bit each: full stops and opening brackets are separators that say more.
const DIGIT: u8 = 1;
const SEPARATOR: u8 = 0;
const FULL_STOP: u8 = 1 << 1;
const BRACKET: u8 = 1 << 2;
const OTHER: u8 = 1 << 3;

static KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "runs at compile time only")]
        {
            kinds[byte] = match byte as u8 {
                b'0'..=b'9' => DIGIT,
                b'-' | b')' | b' ' | b'\t'..=b'\r' => SEPARATOR,
                b'.' => FULL_STOP,
                b'(' => BRACKET,
                _ => OTHER,
            };
            byte += 1;
        }
    }
    kinds
};

/// [`read_any`] for the usual spellings: ASCII, not long, a `+` only at the start, and no zero that must be
/// looked at. Every byte is written, but counted only if it is a digit, so that no branch depends on where
/// the separators stand.
#[inline]
fn read_ascii(value: &[u8]) -> Option<Spelling<'_>> {
    let (has_plus, rest) = match value {
        [b'+', rest @ ..] => (true, rest),
        _ => (false, value),
    };
    if rest.len() > Digits::MOST {
        return None;
    }
    let (mut digits, mut seen) = (Digits::default(), 0);
    for byte in rest {
        let kind = KINDS.get(usize::from(*byte)).copied().unwrap_or(OTHER);
        if let Some(to) = digits.bytes.get_mut(digits.len & (Digits::MOST - 1)) {
            *to = *byte;
        }
        digits.len = digits.len.wrapping_add(usize::from(kind & DIGIT));
        seen |= kind;
    }
    let looks_decimal = seen & FULL_STOP != 0 && digits.as_bytes().ends_with(b"0");
    let brackets_zero = || value.windows(2).any(|pair| matches!(pair, b"(0" | [b'(', b' ' | b'\t'..=b'\r']));
    if seen & OTHER != 0 || looks_decimal || (seen & BRACKET != 0 && brackets_zero()) {
        return None;
    }
    Some(Spelling { value, digits, has_plus, adds_zeros: false })
}

#[cold]
#[inline(never)]
fn read_any(value: &[u8]) -> Option<Spelling<'_>> {
    // What most values are not told apart by comes last: a pass over the characters takes long.
    let mut digits = Digits::default();
    value.iter().filter(|byte| byte.is_ascii_digit()).try_for_each(|digit| digits.push(*digit))?;
    let text = core::str::from_utf8(value).ok()?;
    if spoiler(text.chars()).is_some() {
        return None;
    }
    // Without an early exit the compiler vectorizes the search.
    let has = |wanted: u8| value.iter().fold(false, |found, byte| found | (*byte == wanted));
    let mut adds_zeros = has(b'.') && decimals(text).is_some();
    if has(b'(') {
        bracketed_zeros(text, |_| adds_zeros = true);
    }
    Some(Spelling { value, digits, has_plus: has(b'+'), adds_zeros })
}

/// The index of the first character that is neither digit, separator nor a `+` that only separators precede.
pub(in crate::rules::address) fn spoiler(chars: impl Iterator<Item = char> + Clone) -> Option<usize> {
    let mut only_separators = true;
    chars.clone().enumerate().find_map(|(index, c)| {
        let belongs = match c {
            '0'..='9' => true,
            '+' => only_separators,
            // Asked once at most: of two slashes the first is the spoiler.
            '/' => slash_separates(chars.clone()),
            _ => is_separator(c),
        };
        only_separators &= !matches!(c, '0'..='9' | '+');
        (!belongs).then_some(index)
    })
}

/// Whether a character is removed wherever it stands.
fn is_separator(c: char) -> bool {
    matches!(c, '-' | '.' | '(' | ')' | ' ' | '\u{2010}'..='\u{2015}' | '\u{2212}') || is_unseen(c)
}

/// White space, and what contact apps paste without a trace.
fn is_unseen(c: char) -> bool {
    is_white_space(c) || is_invisible(c) || matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether a `/` is removed: the only one, with a few digits before it, those of a mark not counted, and
/// more behind it.
fn slash_separates(chars: impl Iterator<Item = char> + Clone) -> bool {
    let (mut slashes, mut before, mut behind) = (0_usize, 0_usize, 0_usize);
    for c in chars.clone() {
        let digits = if slashes == 0 { &mut before } else { &mut behind };
        *digits = digits.saturating_add(usize::from(c.is_ascii_digit()));
        slashes = slashes.saturating_add(usize::from(c == '/'));
    }
    // Some of a mark's zeros may stand behind the slash.
    let mut bare = chars.filter(|c| *c != '/' && !is_separator(*c));
    let has_mark = slashes == 1 && (bare.next(), bare.next()) == (Some('0'), Some('0'));
    let mark = if has_mark { ZEROS.len() } else { 0 };
    slashes == 1 && BEFORE_SLASH.contains(&before.saturating_sub(mark)) && behind >= BEHIND_SLASH
}

/// The decimals of a number that a spreadsheet has written, `.0`: a value with one full stop and nothing
/// but zeros behind it.
pub(in crate::rules::address) fn decimals(value: &str) -> Option<Range<usize>> {
    let start = index_of('.', value.char_indices())?;
    let behind = || value.char_indices().filter(|(at, _)| *at > start);
    let end = index_of('0', behind().rev())?.saturating_add(1);
    behind().all(|(_, c)| c == '0' || is_unseen(c)).then_some(start..end)
}

/// Where a character is found first. (To search a `str` for it would leave panicking code behind.)
pub(in crate::rules::address) fn index_of(
    wanted: char,
    mut chars: impl Iterator<Item = (usize, char)>,
) -> Option<usize> {
    chars.find(|(_, c)| *c == wanted).map(|(at, _)| at)
}

/// Calls `found` with every bracketed zero that a digit stands before: `+44 (0) 7700 900123`.
pub(in crate::rules::address) fn bracketed_zeros(value: &str, mut found: impl FnMut(Range<usize>)) {
    /// What was read of a bracketed zero.
    #[derive(Clone, Copy)]
    enum Read {
        Nothing,
        Bracket(usize),
        Zero(usize),
    }
    let mut read = Read::Nothing;
    let (mut digits, mut digits_before) = (0_usize, 0);
    for (at, c) in value.char_indices() {
        read = match (read, c) {
            (_, '(') => {
                digits_before = digits;
                Read::Bracket(at)
            }
            (Read::Bracket(start), '0') => Read::Zero(start),
            (Read::Zero(start), ')') => {
                if digits_before > 0 {
                    found(start..at.saturating_add(1));
                }
                Read::Nothing
            }
            (read, c) if is_unseen(c) => read,
            _ => Read::Nothing,
        };
        digits = digits.saturating_add(usize::from(c.is_ascii_digit()));
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn a_slash_between_area_and_number() {
        for (value, separates) in [
            ("0234/12345", true),
            ("+49 123 / 42 42 42", true),
            ("0/12345", true),
            ("123456/12345", true),
            ("+123456/12345", true),
            ("00123456/12345", true),
            ("001/12345", true),
            ("1234567/12345", false),
            ("+1234567/12345", false),
            ("001234567/12345", false),
            ("/12345678", false),
            ("+/12345678", false),
            ("00/12345678", false),
            ("0/012345678", false),
            ("123456/1234", false),
            ("123/456/78901", false),
            ("12345678", false),
        ] {
            assert_eq!(slash_separates(value.chars()), separates, "{value:?}");
        }
    }

    #[test]
    fn characters_that_spoil_a_number() {
        for (value, place) in [
            ("+7 495 123-45-67/68", Some(16)),
            ("+49 123/456789 x", Some(15)),
            ("0/x0123456", Some(2)),
            ("00/12345+", Some(2)),
            ("+00/12345+", Some(9)),
            ("++79001234567", Some(1)),
            ("( +7) 900+", Some(9)),
            ("7+", Some(1)),
            ("\u{202D}+7\u{A0}ж", Some(4)),
            ("tel:+7", Some(0)),
            ("１２３", Some(0)),
            ("+44 (0) 7700 900123", None),
            ("123", None),
            ("", None),
        ] {
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }

    #[test]
    fn a_spreadsheets_decimals() {
        for (value, range) in [
            ("79001234567.0", Some(11..13)),
            ("79001234567.000", Some(11..15)),
            ("7900 . 0\u{200D}0\u{A0}", Some(5..12)),
            (".0", Some(0..2)),
            ("7.900.0", None),
            ("79001234567.", None),
            ("79001234567. ", None),
            ("79001234567.01", None),
            ("79001234567.0-0", None),
            ("79001234567", None),
            ("", None),
        ] {
            assert_eq!(decimals(value), range, "{value:?}");
        }
    }

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "a list of places, some of one")]
    fn a_bracketed_zero_behind_a_digit() {
        for (value, ranges) in [
            ("+44 (0) 7700", &[4..7][..]),
            ("44( \u{A0}0\u{200D}\u{FEFF})7", &[2..14]),
            ("4(0)4(0)", &[1..4, 5..8]),
            ("4((0)", &[2..5]),
            ("(0)(0)4", &[3..6]),
            ("(0)44", &[]),
            ("+(0)44", &[]),
            ("4(00)", &[]),
            ("4(0-)", &[]),
            ("4(0", &[]),
            ("4()0)", &[]),
            ("4(1)", &[]),
        ] {
            let mut found = Vec::new();
            bracketed_zeros(value, |range| found.push(range));
            assert_eq!(found, ranges, "{value:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn what_is_read_fast_is_read_the_same(value in "[+]?[0-9 ().x-]{0,16}(\\.0+|\\( ?0\\))?[0-9 ().-]{0,17}") {
            let value: String = value;
            if let Some(fast) = read_ascii(value.as_bytes()) {
                prop_assert!(!fast.adds_zeros);
                let slow = read_any(value.as_bytes()).unwrap();
                prop_assert_eq!(fast.digits(), slow.digits());
                prop_assert_eq!((fast.has_plus, false), (slow.has_plus, slow.adds_zeros));
            }
        }
    }
}
