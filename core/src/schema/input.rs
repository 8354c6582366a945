//! JSON Schema of the bodies that the library takes. What it can't say simply it leaves out: it
//! must never reject a body that the library accepts.

use super::node::{Member, Node, Parts};
use super::normalized::{Channels, DIALECT, OBJECT, STRING};
use super::pattern::input as pattern;
use super::unsaid::Unsaid;
use crate::code::Code;
use crate::field::ALIAS;
use crate::limits::SIZE_LIMIT;
use crate::meaning::meaning;
use crate::memory::OutOfMemory;
use crate::policy::{Channel, Policy, UnknownFields};
use crate::rules::address::AddressKind;
use alloc::vec::Vec;

const STRING_OR_NULL: Member<'_> = ("type", Node::Texts(&["string", "null"]));
const ARRAY_OR_NULL: Member<'_> = ("type", Node::Texts(&["array", "null"]));
const DESCRIPTOR: &str = "clientApplicationDescriptor";

pub(super) fn write(policy: &Policy, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    let document = |document: &mut Parts<'_>| {
        document.members(&[
            DIALECT,
            ("title", Node::Text("Message to a device, as the library accepts it")),
            (
                "description",
                Node::Text("What the library rejects by a rule that this schema does not say is listed at the end."),
            ),
        ])?;
        request(policy, document)
    };
    Node::Members(&document).write(out, "#/$defs/")
}

fn request(policy: &Policy, request: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let text = [("description", Node::Text(meaning!(text))), STRING_OR_NULL, ("pattern", Node::Text(pattern::TEXT))];
    let attachments = [
        ("description", Node::Text(meaning!(attachments))),
        ARRAY_OR_NULL,
        ("maxItems", policy.limits().attachments.into()),
        ("items", Node::Ref("Attachment")),
    ];
    let properties = [
        ("text", Node::Object(&text)),
        ("attachments", Node::Object(&attachments)),
        (DESCRIPTOR, Node::Ref("ClientApplicationDescriptor")),
        (ALIAS, Node::Ref("ClientApplicationDescriptor")),
    ];
    request.members(&[
        OBJECT,
        ("properties", Node::Object(&properties)),
        ("additionalProperties", takes_unknown(policy)),
        // One of its two names, not both.
        (
            "oneOf",
            Node::Array(&[
                Node::Object(&[("required", Node::Texts(&[DESCRIPTOR]))]),
                Node::Object(&[("required", Node::Texts(&[ALIAS]))]),
            ]),
        ),
        // Without attachments the text must say something.
        ("if", Node::Properties(&[("attachments", Node::Object(&[ARRAY_OR_NULL, ("maxItems", Node::Number(0))]))])),
        (
            "then",
            Node::Object(&[
                ("required", Node::Texts(&["text"])),
                (
                    "properties",
                    Node::Object(&[("text", Node::Object(&[STRING, ("pattern", Node::Text(pattern::NOT_BLANK))]))]),
                ),
            ]),
        ),
        ("$defs", Node::Members(&|definitions| self::definitions(policy, definitions))),
        (Unsaid::KEY, Node::Items(&|list| Unsaid::Input.write(policy, list))),
    ])
}

fn takes_unknown(policy: &Policy) -> Node<'static> {
    Node::Bool(match policy.unknown_fields() {
        UnknownFields::Reject => false,
        UnknownFields::Drop => !policy.refuses().has(Code::DroppedField),
        UnknownFields::Keep => !policy.refuses().has(Code::KeptField),
    })
}

fn definitions(policy: &Policy, definitions: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    definitions.member("Attachment", Node::Members(&|schema| attachment(policy, schema)))?;
    definitions.member("ClientApplicationDescriptor", Node::Members(&|schema| descriptor(policy, schema)))
}

fn attachment(policy: &Policy, schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let optional =
        |meaning, pattern| [("description", Node::Text(meaning)), STRING_OR_NULL, ("pattern", Node::Text(pattern))];
    let url = [("description", Node::Text(meaning!(url))), STRING, ("pattern", Node::Text(pattern::URL))];
    let size = [
        ("description", Node::Text(meaning!(size))),
        ("type", Node::Texts(&["integer", "null"])),
        ("minimum", Node::Number(0)),
        ("maximum", Node::Number(SIZE_LIMIT)),
    ];
    let properties = |members: &mut Parts<'_>| {
        members.members(&[
            ("url", Node::Object(&url)),
            ("name", Node::Object(&optional(meaning!(name), pattern::NAME))),
            ("type", Node::Object(&optional(meaning!(media_type), pattern::MEDIA_TYPE))),
            ("size", Node::Object(&size)),
        ])
    };
    schema.members(&[
        ("description", Node::Text(meaning!(attachment))),
        OBJECT,
        ("required", Node::Texts(&["url"])),
        ("properties", Node::Members(&properties)),
        ("additionalProperties", takes_unknown(policy)),
    ])
}

fn descriptor(policy: &Policy, schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let not_blank = ("pattern", Node::Text(pattern::NOT_BLANK));
    let names = |list: &mut Parts<'_>| policy.channels().try_for_each(|channel| list.item(Node::Text(channel.name())));
    let channel_type =
        [("description", Node::Text(meaning!(channel_type))), STRING, not_blank, ("examples", Node::Items(&names))];
    let device_address = [("description", Node::Text(meaning!(device_address))), STRING, not_blank];
    let optional = |meaning| [("description", Node::Text(meaning)), STRING_OR_NULL];
    let properties = |members: &mut Parts<'_>| {
        members.members(&[
            ("channelType", Node::Object(&channel_type)),
            ("clientId", Node::Object(&optional(meaning!(client_id)))),
            ("unauthorizedClientId", Node::Object(&optional(meaning!(unauthorized_client_id)))),
            ("appMarker", Node::Object(&optional(meaning!(app_marker)))),
            ("deviceAddress", Node::Object(&device_address)),
        ])
    };
    schema.members(&[
        ("description", Node::Shown(&Channels(policy))),
        OBJECT,
        ("required", Node::Texts(&["channelType", "deviceAddress"])),
        ("properties", Node::Members(&properties)),
        ("additionalProperties", takes_unknown(policy)),
    ])?;
    let is_special = |channel: &Channel<'_>| has_address_rule(*channel) || channel.requires().next().is_some();
    if !policy.channels().any(|channel| is_special(&channel)) {
        return Ok(());
    }
    let rules = |list: &mut Parts<'_>| policy.channels().filter(is_special).try_for_each(|c| channel(c, list));
    schema.member("allOf", Node::Items(&rules))
}

/// What a channel asks of the descriptor, where its name is spelled as in the policy.
fn channel(channel: Channel<'_>, conditions: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let is_channel = [("const", Node::Text(channel.name()))];
    let required = |list: &mut Parts<'_>| channel.requires().try_for_each(|field| list.item(Node::Text(field)));
    let properties = |properties: &mut Parts<'_>| {
        for field in channel.requires() {
            properties.member(field, Node::Object(&[STRING, ("pattern", Node::Text(pattern::NOT_BLANK))]))?;
        }
        if !has_address_rule(channel) {
            return Ok(());
        }
        let patterns = || channel.addresses().filter_map(address);
        let any_of = |list: &mut Parts<'_>| {
            patterns().try_for_each(|pattern| list.item(Node::Object(&[("pattern", Node::Text(pattern))])))
        };
        let rule = match (patterns().next(), patterns().nth(1)) {
            (Some(only), None) => ("pattern", Node::Text(only)),
            _ => ("anyOf", Node::Items(&any_of)),
        };
        properties.member("deviceAddress", Node::Object(&[STRING, rule]))
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

/// Whether not every address will do.
fn has_address_rule(channel: Channel<'_>) -> bool {
    channel.addresses().all(|kind| address(kind).is_some())
}

/// None if every address will do.
fn address(kind: AddressKind) -> Option<&'static str> {
    match kind {
        AddressKind::Phone => Some(pattern::PHONE),
        AddressKind::Bsuid => Some(pattern::BSUID),
        AddressKind::Token => Some(pattern::TOKEN),
        AddressKind::Email => Some(pattern::EMAIL),
        AddressKind::Numeric => Some(pattern::NUMERIC),
        AddressKind::Opaque => None,
    }
}
