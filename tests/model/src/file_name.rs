//! `….name`.

use crate::literal::{Content, Edit, in_order, text};

/// "none of U+202A–U+202E and U+2066–U+2069, with which `photo…gpj.exe` is shown as a picture".
fn is_override(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// "no `/` or `\`", nor one of those.
pub(crate) fn spoils(character: char) -> bool {
    matches!(character, '/' | '\\') || is_override(character)
}

/// "U+FFFD in it, RFC 2047's encoded words, one or several with white space between, as the
/// whole of it, or two percent-encoded bytes above 7F in a row warn `garbled_text`."
pub(crate) fn is_garbled(name: &str) -> bool {
    let characters: Vec<char> = name.chars().collect();
    let is_high_byte = |window: &[char]| {
        window[0] == '%' && window[1].to_digit(16).is_some_and(|digit| digit >= 8) && window[2].is_ascii_hexdigit()
    };
    let two_bytes = characters.windows(6).any(|six| is_high_byte(&six[..3]) && is_high_byte(&six[3..]));
    name.contains('\u{FFFD}') || name.split_whitespace().all(is_encoded_word) || two_bytes
}

/// "(`=?`, a name, `?b?` or `?q?` in any case, a text, `?=`; neither empty nor with `?` or white
/// space in it)".
fn is_encoded_word(word: &str) -> bool {
    let inner = word.strip_prefix("=?").and_then(|rest| rest.strip_suffix("?="));
    let parts: Vec<&str> = inner.unwrap_or_default().split('?').collect();
    match parts[..] {
        [name, encoding, text] => !name.is_empty() && ["b", "q", "B", "Q"].contains(&encoding) && !text.is_empty(),
        _ => false,
    }
}

/// "an extension (a last `.` with a character before it and a letter or digit directly after
/// it)".
pub(crate) fn has_extension(name: &str) -> bool {
    let Some((before, after)) = name.rsplit_once('.') else { return false };
    !before.is_empty() && after.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// "`invalid_name`, of the trimmed value: of a path all up to the last `/` or `\` taken away, of
/// another name a `_` in the place of each `/`; and every U+202A–U+202E and U+2066–U+2069 in what
/// is left taken away".
pub(crate) fn fix(content: &Content) -> Option<Vec<Edit>> {
    if !content.plain {
        return None;
    }
    let mut edits = Vec::new();
    let mut left = &content.letters[..];
    if is_path(&text(left)) {
        let end = left.iter().rposition(|letter| letter.is('/') || letter.is('\\')).map_or(0, |last| last + 1);
        edits.extend(left[..end].iter().map(|letter| letter.removed()));
        left = &left[end..];
    }
    for letter in left {
        if letter.is('/') {
            edits.push(letter.replaced("_"));
        } else if letter.character.is_some_and(is_override) {
            edits.push(letter.removed());
        }
    }
    in_order(edits)
}

/// "a path (it begins with `/`, `\`, `.` or a letter and `:`, or holds a `\`)".
fn is_path(name: &str) -> bool {
    let mut characters = name.chars();
    let drive = characters.next().is_some_and(|first| first.is_ascii_alphabetic()) && characters.next() == Some(':');
    drive || name.starts_with(['/', '\\', '.']) || name.contains('\\')
}
