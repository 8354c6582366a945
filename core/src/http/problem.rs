//! Rejections as HTTP responses: a status, header fields and a problem document (RFC 9457). The
//! library sends nothing itself.

use crate::code::Code;
use crate::http::HeaderFields;
use crate::http::head::HeadRejection;
use crate::json::write::{List, escaped, quoted, unsigned};
use crate::memory::{OutOfMemory, or_abort, put_bytes};
use crate::report::diagnostic::{DiagnosticBuf, Diagnostics};
use crate::report::json::{array, member, params};
use crate::report::message::Message;
use crate::report::outcome::{Rejection, RejectionBuf};
use crate::report::position::Position;
use alloc::vec::Vec;

const CONTENT_TYPE: (&str, &str) = ("content-type", "application/problem+json");

impl Rejection<'_> {
    /// The status of the response to a request with this body: 413 if the body is too large,
    /// else 400.
    pub fn status(&self) -> u16 {
        self.deciding().map_or(400, status)
    }

    /// The header fields of the response.
    pub fn header_fields(&self) -> HeaderFields {
        &[CONTENT_TYPE]
    }

    /// Appends the response's body, a problem document with every violation and warning, each with
    /// its place as a JSON Pointer in a URI fragment. It holds no value of the request.
    ///
    /// Each of them takes less than 40 KiB (a pointer has at most 64 names, each cut after 64 UTF-16
    /// units), and there are no more than the policy's limits allow. Usually it is 200 bytes.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Outcome, Policy};
    /// let (policy, mut checker, mut out) = (Policy::default(), Checker::new(), Vec::new());
    /// let Outcome::Rejected(rejected) = checker.check(&policy, b"") else { panic!() };
    /// assert_eq!(rejected.status(), 400);
    /// rejected.write_problem(&mut out)?;
    /// assert!(out.starts_with(br#"{"type":"urn:outgoing-to-device:problem:invalid-request","#));
    /// # Ok::<(), outgoing_to_device::OutOfMemory>(())
    /// ```
    pub fn write_problem(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        begin_rejection(out, self.deciding())?;
        errors(out, self.violations())?;
        let warnings = self.warnings();
        if warnings.len() > 0 {
            put_bytes(out, b",\"warnings\":")?;
            errors(out, warnings)?;
        }
        end_rejection(out, self.truncated())
    }

    /// The problem document in a buffer of its own.
    pub fn to_problem(&self) -> Vec<u8> {
        to_vec(|out| self.write_problem(out))
    }

    fn deciding(&self) -> Option<Code> {
        self.violations().next().map(|violation| violation.code())
    }
}

/// The same response as of the [`Rejection`] that it comes from; of a request that was built, without
/// lines and columns.
impl RejectionBuf {
    /// The status of the response: 413 if the body is too large, otherwise 400.
    pub fn status(&self) -> u16 {
        self.deciding().map_or(400, status)
    }

    /// The header fields of the response.
    pub fn header_fields(&self) -> HeaderFields {
        &[CONTENT_TYPE]
    }

    /// Appends the response's body, a problem document; see [`Rejection::write_problem`].
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn write_problem(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        begin_rejection(out, self.deciding())?;
        errors_of(out, &self.violations)?;
        if !self.warnings.is_empty() {
            put_bytes(out, b",\"warnings\":")?;
            errors_of(out, &self.warnings)?;
        }
        end_rejection(out, self.truncated)
    }

    /// The problem document in a buffer of its own.
    pub fn to_problem(&self) -> Vec<u8> {
        to_vec(|out| self.write_problem(out))
    }

    fn deciding(&self) -> Option<Code> {
        self.violations.first().map(|violation| violation.code)
    }
}

impl HeadRejection {
    /// The status of the response: that of the deciding fault.
    pub fn status(&self) -> u16 {
        status(self.deciding().code())
    }

    /// The header fields of the response, with those that the deciding fault's status asks for.
    pub fn header_fields(&self) -> HeaderFields {
        match self.deciding().code() {
            Code::MethodNotAllowed => &[CONTENT_TYPE, ("allow", "POST")],
            Code::Unauthorized => &[CONTENT_TYPE, ("www-authenticate", "Bearer")],
            _ => &[CONTENT_TYPE],
        }
    }

    /// Appends the response's body, a problem document with every fault; less than 2 KiB. It holds
    /// nothing of the head but the length that it states.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    ///
    /// ```
    /// use outgoing_to_device::{Limits, PATH, check_head};
    /// let fields: [(&[u8], &[u8]); 1] = [(b"Content-Type", b"application/json")];
    /// let rejection = check_head(&Limits::DEFAULT, PATH, b"POST", PATH.as_bytes(), fields).unwrap_err();
    /// assert_eq!(rejection.status(), 401);
    /// assert_eq!(rejection.header_fields().last(), Some(&("www-authenticate", "Bearer")));
    /// let mut out = Vec::new();
    /// rejection.write_problem(&mut out)?;
    /// assert!(out.starts_with(br#"{"type":"urn:outgoing-to-device:problem:unauthorized","#));
    /// # Ok::<(), outgoing_to_device::OutOfMemory>(())
    /// ```
    pub fn write_problem(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        begin(out, self.deciding().code())?;
        put_bytes(out, b",\"detail\":\"Each of the errors says what is wrong with the request head.\",\"errors\":")?;
        let mut before: &[u8] = b"[";
        for fault in self.faults() {
            put_bytes(out, before)?;
            put_bytes(out, b"{\"code\":\"")?;
            put_bytes(out, fault.code().as_str().as_bytes())?;
            put_bytes(out, b"\",\"detail\":")?;
            let message = fault.message();
            sentence(out, &message)?;
            params(out, &message.params())?;
            put_bytes(out, b"}")?;
            before = b",";
        }
        put_bytes(out, b"]}")
    }

    /// The problem document in a buffer of its own.
    pub fn to_problem(&self) -> Vec<u8> {
        to_vec(|out| self.write_problem(out))
    }
}

fn to_vec(write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>) -> Vec<u8> {
    let mut out = Vec::new();
    or_abort(write(&mut out));
    out
}

fn begin_rejection(out: &mut Vec<u8>, deciding: Option<Code>) -> Result<(), OutOfMemory> {
    match deciding {
        Some(code) if status(code) != 400 => begin(out, code)?,
        _ => begin_with(out, "invalid-request", "The request is not valid.", 400)?,
    }
    put_bytes(out, b",\"detail\":\"Each of the errors says what is wrong, and where.\",\"errors\":")
}

fn end_rejection(out: &mut Vec<u8>, truncated: bool) -> Result<(), OutOfMemory> {
    put_bytes(out, if truncated { b",\"truncated\":true}" } else { b"}" })
}

/// The status that a fault of the head or the body asks for.
pub(crate) fn status(code: Code) -> u16 {
    match code {
        Code::NotFound => 404,
        Code::MethodNotAllowed => 405,
        Code::Unauthorized => 401,
        Code::UnsupportedMediaType => 415,
        Code::BodyTooLarge => 413,
        _ => 400,
    }
}

/// Begins the problem document of a fault that has a type of its own.
fn begin(out: &mut Vec<u8>, code: Code) -> Result<(), OutOfMemory> {
    let mut name = [0_u8; 32];
    let text = code.as_str().bytes().map(|byte| if byte == b'_' { b'-' } else { byte });
    let len = name.iter_mut().zip(text).map(|(to, byte)| *to = byte).count();
    let name = name.get(..len).and_then(|name| core::str::from_utf8(name).ok()).unwrap_or_default();
    begin_with(out, name, code.meaning(), status(code))
}

fn begin_with(out: &mut Vec<u8>, name: &str, title: &str, status: u16) -> Result<(), OutOfMemory> {
    put_bytes(out, b"{\"type\":\"urn:outgoing-to-device:problem:")?;
    put_bytes(out, name.as_bytes())?;
    put_bytes(out, b"\",\"title\":")?;
    quoted(out, title.as_bytes())?;
    put_bytes(out, b",\"status\":")?;
    unsigned(out, u64::from(status))
}

fn errors(out: &mut Vec<u8>, diagnostics: Diagnostics<'_>) -> Result<(), OutOfMemory> {
    array(out, diagnostics, |out, diagnostic, position| {
        let pointer = diagnostic.pointer();
        error(out, &diagnostic.message(), Some(position), |take| pointer.pieces(take))
    })
}

fn errors_of(out: &mut Vec<u8>, diagnostics: &[DiagnosticBuf]) -> Result<(), OutOfMemory> {
    let mut list = List::array(out)?;
    for diagnostic in diagnostics {
        let position = Position { line: diagnostic.line, column: diagnostic.column };
        let position = diagnostic.has_place().then_some(position);
        let message = Message { code: diagnostic.code, params: diagnostic.params() };
        error(list.next()?, &message, position, |take| take(diagnostic.pointer.as_bytes()))?;
    }
    list.end()
}

/// What takes the pieces of a pointer's text.
type Take<'t> = &'t mut dyn FnMut(&[u8]) -> Result<(), OutOfMemory>;

fn error(
    out: &mut Vec<u8>,
    message: &Message<'_>,
    position: Option<Position>,
    pointer: impl FnOnce(Take<'_>) -> Result<(), OutOfMemory>,
) -> Result<(), OutOfMemory> {
    put_bytes(out, b"{\"code\":\"")?;
    put_bytes(out, message.code.as_str().as_bytes())?;
    put_bytes(out, b"\",\"pointer\":\"#")?;
    pointer(&mut |piece| fragment(out, piece))?;
    put_bytes(out, b"\",\"detail\":")?;
    sentence(out, message)?;
    if let Some(Position { line, column }) = position {
        member(out, "line", u64::from(line))?;
        member(out, "column", u64::from(column))?;
    }
    params(out, &message.params())?;
    put_bytes(out, b"}")
}

fn sentence(out: &mut Vec<u8>, message: &Message<'_>) -> Result<(), OutOfMemory> {
    put_bytes(out, b"\"")?;
    message.pieces(|piece| escaped(out, piece))?;
    put_bytes(out, b"\"")
}

/// Appends a piece of a pointer as one of a URI fragment (RFC 6901, section 6). What is left needs no
/// escape in JSON.
fn fragment(out: &mut Vec<u8>, piece: &[u8]) -> Result<(), OutOfMemory> {
    let digit = |nibble: u8| b"0123456789ABCDEF".get(usize::from(nibble)).copied().unwrap_or(b'0');
    let mut rest = piece;
    loop {
        let run = rest.iter().position(|byte| !stands_in_fragment(*byte)).unwrap_or(rest.len());
        put_bytes(out, rest.get(..run).unwrap_or_default())?;
        let Some([byte, after @ ..]) = rest.get(run..) else { return Ok(()) };
        put_bytes(out, &[b'%', digit(byte >> 4), digit(byte & 15)])?;
        rest = after;
    }
}

/// `pchar / "/" / "?"` of RFC 3986, section 3.5, but for percent signs.
#[rustfmt::skip] // one rule of the grammar a line
fn stands_in_fragment(byte: u8) -> bool {
    matches!(byte,
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~'                             // unreserved
        | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'='                   // sub-delims
        | b':' | b'@' | b'/' | b'?')
}
