//! A field on its way from the body to its place in the request, and the rules of every string.

use super::Check;
use crate::check::unknown;
use crate::code::{Code, Warnings};
use crate::field::{Field, FieldSet};
use crate::findings::{Detail, Place};
use crate::json::reader::Reader;
use crate::json::stop::Read;
use crate::json::string::{Form, Token};
use crate::memory::OutOfMemory;
use crate::path::Step;
use crate::policy::UnknownFields;
use crate::request::parts::{Owner, Parts, Value};
use crate::rules::Verdict;
use crate::rules::text;
use crate::rules::white_space;
use alloc::vec::Vec;

/// How far a field has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Absent,
    Null,
    /// A string of white space and invisible characters.
    Blank,
    /// Something was said of it; nothing more will be.
    Invalid,
    /// A value of the right type.
    Read,
}

/// A field as it stands in the body.
///
/// It is written where it stays: copied in whole words, its parts would have to leave the processor's store buffer first.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) state: State,
    pub(super) key: Step,
    pub(super) at: u32,
    pub(super) end: u32,
    pub(super) value: Value,
}

impl Slot {
    pub(super) const ABSENT: Slot =
        Slot { state: State::Absent, key: Step::key(0), at: 0, end: 0, value: Value::ABSENT };

    /// Null and blank count as absence.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent | State::Null | State::Blank)
    }
}

/// Those of an object's fields that stand in it, of all its slots.
#[cold]
#[inline(never)]
pub(super) fn standing(fields: &[Field], slots: &[Slot]) -> FieldSet {
    let slots = fields.iter().zip(slots).filter(|(_, slot)| slot.state != State::Absent);
    slots.fold(FieldSet::NONE, |fields, (field, _)| fields.and(*field))
}

impl Check<'_, '_, '_> {
    /// Says of a required string that it is missing or blank.
    #[inline(always)]
    pub(super) fn required(&mut self, slot: &Slot, object: u32, field: Field) -> Read<()> {
        match slot.state {
            State::Absent | State::Null => {
                self.report_absent(Code::MissingField, slot, object, field, Detail::None)?;
            }
            State::Blank => self.report(Code::Blank, slot, Detail::None)?,
            State::Invalid | State::Read => {}
        }
        Ok(())
    }

    /// The checks that need the whole value: its own syntax, whose violation is `code`, then its length,
    /// at most `limit` UTF-16 units. A value that passes gets its warnings.
    #[inline(always)]
    pub(super) fn finish(
        &mut self,
        slot: &mut Slot,
        limit: u32,
        code: Code,
        detail: Detail,
        syntax: impl FnOnce(&[u8], &mut Vec<u8>) -> Result<Verdict, OutOfMemory>,
    ) -> Read<Value> {
        if slot.state != State::Read {
            return Ok(Value::ABSENT);
        }
        let Parts { decoded, rewritten, .. } = &mut *self.parts;
        let trimmed = original(self.reader.body, decoded.as_bytes(), slot.value);
        let before = rewritten.len();
        let verdict = syntax(trimmed, rewritten)?;
        let mut value = slot.value;
        // The length is that of the normalized value if every other rule passes.
        let measured = match verdict {
            Verdict::Rewritten(_) => {
                value = self.rewritten(before);
                self.parts.rewritten.get(before..).unwrap_or(&[])
            }
            Verdict::AsIs(_) | Verdict::Invalid => trimmed,
        };
        let (code, detail) = if measured.len() > limit as usize && text::utf16_len(measured) > limit as usize {
            let actual = text::utf16_len(measured) as u32;
            (Code::TooLong, Detail::Measure { limit, actual, channel: None })
        } else if matches!(verdict, Verdict::Invalid) {
            (code, detail)
        } else {
            match verdict {
                Verdict::AsIs(warnings) | Verdict::Rewritten(warnings) if !warnings.is_empty() => {
                    self.warn(slot, warnings, detail)?;
                }
                _ => {}
            }
            return Ok(value);
        };
        slot.state = State::Invalid;
        self.report(code, slot, detail)?;
        Ok(Value::ABSENT)
    }

    /// The value that was appended to the rewritten ones from `start` on: the only way to make one, since
    /// then the body is not what the writer would write.
    #[inline(always)]
    pub(super) fn rewritten(&mut self, start: usize) -> Value {
        self.reader.as_written = false;
        Value::rewritten(start, self.parts.rewritten.len())
    }

    #[cold]
    #[inline(never)]
    fn warn(&mut self, slot: &Slot, warnings: Warnings, detail: Detail) -> Read<()> {
        let detail = match detail {
            Detail::Address { channel, .. } => Detail::Channel(channel),
            _ => Detail::None,
        };
        for code in warnings.codes() {
            self.report(code, slot, detail)?;
        }
        Ok(())
    }

    /// Reads the string field at `at`, or what stands in its place, to `slot`, by the rules of every string but the
    /// text: trimmed, not blank, no control characters. Returns the place after it.
    #[inline(always)]
    pub(super) fn string(&mut self, key: Step, at: u32, slot: &mut Slot) -> Read<u32> {
        // Of printable ASCII only the space is white, and nothing is a control character.
        match self.reader.printable(at) {
            Some(end) => {
                let value = Value::body(at.wrapping_add(1), end.wrapping_sub(1));
                *slot = Slot { state: State::Read, key, at, end, value };
                Ok(end)
            }
            None => self.other_string(key, at, slot),
        }
    }

    #[inline(never)]
    fn other_string(&mut self, key: Step, at: u32, slot: &mut Slot) -> Read<u32> {
        let form = self.string_as_is(key, at, slot)?;
        if slot.state != State::Read {
            return Ok(slot.end);
        }
        let whole = original(self.reader.body, self.parts.decoded.as_bytes(), slot.value);
        let (start, end) = white_space::trim(whole);
        let trimmed = whole.get(start..end).unwrap_or(&[]);
        if trimmed.len() != whole.len() || trimmed.is_empty() {
            self.reader.as_written = false;
        }
        if trimmed.is_empty() {
            slot.state = State::Blank;
        } else if matches!(form, Form::Doubtful | Form::Escaped) && text::has_control(trimmed) {
            slot.state = State::Invalid;
            self.reader.report(Code::ControlCharacter, at, slot.end.wrapping_sub(at), Detail::None)?;
        } else {
            slot.value = slot.value.part(start, end);
        }
        Ok(slot.end)
    }

    /// Reads the string field at `at` as it is, or what stands in its place, to `slot`.
    #[inline(always)]
    pub(super) fn string_as_is(&mut self, key: Step, at: u32, slot: &mut Slot) -> Read<Form> {
        if self.reader.byte(at) != b'"' {
            self.not_of_type(key, at, "string", slot)?;
            return Ok(Form::Plain);
        }
        if let Some(end) = self.reader.short_string(at) {
            let value = Value::body(at.wrapping_add(1), end);
            *slot = Slot { state: State::Read, key, at, end: end.wrapping_add(1), value };
            return Ok(Form::Printable);
        }
        let start = self.parts.decoded.len();
        let (token, end) = self.reader.other_string(at, &mut self.parts.decoded)?;
        *slot = Slot { state: State::Read, key, at, end, value: Value::body(token.start, token.end) };
        match token.form {
            Form::Printable | Form::Plain | Form::Doubtful => {}
            Form::Escaped => slot.value = Value::decoded(start, self.parts.decoded.len()),
            Form::Broken => {
                slot.state = State::Invalid;
                self.reader.report_broken(&token)?;
            }
        }
        Ok(token.form)
    }

    /// Reads the number field at `at`, or what stands in its place, to `slot`. Returns the place after it.
    #[inline(always)]
    pub(super) fn number(&mut self, key: Step, at: u32, slot: &mut Slot) -> Read<u32> {
        if !matches!(self.reader.byte(at), b'-' | b'0'..=b'9') {
            return self.not_of_type(key, at, "integer", slot);
        }
        let end = self.reader.number(at)?;
        *slot = Slot { state: State::Read, key, at, end, value: Value::body(at, end) };
        Ok(end)
    }

    #[cold]
    #[inline(never)]
    fn not_of_type(&mut self, key: Step, at: u32, expected: &'static str, slot: &mut Slot) -> Read<u32> {
        self.reader.as_written = false;
        *slot = if self.reader.is_null(at) {
            Slot { state: State::Null, key, at, end: at.wrapping_add(4), ..Slot::ABSENT }
        } else {
            let end = self.reader.type_mismatch(at, expected)?;
            // Nothing more is said of it, so its place does not count.
            Slot { state: State::Invalid, end, ..Slot::ABSENT }
        };
        Ok(slot.end)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn unknown(&mut self, owner: Owner, key: Token, value: u32) -> Read<u32> {
        let offset = key.start.wrapping_sub(1);
        let length = key.end.wrapping_add(1).wrapping_sub(offset);
        let detail = Detail::Name(owner.object());
        match self.policy.unknown_fields() {
            UnknownFields::Reject => self.reader.report(Code::UnknownField, offset, length, detail)?,
            UnknownFields::Drop => self.reader.report(Code::DroppedField, offset, length, detail)?,
            UnknownFields::Keep => return unknown::keep(&mut self.reader, self.parts, owner, key, value),
        }
        self.reader.pass_over(value)
    }

    /// Reports a finding about a field of the object that the path leads to.
    #[cold]
    #[inline(never)]
    pub(super) fn report(&mut self, code: Code, slot: &Slot, detail: Detail) -> Result<(), OutOfMemory> {
        let Reader { findings, path, .. } = &mut self.reader;
        let steps = path.steps_to(slot.key);
        let place = Place { offset: slot.at, length: slot.end.wrapping_sub(slot.at), absent: None, steps };
        findings.report(code, place, detail)
    }

    /// Reports an absent field: at the null or blank value if one stands there, else at its object.
    #[cold]
    #[inline(never)]
    pub(super) fn report_absent(
        &mut self,
        code: Code,
        slot: &Slot,
        object: u32,
        field: Field,
        detail: Detail,
    ) -> Result<(), OutOfMemory> {
        if slot.state == State::Absent {
            self.reader.report_absent(code, object, field.name(), detail)
        } else {
            self.report(code, slot, detail)
        }
    }
}

/// The bytes of a value that no rule has changed yet.
#[inline(always)]
pub(super) fn original<'a>(body: &'a [u8], decoded: &'a [u8], value: Value) -> &'a [u8] {
    let (in_body, start, end) = value.range();
    if in_body { body } else { decoded }.get(start..end).unwrap_or(&[])
}
