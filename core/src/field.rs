//! The wire fields: their names, the objects that they stand in and their order (contract §7).

use crate::rules::suggest;

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
    ($($name:ident $text:literal $object:ident)*) => {
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
        }
    };
}

fields! {
    Text "text" Body
    Attachments "attachments" Body
    Url "url" Attachment
    Name "name" Attachment
    Type "type" Attachment
    Size "size" Attachment
    Descriptor "clientApplicationDescriptor" Body
    ChannelType "channelType" Descriptor
    ClientId "clientId" Descriptor
    UnauthorizedClientId "unauthorizedClientId" Descriptor
    AppMarker "appMarker" Descriptor
    DeviceAddress "deviceAddress" Descriptor
}

/// The limits of an attachment's strings, in UTF-16 code units (`api/page.md`, "[sibling]").
pub(crate) const URL_LIMIT: u32 = 4_000;
pub(crate) const NAME_LIMIT: u32 = 1_000;
pub(crate) const TYPE_LIMIT: u32 = 256;
/// The largest size: 2^53 - 1, which every JSON reader keeps exactly.
pub(crate) const SIZE_LIMIT: u64 = (1 << 53) - 1;

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
pub(crate) fn hint(object: Object, name: &str) -> Option<Hint> {
    let same = || Field::ALL.iter().filter(|field| field.object() == object).map(|field| field.name());
    let alias = (object == Object::Body).then_some(ALIAS);
    if let Some(index) = suggest::nearest(name, same().chain(alias)) {
        // Behind the fields stands the alias, which nobody should be sent to.
        return Some(Hint::Suggestion(same().nth(index).unwrap_or(Field::Descriptor.name())));
    }
    let elsewhere = |o: Object| {
        let mut names = Field::ALL.iter().filter(|field| field.object() == o).map(|field| field.name());
        o != object
            && (names.any(|n| n.eq_ignore_ascii_case(name)) || o == Object::Body && name.eq_ignore_ascii_case(ALIAS))
    };
    let place = if elsewhere(Object::Body) {
        "body"
    } else if elsewhere(Object::Attachment) {
        "attachments"
    } else if elsewhere(Object::Descriptor) {
        "clientApplicationDescriptor"
    } else if SIBLINGS.iter().any(|n| n.eq_ignore_ascii_case(name)) {
        "sibling_endpoint"
    } else {
        return None;
    };
    Some(Hint::BelongsTo(place))
}
