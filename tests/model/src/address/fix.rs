//! "`invalid_address`, where the address is one after it".

use super::check;
use super::phone::{bracketed_zeros, spreadsheet_decimal};
use crate::literal::{Content, Edit, Letter, in_order, text};
use crate::policy::Channel;
use crate::text::{trimmed, trimmed_range};

/// Which characters a step takes away from what is left.
type Step = fn(&[char]) -> Vec<usize>;

/// "for `phone` a leading `'` taken away, a prefix …, a suffix …, the `.0…` of a spreadsheet,
/// every bracketed zero with a digit before it".
const PHONE: [Step; 5] = [
    |left| if left.first() == Some(&'\'') { vec![0] } else { Vec::new() },
    |left| prefix(left, &["tel:", "whatsapp:", "https://wa.me/", "wa.me/"]),
    |left| suffix(left, &["@c.us", "@s.whatsapp.net"]),
    |left| spreadsheet_decimal(left).into_iter().flatten().collect(),
    |left| bracketed_zeros(left).into_iter().flatten().collect(),
];

/// "for `numeric` spaces (U+0020, U+00A0, U+202F) between digits, and a `.` with zeros behind it at
/// the end".
const NUMERIC: [Step; 2] = [spaces_between_digits, zeros_behind_a_dot];

/// "for `email` all `;`, `,` and `.` at the end, a leading `'`, or `'` or `"` at both ends, a prefix
/// `mailto:`, of `Name <address>` all but the address (the name may be absent)".
const EMAIL: [Step; 4] = [marks_at_the_end, quotes, |left| prefix(left, &["mailto:"]), name_and_brackets];

/// "the first kind whose edits make an address of any kind".
pub(crate) fn fix(channel: &Channel, content: &Content) -> Option<Vec<Edit>> {
    if !content.plain {
        return None;
    }
    channel.address.iter().find_map(|kind| {
        let steps: &[Step] = match kind.as_str() {
            "phone" => &PHONE,
            "numeric" => &NUMERIC,
            "email" => &EMAIL,
            _ => &[],
        };
        fix_with(steps, channel, content)
    })
}

/// "one after another in this order (a step stays even if it alone does not help), until the
/// address is one".
fn fix_with(steps: &[Step], channel: &Channel, content: &Content) -> Option<Vec<Edit>> {
    let mut left = content.letters.clone();
    let mut edits = Vec::new();
    for step in steps {
        let (removed, kept) = split(&left, *step);
        edits.extend(removed.iter().map(Letter::removed));
        left = kept;
        if check(channel, &trimmed(&text(&left))).is_some() {
            return in_order(edits);
        }
    }
    None
}

/// What a step takes away, and what stays. "White space at the ends of what is left does not
/// count."
fn split(left: &[Letter], step: Step) -> (Vec<Letter>, Vec<Letter>) {
    let characters: Vec<char> = text(left).chars().collect();
    let counted = trimmed_range(&characters, char::is_whitespace);
    let taken = step(&characters[counted.clone()]);
    let is_removed = |index: usize| index.checked_sub(counted.start).is_some_and(|index| taken.contains(&index));
    let mut parts = (Vec::new(), Vec::new());
    for (index, letter) in left.iter().enumerate() {
        if is_removed(index) { parts.0.push(*letter) } else { parts.1.push(*letter) }
    }
    parts
}

/// "prefixes and suffixes in any case of letters".
fn prefix(left: &[char], prefixes: &[&str]) -> Vec<usize> {
    let lower: String = left.iter().collect::<String>().to_ascii_lowercase();
    let found = prefixes.iter().find(|prefix| lower.starts_with(**prefix));
    (0..found.map_or(0, |prefix| prefix.len())).collect()
}

fn suffix(left: &[char], suffixes: &[&str]) -> Vec<usize> {
    let lower: String = left.iter().collect::<String>().to_ascii_lowercase();
    let found = suffixes.iter().find(|suffix| lower.ends_with(**suffix));
    (left.len() - found.map_or(0, |suffix| suffix.len())..left.len()).collect()
}

fn spaces_between_digits(left: &[char]) -> Vec<usize> {
    let is_space = |index: usize| matches!(left[index], ' ' | '\u{A0}' | '\u{202F}');
    let is_digit = |index: Option<usize>| index.and_then(|index| left.get(index)).is_some_and(char::is_ascii_digit);
    let between = |index: usize| {
        let before = (0..index).rev().find(|&other| !is_space(other));
        let behind = (index..left.len()).find(|&other| !is_space(other));
        is_space(index) && is_digit(before) && is_digit(behind)
    };
    (0..left.len()).filter(|&index| between(index)).collect()
}

fn zeros_behind_a_dot(left: &[char]) -> Vec<usize> {
    let Some(dot) = left.iter().rposition(|&character| character == '.') else { return Vec::new() };
    let zeros = &left[dot + 1..];
    let found = !zeros.is_empty() && zeros.iter().all(|&character| character == '0');
    if found { (dot..left.len()).collect() } else { Vec::new() }
}

/// All of them, with white space between them or not.
fn marks_at_the_end(left: &[char]) -> Vec<usize> {
    let is_mark = |character: char| matches!(character, ';' | ',' | '.');
    let from = left.iter().rposition(|&character| !is_mark(character) && !character.is_whitespace());
    let from = from.map_or(0, |last| last + 1);
    (from..left.len()).filter(|&index| is_mark(left[index])).collect()
}

fn quotes(left: &[char]) -> Vec<usize> {
    match left {
        ['\'', .., '\''] | ['"', .., '"'] => vec![0, left.len() - 1],
        ['\'', ..] => vec![0],
        _ => Vec::new(),
    }
}

fn name_and_brackets(left: &[char]) -> Vec<usize> {
    let open = left.iter().rposition(|&character| character == '<');
    match (open, left) {
        (Some(open), [.., '>']) => (0..open + 1).chain([left.len() - 1]).collect(),
        _ => Vec::new(),
    }
}
