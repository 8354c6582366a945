//! Responses as data: a status, header fields and a body.

use crate::text::{Str, Texts, put};
use alloc::vec::Vec;
use core::ptr;
use outgoing_to_device::{HeaderFields, OutOfMemory};

/// A header field.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: Str,
    /// Its value.
    pub value: Str,
}

/// Strings, one after another.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Strings {
    /// The first one.
    pub data: *const Str,
    /// How many there are.
    pub len: usize,
}

impl Strings {
    pub(crate) const NONE: Strings = Strings { data: ptr::null(), len: 0 };
}

/// A response for the host to send. No header field carries CR, LF or NUL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u32,
    /// The header fields, in their order. `Content-Length` is the host's business: `body.len`.
    pub fields: *const Field,
    /// How many header fields there are.
    pub fields_len: usize,
    /// The body: JSON without a newline.
    pub body: Str,
}

impl Reply {
    pub(crate) const NONE: Reply = Reply { status: 0, fields: ptr::null(), fields_len: 0, body: Str::NONE };
}

/// A success response.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Response {
    /// The message.
    pub id: i64,
    /// The new thread of the message.
    pub thread_id: i64,
    /// The client to whom the message was sent.
    pub client_id: i64,
    /// The agent from whom the message was sent.
    pub agent_id: i64,
    /// The external identifier of that client; `data == NULL` if there is none.
    pub client_external_id: Str,
}

impl Response {
    pub(crate) const NONE: Response =
        Response { id: 0, thread_id: 0, client_id: 0, agent_id: 0, client_external_id: Str::NONE };
}

/// A reply that is written out, in buffers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    texts: Texts,
    fields: Vec<Field>,
    strings: Vec<Str>,
}

impl Replies {
    pub(crate) const fn new() -> Replies {
        Replies { texts: Texts::new(), fields: Vec::new(), strings: Vec::new() }
    }

    /// Writes out a reply whose body `write` writes.
    pub(crate) fn reply(
        &mut self,
        status: u16,
        fields: HeaderFields,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>,
    ) -> Result<Reply, OutOfMemory> {
        self.texts.clear();
        self.fields.clear();
        let mut body = self.texts.add_with(write)?;
        for (name, value) in fields {
            let field = Field { name: self.texts.add(name)?, value: self.texts.add(value)? };
            put(&mut self.fields, &[field])?;
        }
        let in_fields = self.fields.iter_mut().flat_map(|Field { name, value }| [name, value]);
        self.texts.settle(in_fields.chain([&mut body]));
        Ok(Reply { status: u32::from(status), fields: self.fields.as_ptr(), fields_len: self.fields.len(), body })
    }

    /// Writes out some strings.
    pub(crate) fn strings<'a>(&mut self, from: impl Iterator<Item = &'a str>) -> Result<Strings, OutOfMemory> {
        self.texts.clear();
        self.strings.clear();
        for string in from {
            let string = self.texts.add(string)?;
            put(&mut self.strings, &[string])?;
        }
        self.texts.settle(&mut self.strings);
        Ok(Strings { data: self.strings.as_ptr(), len: self.strings.len() })
    }

    /// Writes out one text.
    pub(crate) fn text(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>,
    ) -> Result<Str, OutOfMemory> {
        self.texts.clear();
        let mut text = self.texts.add_with(write)?;
        self.texts.settle([&mut text]);
        Ok(text)
    }
}
