//! What every string rule asks: lengths, white space, control characters.

/// "Lengths are UTF-16 code units."
pub(crate) fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}

/// "White space is Unicode's White_Space; trimmed means at both ends."
pub(crate) fn trimmed(text: &str) -> String {
    text.trim_matches(char::is_whitespace).to_owned()
}

/// "Control characters are U+0000–U+001F and U+007F–U+009F."
pub(crate) fn has_control(text: &str) -> bool {
    text.chars().any(|character| matches!(character, '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'))
}

/// "In `text` U+0000–U+001F but tab, LF and CR are refused."
pub(crate) fn text_has_control(text: &str) -> bool {
    text.chars().any(|character| character <= '\u{1F}' && !matches!(character, '\t' | '\n' | '\r'))
}

/// "CRLF and lone CR become LF; nothing else changes."
pub(crate) fn with_lf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
