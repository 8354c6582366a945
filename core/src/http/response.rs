//! The success response (contract §8).

use crate::code::{Code, Warnings};
use crate::findings::{Detail, Findings};
use crate::http::HeaderFields;
use crate::json::cursor::{Member, Object};
use crate::json::document;
use crate::json::members::Names;
use crate::json::number::{self, Integer};
use crate::json::reader::Reader;
use crate::json::scan;
use crate::json::stop::Read;
use crate::json::string::Form;
use crate::json::write;
use crate::limits::Limits;
use crate::meaning::meaning;
use crate::memory::{OutOfMemory, put_bytes};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What the endpoint answers when it has sent a message.
///
/// ```
/// use outgoing_to_device::Response;
/// let response = Response { id: 1, thread_id: 2, client_id: 1, client_external_id: None, agent_id: 3 };
/// let json = br#"{"id":1,"threadId":2,"clientId":1,"clientExternalId":null,"agentId":3}"#;
/// assert_eq!(response.to_json(), json);
/// assert_eq!(Response::from_json(json)?, response);
/// assert_eq!(Response::STATUS, 200);
/// # Ok::<(), outgoing_to_device::RejectionBuf>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Response {
    #[doc = meaning!(id)]
    pub id: i64,
    #[doc = meaning!(thread_id)]
    pub thread_id: i64,
    #[doc = meaning!(receiver_id)]
    pub client_id: i64,
    #[doc = meaning!(client_external_id)]
    pub client_external_id: Option<String>,
    #[doc = meaning!(agent_id)]
    pub agent_id: i64,
}

/// A [`Response`] that borrows its one string, so that writing it allocates nothing but the buffer.
///
/// ```
/// use outgoing_to_device::ResponseRef;
/// let id = String::from("7-ё");
/// let response = ResponseRef { id: 1, thread_id: 2, client_id: 1, client_external_id: Some(&id), agent_id: 3 };
/// let mut out = Vec::new();
/// response.write(&mut out)?;
/// assert_eq!(out, r#"{"id":1,"threadId":2,"clientId":1,"clientExternalId":"7-ё","agentId":3}"#.as_bytes());
/// # Ok::<(), outgoing_to_device::OutOfMemory>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the fields are those of `Response`")]
pub struct ResponseRef<'a> {
    pub id: i64,
    pub thread_id: i64,
    pub client_id: i64,
    pub client_external_id: Option<&'a str>,
    pub agent_id: i64,
}

impl Response {
    /// The status of a response.
    pub const STATUS: u16 = 200;

    /// The header fields of a response, as the endpoint's documentation has them.
    pub const HEADER_FIELDS: HeaderFields = &[
        ("vary", "Origin"),
        ("vary", "Access-Control-Request-Method"),
        ("vary", "Access-Control-Request-Headers"),
        ("content-type", "application/json"),
    ];

    /// The same response, borrowed.
    pub fn as_ref(&self) -> ResponseRef<'_> {
        let Response { id, thread_id, client_id, ref client_external_id, agent_id } = *self;
        ResponseRef { id, thread_id, client_id, client_external_id: client_external_id.as_deref(), agent_id }
    }

    /// Appends the response: compact JSON, UTF-8, no trailing newline.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        self.as_ref().write(out)
    }

    /// The response in a buffer of its own.
    pub fn to_json(&self) -> Vec<u8> {
        self.as_ref().to_json()
    }
}

impl ResponseRef<'_> {
    /// The response in a buffer of its own.
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        crate::memory::or_abort(self.write(&mut out));
        out
    }

    /// Appends the response: compact JSON, UTF-8, no trailing newline.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        // A field that somebody adds must be written: no `..` here.
        let ResponseRef { id, thread_id, client_id, client_external_id, agent_id } = *self;
        put_bytes(out, b"{\"id\":")?;
        write::integer(out, id)?;
        put_bytes(out, b",\"threadId\":")?;
        write::integer(out, thread_id)?;
        put_bytes(out, b",\"clientId\":")?;
        write::integer(out, client_id)?;
        put_bytes(out, b",\"clientExternalId\":")?;
        match client_external_id {
            Some(id) => write::quoted(out, id.as_bytes())?,
            None => put_bytes(out, b"null")?,
        }
        put_bytes(out, b",\"agentId\":")?;
        write::integer(out, agent_id)?;
        put_bytes(out, b"}")
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl fmt::Debug for ResponseRef<'_> {
    /// Shows the message and its thread, and no identifier of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("id", &self.id).field("thread_id", &self.thread_id).finish_non_exhaustive()
    }
}

/// The fields of the response, in the order of writing.
#[derive(Clone, Copy)]
enum ResponseField {
    Id,
    ThreadId,
    ClientId,
    ClientExternalId,
    AgentId,
}

const RESPONSE: Names<ResponseField, 5> = Names::new([
    ("id", ResponseField::Id),
    ("threadId", ResponseField::ThreadId),
    ("clientId", ResponseField::ClientId),
    ("clientExternalId", ResponseField::ClientExternalId),
    ("agentId", ResponseField::AgentId),
]);

/// Reads the response in `json`; none if there is a fault, and then `findings` has them all.
/// Fields that a server adds are passed over.
pub(crate) fn read(json: &[u8], findings: &mut Findings) -> Result<Option<Response>, OutOfMemory> {
    let mut ids = Ids::default();
    let mut external = None;
    document::read(json, &Limits::DEFAULT, Warnings::NONE, findings, |reader, at| {
        let mut fields = Fields { reader, ids: &mut ids, external: &mut external };
        let result = fields.object(at);
        (fields.reader, result)
    })?;
    if findings.rejected() {
        return Ok(None);
    }
    let Ids { id, thread_id, client_id, agent_id } = ids;
    // The text was found to be UTF-8, so nothing is lost here.
    let client_external_id = external.and_then(|id| String::from_utf8(id).ok());
    Ok(Some(Response { id, thread_id, client_id, client_external_id, agent_id }))
}

#[derive(Default)]
struct Ids {
    id: i64,
    thread_id: i64,
    client_id: i64,
    agent_id: i64,
}

struct Fields<'b, 'r, 'f> {
    reader: Reader<'b, 'f>,
    ids: &'r mut Ids,
    external: &'r mut Option<Vec<u8>>,
}

impl Fields<'_, '_, '_> {
    fn object(&mut self, at: u32) -> Read<u32> {
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let mut object = Object::new(at);
        while let Some(member) = object.next(&mut self.reader, RESPONSE.names())? {
            let (field, value) = match member {
                Member::Known(row, _, value) => (RESPONSE.field(row), value),
                Member::Other(_, value) => (None, value),
            };
            object.after = match field {
                Some(ResponseField::Id) => self.id(|ids| &mut ids.id, value)?,
                Some(ResponseField::ThreadId) => self.id(|ids| &mut ids.thread_id, value)?,
                Some(ResponseField::ClientId) => self.id(|ids| &mut ids.client_id, value)?,
                Some(ResponseField::ClientExternalId) => self.external_id(value)?,
                Some(ResponseField::AgentId) => self.id(|ids| &mut ids.agent_id, value)?,
                None => self.reader.pass_over(value)?,
            };
        }
        object.report_missing(&mut self.reader, at, RESPONSE.names())?;
        Ok(object.after)
    }

    fn id(&mut self, to: fn(&mut Ids) -> &mut i64, at: u32) -> Read<u32> {
        if self.reader.is_null(at) {
            self.reader.report(Code::MissingField, at, 4, Detail::None)?;
            return Ok(at.wrapping_add(4));
        }
        if !matches!(self.reader.byte(at), b'-' | b'0'..=b'9') {
            return self.reader.type_mismatch(at, "integer");
        }
        let end = self.reader.number(at)?;
        match signed(scan::slice(self.reader.body, at, end)) {
            Integer::Value(id) => {
                *to(self.ids) = id as i64;
            }
            Integer::Fraction => return self.reader.type_mismatch(at, "integer"),
            // No parameter holds the lower bound, and few readers of JSON the upper one.
            Integer::Below | Integer::Above => {
                let detail = Detail::Expected("a signed 64-bit integer");
                self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), detail)?;
            }
        }
        Ok(end)
    }

    fn external_id(&mut self, at: u32) -> Read<u32> {
        if self.reader.is_null(at) {
            return Ok(at.wrapping_add(4));
        }
        if self.reader.byte(at) != b'"' {
            return self.reader.type_mismatch(at, "string or null");
        }
        let (token, end) = self.reader.pass_string(at)?;
        self.reader.report_broken(&token)?;
        let mut text = Vec::new();
        text.try_reserve_exact(end.wrapping_sub(at) as usize).map_err(OutOfMemory::from)?;
        match token.form {
            Form::Printable | Form::Plain | Form::Doubtful => {
                put_bytes(&mut text, scan::slice(self.reader.body, token.start, token.end))?;
            }
            Form::Escaped => {
                for c in self.reader.scalars(&token) {
                    put_bytes(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes())?;
                }
            }
            Form::Broken => {}
        }
        *self.external = Some(text);
        Ok(end)
    }
}

/// The number as an `i64`, in two's complement.
fn signed(number: &[u8]) -> Integer {
    const LEAST: u64 = i64::MIN.unsigned_abs();
    match number {
        [b'-', digits @ ..] => match number::parse(digits, LEAST) {
            Integer::Value(value) => Integer::Value(value.wrapping_neg()),
            other => other,
        },
        _ => number::parse(number, i64::MAX as u64),
    }
}
