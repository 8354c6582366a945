//! What every string rule asks: lengths, white space, invisible and control characters.

use std::ops::Range;

/// "Lengths are UTF-16 code units."
pub(crate) fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}

/// "Invisible characters are …: of Unicode's Default_Ignorable_Code_Point those that people
/// paste without knowing; and two that leave a blank or a picture's place."
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFFC}')
}

/// What is left of a text without such characters at both ends.
pub(crate) fn trimmed_range(text: &[char], is: impl Fn(char) -> bool) -> Range<usize> {
    let Some(first) = text.iter().position(|&character| !is(character)) else { return 0..0 };
    let last = text.iter().rposition(|&character| !is(character)).unwrap_or(first);
    first..last + 1
}

/// "Trimmed means without white space and invisible characters at both ends"; "white space is
/// Unicode's White_Space".
pub(crate) fn trimmed(text: &str) -> String {
    text.trim_matches(|character: char| character.is_whitespace() || is_invisible(character)).to_owned()
}

/// "Control characters are U+0000–U+001F and U+007F–U+009F", refused "in every other known
/// field all of them".
pub(crate) fn is_control(character: char) -> bool {
    matches!(character, '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}')
}

/// "In `text` U+0000–U+001F but tab and the line ends below are refused."
pub(crate) fn is_control_of_text(character: char) -> bool {
    character <= '\u{1F}' && !matches!(character, '\t' | '\n' | '\r' | '\u{B}' | '\u{C}')
}

/// "CRLF, lone CR, U+000B, U+000C, U+0085, U+2028 and U+2029 become LF; nothing else changes."
pub(crate) fn with_lf(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

/// "U+FFFD, or U+0080–U+009F after that, warns `garbled_text`."
pub(crate) fn is_garbled(character: char) -> bool {
    matches!(character, '\u{FFFD}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}')
}

/// "A word that stands for nothing (`null`, `(null)`, `undefined`, `none`, `nil`, `nan`,
/// `[object Object]`, in any case of letters, or what begins with `{{` or `${`)."
pub(crate) fn stands_for_nothing(text: &str) -> bool {
    let words = ["null", "(null)", "undefined", "none", "nil", "nan", "[object object]"];
    words.contains(&text.to_ascii_lowercase().as_str()) || text.starts_with("{{") || text.starts_with("${")
}
