//! JSON Schema of what the library writes.

use super::node::{Member, Node, Parts};
use super::pattern::input::NOT_BLANK;
use super::pattern::normalized as pattern;
use super::unsaid::Unsaid;
use crate::code::Code;
use crate::limits::{NAME_LIMIT, SIZE_LIMIT, TYPE_LIMIT, URL_LIMIT};
use crate::meaning::meaning;
use crate::memory::OutOfMemory;
use crate::policy::{Channel, Policy, UnknownFields};
use crate::rules::address::{self, AddressKind};
use alloc::vec::Vec;
use core::fmt;

pub(super) const DIALECT: Member<'_> = ("$schema", Node::Text("https://json-schema.org/draft/2020-12/schema"));
pub(super) const STRING: Member<'_> = ("type", Node::Text("string"));
pub(super) const OBJECT: Member<'_> = ("type", Node::Text("object"));
const ARRAY: Member<'_> = ("type", Node::Text("array"));
const NOT_EMPTY: Member<'_> = ("minLength", Node::Number(1));

pub(super) fn write(policy: &Policy, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    let document = |document: &mut Parts<'_>| {
        document.members(&[
            DIALECT,
            ("title", Node::Text("Message to a device, normalized")),
            ("description", Node::Text("What the library writes, and what whoever sends a message should write.")),
        ])?;
        request(policy, document)?;
        document.member("$defs", Node::Members(&|definitions| self::definitions(policy, definitions)))?;
        unsaid(policy, document)
    };
    Node::Members(&document).write(out, "#/$defs/")
}

/// The request itself, without the definitions that it refers to.
pub(super) fn request(policy: &Policy, request: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let limit = policy.channels().map(|channel| channel.text_limit()).max().unwrap_or(0);
    let text = [
        ("description", Node::Text(meaning!(text))),
        STRING,
        ("maxLength", limit.into()),
        ("pattern", Node::Text(pattern::TEXT)),
    ];
    let attachments = [
        ("description", Node::Text(meaning!(attachments))),
        ARRAY,
        ("maxItems", policy.limits().attachments.into()),
        ("items", Node::Ref("Attachment")),
    ];
    let properties = [
        ("text", Node::Object(&text)),
        ("attachments", Node::Object(&attachments)),
        ("clientApplicationDescriptor", Node::Ref("ClientApplicationDescriptor")),
    ];
    request.members(&[
        OBJECT,
        ("required", Node::Texts(&["text", "attachments", "clientApplicationDescriptor"])),
        ("properties", Node::Object(&properties)),
        ("additionalProperties", keeps_unknown(policy)),
    ])?;
    let is_shorter = |channel: &Channel<'_>| channel.text_limit() != limit;
    let conditions = |list: &mut Parts<'_>| {
        // Without attachments the text must say something.
        list.item(Node::Object(&[
            ("if", Node::Properties(&[("attachments", Node::Object(&[ARRAY, ("maxItems", Node::Number(0))]))])),
            ("then", Node::Properties(&[("text", Node::Object(&[STRING, ("pattern", Node::Text(NOT_BLANK))]))])),
        ]))?;
        policy.channels().filter(is_shorter).try_for_each(|channel| text_limit(channel, list))
    };
    request.member("allOf", Node::Items(&conditions))
}

/// What the library rejects all the same.
pub(super) fn unsaid(policy: &Policy, request: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    request.member(Unsaid::KEY, Node::Items(&|list| Unsaid::Normalized.write(policy, list)))
}

/// The limit of a channel whose texts must be shorter than others'.
fn text_limit(channel: Channel<'_>, conditions: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let is_channel = [("const", Node::Text(channel.name()))];
    let is_channel = [("channelType", Node::Object(&is_channel))];
    let is_channel = [OBJECT, ("properties", Node::Object(&is_channel))];
    let text = [STRING, ("maxLength", channel.text_limit().into())];
    conditions.item(Node::Object(&[
        ("if", Node::Properties(&[("clientApplicationDescriptor", Node::Object(&is_channel))])),
        ("then", Node::Properties(&[("text", Node::Object(&text))])),
    ]))
}

/// Only where the policy keeps unknown fields are they ever written.
fn keeps_unknown(policy: &Policy) -> Node<'static> {
    Node::Bool(policy.unknown_fields() == UnknownFields::Keep && !policy.refuses().has(Code::KeptField))
}

/// What the request refers to, by name.
pub(super) fn definitions(policy: &Policy, definitions: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    definitions.member("Attachment", Node::Members(&|schema| attachment(policy, schema)))?;
    definitions.member("ClientApplicationDescriptor", Node::Members(&|schema| descriptor(policy, schema)))?;
    let identifier = [
        STRING,
        NOT_EMPTY,
        ("maxLength", policy.limits().identifier.into()),
        ("pattern", Node::Text(pattern::TRIMMED)),
    ];
    definitions.member("Identifier", Node::Object(&identifier))?;
    for kind in AddressKind::ALL.iter().copied() {
        if let Some(address) = address(kind).filter(|_| is_used(policy, kind)) {
            definitions.member(address.name, Node::Object(&address.members))?;
        }
    }
    Ok(())
}

fn attachment(policy: &Policy, schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let string = |meaning, limit: u32, pattern| {
        [
            ("description", Node::Text(meaning)),
            STRING,
            NOT_EMPTY,
            ("maxLength", limit.into()),
            ("pattern", Node::Text(pattern)),
        ]
    };
    let size = [
        ("description", Node::Text(meaning!(size))),
        ("type", Node::Text("integer")),
        ("minimum", Node::Number(0)),
        ("maximum", Node::Number(SIZE_LIMIT)),
    ];
    let properties = |members: &mut Parts<'_>| {
        members.members(&[
            ("url", Node::Object(&string(meaning!(url), URL_LIMIT, pattern::URL))),
            ("name", Node::Object(&string(meaning!(name), NAME_LIMIT, pattern::NAME))),
            ("type", Node::Object(&string(meaning!(media_type), TYPE_LIMIT, pattern::MEDIA_TYPE))),
            ("size", Node::Object(&size)),
        ])
    };
    schema.members(&[
        ("description", Node::Text(meaning!(attachment))),
        OBJECT,
        ("required", Node::Texts(&["url"])),
        ("properties", Node::Members(&properties)),
        ("additionalProperties", keeps_unknown(policy)),
    ])
}

fn descriptor(policy: &Policy, schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let names = |list: &mut Parts<'_>| policy.channels().try_for_each(|channel| list.item(Node::Text(channel.name())));
    let channel_type = [("description", Node::Text(meaning!(channel_type))), STRING, ("enum", Node::Items(&names))];
    let device_address = [
        ("description", Node::Text(meaning!(device_address))),
        STRING,
        NOT_EMPTY,
        ("maxLength", policy.limits().address.into()),
        ("pattern", Node::Text(pattern::TRIMMED)),
    ];
    let properties = [
        ("channelType", Node::Object(&channel_type)),
        ("clientId", Node::Described(meaning!(client_id), "Identifier")),
        ("unauthorizedClientId", Node::Described(meaning!(unauthorized_client_id), "Identifier")),
        ("appMarker", Node::Described(meaning!(app_marker), "Identifier")),
        ("deviceAddress", Node::Object(&device_address)),
    ];
    schema.members(&[
        ("description", Node::Shown(&Channels(policy))),
        OBJECT,
        ("required", Node::Texts(&["channelType", "deviceAddress"])),
        ("properties", Node::Object(&properties)),
        ("additionalProperties", keeps_unknown(policy)),
    ])?;
    let is_special = |channel: &Channel<'_>| has_address_rule(*channel) || channel.requires().next().is_some();
    if !policy.channels().any(|channel| is_special(&channel)) {
        return Ok(());
    }
    let rules = |list: &mut Parts<'_>| policy.channels().filter(is_special).try_for_each(|c| channel(c, list));
    schema.member("allOf", Node::Items(&rules))
}

/// What a channel asks of the descriptor.
fn channel(channel: Channel<'_>, conditions: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let is_channel = [("const", Node::Text(channel.name()))];
    let required = |list: &mut Parts<'_>| channel.requires().try_for_each(|field| list.item(Node::Text(field)));
    let properties = |properties: &mut Parts<'_>| {
        channel.requires().try_for_each(|field| properties.member(field, Node::Ref("Identifier")))?;
        if !has_address_rule(channel) {
            return Ok(());
        }
        let schemas = || channel.addresses().filter_map(address).map(|address| Node::Ref(address.name));
        let any_of = |list: &mut Parts<'_>| schemas().try_for_each(|schema| list.item(schema));
        let rule = [("anyOf", Node::Items(&any_of))];
        properties.member(
            "deviceAddress",
            match (schemas().next(), schemas().nth(1)) {
                (Some(only), None) => only,
                _ => Node::Object(&rule),
            },
        )
    };
    let then = [
        ("required", if channel.requires().next().is_some() { Node::Items(&required) } else { Node::Absent }),
        ("properties", Node::Members(&properties)),
    ];
    conditions.item(Node::Object(&[
        ("if", Node::Properties(&[("channelType", Node::Object(&is_channel))])),
        ("then", Node::Object(&then)),
    ]))
}

/// The schema of an address kind.
struct Address {
    name: &'static str,
    members: [Member<'static>; 4],
}

/// Whether not every address will do.
fn has_address_rule(channel: Channel<'_>) -> bool {
    channel.addresses().all(|kind| address(kind).is_some())
}

/// None if every address will do.
fn address(kind: AddressKind) -> Option<Address> {
    let (name, max_length, pattern) = match kind {
        AddressKind::Phone => ("PhoneAddress", Node::Absent, pattern::PHONE),
        AddressKind::Bsuid => ("BsuidAddress", Node::Absent, pattern::BSUID),
        AddressKind::Token => ("TokenAddress", Node::Absent, pattern::TOKEN),
        AddressKind::Email => ("EmailAddress", Node::Number(address::MAX_EMAIL as u64), pattern::EMAIL),
        AddressKind::Numeric => ("NumericAddress", Node::Absent, pattern::NUMERIC),
        AddressKind::Opaque => return None,
    };
    let description = ("description", Node::Text(kind.meaning()));
    Some(Address { name, members: [description, STRING, ("maxLength", max_length), ("pattern", Node::Text(pattern))] })
}

fn is_used(policy: &Policy, kind: AddressKind) -> bool {
    policy.channels().any(|channel| channel.0.kinds.has(kind))
}

/// The channels as a table in Markdown, and what its words for addresses mean.
pub(super) struct Channels<'p>(pub(super) &'p Policy);

impl fmt::Display for Channels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whom the message goes to. What the fields must be depends on the channel; ")?;
        f.write_str("`text` is the most UTF-16 code units (above those in parentheses it may be cut or split):\n\n")?;
        f.write_str("| channelType | deviceAddress | also required | text |\n|---|---|---|---|")?;
        for channel in self.0.channels() {
            write!(f, "\n| `{}` | ", channel.name())?;
            for (i, kind) in channel.addresses().enumerate() {
                write!(f, "{}{}", if i == 0 { "" } else { " or " }, kind.as_str())?;
            }
            f.write_str(" | ")?;
            for (i, field) in channel.requires().enumerate() {
                write!(f, "{}`{field}`", if i == 0 { "" } else { ", " })?;
            }
            write!(f, " | {}", channel.text_limit())?;
            match (channel.text_warning(), channel.caption_warning()) {
                (Some(text), Some(caption)) => write!(f, " ({text}; {caption} with attachments)")?,
                (Some(text), None) => write!(f, " ({text})")?,
                (None, Some(caption)) => write!(f, " ({caption} with attachments)")?,
                (None, None) => {}
            }
            f.write_str(" |")?;
        }
        f.write_str("\n")?;
        for kind in AddressKind::ALL.iter().copied().filter(|kind| is_used(self.0, *kind)) {
            write!(f, "\n- {}: {}", kind.as_str(), kind.meaning())?;
        }
        Ok(())
    }
}
