//! The five kinds of device address.

use crate::policy::{Channel, National};
use crate::text::units;

/// A valid address, normalized.
pub(crate) struct Address {
    pub(crate) normalized: String,
    /// Whether it warns `national_number`.
    pub(crate) national: bool,
}

/// The trimmed address, checked by the channel's kind; none where the syntax is wrong.
pub(crate) fn check(channel: &Channel, trimmed: &str) -> Option<Address> {
    let plain = |normalized: String| Some(Address { normalized, national: false });
    match channel.address.as_str() {
        "phone" => phone(trimmed, channel.national.as_ref()),
        "token" if is_token(trimmed) => plain(trimmed.to_owned()),
        "email" => plain(email(trimmed)?),
        "numeric" if is_numeric(trimmed) => plain(trimmed.to_owned()),
        "opaque" => plain(trimmed.to_owned()),
        _ => None,
    }
}

/// "inner white space, `-`, U+2010–U+2015, `.`, `(`, `)` and the invisible U+200B–U+200F,
/// U+202A–U+202E, U+2060, U+2066–U+2069, U+FEFF are removed".
fn is_formatting(character: char) -> bool {
    character.is_whitespace()
        || matches!(character,
            '-' | '\u{2010}'..='\u{2015}' | '.' | '(' | ')'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn phone(trimmed: &str, rule: Option<&National>) -> Option<Address> {
    let bare: String = trimmed.chars().filter(|&character| !is_formatting(character)).collect();
    // "A leading `+` or `00` marks an international number; what follows must not begin with 0."
    if let Some(rest) = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        if rest.starts_with('0') {
            return None;
        }
        return international(rest, rule);
    }
    if fits(&bare, rule) {
        return international(&rewritten(&bare, rule?), rule);
    }
    // "Any other that reads as national passes unchanged and warns `national_number`."
    let national = reads_as_national(&bare, rule);
    is_number(&bare).then_some(Address { normalized: bare, national })
}

/// "International numbers are written without a mark, unless they would then read as national:
/// then with `+`."
fn international(digits: &str, rule: Option<&National>) -> Option<Address> {
    if !is_number(digits) {
        return None;
    }
    let mark = if reads_as_national(digits, rule) { "+" } else { "" };
    Some(Address { normalized: format!("{mark}{digits}"), national: false })
}

/// "The result must have 7 to 15 digits."
fn is_number(digits: &str) -> bool {
    digits.chars().all(|character| character.is_ascii_digit()) && (7..=15).contains(&digits.len())
}

/// "reads as national when it begins with 0, or has 11 digits and begins with 89, or fits the
/// channel's `national` rule".
fn reads_as_national(digits: &str, rule: Option<&National>) -> bool {
    digits.starts_with('0') || (digits.len() == 11 && digits.starts_with("89")) || fits(digits, rule)
}

/// "begins with `prefix` and has `length` digits".
fn fits(digits: &str, rule: Option<&National>) -> bool {
    rule.is_some_and(|rule| {
        digits.starts_with(&rule.prefix)
            && digits.chars().all(|character| character.is_ascii_digit())
            && digits.len() as u64 == rule.length
    })
}

/// "One that fits that rule is rewritten, `country` in the place of `prefix`."
fn rewritten(digits: &str, rule: &National) -> String {
    format!("{}{}", rule.country, &digits[rule.prefix.len()..])
}

/// "visible ASCII, no white space".
fn is_token(text: &str) -> bool {
    text.chars().all(|character| matches!(character, '!'..='~'))
}

/// "an optional leading `-`, then 1 to 19 digits".
fn is_numeric(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.chars().all(|character| character.is_ascii_digit()) && (1..=19).contains(&digits.len())
}

/// "one `@`; before it 1 to 64 units without white space; after it two or more labels …; at
/// most 254 units in all; ASCII capitals of the domain become lower case".
fn email(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let labels: Vec<&str> = domain.split('.').collect();
    let valid = !domain.contains('@')
        && (1..=64).contains(&units(local))
        && !local.contains(char::is_whitespace)
        && labels.len() >= 2
        && labels.into_iter().all(is_label)
        && units(text) <= 254;
    valid.then(|| format!("{local}@{}", domain.to_ascii_lowercase()))
}

/// "labels of 1 to 63 letters, digits, inner hyphens or characters from U+00A1 up that are not
/// white space".
fn is_label(label: &str) -> bool {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || character == '-' || (character >= '\u{A1}' && !character.is_whitespace())
    };
    (1..=63).contains(&units(label)) && label.chars().all(allowed) && !label.starts_with('-') && !label.ends_with('-')
}
