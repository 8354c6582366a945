//! `clientApplicationDescriptor`.

use crate::address;
use crate::check::{Walk, string_member};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::fields::{Slot, Sorted, content_replaced};
use crate::hint::{self, Object};
use crate::json::Member;
use crate::literal::Content;
use crate::policy::Channel;
use crate::text::{is_invisible, stands_for_nothing, units};

impl Walk<'_> {
    /// The members of a descriptor object; gives its channel and its normalized form.
    pub(crate) fn descriptor(
        &mut self,
        members: &[Member],
        pointer: &Pointer,
        brace: usize,
    ) -> (Option<Channel>, String) {
        let mut sorted = Sorted::new(Object::Descriptor, members);
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
        let known = |content: &Content| match policy.channel(&content.text()) {
            Some(channel) => Ok(channel.name),
            None => {
                let suggestion = hint::channel(&content.text(), &names);
                // "`unknown_channel` with a `suggestion`: the value".
                let value = slot.value.expect("a string");
                let replaced = |name: &String| vec![content_replaced(value.start, value.end, name)];
                let fix = suggestion.as_ref().map(replaced);
                Err(Diagnostic::new("unknown_channel").suggestion(suggestion).fix(fix))
            }
        };
        let name = self.required_string(slot, None, &known).value()?;
        policy.channel(&name)
    }

    /// "255 units; required where the channel says so (`required_by_channel`, names the
    /// channel)".
    pub(crate) fn identifier(&mut self, slot: &Slot<'_>, channel: Option<&Channel>) -> Option<String> {
        let limit = self.policy.limits.identifier;
        let field = self.string_field(slot, Some(limit), &as_it_is);
        if let Some(channel) = channel
            && channel.requires(slot.name)
            && field.is_absent()
        {
            let fault = Diagnostic::new("required_by_channel").channel(&channel.name);
            self.report.add(slot.absence(fault));
        }
        let value = field.value()?;
        // "One that holds white space other than U+0020, or an invisible character, or is a word that
        // stands for nothing (§4), warns `unlikely_identifier`."
        let is_odd = |character: char| (character.is_whitespace() && character != ' ') || is_invisible(character);
        let odd = self.content(slot).trimmed().first(is_odd);
        if odd.is_some() || stands_for_nothing(&value) {
            self.violation(slot, Diagnostic::new("unlikely_identifier").spoiled_by(odd));
        }
        Some(value)
    }

    /// "the channel's address syntax, else `invalid_address`". "When channelType is missing or
    /// refused, what depends on the channel is not checked."
    fn device_address(&mut self, slot: &Slot<'_>, channel: Option<&Channel>) -> Option<String> {
        let limit = self.policy.limits.address;
        let Some(channel) = channel else {
            return self.required_string(slot, Some(limit), &as_it_is).value();
        };
        let syntax = |content: &Content| match address::check(channel, &content.text()) {
            Some(address) => Ok(address.normalized),
            None => Err(Diagnostic::new("invalid_address")
                .expected(&channel.address[0])
                .channel(&channel.name)
                .spoiled_by(address::spoiler(channel, content))
                .fix(address::fix::fix(channel, content))),
        };
        let value = self.required_string(slot, Some(limit), &syntax).value()?;
        let address = address::check(channel, &self.content(slot).trimmed().text())?;
        for (code, warns) in [("national_number", address.national), ("unlikely_address", address.unlikely)] {
            if warns {
                self.violation(slot, Diagnostic::new(code).channel(&channel.name));
            }
        }
        Some(value)
    }

    /// "the channel's text limit (2,000 where there is no channel to ask)".
    pub(crate) fn text_too_long(&self, text: &str, channel: Option<&Channel>) -> Option<Diagnostic> {
        let length = units(text);
        let limit = channel.map_or(2000, |channel| channel.text);
        let mut fault = Diagnostic::new("too_long").limit(limit).count(length);
        fault.channel = channel.map(|channel| channel.name.clone());
        (length > limit).then_some(fault)
    }

    /// `long_text`: "of two lengths the lower that applies counts".
    pub(crate) fn text_long(
        &self,
        text: &str,
        channel: Option<&Channel>,
        with_attachments: bool,
    ) -> Option<Diagnostic> {
        let channel = channel?;
        let caption = channel.caption_warning.filter(|_| with_attachments);
        let limit = channel.text_warning.into_iter().chain(caption).min()?;
        let length = units(text);
        let warning = Diagnostic::new("long_text").limit(limit).count(length).channel(&channel.name);
        (length > limit).then_some(warning)
    }
}

fn as_it_is(content: &Content) -> Result<String, Diagnostic> {
    Ok(content.text())
}
