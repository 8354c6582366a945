//! A hand-written serde visitor that borrows strings and collects every finding; it drives
//! serde_json, sonic-rs and simd-json.

use crate::judge::{self, Attachment, Given, List, Message, Object, Place, Report, Scratch, Size};
use crate::write;
use outgoing_to_device::{Code, Policy};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Buffers that live from body to body.
#[derive(Default)]
pub struct Buffers {
    pub out: Vec<u8>,
    pub report: Report,
    pub attachments: Vec<u8>,
    pub media_type: Vec<u8>,
    pub scratch: Scratch,
}

impl Buffers {
    pub fn clear(&mut self) {
        self.out.clear();
        self.report.clear();
        self.attachments.clear();
    }

    /// A body of which nothing else can be said.
    #[cold]
    pub fn not_json(&mut self, body: &[u8]) -> bool {
        let blank = body.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.report.only(if blank {
            Code::EmptyBody
        } else if std::str::from_utf8(body).is_err() {
            Code::InvalidUtf8
        } else {
            Code::InvalidJson
        });
        false
    }

    /// Judges what was read, and writes it if it is accepted.
    #[inline]
    pub fn finish(&mut self, policy: &Policy, message: Option<&Message<'_>>) -> bool {
        let Some(message) = message else {
            self.report.add(Code::TypeMismatch, Place::Body);
            return false;
        };
        let normal = judge::message(policy, &mut self.report, message, &mut self.scratch);
        let accepted = self.report.violations == 0;
        if accepted {
            write::message(&mut self.out, &normal, &self.attachments);
        }
        accepted
    }
}

/// The body without what may stand before it, if it is not too large to look at.
#[inline]
pub fn admit<'b>(policy: &Policy, body: &'b [u8], buffers: &mut Buffers) -> Option<&'b [u8]> {
    buffers.clear();
    if body.len() > policy.limits().body as usize {
        buffers.report.only(Code::BodyTooLarge);
        return None;
    }
    Some(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

/// Reads a body; none where it is not an object.
#[inline]
pub fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
    policy: &Policy,
    buffers: &mut Buffers,
) -> Result<Option<Read<'de>>, D::Error> {
    Body { policy, buffers }.deserialize(deserializer)
}

/// Strings borrowed where the reader can lend them.
#[derive(Default)]
pub struct Read<'de> {
    text: Text<'de>,
    attachments: List,
    descriptor: Object,
    alias: bool,
    names: u8,
    fields: [Text<'de>; 5],
}

impl Read<'_> {
    #[inline]
    pub fn message(&self) -> Message<'_> {
        let [a, b, c, d, e] = &self.fields;
        Message {
            text: self.text.given(),
            attachments: self.attachments,
            descriptor: self.descriptor,
            alias: self.alias,
            both: self.names & 0b1100 == 0b1100,
            fields: [a.given(), b.given(), c.given(), d.given(), e.given()],
        }
    }
}

#[derive(Default)]
enum Text<'de> {
    #[default]
    Absent,
    Null,
    Mistyped,
    Read(Cow<'de, str>),
}

impl Text<'_> {
    #[inline(always)]
    fn given(&self) -> Given<'_> {
        match self {
            Text::Absent => Given::Absent,
            Text::Null => Given::Null,
            Text::Mistyped => Given::Mistyped,
            Text::Read(text) => Given::Read(text.as_bytes()),
        }
    }
}

macro_rules! seed {
    ($name:ty, $value:ty, $method:ident) => {
        impl<'de> DeserializeSeed<'de> for $name {
            type Value = $value;
            #[inline]
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.$method(self)
            }
        }
    };
}

/// The methods of a visitor for the JSON types that it has no use for.
macro_rules! others {
    ($value:ty, $self:ident => $other:expr; $($kind:ident)*) => { $(others!(@$kind $value, $self => $other);)* };
    (@null $value:ty, $self:ident => $other:expr) => {
        fn visit_unit<E: Error>($self) -> Result<$value, E> { Ok($other) }
        fn visit_none<E: Error>($self) -> Result<$value, E> { Ok($other) }
    };
    (@boolean $value:ty, $self:ident => $other:expr) => {
        fn visit_bool<E: Error>($self, _: bool) -> Result<$value, E> { Ok($other) }
    };
    (@number $value:ty, $self:ident => $other:expr) => {
        fn visit_i64<E: Error>($self, _: i64) -> Result<$value, E> { Ok($other) }
        fn visit_u64<E: Error>($self, _: u64) -> Result<$value, E> { Ok($other) }
        fn visit_f64<E: Error>($self, _: f64) -> Result<$value, E> { Ok($other) }
    };
    (@string $value:ty, $self:ident => $other:expr) => {
        fn visit_str<E: Error>($self, _: &str) -> Result<$value, E> { Ok($other) }
    };
    (@array $value:ty, $self:ident => $other:expr) => {
        fn visit_seq<A: SeqAccess<'de>>($self, mut array: A) -> Result<$value, A::Error> {
            while array.next_element::<IgnoredAny>()?.is_some() {}
            Ok($other)
        }
    };
    (@object $value:ty, $self:ident => $other:expr) => {
        fn visit_map<A: MapAccess<'de>>($self, mut object: A) -> Result<$value, A::Error> {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($other)
        }
    };
}

macro_rules! expecting {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("JSON")
        }
    };
}

struct TextSeed;
seed!(TextSeed, Text<'de>, deserialize_any);

impl<'de> Visitor<'de> for TextSeed {
    type Value = Text<'de>;
    expecting!();
    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text::Read(Cow::Borrowed(text)))
    }
    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text::Read(Cow::Owned(text.into())))
    }
    #[inline]
    fn visit_string<E: Error>(self, text: String) -> Result<Text<'de>, E> {
        Ok(Text::Read(Cow::Owned(text)))
    }
    others!(Text<'de>, self => Text::Null; null);
    others!(Text<'de>, self => Text::Mistyped; boolean number array object);
}

struct SizeSeed;
seed!(SizeSeed, Size, deserialize_any);

impl<'de> Visitor<'de> for SizeSeed {
    type Value = Size;
    expecting!();
    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Size, E> {
        Ok(Size::unsigned(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Size, E> {
        Ok(Size::signed(value))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Size, E> {
        Ok(Size::float(value))
    }
    others!(Size, self => Size::Absent; null);
    others!(Size, self => Size::Mistyped; boolean string array object);
}

/// The object that a key stands in.
#[derive(Clone, Copy)]
enum Within {
    Body,
    Descriptor(bool),
    Attachment(u32),
}

impl Within {
    fn place(self, name: &str) -> Place<'_> {
        match self {
            Within::Body => Place::Member(name),
            Within::Descriptor(alias) => Place::Field(alias, name),
            Within::Attachment(index) => Place::Attachment(index, name),
        }
    }
}

/// Which of the names a key is; one that is none is reported here, where its text is at hand.
struct Key<'n, 'r> {
    names: &'n [&'n str],
    within: Within,
    report: &'r mut Report,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<usize>;
    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<usize>;
    expecting!();
    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        let name = self.names.iter().position(|name| *name == key);
        if name.is_none() {
            self.report.add(Code::UnknownField, self.within.place(key));
        }
        Ok(name)
    }
}

struct Body<'p, 'x> {
    policy: &'p Policy,
    buffers: &'x mut Buffers,
}
seed!(Body<'_, '_>, Option<Read<'de>>, deserialize_any);

impl<'de> Visitor<'de> for Body<'_, '_> {
    type Value = Option<Read<'de>>;
    expecting!();
    others!(Option<Read<'de>>, self => None; null boolean number string array);

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Option<Read<'de>>, A::Error> {
        let Body { policy, buffers } = self;
        let mut read = Read::default();
        let mut seen = 0_u8;
        let within = Within::Body;
        while let Some(name) = object.next_key_seed(Key { names: &judge::BODY, within, report: &mut buffers.report })? {
            let Some(name) = name else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            read.names |= 1 << name;
            // Both names of the descriptor are one field.
            let field = 1 << name.min(2);
            if seen & field != 0 {
                buffers.report.add(Code::DuplicateField, within.place(judge::BODY[name]));
                object.next_value::<IgnoredAny>()?;
                continue;
            }
            seen |= field;
            match name {
                0 => read.text = object.next_value_seed(TextSeed)?,
                1 => read.attachments = object.next_value_seed(Attachments { policy, buffers: &mut *buffers })?,
                _ => {
                    read.alias = name == 3;
                    let report = &mut buffers.report;
                    read.descriptor =
                        object.next_value_seed(Descriptor { report, alias: read.alias, fields: &mut read.fields })?;
                }
            }
        }
        Ok(Some(read))
    }
}

struct Descriptor<'x, 'de> {
    report: &'x mut Report,
    alias: bool,
    fields: &'x mut [Text<'de>; 5],
}

impl<'de> DeserializeSeed<'de> for Descriptor<'_, 'de> {
    type Value = Object;
    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Descriptor<'_, 'de> {
    type Value = Object;
    expecting!();
    others!(Object, self => Object::Null; null);
    others!(Object, self => Object::Mistyped; boolean number string array);

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Object, A::Error> {
        let within = Within::Descriptor(self.alias);
        let mut seen = 0_u8;
        while let Some(name) = object.next_key_seed(Key { names: &judge::FIELDS, within, report: self.report })? {
            let Some(name) = name else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & 1 << name != 0 {
                self.report.add(Code::DuplicateField, within.place(judge::FIELDS[name]));
                object.next_value::<IgnoredAny>()?;
                continue;
            }
            seen |= 1 << name;
            self.fields[name] = object.next_value_seed(TextSeed)?;
        }
        Ok(Object::Read)
    }
}

struct Attachments<'p, 'x> {
    policy: &'p Policy,
    buffers: &'x mut Buffers,
}
seed!(Attachments<'_, '_>, List, deserialize_any);

impl Attachments<'_, '_> {
    fn mistyped(self) -> List {
        self.buffers.report.add(Code::TypeMismatch, Place::Member("attachments"));
        List::Some
    }
}

impl<'de> Visitor<'de> for Attachments<'_, '_> {
    type Value = List;
    expecting!();
    others!(List, self => List::Absent; null);
    others!(List, self => self.mistyped(); boolean number string object);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<List, A::Error> {
        let mut index = 0;
        loop {
            let element = Element { policy: self.policy, buffers: &mut *self.buffers, index };
            if array.next_element_seed(element)?.is_none() {
                return Ok(if index == 0 { List::Empty } else { List::Some });
            }
            index += 1;
        }
    }
}

struct Element<'p, 'x> {
    policy: &'p Policy,
    buffers: &'x mut Buffers,
    index: u32,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();
    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.buffers.report.counts(self.policy, self.index) {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ())
        }
    }
}

impl Element<'_, '_> {
    fn mistyped(self) {
        self.buffers.report.add(Code::TypeMismatch, Place::Element(self.index));
    }
}

impl<'de> Visitor<'de> for Element<'_, '_> {
    type Value = ();
    expecting!();
    others!((), self => self.mistyped(); null boolean number string array);

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Buffers { report, attachments, media_type, .. } = self.buffers;
        let within = Within::Attachment(self.index);
        let mut strings: [Text<'de>; 3] = Default::default();
        let mut size = Size::Absent;
        let mut seen = 0_u8;
        while let Some(name) = object.next_key_seed(Key { names: &judge::ATTACHMENT, within, report })? {
            let Some(name) = name else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & 1 << name != 0 {
                report.add(Code::DuplicateField, within.place(judge::ATTACHMENT[name]));
                object.next_value::<IgnoredAny>()?;
                continue;
            }
            seen |= 1 << name;
            if name == 3 {
                size = object.next_value_seed(SizeSeed)?;
            } else {
                strings[name] = object.next_value_seed(TextSeed)?;
            }
        }
        let [url, name, kind] = &strings;
        let given = Attachment { strings: [url.given(), name.given(), kind.given()], size };
        let normal = judge::attachment(report, self.index, &given, media_type);
        if report.violations == 0 {
            write::attachment(attachments, &normal);
        }
        Ok(())
    }
}
