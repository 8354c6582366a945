//! `clientApplicationDescriptor`.

use crate::address;
use crate::check::{Walk, string_member};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::fields::{Field, Slot, Sorted};
use crate::hint::{Object, nearest};
use crate::json::Member;
use crate::policy::Channel;
use crate::text::{trimmed, units};

impl Walk<'_> {
    /// The members of a descriptor object; gives its channel and its normalized form.
    pub(crate) fn descriptor(
        &mut self,
        members: &[Member],
        pointer: &Pointer,
        brace: usize,
    ) -> (Option<Channel>, String) {
        let mut sorted = Sorted::new(Object::Descriptor);
        for member in members {
            self.sort(&mut sorted, member, pointer);
        }
        let channel = self.channel_type(&sorted.slot("channelType", pointer, brace));
        let mut parts = Vec::new();
        string_member(&mut parts, "channelType", channel.clone().map(|channel| channel.name));
        for name in ["clientId", "unauthorizedClientId", "appMarker"] {
            let slot = sorted.slot(name, pointer, brace);
            string_member(&mut parts, name, self.identifier(&slot, channel.as_ref()));
        }
        let slot = sorted.slot("deviceAddress", pointer, brace);
        string_member(&mut parts, "deviceAddress", self.device_address(&slot, channel.as_ref()));
        parts.extend(sorted.kept);
        (channel, format!("{{{}}}", parts.join(",")))
    }

    /// "one of the policy's channels, compared without regard to ASCII case, else
    /// `unknown_channel`"; "hints in the same way, ties by the policy's order".
    fn channel_type(&mut self, slot: &Slot<'_>) -> Option<Channel> {
        let policy = self.policy;
        let names: Vec<&str> = policy.channels.iter().map(|row| row.name.as_str()).collect();
        let known = |text: &str| match policy.channel(text) {
            Some(channel) => Ok(channel.name),
            None => Err(Diagnostic::new("unknown_channel").suggestion(nearest(text, &names))),
        };
        let name = self.required_string(slot, None, &known).value()?;
        policy.channel(&name)
    }

    /// "255 units; required where the channel says so (`required_by_channel`, names the
    /// channel)".
    fn identifier(&mut self, slot: &Slot<'_>, channel: Option<&Channel>) -> Option<String> {
        let limit = self.policy.limits.identifier;
        let field = self.string_field(slot, Some(limit), &|text| Ok(text.to_owned()));
        if let Some(channel) = channel
            && channel.requires(slot.name)
            && field.is_absent()
        {
            let fault = Diagnostic::new("required_by_channel").channel(&channel.name);
            self.report.add(slot.absence(fault));
        }
        field.value()
    }

    /// "the channel's address syntax, else `invalid_address`". "When channelType is missing or
    /// refused, what depends on the channel is not checked."
    fn device_address(&mut self, slot: &Slot<'_>, channel: Option<&Channel>) -> Option<String> {
        let limit = self.policy.limits.address;
        let Some(channel) = channel else {
            return self.required_string(slot, Some(limit), &|text| Ok(text.to_owned())).value();
        };
        let syntax = |text: &str| match address::check(channel, text) {
            Some(address) => Ok(address.normalized),
            None => Err(Diagnostic::new("invalid_address").expected(&channel.address).channel(&channel.name)),
        };
        let field = self.required_string(slot, Some(limit), &syntax);
        if let Field::Good(_) = field
            && let Ok(raw) = self.raw_string(slot)
            && address::check(channel, &trimmed(&raw)).is_some_and(|address| address.national)
        {
            let warning = Diagnostic::new("national_number").channel(&channel.name);
            self.report.add(slot.absence(warning));
        }
        field.value()
    }

    /// "the channel's text limit (2,000 where there is no channel to ask)", and `long_text`.
    pub(crate) fn text_length(&mut self, slot: &Slot<'_>, text: &str, channel: Option<&Channel>) {
        let length = units(text);
        let limit = channel.map_or(2000, |channel| channel.text);
        if length > limit {
            let mut fault = Diagnostic::new("too_long").limit(limit).count(length);
            fault.channel = channel.map(|channel| channel.name.clone());
            self.violation(slot, fault);
            return;
        }
        let Some(channel) = channel else { return };
        if let Some(limit) = channel.text_warning.filter(|limit| length > *limit) {
            let warning = Diagnostic::new("long_text").limit(limit).count(length);
            self.violation(slot, warning.channel(&channel.name));
        }
    }
}
