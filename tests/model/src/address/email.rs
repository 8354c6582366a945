//! Mail addresses.

use super::Address;
use crate::literal::{Content, Letter};
use crate::text::{is_control, is_invisible, units};

/// "one `@`; before it …; after it two or more labels …, the last one not all digits; at most 254
/// units in all; ASCII capitals become lower case in labels that are all ASCII".
pub(super) fn check(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    let labels: Vec<&str> = domain.split('.').collect();
    let last_is_a_number = labels.last()?.chars().all(|character| character.is_ascii_digit());
    let valid = is_local(local)
        && labels.len() >= 2
        && labels.iter().all(|label| is_label(label))
        && !last_is_a_number
        && units(text) <= 254;
    if !valid {
        return None;
    }
    let lower = |label: &&str| if label.is_ascii() { label.to_ascii_lowercase() } else { (*label).to_owned() };
    let domain: Vec<String> = labels.iter().map(lower).collect();
    Some(Address {
        normalized: format!("{local}@{}", domain.join(".")),
        national: false,
        unlikely: labels.into_iter().any(mixes_alphabets),
    })
}

/// "before it 1 to 64 units without white space, invisible characters and `( ) < > [ ] : ; , \ "`,
/// or as many between two `"` (not counted), without `"`, `\`, `@` and control characters".
fn is_local(local: &str) -> bool {
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let (inner, is_forbidden): (&str, fn(char) -> bool) = match quoted {
        Some(inner) => (inner, |character| matches!(character, '"' | '\\' | '@') || is_control(character)),
        None => (local, |character| {
            character.is_whitespace() || is_invisible(character) || "()<>[]:;,\\\"@".contains(character)
        }),
    };
    (1..=64).contains(&units(inner)) && !inner.chars().any(is_forbidden)
}

/// "labels of 1 to 63 letters, digits, `_`, inner hyphens or characters from U+00A1 up that are
/// neither white space, invisible, U+2010–U+2015, U+2212, U+3002, U+FF0E, U+FF61 nor U+FFFD".
fn is_label(label: &str) -> bool {
    let is_other = |character: char| {
        character >= '\u{A1}'
            && !character.is_whitespace()
            && !is_invisible(character)
            && !matches!(
                character,
                '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{3002}' | '\u{FF0E}' | '\u{FF61}' | '\u{FFFD}'
            )
    };
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-') || is_other(character);
    (1..=63).contains(&units(label))
        && label.chars().all(is_allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// "A label in which ASCII letters and letters of U+0400–U+052F stand together."
fn mixes_alphabets(label: &str) -> bool {
    let is_cyrillic = |character: char| matches!(character, '\u{400}'..='\u{52F}') && character.is_alphabetic();
    label.chars().any(|character| character.is_ascii_alphabetic()) && label.chars().any(is_cyrillic)
}

/// "for `email` the first that is white space or invisible, or a second `@`".
pub(super) fn spoiler(content: &Content) -> Option<Letter> {
    let mut ats = 0;
    content.letters.iter().copied().find(|letter| {
        ats += usize::from(letter.is('@'));
        let blank = |character: char| character.is_whitespace() || is_invisible(character);
        letter.character.is_some_and(blank) || (letter.is('@') && ats == 2)
    })
}
