//! The fix of a diagnostic (contract §6): edits of the body that mend it. It is worked out when somebody
//! asks, from the diagnostic, the body and the policy.

use crate::code::Code;
use crate::edit::{Edit, Edits};
use crate::field::FieldSet;
use crate::findings::Detail;
use crate::json::document::mark_len;
use crate::json::expected::expected;
use crate::json::scan::{byte, slice};
use crate::json::string::raw_chars;
use crate::json::walk;
use crate::json_type::JsonType;
use crate::memory::{self, OutOfMemory, or_abort};
use crate::report::diagnostic::Diagnostic;
use crate::rules::{address, file_name, url};
use alloc::vec::Vec;
use core::fmt;

/// The edits of the body that mend a diagnostic: in order, none overlapping, one at least and 64 at most.
///
/// They come from the library's tables, the policy and ASCII, never from the message. Apply one fix at a
/// time and check again: the places of the other diagnostics are those of the body before it.
///
/// ```
/// use outgoing_to_device::{Checker, Policy};
/// let (policy, mut checker, mut mended) = (Policy::default(), Checker::new(), Vec::new());
/// let body = br#"{"message":"hi","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"a"}}"#;
/// let outcome = checker.check(&policy, body);
/// let fix = outcome.violations().find_map(|violation| violation.fix()).unwrap();
/// assert_eq!((fix.edits()[0].offset, fix.edits()[0].length, fix.edits()[0].text), (2, 7, "text"));
/// fix.apply(body, &mut mended)?;
/// assert!(checker.check(&policy, &mended).is_accepted());
/// # Ok::<(), outgoing_to_device::OutOfMemory>(())
/// ```
#[derive(Clone, Copy)]
pub struct Fix<'a>(Edits<'a>);

impl<'a> Fix<'a> {
    /// The edits, in the order of their places.
    pub fn edits(&self) -> &[Edit<'a>] {
        self.0.as_slice()
    }

    /// Appends the body as it is after the edits. `body` is the one that the diagnostic speaks of.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn apply(&self, body: &[u8], out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let mut at = 0;
        for edit in self.edits() {
            memory::put_bytes(out, slice(body, at, edit.offset))?;
            memory::put_bytes(out, edit.text.as_bytes())?;
            at = edit.offset.saturating_add(edit.length);
        }
        memory::put_bytes(out, body.get(at as usize..).unwrap_or(&[]))
    }
}

impl fmt::Debug for Fix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fix").field(&self.edits()).finish()
    }
}

impl<'a> Diagnostic<'a> {
    /// The edits of the body that mend it, if there are such: after them the diagnostic is gone from its
    /// place, and no other violation has come, but in the value itself and in what depends on it.
    /// Policies and responses have none.
    ///
    /// It takes a pass over the body, and memory for a copy of the value.
    pub fn fix(&self) -> Option<Fix<'a>> {
        or_abort(self.try_fix())
    }

    /// [`Diagnostic::fix`], for hosts that must survive a failed allocation.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had.
    pub fn try_fix(&self) -> Result<Option<Fix<'a>>, OutOfMemory> {
        if self.source.policy.is_none() {
            return Ok(None);
        }
        let mut edits = Edits::new();
        let mended = match (self.finding.code, self.finding.detail) {
            (Code::InvalidAddress, Detail::Address { channel, .. }) => self.address(channel, &mut edits)?,
            (Code::InvalidName, _) => self.file_name(&mut edits),
            (Code::InvalidUrl | Code::UnescapedUrl, _) => self.url(&mut edits)?,
            (Code::ControlCharacter, _) => self.control_characters(&mut edits),
            (Code::UnknownField | Code::DroppedField | Code::KeptField, Detail::Name(object)) => {
                self.suggestion(self.source.findings.standing(object, self.finding.offset), &mut edits)
            }
            (Code::AliasField | Code::UnknownChannel, _) => self.suggestion(FieldSet::NONE, &mut edits),
            (Code::TypeMismatch, Detail::Type { expected, actual }) => self.quotes(expected, actual, &mut edits),
            (Code::DuplicateField, Detail::Related { offset, .. }) => self.repeated(offset, &mut edits),
            (Code::InvalidJson, _) => self.trailing_comma(&mut edits),
            _ => None,
        };
        Ok(mended.filter(|()| !edits.as_slice().is_empty()).map(|()| Fix(edits)))
    }

    /// Whether the string has no escapes but `\\`, `\"` and `\/`, so that each character is a byte or two.
    fn is_plain(&self) -> bool {
        let (body, offset) = (self.source.body, self.finding.offset);
        raw_chars(body, offset).all(|(at, length, c)| match (byte(body, at), length) {
            (b'\\', 2) => matches!(c, Some('\\' | '"' | '/')),
            (b'\\', _) => false,
            _ => true,
        })
    }

    fn address(&self, channel: u32, edits: &mut Edits<'a>) -> Result<Option<()>, OutOfMemory> {
        let Some(row) = self.source.policy.and_then(|policy| policy.row(channel)).filter(|_| self.is_plain()) else {
            return Ok(None);
        };
        let mut fits = true;
        let chars = self.characters();
        let mended = address::mend(&row.kinds, row.national.as_slice(), chars, |offset, length| {
            fits &= edits.remove(offset, length).is_some();
        })?;
        Ok((mended && fits).then_some(()))
    }

    fn file_name(&self, edits: &mut Edits<'a>) -> Option<()> {
        let mut fits = self.is_plain();
        file_name::mend(self.characters(), |offset, length, text| {
            fits &= edit(edits, offset, length, text).is_some();
        });
        fits.then_some(())
    }

    fn url(&self, edits: &mut Edits<'a>) -> Result<Option<()>, OutOfMemory> {
        if !self.is_plain() {
            return Ok(None);
        }
        let (mut scratch, mut fits) = (Vec::new(), true);
        let chars = self.characters();
        let mended = url::mend(chars, &mut scratch, |offset, length, text| {
            fits &= edit(edits, offset, length, text).is_some();
        })?;
        Ok((mended && fits).then_some(()))
    }

    /// Takes the control characters away, unless one may be half of a letter that can still be saved, or
    /// stands for a dash between two digits.
    fn control_characters(&self, edits: &mut Edits<'a>) -> Option<()> {
        let (mut before_digit, mut in_row) = (false, false);
        for (at, length, c) in self.characters() {
            if self.is_control(c) {
                if matches!(c, '\u{80}'..='\u{9F}') {
                    return None;
                }
                in_row = true;
                edits.remove(at, length)?;
            } else {
                if in_row && before_digit && c.is_ascii_digit() {
                    return None;
                }
                (before_digit, in_row) = (c.is_ascii_digit(), false);
            }
        }
        Some(())
    }

    /// Puts the suggestion in the place of what stands between the quotes, unless the object has that field.
    fn suggestion(&self, standing: FieldSet, edits: &mut Edits<'a>) -> Option<()> {
        let suggestion = self.params().suggestion.filter(|name| !standing.names().any(|standing| standing == *name))?;
        let (offset, length) = (self.finding.offset.saturating_add(1), self.finding.length.saturating_sub(2));
        edits.replace(offset, length, suggestion)
    }

    /// Puts quotes around a number where a string belongs, or takes them from digits where a number does.
    fn quotes(&self, expected: &str, actual: JsonType, edits: &mut Edits<'a>) -> Option<()> {
        let (offset, length) = (self.finding.offset, self.finding.length);
        let end = offset.saturating_add(length);
        let value = slice(self.source.body, offset, end);
        match (expected, actual) {
            ("string", JsonType::Number) => {
                let digits = value.strip_prefix(b"-").unwrap_or(value);
                digits.iter().all(u8::is_ascii_digit).then_some(())?;
                edits.replace(offset, 0, "\"")?;
                edits.replace(end, 0, "\"")
            }
            ("integer", JsonType::String) => {
                let digits = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
                let is_number =
                    digits.iter().all(u8::is_ascii_digit) && (digits.len() == 1 || !digits.starts_with(b"0"));
                (is_number && matches!(digits.len(), 1..=15)).then_some(())?;
                edits.remove(offset, 1)?;
                edits.remove(end.saturating_sub(1), 1)
            }
            _ => None,
        }
    }

    /// Takes a repeated member away if it says what the first one says.
    fn repeated(&self, first: u32, edits: &mut Edits<'a>) -> Option<()> {
        let body = self.source.body;
        let value = |key: u32| {
            let start = walk::value_of(body, key);
            (start, walk::value_end(body, start))
        };
        let key = self.finding.offset;
        let ((start, end), (first, first_end)) = (value(key), value(first));
        (slice(body, start, end) == slice(body, first, first_end)).then_some(())?;
        let comma = body.get(..key as usize)?.iter().rposition(|byte| *byte == b',')?;
        let comma = u32::try_from(comma).ok()?;
        edits.remove(comma, end.saturating_sub(comma))
    }

    /// Takes the comma away that stands before a closing bracket.
    fn trailing_comma(&self, edits: &mut Edits<'a>) -> Option<()> {
        let body = self.source.body;
        let comma = expected(body, mark_len(body), self.finding.offset).trailing_comma?;
        edits.remove(comma, 1)
    }
}

fn edit<'a>(edits: &mut Edits<'a>, offset: u32, length: u32, text: &'a str) -> Option<()> {
    if text.is_empty() { edits.remove(offset, length) } else { edits.replace(offset, length, text) }
}
