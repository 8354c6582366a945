//! What is taken away from a value that is no address, to make it one (contract §6, `fix`): what
//! spreadsheets, mail programs and messengers put around an address.

use super::phone::{bracketed_zeros, decimals, index_of};
use super::{AddressKind, Kinds, National, check};
use crate::memory::{OutOfMemory, put};
use crate::rules::Verdict;
use crate::rules::white_space::{is_white_space, trim};
use alloc::vec::Vec;
use core::ops::Range;

/// Makes an address for the channel of a trimmed value that is none, given as characters with their places
/// in the body: `remove` is called with the place of every character that must go, in order. The steps are
/// those of the first kind whose steps lead to an address of any kind; false if those of no kind do.
#[cold]
pub(crate) fn mend(
    kinds: &Kinds,
    national: &[National],
    chars: impl Iterator<Item = (u32, u32, char)> + Clone,
    mut remove: impl FnMut(u32, u32),
) -> Result<bool, OutOfMemory> {
    for kind in kinds.iter() {
        let mut draft = Draft::new(chars.clone())?;
        for step in steps(kind) {
            if draft.take(*step)? && draft.is_address(kinds, national)? {
                draft.gone().for_each(|(offset, length)| remove(offset, length));
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Marks what is to be taken away from a trimmed text.
type Step = fn(&str, &mut dyn FnMut(Range<usize>));

/// The steps for a kind, in the order of the contract.
fn steps(kind: AddressKind) -> &'static [Step] {
    match kind {
        AddressKind::Phone => &[apostrophe, phone_prefix, phone_suffix, spreadsheet_decimals, zeros_in_brackets],
        AddressKind::Numeric => &[spaces_between_digits, zeros_at_the_end],
        AddressKind::Email => &[marks_at_the_end, quotes, mail_prefix, name],
        AddressKind::Bsuid | AddressKind::Token | AddressKind::Opaque => &[],
    }
}

fn apostrophe(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    if text.starts_with('\'') {
        take(0..1);
    }
}

fn phone_prefix(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    prefix(text, &["tel:", "whatsapp:", "https://wa.me/", "wa.me/"], take);
}

fn mail_prefix(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    prefix(text, &["mailto:"], take);
}

/// One of these at the start, in any case of letters.
fn prefix(text: &str, prefixes: &[&str], take: &mut dyn FnMut(Range<usize>)) {
    let begins = |prefix: &&str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if let Some(prefix) = prefixes.iter().copied().find(begins) {
        take(0..prefix.len());
    }
}

fn phone_suffix(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    for suffix in ["@c.us", "@s.whatsapp.net"] {
        let start = text.len().saturating_sub(suffix.len());
        if text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(suffix)) {
            take(start..text.len());
        }
    }
}

fn spreadsheet_decimals(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    if let Some(range) = decimals(text) {
        take(range);
    }
}

fn zeros_in_brackets(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    bracketed_zeros(text, take);
}

fn spaces_between_digits(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    // Where the last digit ends, if only spaces followed it.
    let mut digit_end = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            if let Some(end) = digit_end {
                take(end..at);
            }
            digit_end = Some(at.saturating_add(1));
        } else if !matches!(c, ' ' | '\u{A0}' | '\u{202F}') {
            digit_end = None;
        }
    }
}

fn zeros_at_the_end(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    let zeros = text.len().saturating_sub(text.trim_end_matches('0').len());
    let start = text.len().saturating_sub(zeros).saturating_sub(1);
    if zeros > 0 && text.get(start..).is_some_and(|end| end.starts_with('.')) {
        take(start..text.len());
    }
}

fn marks_at_the_end(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    for (at, c) in text.char_indices().rev() {
        if matches!(c, ';' | ',' | '.') {
            take(at..at.saturating_add(1));
        } else if !is_white_space(c) {
            break;
        }
    }
}

/// Quotation marks at both ends, or an apostrophe at the start, which a spreadsheet makes a text with.
fn quotes(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    let last = text.len().saturating_sub(1);
    match text.as_bytes() {
        [b'\'', .., b'\''] | [b'"', .., b'"'] => {
            take(0..1);
            take(last..text.len());
        }
        _ => apostrophe(text, take),
    }
}

/// All but the address of `Name <address>`.
fn name(text: &str, take: &mut dyn FnMut(Range<usize>)) {
    if let (Some(bracket), true) = (index_of('<', text.char_indices().rev()), text.ends_with('>')) {
        take(0..bracket.saturating_add(1));
        take(text.len().saturating_sub(1)..text.len());
    }
}

/// What is left of a value.
struct Draft {
    chars: Vec<Char>,
}

#[derive(Clone, Copy)]
struct Char {
    place: (u32, u32),
    c: char,
    is_left: bool,
}

impl Draft {
    fn new(chars: impl Iterator<Item = (u32, u32, char)>) -> Result<Draft, OutOfMemory> {
        let mut draft = Draft { chars: Vec::new() };
        for (offset, length, c) in chars {
            put(&mut draft.chars, &[Char { place: (offset, length), c, is_left: true }])?;
        }
        Ok(draft)
    }

    fn text(&self) -> Result<Vec<u8>, OutOfMemory> {
        let mut text = Vec::new();
        for char in self.chars.iter().filter(|char| char.is_left) {
            put(&mut text, char.c.encode_utf8(&mut [0; 4]).as_bytes())?;
        }
        Ok(text)
    }

    /// Takes away what the step marks in what is left, white space at its ends not counted (invisible
    /// characters count there, other than where a value is trimmed); false if that is nothing.
    fn take(&mut self, step: Step) -> Result<bool, OutOfMemory> {
        let text = self.text()?;
        let mut taken = Vec::new();
        text.iter().try_for_each(|_| put(&mut taken, &[false]))?;
        let left = core::str::from_utf8(&text).unwrap_or_default().trim_start();
        let start = text.len().saturating_sub(left.len());
        step(left.trim_end(), &mut |range: Range<usize>| {
            let range = range.start.saturating_add(start)..range.end.saturating_add(start);
            taken.get_mut(range).unwrap_or_default().fill(true);
        });
        let mut at = 0_usize;
        for char in self.chars.iter_mut().filter(|char| char.is_left) {
            char.is_left = taken.get(at) == Some(&false);
            at = at.saturating_add(char.c.len_utf8());
        }
        Ok(taken.contains(&true))
    }

    fn is_address(&self, kinds: &Kinds, national: &[National]) -> Result<bool, OutOfMemory> {
        let text = self.text()?;
        let (start, end) = trim(&text);
        let trimmed = text.get(start..end).unwrap_or_default();
        Ok(check(kinds, national, trimmed, &mut Vec::new())? != Verdict::Invalid)
    }

    /// The places of what was taken away.
    fn gone(&self) -> impl Iterator<Item = (u32, u32)> {
        self.chars.iter().filter(|char| !char.is_left).map(|char| char.place)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    /// What is left, and the places of the characters that go.
    fn mended(kinds: &Kinds, value: &str) -> Option<(String, Vec<usize>)> {
        let mut gone = Vec::new();
        let chars = value.char_indices().map(|(at, c)| (at as u32, c.len_utf8() as u32, c));
        mend(kinds, &[], chars, |offset, _| gone.push(offset as usize)).unwrap().then(|| {
            let left = value.char_indices().filter(|(at, _)| !gone.contains(at)).map(|(_, c)| c).collect();
            (left, gone)
        })
    }

    fn assert_mended(kinds: &Kinds, value: &str, expected: Option<&str>) {
        assert_eq!(mended(kinds, value).as_ref().map(|(left, _)| left.as_str()), expected, "{value:?}");
    }

    #[test]
    fn phone_numbers() {
        for (value, left) in [
            ("'79001234567", Some("79001234567")),
            ("tel:+7-900-123-45-67", Some("+7-900-123-45-67")),
            ("WhatsApp:+79001234567", Some("+79001234567")),
            ("https://wa.me/79001234567", Some("79001234567")),
            ("WA.me/79001234567", Some("79001234567")),
            ("79001234567@C.us", Some("79001234567")),
            ("79001234567@s.whatsapp.net", Some("79001234567")),
            ("79001234567.00", Some("79001234567")),
            ("79001234567. 0\u{A0}0", Some("79001234567")),
            ("+44 (0) 7700 900123", Some("+44  7700 900123")),
            ("44(0)7700(0)900123", Some("447700900123")),
            ("' tel: 44 ( 0 ) 7700900123 @c.us", Some("  44  7700900123 ")),
            ("'tel:whatsapp:79001234567", None),
            ("whatsapp:tel:79001234567", None),
            ("http://wa.me/79001234567", None),
            ("\"79001234567\"", None),
            ("''79001234567", None),
            ("tel:123", None),
            ("79001234567 x", None),
            ("", None),
            ("7900(0).0", None),
        ] {
            assert_mended(&Kinds::one(AddressKind::Phone), value, left);
        }
    }

    #[test]
    fn numeric_identifiers() {
        for (value, left) in [
            ("123\u{A0}456 \u{202F}789", Some("123456789")),
            ("-100 123.0", Some("-100123")),
            ("1 000.0 0", Some("1000")),
            ("12345.000", Some("12345")),
            ("1\u{2009}2", None),
            ("- 100", None),
            ("12345.", None),
            ("1.0.0", None),
            ("12a 34", None),
            ("12345678901234567890.0", None),
        ] {
            assert_mended(&Kinds::one(AddressKind::Numeric), value, left);
        }
        assert_eq!(mended(&Kinds::one(AddressKind::Numeric), "1 0.0 0").unwrap().1, [1, 3, 4, 5, 6]);
    }

    #[test]
    fn mail_addresses() {
        for (value, left) in [
            ("ivan@example.ru;", Some("ivan@example.ru")),
            ("ivan@example.ru.,; , .", Some("ivan@example.ru  ")),
            ("ivan@example.ru\u{AD}\u{A0};", Some("ivan@example.ru\u{AD}\u{A0}")),
            ("ivan@example.ru;\u{AD},", None),
            ("'\u{AD}mailto:ivan@example.ru", None),
            ("'\u{A0}mailto:ivan@example.ru", Some("\u{A0}ivan@example.ru")),
            ("'ivan@example.ru'", Some("ivan@example.ru")),
            ("\"ivan@example.ru\"", Some("ivan@example.ru")),
            ("'iv an@example.ru", None),
            ("mailto:ivan@example.ru", Some("ivan@example.ru")),
            ("MailTo: ivan@example.ru", Some(" ivan@example.ru")),
            ("'mailto:ivan@example.ru,'", None),
            ("'mailto:ivan@example.ru',", Some("ivan@example.ru")),
            ("Ivan <ivan@example.ru>", Some("ivan@example.ru")),
            ("Doe, Jane <jane@example.com>;", Some("jane@example.com")),
            ("<jane@example.com>", Some("jane@example.com")),
            ("A <b> < jane@example.com >", Some(" jane@example.com ")),
            ("<mailto:jane@example.com>", None),
            ("ivan@example.ru (Ivan)", None),
            ("a@b.c, d@e.f", None),
            ("<>", None),
            ("\"", None),
        ] {
            assert_mended(&Kinds::one(AddressKind::Email), value, left);
        }
    }

    #[test]
    fn the_first_kind_whose_steps_lead_to_an_address_of_any() {
        let kinds = Kinds::two(AddressKind::Phone, AddressKind::Bsuid);
        assert_mended(&kinds, "whatsapp:US.13491208655302741918", Some("US.13491208655302741918"));
        let kinds = Kinds::two(AddressKind::Bsuid, AddressKind::Email);
        assert_mended(&kinds, "mailto:a@b.c", Some("a@b.c"));
        let kinds = Kinds::two(AddressKind::Email, AddressKind::Numeric);
        assert_mended(&kinds, "12.0", Some("12"));
        assert_mended(&kinds, "1 2.", None);
        assert_mended(&Kinds::one(AddressKind::Token), "'a b", None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn total_and_what_is_left_is_an_address(
            value in "('|tel:|mailto:|whatsapp:|A <)?[ 7(0)a@.b]{0,12}(@c\\.us|>|[.]0|[;,.]|')?",
            kinds in proptest::sample::subsequence(AddressKind::ALL, 1..=4)
        ) {
            let value: String = value;
            let (first, others) = kinds.split_first().unwrap();
            let kinds = others.iter().try_fold(Kinds::one(*first), |kinds, kind| kinds.and(*kind)).unwrap();
            if let Some((left, gone)) = mended(&kinds, &value) {
                prop_assert!(!gone.is_empty());
                let (start, end) = trim(left.as_bytes());
                let verdict = check(&kinds, &[], &left.as_bytes()[start..end], &mut Vec::new()).unwrap();
                prop_assert_ne!(verdict, Verdict::Invalid);
            }
        }
    }
}
