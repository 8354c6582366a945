//! File names (contract §3).

use super::{Verdict, text};

/// Whether the name holds a `/` or a `\\`.
#[inline]
pub(crate) fn has_separator(name: &[u8]) -> bool {
    text::any_byte(name, |byte| (byte == b'/') | (byte == b'\\'))
}

/// A name without separators is valid.
#[inline]
pub(crate) fn check(name: &[u8]) -> Verdict {
    if has_separator(name) { Verdict::Invalid } else { Verdict::VALID }
}

/// A last `.` with a character before it and a letter or digit directly after it.
pub(crate) fn has_extension(name: &[u8]) -> bool {
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => false,
        Some(dot) => name.get(dot.wrapping_add(1)).is_some_and(u8::is_ascii_alphanumeric),
    }
}
