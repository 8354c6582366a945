//! Attachments: their rules, and what is said of the list.

use super::Check;
use super::slot::{Slot, State, standing};
use crate::code::Code;
use crate::field::{Field, Object};
use crate::findings::Detail;
use crate::json;
use crate::json::members::{Names, ReadParts};
use crate::json::number::{self, Integer};
use crate::json::stop::Read;
use crate::json_type::JsonType;
use crate::limits::{NAME_LIMIT, SIZE_LIMIT, TYPE_LIMIT, URL_LIMIT};
use crate::memory;
use crate::request::parts::{AttachmentParts, Owner, Value};
use crate::rules::file_name;
use crate::rules::media_type;
use crate::rules::url;

/// The fields of an attachment, in the order of its slots.
#[derive(Clone, Copy)]
enum AttachmentField {
    Url,
    Name,
    Type,
    Size,
}

const ATTACHMENT: Names<AttachmentField, 4> = Names::new([
    (Field::Url.name(), AttachmentField::Url),
    (Field::Name.name(), AttachmentField::Name),
    (Field::Type.name(), AttachmentField::Type),
    (Field::Size.name(), AttachmentField::Size),
]);

/// The fields by slot.
const ATTACHMENT_FIELDS: [Field; 4] = [Field::Url, Field::Name, Field::Type, Field::Size];

/// What is known of the attachments when the text is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Attachments {
    /// Absent or null.
    None,
    Empty,
    /// At least one, or something of another type.
    Some,
}

impl Check<'_, '_, '_> {
    #[inline(always)]
    pub(super) fn attachments(&mut self, at: u32) -> Read<(Attachments, u32)> {
        match self.reader.byte(at) {
            b'[' => {
                let mut found = Attachments::Empty;
                // One more than may be there is looked at, to be reported.
                let most = self.policy.limits().attachments.wrapping_add(1);
                let end = self.elements(at, most, |check, at, index| {
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
            return self.too_many(at, limit);
        }
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let mut slots = [Slot::ABSENT; 4];
        let owner = Owner::attachment(index);
        let (end, _) = self.members(
            at,
            &ATTACHMENT,
            |check, field, key, value| {
                let Some(slot) = slots.get_mut(field as usize) else { return Ok(value) };
                match field {
                    AttachmentField::Url | AttachmentField::Name | AttachmentField::Type => {
                        check.string(key, value, slot)
                    }
                    AttachmentField::Size => check.number(key, value, slot),
                }
            },
            |check, key, value| check.unknown(owner, key, value),
        )?;
        self.reader.findings.object_ends(Object::Attachment, at, || standing(&ATTACHMENT_FIELDS, &slots))?;
        let [url, name, media_type, size] = &mut slots;
        let attachment = AttachmentParts {
            url: self.url(url, at)?,
            name: self
                .finish(name, NAME_LIMIT, Code::InvalidName, Detail::None, |name, _| Ok(file_name::check(name)))?,
            media_type: self.finish(media_type, TYPE_LIMIT, Code::InvalidMediaType, Detail::None, media_type::check)?,
            size: self.size(size)?,
        };
        // Nothing is said of a kind that an invalid value may tell.
        let value = |value| self.parts.bytes(self.reader.body, value);
        let type_tells_nothing = media_type.is_absent()
            || media_type.state == State::Read && media_type::tells_nothing(value(attachment.media_type));
        if type_tells_nothing && name.state != State::Invalid && !file_name::has_extension(value(attachment.name)) {
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
        let value = self.finish(slot, URL_LIMIT, Code::InvalidUrl, Detail::None, |url, _| Ok(url::check(url)))?;
        self.required(slot, attachment, Field::Url)?;
        Ok(value)
    }

    #[inline(always)]
    fn size(&mut self, slot: &Slot) -> Read<Value> {
        if slot.state != State::Read {
            return Ok(Value::ABSENT);
        }
        let digits = self.parts.bytes(self.reader.body, slot.value);
        let size = match number::parse(digits, SIZE_LIMIT) {
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
        let start = self.parts.rewritten.len();
        // Within the limit, so within the range of an i64.
        json::write::integer(&mut self.parts.rewritten, size as i64)?;
        Ok(self.rewritten(start))
    }
}
