//! The descriptor: its strings, and what the channel asks of them.

use super::Check;
use super::slot::{Slot, State, standing};
use crate::code::Code;
use crate::field::{Field, Object};
use crate::findings::Detail;
use crate::json::members::{Names, ReadParts};
use crate::json::stop::Read;
use crate::memory;
use crate::path::Step;
use crate::policy::channel::{REQUIRABLE, Row};
use crate::request::parts::{DescriptorParts, Owner, Value};
use crate::rules::Verdict;
use crate::rules::address;
use crate::rules::identifier;

/// The fields of the descriptor, in the order of its slots.
#[derive(Clone, Copy)]
enum DescriptorField {
    ChannelType,
    ClientId,
    UnauthorizedClientId,
    AppMarker,
    DeviceAddress,
}

const DESCRIPTOR: Names<DescriptorField, 5> = Names::new([
    (Field::ChannelType.name(), DescriptorField::ChannelType),
    (Field::ClientId.name(), DescriptorField::ClientId),
    (Field::UnauthorizedClientId.name(), DescriptorField::UnauthorizedClientId),
    (Field::AppMarker.name(), DescriptorField::AppMarker),
    (Field::DeviceAddress.name(), DescriptorField::DeviceAddress),
]);

/// The fields by slot.
const DESCRIPTOR_FIELDS: [Field; 5] =
    [Field::ChannelType, Field::ClientId, Field::UnauthorizedClientId, Field::AppMarker, Field::DeviceAddress];

impl<'c> Check<'_, 'c, '_> {
    /// Reads the descriptor under either of its names; what depends on the channel is decided when
    /// it closes.
    #[inline(always)]
    pub(super) fn descriptor(&mut self, key: Step, at: u32) -> Read<(Slot, Option<(u32, &'c Row)>)> {
        let mut found = Slot { state: State::Read, key, at, ..Slot::ABSENT };
        if self.reader.byte(at) != b'{' {
            if self.reader.is_null(at) {
                found.state = State::Null;
                found.end = at.wrapping_add(4);
            } else {
                found.state = State::Invalid;
                found.end = self.reader.type_mismatch(at, "object")?;
            }
            return Ok((found, None));
        }
        let mut slots = [Slot::ABSENT; 5];
        (found.end, _) = self.members(
            at,
            &DESCRIPTOR,
            |check, field, key, value| {
                let Some(slot) = slots.get_mut(field as usize) else { return Ok(value) };
                check.string(key, value, slot)
            },
            |check, key, value| check.unknown(Owner::DESCRIPTOR, key, value),
        )?;
        self.reader.findings.object_ends(Object::Descriptor, at, || standing(&DESCRIPTOR_FIELDS, &slots))?;
        let [channel_type, client_id, unauthorized_client_id, app_marker, device_address] = &mut slots;
        let (channel_type, channel) = self.channel(channel_type, at)?;
        let descriptor = DescriptorParts {
            channel_type,
            client_id: self.identifier(client_id)?,
            unauthorized_client_id: self.identifier(unauthorized_client_id)?,
            app_marker: self.identifier(app_marker)?,
            device_address: self.address(device_address, channel, at)?,
        };
        if let Some((index, row)) = channel {
            let slots = [client_id, unauthorized_client_id, app_marker];
            for (field, slot) in REQUIRABLE.into_iter().zip(slots) {
                if row.requires.has(field) && slot.is_absent() {
                    self.report_absent(Code::RequiredByChannel, slot, at, field, Detail::Channel(index))?;
                }
            }
        }
        self.parts.descriptor = descriptor;
        Ok((found, channel))
    }

    #[inline(always)]
    fn channel(&mut self, slot: &mut Slot, descriptor: u32) -> Read<(Value, Option<(u32, &'c Row)>)> {
        let value = self.finish(slot, u32::MAX, Code::UnknownChannel, Detail::None, |_, _| Ok(Verdict::VALID))?;
        self.required(slot, descriptor, Field::ChannelType)?;
        if slot.state != State::Read {
            return Ok((Value::ABSENT, None));
        }
        let policy = self.policy;
        let name = self.parts.bytes(self.reader.body, value);
        // Nearly always the name is spelled as it should be, and comparing it whole costs a tenth of
        // folding its case.
        if let Some(found) = policy.find(name) {
            return Ok((value, Some(found)));
        }
        let Some((index, row)) = policy.find_folded(name) else {
            self.report(Code::UnknownChannel, slot, Detail::ChannelName)?;
            return Ok((Value::ABSENT, None));
        };
        let start = self.parts.rewritten.len();
        memory::put_bytes(&mut self.parts.rewritten, row.name.as_bytes())?;
        Ok((self.rewritten(start), Some((index, row))))
    }

    #[inline(always)]
    fn identifier(&mut self, slot: &mut Slot) -> Read<Value> {
        // Most have none.
        if slot.state == State::Read { self.identifier_read(slot) } else { Ok(Value::ABSENT) }
    }

    /// By itself, as it is asked about three of them.
    #[inline(never)]
    fn identifier_read(&mut self, slot: &mut Slot) -> Read<Value> {
        let limit = self.policy.limits().identifier;
        self.finish(slot, limit, Code::TooLong, Detail::None, |value, _| Ok(identifier::check(value)))
    }

    #[inline(always)]
    fn address(&mut self, slot: &mut Slot, channel: Option<(u32, &Row)>, descriptor: u32) -> Read<Value> {
        let limit = self.policy.limits().address;
        // By itself: with one closure for both cases a check takes a quarter longer in WebAssembly.
        let Some((channel, row)) = channel else {
            let value = self.finish(slot, limit, Code::InvalidAddress, Detail::None, |_, _| Ok(Verdict::VALID))?;
            self.required(slot, descriptor, Field::DeviceAddress)?;
            return Ok(value);
        };
        let detail = Detail::Address { kind: row.kinds.first(), channel };
        let value = self.finish(slot, limit, Code::InvalidAddress, detail, |value, out| {
            address::check(&row.kinds, row.national.as_slice(), value, out)
        })?;
        self.required(slot, descriptor, Field::DeviceAddress)?;
        Ok(value)
    }
}
