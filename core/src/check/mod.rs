//! Reading a request: which rule is asked about which field (contract §3).

mod attachment;
mod descriptor;
mod slot;
pub(crate) mod unknown;

use crate::code::Code;
use crate::field::{ALIAS, Field, FieldSet, Object};
use crate::findings::{Detail, Findings};
use crate::json::document;
use crate::json::members::{Names, ReadParts};
use crate::json::reader::Reader;
use crate::json::stop::Read;
use crate::json::string::Form;
use crate::memory::OutOfMemory;
use crate::path::Step;
use crate::policy::Policy;
use crate::policy::channel::{DEFAULT_TEXT_LIMIT, Row};
use crate::request::parts::{Owner, Parts, Value};
use crate::rules::text;
use crate::rules::white_space;
use attachment::Attachments;
use slot::{Slot, State, original};

/// The fields of the body's object.
#[derive(Clone, Copy)]
enum BodyField {
    Text,
    Attachments,
    Descriptor,
}

const BODY: Names<BodyField, 4> = Names::new([
    (Field::Text.name(), BodyField::Text),
    (Field::Attachments.name(), BodyField::Attachments),
    (Field::Descriptor.name(), BodyField::Descriptor),
    (ALIAS, BodyField::Descriptor),
])
.with_other_name(Field::Descriptor.name(), ALIAS);

/// The fields with their rows.
const BODY_FIELDS: [(Field, usize); 4] = [
    (Field::Text, BODY.row(Field::Text.name())),
    (Field::Attachments, BODY.row(Field::Attachments.name())),
    (Field::Descriptor, BODY.row(Field::Descriptor.name())),
    (Field::Descriptor, BODY.row(ALIAS)),
];

/// Checks `body`: its values go to `parts`, what is wrong with it to `findings`.
pub(crate) fn check(
    policy: &Policy,
    body: &[u8],
    parts: &mut Parts,
    findings: &mut Findings,
) -> Result<(), OutOfMemory> {
    parts.clear();
    let normalized = document::read(body, policy.limits(), policy.refuses(), findings, |reader, at| {
        let mut check = Check { reader, parts: &mut *parts, policy };
        let result = check.body(at);
        (check.reader, result)
    })?;
    parts.end()?;
    parts.normalized = normalized.map_or(Value::ABSENT, |(start, end)| Value::body(start, end));
    Ok(())
}

struct Check<'b, 'c, 'f> {
    reader: Reader<'b, 'f>,
    parts: &'c mut Parts,
    policy: &'c Policy,
}

impl<'b, 'f> ReadParts<'b, 'f> for Check<'b, '_, 'f> {
    #[inline(always)]
    fn reader(&mut self) -> &mut Reader<'b, 'f> {
        &mut self.reader
    }
}

impl Check<'_, '_, '_> {
    #[inline(always)]
    fn body(&mut self, at: u32) -> Read<u32> {
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let mut text = Text { slot: Slot::ABSENT, is_odd: false };
        let mut attachments = Attachments::None;
        let mut descriptor = Slot::ABSENT;
        let mut channel = None;
        let (end, seen) = self.members(
            at,
            &BODY,
            |check, field, key, value| match field {
                BodyField::Text => {
                    text.is_odd = check.text(key, value, &mut text.slot)?;
                    Ok(text.slot.end)
                }
                BodyField::Attachments => {
                    let next;
                    (attachments, next) = check.attachments(value)?;
                    Ok(next)
                }
                BodyField::Descriptor => {
                    (descriptor, channel) = check.descriptor(key, value)?;
                    Ok(descriptor.end)
                }
            },
            |check, key, value| check.unknown(Owner::BODY, key, value),
        )?;
        let (name, alias) = const { (BODY.row(Field::Descriptor.name()), BODY.row(ALIAS)) };
        self.reader.findings.object_ends(Object::Body, at, || {
            let stands = |(_, row): &(Field, usize)| seen.has(*row);
            BODY_FIELDS.into_iter().filter(stands).fold(FieldSet::NONE, |fields, (field, _)| fields.and(field))
        })?;
        // No warning if both names stand, or if the value is null or of another type.
        if seen.has(alias) && !seen.has(name) && descriptor.state == State::Read {
            self.alias(&descriptor)?;
        }
        match attachments {
            Attachments::None => self.reader.as_written = false,
            Attachments::Empty | Attachments::Some => {}
        }
        self.parts.text = self.finish_text(&text, channel, attachments, at)?;
        if matches!(descriptor.state, State::Absent | State::Null) {
            self.report_absent(Code::MissingField, &descriptor, at, Field::Descriptor, Detail::None)?;
        }
        Ok(end)
    }

    #[cold]
    fn alias(&mut self, descriptor: &Slot) -> Read<()> {
        self.reader.as_written = false;
        let at = descriptor.key.offset();
        let key = Slot { at, end: at.wrapping_add(self.reader.key_length(at)?), ..*descriptor };
        Ok(self.report(Code::AliasField, &key, Detail::Suggestion(Field::Descriptor.name()))?)
    }

    /// Reads the text to `slot`; its line ends become LF at once, since all its rules are about that form. Returns
    /// whether it may hold a control character, or look garbled.
    #[inline(always)]
    fn text(&mut self, key: Step, at: u32, slot: &mut Slot) -> Read<bool> {
        let form = self.string_as_is(key, at, slot)?;
        let mut is_odd = false;
        if slot.state == State::Read && matches!(form, Form::Doubtful | Form::Escaped) {
            is_odd = text::is_odd(original(self.reader.body, self.parts.decoded.as_bytes(), slot.value));
            if is_odd {
                slot.value = self.line_ends(slot.value)?;
            }
        }
        Ok(is_odd)
    }

    #[cold]
    fn line_ends(&mut self, value: Value) -> Read<Value> {
        let Parts { decoded, rewritten, .. } = &mut *self.parts;
        let start = rewritten.len();
        let text = original(self.reader.body, decoded.as_bytes(), value);
        Ok(if text::line_ends(text, rewritten)? { self.rewritten(start) } else { value })
    }

    /// The checks that need the whole text, the channel and the attachments.
    #[inline(always)]
    fn finish_text(
        &mut self,
        text: &Text,
        channel: Option<(u32, &Row)>,
        attachments: Attachments,
        body: u32,
    ) -> Read<Value> {
        let slot = &text.slot;
        match slot.state {
            State::Read => {}
            State::Absent | State::Null if attachments == Attachments::Some => {
                // It counts as the empty text, which the writer writes.
                self.reader.as_written = false;
                return Ok(Value::ABSENT);
            }
            State::Absent | State::Null => {
                self.report_absent(Code::MissingField, slot, body, Field::Text, Detail::None)?;
                return Ok(Value::ABSENT);
            }
            State::Blank | State::Invalid => return Ok(Value::ABSENT),
        }
        let bytes = self.parts.bytes(self.reader.body, slot.value);
        if text.is_odd && text::has_control_in_text(bytes) {
            self.report(Code::ControlCharacter, slot, Detail::None)?;
            return Ok(Value::ABSENT);
        }
        let (limit, warning) = channel
            .map_or((DEFAULT_TEXT_LIMIT, None), |(_, row)| (row.text, row.long_text(attachments == Attachments::Some)));
        let least = warning.unwrap_or(limit).min(limit);
        // A string has at most as many units as bytes.
        let actual = if bytes.len() > least as usize { text::utf16_len(bytes) as u32 } else { 0 };
        let measure = |limit| Detail::Measure { limit, actual, channel: channel.map(|(index, _)| index) };
        if actual > limit {
            self.report(Code::TooLong, slot, measure(limit))?;
            return Ok(Value::ABSENT);
        }
        if attachments != Attachments::Some && white_space::is_blank(bytes) {
            self.report(Code::EmptyMessage, slot, Detail::None)?;
            return Ok(Value::ABSENT);
        }
        if text.is_odd && text::is_garbled(bytes) {
            self.report(Code::GarbledText, slot, Detail::None)?;
        }
        if actual > least {
            self.report(Code::LongText, slot, measure(least))?;
        }
        Ok(slot.value)
    }
}

/// The text as it was read.
struct Text {
    slot: Slot,
    /// It may hold a control character, or look garbled; its line ends were looked at.
    is_odd: bool,
}
