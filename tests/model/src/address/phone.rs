//! Phone numbers.

use std::ops::Range;

use super::Address;
use crate::country::cannot_exist;
use crate::literal::{Content, Letter};
use crate::policy::National;
use crate::text::is_invisible;

/// "in both, white space, invisible characters and joiners in between do not count".
fn does_not_count(character: char) -> bool {
    character.is_whitespace() || is_invisible(character) || matches!(character, '\u{200C}' | '\u{200D}')
}

/// "inner white space, `-`, U+2010–U+2015, U+2212, `.`, `(`, `)`, invisible characters, U+200C
/// and U+200D".
fn is_plain_separator(character: char) -> bool {
    does_not_count(character) || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '(' | ')')
}

/// Which characters are separators: those, "and a `/` if it is the only one, with one to six
/// digits before it (a mark not counted) and five or more behind it".
fn separators(characters: &[char]) -> Vec<bool> {
    let mut all: Vec<bool> = characters.iter().map(|&character| is_plain_separator(character)).collect();
    let slashes: Vec<usize> = (0..characters.len()).filter(|&index| characters[index] == '/').collect();
    if let [slash] = slashes[..] {
        // Some of a mark's zeros may stand behind the slash.
        let before = without(&characters[..slash], &all[..slash]);
        let behind = without(&characters[slash + 1..], &all[slash + 1..]);
        let mark = mark(&format!("{before}{behind}")).len().min(before.len());
        all[slash] = (1..=6).contains(&count_digits(&before[mark..])) && count_digits(&behind) >= 5;
    }
    all
}

fn without(characters: &[char], separators: &[bool]) -> String {
    characters.iter().zip(separators).filter(|(_, is)| !**is).map(|(&character, _)| character).collect()
}

fn count_digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// "A leading `+` or `00` is a mark."
fn mark(bare: &str) -> &'static str {
    ["+", "00"].into_iter().find(|mark| bare.starts_with(mark)).unwrap_or_default()
}

/// "11 digits that begin with 87, 89, or 80 and neither 800 nor 808".
fn is_national_form_of_eleven(digits: &str) -> bool {
    let starts = |start| digits.starts_with(start);
    digits.len() == 11 && (starts("87") || starts("89") || (starts("80") && !starts("800") && !starts("808")))
}

/// "begins with `prefix` and has `length` digits (an empty prefix fits no number that begins
/// with 0)".
fn fits(digits: &str, rule: &National) -> bool {
    digits.starts_with(&rule.prefix)
        && digits.len() as u64 == rule.length
        && !(rule.prefix.is_empty() && digits.starts_with('0'))
}

pub(super) fn check(trimmed: &str, rules: &[National]) -> Option<Address> {
    let characters: Vec<char> = trimmed.chars().collect();
    // "Two spellings are refused before that, since removing the separators would add a digit."
    if spreadsheet_decimal(&characters).is_some() || !bracketed_zeros(&characters).is_empty() {
        return None;
    }
    let separators = separators(&characters);
    let bare = without(&characters, &separators);
    let mark = mark(&bare);
    let digits = &bare[mark.len()..];
    if !digits.chars().all(|character| character.is_ascii_digit()) {
        return None;
    }
    // "its first digit is an 8 with a separator directly behind it (no country code is 8 alone)".
    let counted: Vec<usize> = (0..characters.len()).filter(|&index| !separators[index]).collect();
    let lone_eight = digits.starts_with('8')
        && counted.get(mark.len()).and_then(|index| separators.get(index + 1)).copied().unwrap_or_default();
    // "But a mark means nothing before" these: "such a number is unmarked, and written without
    // the mark; so is one whose first digit behind the mark is an 8 with a separator directly
    // behind it".
    let unmarked = mark.is_empty() || is_national_form_of_eleven(digits) || lone_eight;
    if !unmarked {
        // "what follows must not begin with 0".
        return if digits.starts_with('0') { None } else { international(digits, rules) };
    }
    // "The first rule that it fits rewrites it, `country` in the place of `prefix`, and from then
    // on it is an international number."
    if let Some(rule) = rules.iter().find(|rule| fits(digits, rule)) {
        return international(&format!("{}{}", rule.country, &digits[rule.prefix.len()..]), rules);
    }
    if digits.starts_with('0') || is_national_form_of_eleven(digits) || lone_eight {
        // "Any other that reads as national passes unchanged and warns `national_number`, and
        // `unlikely_address` too if, read again without its separators, it would."
        let unlikely = lone_eight && check(digits, rules).is_some_and(|again| again.unlikely);
        return is_number(digits).then(|| Address { normalized: digits.to_owned(), national: true, unlikely });
    }
    international(digits, rules)
}

/// "International numbers, marked or not, are written without a mark, unless they would then read
/// as national: then with `+`."
fn international(digits: &str, rules: &[National]) -> Option<Address> {
    if !is_number(digits) {
        return None;
    }
    let national = is_national_form_of_eleven(digits) || rules.iter().any(|rule| fits(digits, rule));
    let mark = if national { "+" } else { "" };
    Some(Address { normalized: format!("{mark}{digits}"), national: false, unlikely: cannot_exist(digits) })
}

/// "The result must have 7 to 15 digits."
fn is_number(digits: &str) -> bool {
    (7..=15).contains(&digits.len())
}

/// "a spreadsheet's decimal (a value with exactly one `.`, and behind it one or more `0` and
/// nothing else)": from the dot to the last 0.
pub(super) fn spreadsheet_decimal(characters: &[char]) -> Option<Range<usize>> {
    let dot = characters.iter().position(|&character| character == '.')?;
    let behind: String = characters[dot + 1..].iter().filter(|character| !does_not_count(**character)).collect();
    let last = characters.iter().rposition(|&character| character == '0')?;
    (!behind.is_empty() && behind.chars().all(|character| character == '0')).then_some(dot..last + 1)
}

/// "a bracketed zero (`(`, `0`, `)`) with a digit anywhere before it": each from bracket to
/// bracket.
pub(super) fn bracketed_zeros(characters: &[char]) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    for open in 0..characters.len() {
        let counted: Vec<usize> =
            (open..characters.len()).filter(|&index| !does_not_count(characters[index])).take(3).collect();
        let spelled: String = counted.iter().map(|&index| characters[index]).collect();
        if characters[open] == '(' && spelled == "(0)" && characters[..open].iter().any(char::is_ascii_digit) {
            all.push(open..counted[2] + 1);
        }
    }
    all
}

/// "A value that begins with `+` and is, the separators above removed, `+` and 7 to 15 digits."
pub(super) fn looks_like_one(trimmed: &str) -> bool {
    let characters: Vec<char> = trimmed.chars().collect();
    let bare = without(&characters, &separators(&characters));
    let digits = bare.strip_prefix('+').unwrap_or_default();
    trimmed.starts_with('+') && is_number(digits) && digits.chars().all(|character| character.is_ascii_digit())
}

/// "for `phone` the first that is neither digit, separator nor a `+` that only separators
/// precede".
pub(super) fn spoiler(content: &Content) -> Option<Letter> {
    let characters: Vec<char> = content.text().chars().collect();
    let separators = separators(&characters);
    let index = (0..characters.len()).find(|&index| {
        let leading_plus = characters[index] == '+' && separators[..index].iter().all(|is| *is);
        !characters[index].is_ascii_digit() && !separators[index] && !leading_plus
    })?;
    Some(content.letters[index])
}
