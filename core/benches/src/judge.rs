//! What the contenders share: core's own rules, asked in the same way whoever read the values, so
//! that only reading, collecting and writing differ.

use outgoing_to_device::bench::{self as rules, Passed};
use outgoing_to_device::{Code, Policy};

pub const BODY: [&str; 4] = ["text", "attachments", DESCRIPTOR[0], DESCRIPTOR[1]];
/// The descriptor's name and its other documented name.
pub const DESCRIPTOR: [&str; 2] = ["clientApplicationDescriptor", "applicationDescriptor"];
pub const FIELDS: [&str; 5] = ["channelType", "clientId", "unauthorizedClientId", "appMarker", "deviceAddress"];
pub const ATTACHMENT: [&str; 4] = ["url", "name", "type", "size"];

/// A string field as a reader found it.
#[derive(Clone, Copy, Default)]
pub enum Given<'a> {
    #[default]
    Absent,
    Null,
    Mistyped,
    Read(&'a [u8]),
}

/// A number field as a reader found it.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Size {
    #[default]
    Absent,
    /// Of another type, or with a fraction.
    Mistyped,
    OutOfRange,
    Read(u64),
}

impl Size {
    pub fn unsigned(value: u64) -> Size {
        if value <= rules::SIZE_LIMIT { Size::Read(value) } else { Size::OutOfRange }
    }

    pub fn signed(value: i64) -> Size {
        u64::try_from(value).map_or(Size::OutOfRange, Size::unsigned)
    }

    /// As exact as a reader can be that makes a double of it.
    pub fn float(value: f64) -> Size {
        if value.fract() != 0.0 {
            Size::Mistyped
        } else if (0.0..=rules::SIZE_LIMIT as f64).contains(&value) {
            Size::Read(value as u64)
        } else {
            Size::OutOfRange
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum List {
    #[default]
    Absent,
    Empty,
    /// One element at least, or no list at all.
    Some,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Object {
    #[default]
    Absent,
    Null,
    Mistyped,
    Read,
}

#[derive(Default)]
pub struct Attachment<'a> {
    /// url, name and type.
    pub strings: [Given<'a>; 3],
    pub size: Size,
}

#[derive(Default)]
pub struct Message<'a> {
    pub text: Given<'a>,
    pub attachments: List,
    pub descriptor: Object,
    /// The descriptor that counts stands under its other name.
    pub alias: bool,
    /// Both names of the descriptor stand in the body.
    pub both: bool,
    /// In the order of [`FIELDS`].
    pub fields: [Given<'a>; 5],
}

pub struct NormalAttachment<'a> {
    pub url: &'a [u8],
    pub name: Option<&'a [u8]>,
    pub media_type: Option<&'a [u8]>,
    pub size: Option<u64>,
}

pub struct Normal<'a> {
    pub text: &'a [u8],
    /// In the order of [`FIELDS`]; the first and the last are there.
    pub fields: [Option<&'a [u8]>; 5],
}

/// Room for the values that normalizing changes.
#[derive(Default)]
pub struct Scratch {
    text: Vec<u8>,
    address: Vec<u8>,
}

/// Where a finding is.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    Body,
    Member(&'a str),
    /// Of the descriptor under one of its names.
    Field(bool, &'a str),
    Element(u32),
    Attachment(u32, &'a str),
}

/// The findings as lines: the code's number, the pointer. In no order; what is compared is sorted.
#[derive(Default)]
pub struct Report {
    pub lines: Vec<u8>,
    pub violations: u32,
}

impl Report {
    pub fn clear(&mut self) {
        self.lines.clear();
        self.violations = 0;
    }

    /// A fault of the body, which comes alone.
    #[cold]
    #[inline(never)]
    pub fn only(&mut self, code: Code) {
        self.clear();
        self.add(code, Place::Body);
    }

    #[cold]
    #[inline(never)]
    pub fn add(&mut self, code: Code, place: Place<'_>) {
        self.violations += u32::from(code.severity() == outgoing_to_device::Severity::Violation);
        let lines = &mut self.lines;
        lines.push(code.number());
        let name = match place {
            Place::Body => None,
            Place::Member(name) => Some(name),
            Place::Field(alias, name) => {
                lines.push(b'/');
                lines.extend_from_slice(DESCRIPTOR[usize::from(alias)].as_bytes());
                Some(name)
            }
            Place::Element(index) | Place::Attachment(index, _) => {
                lines.extend_from_slice(b"/attachments/");
                decimal(lines, index.into());
                match place {
                    Place::Attachment(_, name) => Some(name),
                    _ => None,
                }
            }
        };
        if let Some(name) = name {
            lines.push(b'/');
            token(lines, name);
        }
        lines.push(b'\n');
    }

    /// Of an attachment with this index: whether it counts.
    pub fn counts(&mut self, policy: &Policy, index: u32) -> bool {
        let limit = policy.limits().attachments;
        if index == limit {
            self.add(Code::TooManyItems, Place::Element(index));
        }
        index < limit
    }
}

/// A reference token (RFC 6901), names over 64 UTF-16 units cut.
fn token(out: &mut Vec<u8>, name: &str) {
    let mut units = 0;
    for c in name.chars() {
        units += c.len_utf16();
        if units > 64 {
            out.extend_from_slice("…".as_bytes());
            return;
        }
        match c {
            '~' => out.extend_from_slice(b"~0"),
            '/' => out.extend_from_slice(b"~1"),
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

pub fn decimal(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// What became of a string field.
enum Judged<'a> {
    /// Absent, null or blank.
    None,
    Blank,
    Refused,
    /// Unless the rule wrote another one.
    Good(&'a [u8], Passed),
}

impl<'a> Judged<'a> {
    #[inline(always)]
    fn value(&self) -> Option<&'a [u8]> {
        match self {
            Judged::Good(value, _) => Some(value),
            _ => None,
        }
    }

    fn is_absent(&self) -> bool {
        matches!(self, Judged::None | Judged::Blank)
    }
}

/// The rules of every string but the text. `rewritten` is what the syntax rule wrote, for its length.
#[inline(always)]
fn string<'a>(
    report: &mut Report,
    given: Given<'a>,
    place: Place<'_>,
    limit: u32,
    code: Code,
    out: &mut Vec<u8>,
    syntax: impl FnOnce(&'a [u8], &mut Vec<u8>) -> Option<Passed>,
) -> Judged<'a> {
    let value = match given {
        Given::Absent | Given::Null => return Judged::None,
        Given::Mistyped => {
            report.add(Code::TypeMismatch, place);
            return Judged::Refused;
        }
        Given::Read(value) => rules::trim(value),
    };
    if value.is_empty() {
        return Judged::Blank;
    }
    let fault = if rules::has_control(value) {
        Code::ControlCharacter
    } else {
        let passed = syntax(value, out);
        let measured = if matches!(passed, Some(Passed { rewritten: true, .. })) { &**out } else { value };
        match passed {
            _ if rules::is_longer(measured, limit) => Code::TooLong,
            Some(passed) => {
                passed.warnings().for_each(|code| report.add(code, place));
                return Judged::Good(value, passed);
            }
            None => code,
        }
    };
    report.add(fault, place);
    Judged::Refused
}

#[inline(always)]
fn required(report: &mut Report, judged: &Judged<'_>, place: Place<'_>) {
    match judged {
        Judged::None => report.add(Code::MissingField, place),
        Judged::Blank => report.add(Code::Blank, place),
        _ => {}
    }
}

/// Judges an attachment. `scratch` holds a rewritten media type.
#[inline(always)]
pub fn attachment<'a>(
    report: &mut Report,
    index: u32,
    given: &Attachment<'a>,
    scratch: &'a mut Vec<u8>,
) -> NormalAttachment<'a> {
    scratch.clear();
    let at = |i: usize| Place::Attachment(index, ATTACHMENT[i]);
    let [url, name, media_type] = given.strings;
    let url = string(report, url, at(0), rules::URL_LIMIT, Code::InvalidUrl, scratch, |url, _| rules::url(url));
    required(report, &url, at(0));
    let name =
        string(report, name, at(1), rules::NAME_LIMIT, Code::InvalidName, scratch, |name, _| rules::file_name(name));
    let media_type =
        string(report, media_type, at(2), rules::TYPE_LIMIT, Code::InvalidMediaType, scratch, rules::media_type);
    let size = match given.size {
        Size::Absent => None,
        Size::Read(size) => Some(size),
        Size::Mistyped => {
            report.add(Code::TypeMismatch, at(3));
            None
        }
        Size::OutOfRange => {
            report.add(Code::OutOfRange, at(3));
            None
        }
    };
    let tells_nothing = media_type.is_absent() || media_type.value().is_some_and(rules::tells_nothing);
    if tells_nothing && !matches!(name, Judged::Refused) && !rules::has_extension(name.value().unwrap_or(&[])) {
        report.add(Code::AttachmentKindUnknown, Place::Element(index));
    }
    NormalAttachment {
        url: url.value().unwrap_or(&[]),
        name: name.value(),
        media_type: match media_type {
            Judged::Good(_, Passed { rewritten: true, .. }) => Some(scratch),
            other => other.value(),
        },
        size,
    }
}

/// Judges the message once it is read.
#[inline(always)]
pub fn message<'a>(
    policy: &'a Policy,
    report: &mut Report,
    given: &Message<'a>,
    scratch: &'a mut Scratch,
) -> Normal<'a> {
    let Scratch { text: text_scratch, address: scratch } = scratch;
    scratch.clear();
    let at = |i: usize| Place::Field(given.alias, FIELDS[i]);
    let mut fields = [None; 5];
    let mut channel = None;
    match given.descriptor {
        Object::Absent => report.add(Code::MissingField, Place::Member(DESCRIPTOR[0])),
        Object::Null => report.add(Code::MissingField, Place::Member(DESCRIPTOR[usize::from(given.alias)])),
        Object::Mistyped => report.add(Code::TypeMismatch, Place::Member(DESCRIPTOR[usize::from(given.alias)])),
        Object::Read => {
            if given.alias && !given.both {
                report.add(Code::AliasField, Place::Member(DESCRIPTOR[1]));
            }
            let [channel_type, ids @ .., address] = given.fields;
            let channel_type = string(report, channel_type, at(0), u32::MAX, Code::UnknownChannel, scratch, |_, _| {
                Some(Passed::AS_IS)
            });
            required(report, &channel_type, at(0));
            if let Some(name) = channel_type.value() {
                channel = core::str::from_utf8(name).ok().and_then(|name| policy.channel(name));
                match channel {
                    Some(channel) => fields[0] = Some(channel.name().as_bytes()),
                    None => report.add(Code::UnknownChannel, at(0)),
                }
            }
            let limit = policy.limits().identifier;
            let requires = channel.map_or([false; 3], rules::requires);
            for (i, (id, required)) in ids.into_iter().zip(requires).enumerate() {
                let id = string(report, id, at(i + 1), limit, Code::TooLong, scratch, |id, _| rules::identifier(id));
                if required && id.is_absent() {
                    report.add(Code::RequiredByChannel, at(i + 1));
                }
                fields[i + 1] = id.value();
            }
            let limit = policy.limits().address;
            let judged = string(report, address, at(4), limit, Code::InvalidAddress, scratch, |value, out| {
                channel.map_or(Some(Passed::AS_IS), |channel| rules::address(channel, value, out))
            });
            required(report, &judged, at(4));
            fields[4] = judged.value();
            if let Judged::Good(_, Passed { rewritten: true, .. }) = judged {
                fields[4] = Some(scratch);
            }
        }
    }
    let place = Place::Member(BODY[0]);
    let beside_attachments = given.attachments == List::Some;
    let Given::Read(text) = given.text else {
        match given.text {
            Given::Mistyped => report.add(Code::TypeMismatch, place),
            _ if !beside_attachments => report.add(Code::MissingField, place),
            _ => {}
        }
        return Normal { text: &[], fields };
    };
    let is_odd = rules::is_odd(text);
    text_scratch.clear();
    let text = if is_odd && rules::line_ends(text, text_scratch) { text_scratch.as_slice() } else { text };
    let limit = channel.map_or(rules::TEXT_LIMIT, |channel| channel.text_limit());
    let long = channel.and_then(|channel| rules::long_text(channel, beside_attachments));
    if is_odd && rules::has_control_in_text(text) {
        report.add(Code::ControlCharacter, place);
    } else if rules::is_longer(text, limit) {
        report.add(Code::TooLong, place);
    } else if !beside_attachments && rules::is_blank(text) {
        report.add(Code::EmptyMessage, place);
    } else {
        if is_odd && rules::is_garbled(text) {
            report.add(Code::GarbledText, place);
        }
        if long.is_some_and(|long| rules::is_longer(text, long)) {
            report.add(Code::LongText, place);
        }
    }
    Normal { text, fields }
}
