//! The rules by themselves, for the benchmarks (core/benches): every contender there judges values
//! by these, so that only reading, collecting and writing differ. Not part of the interface.
#![allow(missing_docs, clippy::missing_errors_doc)]

use crate::code::{Code, Warnings};
use crate::json::scan;
use crate::limits;
use crate::policy::Channel;
use crate::policy::channel::REQUIRABLE;
use crate::rules::{Verdict, address, file_name, identifier, media_type, text, url, white_space};
use alloc::vec::Vec;

pub const TEXT_LIMIT: u32 = crate::policy::channel::DEFAULT_TEXT_LIMIT;
pub const URL_LIMIT: u32 = limits::URL_LIMIT;
pub const NAME_LIMIT: u32 = limits::NAME_LIMIT;
pub const TYPE_LIMIT: u32 = limits::TYPE_LIMIT;
pub const SIZE_LIMIT: u64 = limits::SIZE_LIMIT;

/// What a rule makes of a value that it lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The normal form was appended to the buffer; otherwise the value stands as it is.
    pub rewritten: bool,
    warnings: Warnings,
}

/// The place behind the string whose text begins at `at`, by the reader's own scanning; with `utf8` its UTF-8 is
/// judged on the way, and none is told if that is ill-formed.
#[inline]
pub fn after_string(body: &[u8], mut at: u32, utf8: bool) -> Option<u32> {
    loop {
        at = scan::printable_end(body, at);
        if scan::byte(body, at) != b'"' {
            if utf8 {
                let (end, seen) = scan::string_end(body, at);
                if seen.is_ill_formed() {
                    return None;
                }
                at = end;
            } else {
                at = scan::plain_end(body, at);
            }
        }
        match scan::byte(body, at) {
            b'"' => return Some(at.wrapping_add(1)),
            b'\\' => at = at.wrapping_add(2),
            _ => return None,
        }
    }
}

#[inline]
pub fn trim(value: &[u8]) -> &[u8] {
    let (start, end) = white_space::trim(value);
    value.get(start..end).unwrap_or(&[])
}

#[inline]
pub fn is_blank(value: &[u8]) -> bool {
    white_space::is_blank(value)
}

#[inline]
pub fn has_control(value: &[u8]) -> bool {
    text::has_control(value)
}

/// Whether a text is to be looked at once more: only then may it hold a control character or a line end
/// other than LF, or look garbled.
#[inline]
pub fn is_odd(value: &[u8]) -> bool {
    text::is_odd(value)
}

#[inline]
pub fn has_control_in_text(value: &[u8]) -> bool {
    text::has_control_in_text(value)
}

/// Whether the text with LF line ends is another one, which then was appended.
#[inline]
pub fn line_ends(value: &[u8], out: &mut Vec<u8>) -> bool {
    text::line_ends(value, out) == Ok(true)
}

#[inline]
pub fn is_garbled(value: &[u8]) -> bool {
    text::is_garbled(value)
}

#[inline]
pub fn is_longer(value: &[u8], limit: u32) -> bool {
    value.len() > limit as usize && text::utf16_len(value) > limit as usize
}

#[inline]
pub fn has_extension(name: &[u8]) -> bool {
    file_name::has_extension(name)
}

/// Whether a media type tells nothing of what it is the type of.
#[inline]
pub fn tells_nothing(media_type: &[u8]) -> bool {
    media_type::tells_nothing(media_type)
}

impl Passed {
    pub const AS_IS: Passed = Passed { rewritten: false, warnings: Warnings::NONE };

    /// What there is to warn of.
    #[inline]
    pub fn warnings(self) -> impl Iterator<Item = Code> {
        self.warnings.codes()
    }

    #[inline]
    fn of(verdict: Verdict) -> Option<Passed> {
        match verdict {
            Verdict::AsIs(warnings) => Some(Passed { rewritten: false, warnings }),
            Verdict::Rewritten(warnings) => Some(Passed { rewritten: true, warnings }),
            Verdict::Invalid => None,
        }
    }
}

#[inline]
pub fn file_name(value: &[u8]) -> Option<Passed> {
    Passed::of(file_name::check(value))
}

#[inline]
pub fn identifier(value: &[u8]) -> Option<Passed> {
    Passed::of(identifier::check(value))
}

#[inline]
pub fn url(value: &[u8]) -> Option<Passed> {
    Passed::of(url::check(value))
}

#[inline]
pub fn media_type(value: &[u8], out: &mut Vec<u8>) -> Option<Passed> {
    Passed::of(media_type::check(value, out).ok()?)
}

#[inline]
pub fn address(channel: Channel<'_>, value: &[u8], out: &mut Vec<u8>) -> Option<Passed> {
    let Channel(row) = channel;
    Passed::of(address::check(&row.kinds, row.national.as_slice(), value, out).ok()?)
}

/// Whether a channel requires clientId, unauthorizedClientId and appMarker.
#[inline]
pub fn requires(channel: Channel<'_>) -> [bool; 3] {
    let Channel(row) = channel;
    REQUIRABLE.map(|field| row.requires.has(field))
}

/// The length above which a channel's texts are long, beside attachments or not.
#[inline]
pub fn long_text(channel: Channel<'_>, beside_attachments: bool) -> Option<u32> {
    let Channel(row) = channel;
    row.long_text(beside_attachments)
}
