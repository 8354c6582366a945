//! The wire fields: their names, the objects that they stand in and their order (contract §7).

use crate::rules::suggest::{self, Letters};

/// An object of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Body,
    Attachment,
    Descriptor,
}

/// The other documented name of `clientApplicationDescriptor`.
pub(crate) const ALIAS: &str = "applicationDescriptor";

macro_rules! fields {
    ($($name:ident $text:literal $object:ident [$($other:literal)*])*) => {
        /// A field of the request. The order of the rows breaks ties between diagnostics.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Field { $($name),* }

        impl Field {
            pub(crate) const ALL: &'static [Field] = &[$(Field::$name),*];

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Field::$name => $text),* }
            }

            pub(crate) const fn object(self) -> Object {
                match self { $(Field::$name => Object::$object),* }
            }

            /// Names of the same in other APIs, which people bring along (contract §3).
            const fn other_names(self) -> &'static [&'static str] {
                match self { $(Field::$name => &[$($other),*]),* }
            }
        }
    };
}

#[rustfmt::skip] // a table
fields! {
    Text "text" Body ["message" "body" "messageText" "caption" "content" "mes"]
    Attachments "attachments" Body ["files" "file" "media" "documents" "document" "images" "image" "photo"]
    Url "url" Attachment ["link" "href" "src" "uri" "fileUrl" "media" "mediaUrl"]
    Name "name" Attachment ["fileName" "title"]
    Type "type" Attachment ["mimeType" "mime" "contentType" "mediaType"]
    Size "size" Attachment ["fileSize" "length" "bytes" "contentLength"]
    Descriptor "clientApplicationDescriptor" Body ["descriptor" "device" "recipient"]
    ChannelType "channelType" Descriptor ["channel" "channelName" "messenger" "transport"]
    ClientId "clientId" Descriptor ["externalClientId" "clientExternalId"]
    UnauthorizedClientId "unauthorizedClientId" Descriptor ["anonymousClientId" "guestId"]
    AppMarker "appMarker" Descriptor ["app" "appId" "application" "bundleId"]
    DeviceAddress "deviceAddress" Descriptor [
        "address" "phone" "phoneNumber" "msisdn" "to" "recipient" "receiver" "chatId" "peerId" "deviceId" "deviceToken" "email"
    ]
}

/// Some of the fields: a bit for each row of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSet(u16);

impl FieldSet {
    pub(crate) const NONE: FieldSet = FieldSet(0);

    pub(crate) const fn and(self, field: Field) -> FieldSet {
        FieldSet(self.0 | FieldSet::bit(field))
    }

    #[inline]
    pub(crate) const fn has(self, field: Field) -> bool {
        self.0 & FieldSet::bit(field) != 0
    }

    const fn bit(field: Field) -> u16 {
        1_u16.wrapping_shl(field as u32)
    }

    /// Their names, in the order of the wire.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        Field::ALL.iter().copied().filter(move |field| self.has(*field)).map(Field::name)
    }
}

/// Fields of the sibling endpoints that people send here by mistake (`api/page.md`, "[sibling]").
/// `clientId`, `channelType` and `appMarker` belong to the descriptor and need no row.
const SIBLINGS: [&str; 6] = ["threadsClientId", "threadId", "login", "status", "mode", "priority"];

/// The field that an unknown name was probably meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// A field of the same object.
    Suggestion(&'static str),
    /// Where a field of this name does belong.
    BelongsTo(&'static str),
}

/// What to say of an unknown `name` in `object`.
#[cold]
#[inline(never)]
pub(crate) fn hint(object: Object, name: &str) -> Option<Hint> {
    if suggest::is_long(name) {
        return None;
    }
    let fields = |object| Field::ALL.iter().copied().filter(move |field| field.object() == object);
    let alias = |object| (object == Object::Body).then_some(ALIAS);
    let names = |object| fields(object).map(Field::name).chain(alias(object));
    let letters = Letters::of(name);
    let is_same = |other: &str| letters.are_of(other);
    let is_other_name_of = |field: &Field| field.other_names().iter().any(|other| is_same(other));
    if let Some(index) = suggest::nearest_or_same(name, names(object)) {
        // Behind the fields stands the alias, which nobody should be sent to.
        return Some(Hint::Suggestion(fields(object).nth(index).unwrap_or(Field::Descriptor).name()));
    }
    if let Some(field) = fields(object).find(is_other_name_of) {
        return Some(Hint::Suggestion(field.name()));
    }
    let belongs = |object| names(object).any(is_same) || fields(object).any(|field| is_other_name_of(&field));
    // It is no name of this object, or it would have been suggested.
    let place = if belongs(Object::Body) {
        "body"
    } else if belongs(Object::Attachment) {
        "attachments"
    } else if belongs(Object::Descriptor) {
        "clientApplicationDescriptor"
    } else if SIBLINGS.into_iter().any(is_same) {
        "sibling_endpoint"
    } else {
        return None;
    };
    Some(Hint::BelongsTo(place))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;

    fn suggestion(object: Object, name: &str) -> Option<&'static str> {
        match hint(object, name) {
            Some(Hint::Suggestion(name)) => Some(name),
            _ => None,
        }
    }

    fn place(object: Object, name: &str) -> Option<&'static str> {
        match hint(object, name) {
            Some(Hint::BelongsTo(place)) => Some(place),
            _ => None,
        }
    }

    #[test]
    fn other_names_suggest_their_field_however_they_are_spelled() {
        for field in Field::ALL {
            for name in field.other_names().iter().chain([&field.name()]) {
                let spaced = name.chars().zip("_ -".chars().cycle()).flat_map(|(c, space)| [c, space]);
                let spaced: std::string::String = spaced.collect();
                for name in [*name, &name.to_uppercase(), &spaced] {
                    assert_eq!(suggestion(field.object(), name), Some(field.name()), "{name}");
                }
            }
        }
        let descriptor = Some("clientApplicationDescriptor");
        assert_eq!(suggestion(Object::Body, "application-descriptor"), descriptor);
        assert_eq!(suggestion(Object::Body, "A P P L I C A T I O N Descriptor"), descriptor);
    }

    #[test]
    fn the_nearest_name_comes_before_the_table() {
        assert_eq!(suggestion(Object::Attachment, "uri"), Some("url"));
        assert_eq!(suggestion(Object::Body, "texts"), Some("text"));
        assert_eq!(suggestion(Object::Body, "Text "), Some("text"));
        assert_eq!(suggestion(Object::Descriptor, "clientIds"), Some("clientId"));
        assert_eq!(suggestion(Object::Descriptor, "channeltype\u{A0}"), Some("channelType"));
        assert_eq!(suggestion(Object::Attachment, "t\u{A0}i\u{A0}t\u{A0}l\u{A0}e"), None, "no space but U+0020");
    }

    #[test]
    fn a_name_of_another_object_says_where_it_belongs() {
        for (object, name, expected) in [
            (Object::Body, "clientId", Some("clientApplicationDescriptor")),
            (Object::Body, "client_id", Some("clientApplicationDescriptor")),
            (Object::Body, "phone", Some("clientApplicationDescriptor")),
            (Object::Body, "file name", Some("attachments")),
            (Object::Attachment, "recipient", Some("body")),
            (Object::Attachment, "application_descriptor", Some("body")),
            (Object::Attachment, "text", Some("body")), // 2 away from `type`, which is half of its length
            (Object::Descriptor, "media", Some("body")),
            (Object::Descriptor, "mimeType", Some("attachments")),
            (Object::Descriptor, "THREAD-ID", Some("sibling_endpoint")),
            (Object::Body, "thread id", Some("sibling_endpoint")),
            (Object::Attachment, "priority", Some("sibling_endpoint")),
            (Object::Body, "nothing", None),
            (Object::Body, "", None),
            (Object::Body, "_", None),
        ] {
            assert_eq!(place(object, name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_over_64_scalar_values_gets_none() {
        let name = |dashes: usize| std::format!("title{}", "-".repeat(dashes));
        assert_eq!(suggestion(Object::Attachment, &name(59)), Some("name"));
        assert_eq!(hint(Object::Attachment, &name(60)), None);
        assert_eq!(hint(Object::Body, &name(60)), None);
        assert_eq!(place(Object::Body, &name(59)), Some("attachments"));
    }
}
