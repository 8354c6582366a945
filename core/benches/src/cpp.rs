//! The C and C++ contenders, and what they call back: the rules that everybody shares.

use crate::contender::Contender;
use crate::judge::{self, Given, List, Object, Place, Size};
use crate::library::{open, symbol};
use crate::visitor::Buffers;
use outgoing_to_device::{Code, Policy};
use std::ffi::{CStr, c_char, c_void};
use std::path::Path;
use std::slice;

#[repr(u8)]
#[derive(Clone, Copy, PartialEq)]
#[allow(dead_code, reason = "made in C++")]
enum State {
    Absent,
    Null,
    Mistyped,
    Read,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Text {
    bytes: *const u8,
    length: usize,
    state: State,
}

impl Text {
    #[inline(always)]
    unsafe fn given<'a>(&self) -> Given<'a> {
        match self.state {
            State::Absent => Given::Absent,
            State::Null => Given::Null,
            State::Mistyped => Given::Mistyped,
            // SAFETY: a string that was read is valid until the call that reads it ends.
            State::Read => Given::Read(unsafe { slice::from_raw_parts(self.bytes, self.length) }),
        }
    }

    #[inline(always)]
    fn set(&mut self, value: Option<&[u8]>) {
        *self = match value {
            Some(value) => Text { bytes: value.as_ptr(), length: value.len(), state: State::Read },
            None => Text { bytes: std::ptr::null(), length: 0, state: State::Absent },
        };
    }
}

#[repr(C)]
struct Attachment {
    strings: [Text; 3],
    size: u64,
    size_state: State,
}

#[repr(C)]
struct Message {
    text: Text,
    fields: [Text; 5],
    attachments: u8,
    descriptor: State,
    alias: bool,
    both: bool,
}

/// What a call of a contender works with.
struct Context<'a> {
    policy: &'a Policy,
    buffers: &'a mut Buffers,
    body: &'a [u8],
}

#[repr(C)]
struct Rules<'a, 'c> {
    context: &'a mut Context<'c>,
    report: unsafe extern "C" fn(&mut Context<'_>, u32, u32, u32, *const u8, usize),
    counts: extern "C" fn(&mut Context<'_>, u32) -> bool,
    attachment: unsafe extern "C" fn(&mut Context<'_>, u32, &mut Attachment) -> bool,
    message: unsafe extern "C" fn(&mut Context<'_>, &mut Message) -> bool,
}

unsafe extern "C" fn report(
    context: &mut Context<'_>,
    fault: u32,
    place: u32,
    index: u32,
    name: *const u8,
    length: usize,
) {
    // SAFETY: a name is UTF-8 that the reader has checked.
    let name = || unsafe { std::str::from_utf8_unchecked(slice::from_raw_parts(name, length)) };
    let code = match fault {
        0 => Code::TypeMismatch,
        1 => Code::UnknownField,
        2 => Code::DuplicateField,
        _ => {
            context.buffers.not_json(context.body);
            return;
        }
    };
    let place = match place {
        0 => Place::Body,
        1 => Place::Member(name()),
        2 => Place::Field(false, name()),
        3 => Place::Field(true, name()),
        4 => Place::Element(index),
        _ => Place::Attachment(index, name()),
    };
    context.buffers.report.add(code, place);
}

extern "C" fn counts(context: &mut Context<'_>, index: u32) -> bool {
    context.buffers.report.counts(context.policy, index)
}

unsafe extern "C" fn attachment(context: &mut Context<'_>, index: u32, read: &mut Attachment) -> bool {
    let [url, name, media_type] = &mut read.strings;
    let given = judge::Attachment {
        // SAFETY: see Text::given.
        strings: unsafe { [url.given(), name.given(), media_type.given()] },
        size: match read.size_state {
            State::Absent => Size::Absent,
            State::Null => Size::Mistyped,
            State::Mistyped => Size::OutOfRange,
            State::Read => Size::Read(read.size),
        },
    };
    let Buffers { report, media_type: scratch, .. } = &mut *context.buffers;
    let normal = judge::attachment(report, index, &given, scratch);
    url.set(Some(normal.url));
    name.set(normal.name);
    media_type.set(normal.media_type);
    report.violations == 0
}

unsafe extern "C" fn message(context: &mut Context<'_>, read: &mut Message) -> bool {
    let [a, b, c, d, e] = &read.fields;
    let given = judge::Message {
        // SAFETY: see Text::given.
        text: unsafe { read.text.given() },
        attachments: match read.attachments {
            0 => List::Absent,
            1 => List::Empty,
            _ => List::Some,
        },
        descriptor: match read.descriptor {
            State::Absent => Object::Absent,
            State::Null => Object::Null,
            State::Mistyped => Object::Mistyped,
            State::Read => Object::Read,
        },
        alias: read.alias,
        both: read.both,
        // SAFETY: see Text::given.
        fields: unsafe { [a.given(), b.given(), c.given(), d.given(), e.given()] },
    };
    let Buffers { report, scratch, .. } = &mut *context.buffers;
    let normal = judge::message(context.policy, report, &given, scratch);
    read.text.set(Some(normal.text));
    for (field, normal) in read.fields.iter_mut().zip(normal.fields) {
        field.set(normal);
    }
    report.violations == 0
}

type Check = unsafe extern "C" fn(*const u8, usize, &Rules<'_, '_>, *mut u8) -> i64;

/// A contender of one of the libraries that build.rs makes.
pub struct Cpp {
    policy: Policy,
    buffers: Buffers,
    check: Check,
    version: String,
}

impl Cpp {
    /// # Panics
    /// If build.rs made no such library.
    pub fn load(name: &str, build: &str) -> Cpp {
        let library = open(Path::new(&format!("{}/libpeers-{build}.so", env!("PEERS"))));
        // SAFETY: the symbols have the types that peer.hpp gives them.
        unsafe {
            let check = std::mem::transmute::<*mut c_void, Check>(symbol(library, &format!("check_{name}")));
            let version = symbol(library, &format!("version_{name}"));
            let version = std::mem::transmute::<*mut c_void, extern "C" fn() -> *const c_char>(version);
            let version = CStr::from_ptr(version()).to_string_lossy().into_owned();
            let mut buffers = Buffers::default();
            // Room for everything, as the writer wants it.
            buffers.out.reserve(32 << 20);
            Cpp { policy: Policy::default(), buffers, check, version }
        }
    }

    pub fn version(&self) -> &str {
        &self.version
    }
}

impl Contender for Cpp {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let Cpp { policy, buffers, check, .. } = self;
        let Some(json) = crate::visitor::admit(policy, body, buffers) else { return false };
        let out = buffers.out.as_mut_ptr();
        let mut context = Context { policy, buffers, body: json };
        let rules = Rules { context: &mut context, report, counts, attachment, message };
        // SAFETY: the body is followed by padding, and the buffer has room for what is written.
        unsafe {
            let length = check(json.as_ptr(), json.len(), &rules, out);
            if length >= 0 {
                self.buffers.out.set_len(length as usize);
            }
            length >= 0
        }
    }

    fn output(&self) -> &[u8] {
        &self.buffers.out
    }

    fn findings(&self) -> &[u8] {
        &self.buffers.report.lines
    }
}
