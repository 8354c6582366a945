//! Reading a request: which rule is asked about which field (contract §3).

use crate::address;
use crate::channel::{DEFAULT_TEXT_LIMIT, REQUIRABLE, Row};
use crate::code::Code;
use crate::document;
use crate::field::{ALIAS, Field};
use crate::findings::{Detail, Findings, JsonType};
use crate::integer::{self, Integer};
use crate::iri::{self, Scheme};
use crate::json;
use crate::json::reader::{Read, ReadParts, Reader};
use crate::json::string::{Form, Token};
use crate::media_type;
use crate::memory::{self, OutOfMemory};
use crate::parts::{AttachmentParts, DescriptorParts, Owner, Parts, Value};
use crate::path::Step;
use crate::policy::{Policy, UnknownFields};
use crate::text;
use crate::unknown;
use crate::white_space;
use alloc::vec::Vec;

pub(crate) const URL_LIMIT: u32 = 4_000;
pub(crate) const NAME_LIMIT: u32 = 1_000;
pub(crate) const TYPE_LIMIT: u32 = 256;
/// The largest integer that every JSON reader keeps exactly: 2^53 - 1.
pub(crate) const SIZE_LIMIT: u64 = (1 << 53) - 1;

const BODY: [&str; 4] = [Field::Text.name(), Field::Attachments.name(), Field::Descriptor.name(), ALIAS];
const ATTACHMENT: [&str; 4] = [Field::Url.name(), Field::Name.name(), Field::Type.name(), Field::Size.name()];
const DESCRIPTOR: [&str; 5] = [
    Field::ChannelType.name(),
    Field::ClientId.name(),
    Field::UnauthorizedClientId.name(),
    Field::AppMarker.name(),
    Field::DeviceAddress.name(),
];

/// Reads `body` into `parts`, and what is to be said of it into `findings`.
pub(crate) fn check(
    policy: &Policy,
    body: &[u8],
    parts: &mut Parts,
    findings: &mut Findings,
) -> Result<(), OutOfMemory> {
    parts.clear();
    let canonical = document::read(body, policy.limits(), findings, |reader, at| {
        let mut check = Check { reader, parts: &mut *parts, policy };
        let result = check.body(at);
        (check.reader, result)
    })?;
    parts.canonical = canonical;
    Ok(())
}

/// How far a field has come. As wide as its neighbours in [`Slot`], which is copied in whole words.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum State {
    Absent,
    Null,
    /// A string of white space.
    Blank,
    /// Something was said of it; nothing more will be.
    Refused,
    /// A value of the right type.
    Read,
}

/// A field as it stands in the body.
#[derive(Clone, Copy)]
struct Slot {
    state: State,
    key: u32,
    at: u32,
    end: u32,
    value: Value,
}

impl Slot {
    const ABSENT: Slot = Slot { state: State::Absent, key: 0, at: 0, end: 0, value: Value::ABSENT };

    /// Null and blank count as absence.
    fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent | State::Null | State::Blank)
    }
}

/// What a rule makes of a value.
enum Verdict {
    AsIs,
    /// The normal form was appended to the buffer.
    Rewritten,
    Refused,
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

impl<'c> Check<'_, 'c, '_> {
    #[inline(always)]
    fn body(&mut self, at: u32) -> Read<u32> {
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let mut text = Slot::ABSENT;
        let mut attachments = Attachments::None;
        let mut descriptor = Slot::ABSENT;
        let mut channel = None;
        let mut names = 0_u8;
        let end = self.members(
            at,
            &BODY,
            |name| {
                names |= 1_u8.wrapping_shl(name as u32);
                // Both names of the descriptor are one field.
                name.min(2)
            },
            |check, name, key, value| match name {
                0 => {
                    text = check.text(key, value)?;
                    Ok(text.end)
                }
                1 => {
                    let next;
                    (attachments, next) = check.attachments(value)?;
                    Ok(next)
                }
                _ => {
                    (descriptor, channel) = check.descriptor(key, value)?;
                    Ok(descriptor.end)
                }
            },
            |check, key, value| check.unknown(Owner::BODY, key, value),
        )?;
        // Not where both names stand, nor where the value is null or of another type.
        if names & 0b1100 == 0b1000 && descriptor.state == State::Read {
            self.alias(&descriptor)?;
        }
        match attachments {
            Attachments::None => self.reader.canonical = false,
            Attachments::Empty | Attachments::Some => {}
        }
        self.parts.text = self.text_rules(&text, channel, attachments)?;
        if matches!(text.state, State::Absent | State::Null) {
            self.report_absent(Code::MissingField, &text, at, Field::Text, Detail::None)?;
        }
        if matches!(descriptor.state, State::Absent | State::Null) {
            self.report_absent(Code::MissingField, &descriptor, at, Field::Descriptor, Detail::None)?;
        }
        Ok(end)
    }

    #[cold]
    fn alias(&mut self, descriptor: &Slot) -> Read<()> {
        self.reader.canonical = false;
        let length = self.reader.key_length(descriptor.key)?;
        let key = Slot { at: descriptor.key, end: descriptor.key.wrapping_add(length), ..*descriptor };
        Ok(self.report(Code::AliasField, &key, Detail::Suggestion(Field::Descriptor.name()))?)
    }

    /// Reads the text; CRLF and CR become LF at once, since all its rules are about that form.
    #[inline(always)]
    fn text(&mut self, key: u32, at: u32) -> Read<Slot> {
        let mut slot = self.string(key, at)?;
        if slot.state == State::Read && !slot.value.is_in_body() {
            slot.value = self.line_ends(slot.value)?;
        }
        Ok(slot)
    }

    fn line_ends(&mut self, value: Value) -> Read<Value> {
        let Parts { decoded, rewritten, .. } = &mut *self.parts;
        let text = original(self.reader.body, decoded.as_bytes(), value);
        if !text.contains(&b'\r') {
            return Ok(value);
        }
        let start = rewritten.len();
        let mut lines = text.split(|byte| *byte == b'\r');
        memory::put(rewritten, lines.next().unwrap_or(&[]))?;
        for line in lines {
            memory::put(rewritten, b"\n")?;
            memory::put(rewritten, line.strip_prefix(b"\n").unwrap_or(line))?;
        }
        Ok(Value::rewritten(start, rewritten.len()))
    }

    #[inline(always)]
    fn text_rules(&mut self, slot: &Slot, channel: Option<(u32, &Row)>, attachments: Attachments) -> Read<Value> {
        if slot.state != State::Read {
            return Ok(Value::ABSENT);
        }
        let bytes = self.parts.bytes(self.reader.body, slot.value);
        // What needs an escape can't stand in the body as it is.
        if !slot.value.is_in_body() && text::has_control_in_text(bytes) {
            self.report(Code::ControlCharacter, slot, Detail::None)?;
            return Ok(Value::ABSENT);
        }
        let (limit, warning) = channel.map_or((DEFAULT_TEXT_LIMIT, None), |(_, row)| (row.text, row.text_warning));
        let least = warning.unwrap_or(limit).min(limit);
        // A string has at most as many units as bytes.
        let actual = if bytes.len() > least as usize { text::utf16_len(bytes) as u32 } else { 0 };
        let measure = |limit| Detail::Measure { limit, actual, channel: channel.map(|(index, _)| index) };
        let (code, detail) = if actual > limit {
            (Code::TooLong, measure(limit))
        } else if white_space::is_blank(bytes) && attachments != Attachments::Some {
            (Code::EmptyMessage, Detail::None)
        } else if actual > least {
            (Code::LongText, measure(least))
        } else {
            return Ok(slot.value);
        };
        self.report(code, slot, detail)?;
        Ok(slot.value)
    }

    #[inline(always)]
    fn attachments(&mut self, at: u32) -> Read<(Attachments, u32)> {
        match self.reader.byte(at) {
            b'[' => {
                let mut found = Attachments::Empty;
                let end = self.elements(at, |check, at, index| {
                    found = Attachments::Some;
                    check.element(at, index)
                })?;
                Ok((found, end))
            }
            _ if self.reader.is_null(at) => Ok((Attachments::None, at.wrapping_add(4))),
            _ => Ok((Attachments::Some, self.reader.type_mismatch(at, "array")?)),
        }
    }

    #[inline(never)]
    fn element(&mut self, at: u32, index: u32) -> Read<u32> {
        let limit = self.policy.limits().attachments;
        if index >= limit {
            return if index == limit { self.too_many(at, limit) } else { self.reader.pass_over(at) };
        }
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let mut slots = [Slot::ABSENT; 4];
        let owner = Owner::attachment(index);
        let end = self.members(
            at,
            &ATTACHMENT,
            |name| name,
            |check, name, key, value| {
                let slot = if name == 3 { check.number(key, value)? } else { check.string(key, value)? };
                if let Some(to) = slots.get_mut(name) {
                    *to = slot;
                }
                Ok(slot.end)
            },
            |check, key, value| check.unknown(owner, key, value),
        )?;
        let [mut url, mut name, mut media_type, size] = slots;
        let attachment = AttachmentParts {
            url: self.url(&mut url, at)?,
            name: self.rules(&mut name, NAME_LIMIT, Code::InvalidName, Detail::None, |name, _| {
                Ok(if text::any_byte(name, |byte| (byte == b'/') | (byte == b'\\')) {
                    Verdict::Refused
                } else {
                    Verdict::AsIs
                })
            })?,
            media_type: self.rules(
                &mut media_type,
                TYPE_LIMIT,
                Code::InvalidMediaType,
                Detail::None,
                |value, out| {
                    Ok(match media_type::check(value) {
                        None => Verdict::Refused,
                        Some(media_type::Form::AsIs) => Verdict::AsIs,
                        Some(media_type::Form::Rewrite) => {
                            media_type::write_normal(value, out)?;
                            Verdict::Rewritten
                        }
                    })
                },
            )?,
            size: self.size(&size)?,
        };
        if media_type.is_absent()
            && name.state != State::Refused
            && !has_extension(self.parts.bytes(self.reader.body, attachment.name))
        {
            self.reader.report(Code::AttachmentKindUnknown, at, 1, Detail::None)?;
        }
        memory::put(&mut self.parts.attachments, &[attachment])?;
        Ok(end)
    }

    #[cold]
    fn too_many(&mut self, at: u32, limit: u32) -> Read<u32> {
        let (_, end) = self.reader.skip(at)?;
        self.reader.report(Code::TooManyItems, at, end.wrapping_sub(at), Detail::Limit(u64::from(limit)))?;
        Ok(end)
    }

    #[inline(always)]
    fn url(&mut self, slot: &mut Slot, attachment: u32) -> Read<Value> {
        let mut insecure = false;
        let value = self.rules(slot, URL_LIMIT, Code::InvalidUrl, Detail::None, |url, _| {
            Ok(match iri::http_iri(url) {
                None => Verdict::Refused,
                Some(scheme) => {
                    insecure = scheme == Scheme::Http;
                    Verdict::AsIs
                }
            })
        })?;
        self.required(slot, attachment, Field::Url)?;
        if insecure && slot.state == State::Read {
            self.report(Code::InsecureUrl, slot, Detail::None)?;
        }
        Ok(value)
    }

    #[inline(always)]
    fn size(&mut self, slot: &Slot) -> Read<Value> {
        if slot.state != State::Read {
            return Ok(Value::ABSENT);
        }
        let digits = self.parts.bytes(self.reader.body, slot.value);
        let size = match integer::parse(digits, SIZE_LIMIT) {
            Integer::Value(_) if digits.iter().all(u8::is_ascii_digit) => return Ok(slot.value),
            Integer::Value(size) => size,
            Integer::Fraction => {
                let detail = Detail::Type { expected: "integer", actual: JsonType::Number };
                self.report(Code::TypeMismatch, slot, detail)?;
                return Ok(Value::ABSENT);
            }
            Integer::Below => {
                self.report(Code::OutOfRange, slot, Detail::Limit(0))?;
                return Ok(Value::ABSENT);
            }
            Integer::Above => {
                self.report(Code::OutOfRange, slot, Detail::Limit(SIZE_LIMIT))?;
                return Ok(Value::ABSENT);
            }
        };
        self.reader.canonical = false;
        let rewritten = &mut self.parts.rewritten;
        let start = rewritten.len();
        // Within the limit, so within the range of an i64.
        json::write::integer(rewritten, size as i64)?;
        Ok(Value::rewritten(start, rewritten.len()))
    }

    /// Reads the descriptor under either of its names; what depends on the channel is decided when
    /// it closes.
    #[inline(always)]
    fn descriptor(&mut self, key: u32, at: u32) -> Read<(Slot, Option<(u32, &'c Row)>)> {
        let mut found = Slot { state: State::Read, key, at, ..Slot::ABSENT };
        if self.reader.byte(at) != b'{' {
            if self.reader.is_null(at) {
                found.state = State::Null;
                found.end = at.wrapping_add(4);
            } else {
                found.state = State::Refused;
                found.end = self.reader.type_mismatch(at, "object")?;
            }
            return Ok((found, None));
        }
        let mut slots = [Slot::ABSENT; 5];
        found.end = self.members(
            at,
            &DESCRIPTOR,
            |name| name,
            |check, name, key, value| {
                let slot = check.string(key, value)?;
                if let Some(to) = slots.get_mut(name) {
                    *to = slot;
                }
                Ok(slot.end)
            },
            |check, key, value| check.unknown(Owner::DESCRIPTOR, key, value),
        )?;
        let [mut channel_type, mut client_id, mut unauthorized_client_id, mut app_marker, mut device_address] = slots;
        let (channel_type, channel) = self.channel(&mut channel_type, at)?;
        let descriptor = DescriptorParts {
            channel_type,
            client_id: self.identifier(&mut client_id)?,
            unauthorized_client_id: self.identifier(&mut unauthorized_client_id)?,
            app_marker: self.identifier(&mut app_marker)?,
            device_address: self.address(&mut device_address, channel, at)?,
        };
        if let Some((index, row)) = channel {
            let slots = [&client_id, &unauthorized_client_id, &app_marker];
            for (i, (field, slot)) in REQUIRABLE.into_iter().zip(slots).enumerate() {
                if row.requires.has(i) && slot.is_absent() {
                    self.report_absent(Code::RequiredByChannel, slot, at, field, Detail::Channel(index))?;
                }
            }
        }
        self.parts.descriptor = descriptor;
        Ok((found, channel))
    }

    #[inline(always)]
    fn channel(&mut self, slot: &mut Slot, descriptor: u32) -> Read<(Value, Option<(u32, &'c Row)>)> {
        let value = self.rules(slot, u32::MAX, Code::UnknownChannel, Detail::None, |_, _| Ok(Verdict::AsIs))?;
        self.required(slot, descriptor, Field::ChannelType)?;
        if slot.state != State::Read {
            return Ok((Value::ABSENT, None));
        }
        let policy = self.policy;
        let name = self.parts.bytes(self.reader.body, value);
        let Some((index, row)) = policy.find(name) else {
            let nearest = policy.nearest(name);
            self.report(Code::UnknownChannel, slot, Detail::SuggestedChannel(nearest))?;
            return Ok((Value::ABSENT, None));
        };
        if name == row.name.as_bytes() {
            return Ok((value, Some((index, row))));
        }
        self.reader.canonical = false;
        let rewritten = &mut self.parts.rewritten;
        let start = rewritten.len();
        memory::put(rewritten, row.name.as_bytes())?;
        Ok((Value::rewritten(start, rewritten.len()), Some((index, row))))
    }

    #[inline(always)]
    fn identifier(&mut self, slot: &mut Slot) -> Read<Value> {
        let limit = self.policy.limits().identifier;
        self.rules(slot, limit, Code::TooLong, Detail::None, |_, _| Ok(Verdict::AsIs))
    }

    #[inline(always)]
    fn address(&mut self, slot: &mut Slot, channel: Option<(u32, &Row)>, descriptor: u32) -> Read<Value> {
        let limit = self.policy.limits().address;
        let Some((channel, row)) = channel else {
            let value = self.rules(slot, limit, Code::InvalidAddress, Detail::None, |_, _| Ok(Verdict::AsIs))?;
            self.required(slot, descriptor, Field::DeviceAddress)?;
            return Ok(value);
        };
        let mut national = false;
        let detail = Detail::Address { kind: row.address, channel };
        let value = self.rules(slot, limit, Code::InvalidAddress, detail, |value, out| {
            Ok(match address::normalize(row.address, row.national.as_ref(), value, out)? {
                None => Verdict::Refused,
                Some(normal) => {
                    national = normal.national;
                    if normal.rewritten { Verdict::Rewritten } else { Verdict::AsIs }
                }
            })
        })?;
        self.required(slot, descriptor, Field::DeviceAddress)?;
        if national && slot.state == State::Read {
            self.report(Code::NationalNumber, slot, Detail::Channel(channel))?;
        }
        Ok(value)
    }

    /// Says of a required string that it is missing or blank.
    #[inline(always)]
    fn required(&mut self, slot: &Slot, object: u32, field: Field) -> Read<()> {
        match slot.state {
            State::Absent | State::Null => {
                self.report_absent(Code::MissingField, slot, object, field, Detail::None)?;
            }
            State::Blank => self.report(Code::Blank, slot, Detail::None)?,
            State::Refused | State::Read => {}
        }
        Ok(())
    }

    /// The rules of every string but the text: trimmed, no control characters, at most `limit`
    /// UTF-16 units, and a syntax of its own, refused with `code`.
    #[inline(always)]
    fn rules(
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
        let whole = original(self.reader.body, decoded.as_bytes(), slot.value);
        let (start, end) = white_space::trim(whole);
        let trimmed = whole.get(start..end).unwrap_or(&[]);
        if trimmed.len() != whole.len() {
            self.reader.canonical = false;
        }
        if trimmed.is_empty() {
            self.reader.canonical = false;
            slot.state = State::Blank;
            return Ok(Value::ABSENT);
        }
        let mut value = slot.value.part(start, end);
        let (mut code, mut detail) = (code, detail);
        let refused = if text::has_control(trimmed) {
            (code, detail) = (Code::ControlCharacter, Detail::None);
            true
        } else {
            let before = rewritten.len();
            let verdict = syntax(trimmed, rewritten)?;
            // The length is that of the normalized value if every other rule passes.
            let measured = match verdict {
                Verdict::Rewritten => {
                    self.reader.canonical = false;
                    value = Value::rewritten(before, rewritten.len());
                    rewritten.get(before..).unwrap_or(&[])
                }
                Verdict::AsIs | Verdict::Refused => trimmed,
            };
            if measured.len() > limit as usize && text::utf16_len(measured) > limit as usize {
                let actual = text::utf16_len(measured) as u32;
                (code, detail) = (Code::TooLong, Detail::Measure { limit, actual, channel: None });
                true
            } else {
                matches!(verdict, Verdict::Refused)
            }
        };
        if refused {
            slot.state = State::Refused;
            self.report(code, slot, detail)?;
            return Ok(Value::ABSENT);
        }
        Ok(value)
    }

    /// Reads the string field at `at`, or what stands in its place.
    #[inline(always)]
    fn string(&mut self, key: u32, at: u32) -> Read<Slot> {
        if self.reader.byte(at) != b'"' {
            return self.not_of_type(key, at, "string");
        }
        let start = self.parts.decoded.len();
        let (token, end) = self.reader.string(at, &mut self.parts.decoded)?;
        let mut slot = Slot { state: State::Read, key, at, end, value: Value::body(token.start, token.end) };
        match token.form {
            Form::Plain => {}
            Form::Escaped => slot.value = Value::decoded(start, self.parts.decoded.len()),
            Form::Broken => {
                slot.state = State::Refused;
                self.reader.report_broken(&token)?;
            }
        }
        Ok(slot)
    }

    /// Reads the number field at `at`, or what stands in its place.
    #[inline(always)]
    fn number(&mut self, key: u32, at: u32) -> Read<Slot> {
        if !matches!(self.reader.byte(at), b'-' | b'0'..=b'9') {
            return self.not_of_type(key, at, "integer");
        }
        let end = self.reader.number(at)?;
        Ok(Slot { state: State::Read, key, at, end, value: Value::body(at, end) })
    }

    #[cold]
    #[inline(never)]
    fn not_of_type(&mut self, key: u32, at: u32, expected: &'static str) -> Read<Slot> {
        self.reader.canonical = false;
        if self.reader.is_null(at) {
            return Ok(Slot { state: State::Null, key, at, end: at.wrapping_add(4), ..Slot::ABSENT });
        }
        let end = self.reader.type_mismatch(at, expected)?;
        Ok(Slot { state: State::Refused, key, at, end, ..Slot::ABSENT })
    }

    #[cold]
    #[inline(never)]
    fn unknown(&mut self, owner: Owner, key: Token, value: u32) -> Read<u32> {
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
    fn report(&mut self, code: Code, slot: &Slot, detail: Detail) -> Result<(), OutOfMemory> {
        self.reader.path.enter();
        self.reader.path.set(Step::key(slot.key));
        self.reader.report(code, slot.at, slot.end.wrapping_sub(slot.at), detail)?;
        self.reader.path.leave();
        Ok(())
    }

    /// Reports an absent field: at the null or blank value if one stands there, else at its object.
    #[cold]
    #[inline(never)]
    fn report_absent(
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

/// What is known of the attachments when the text is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attachments {
    /// Absent or null.
    None,
    Empty,
    /// At least one, or something of another type.
    Some,
}

/// The bytes of a value that no rule has changed yet.
#[inline(always)]
fn original<'a>(body: &'a [u8], decoded: &'a [u8], value: Value) -> &'a [u8] {
    let (in_body, start, end) = value.range();
    if in_body { body } else { decoded }.get(start..end).unwrap_or(&[])
}

/// A last `.` with a character before it and a letter or digit directly after it.
pub(crate) fn has_extension(name: &[u8]) -> bool {
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => false,
        Some(dot) => name.get(dot.wrapping_add(1)).is_some_and(u8::is_ascii_alphanumeric),
    }
}
