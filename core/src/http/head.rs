//! The request head (contract §8): path, method and header fields, checked before there is a body.

use crate::code::Code;
use crate::limits::Limits;
use crate::lines::lines;
use crate::report::message::Message;
use crate::report::params::{Actual, Params};
use crate::rules::media_type;
use core::fmt;

/// The endpoint's own path.
pub const PATH: &str = "/api/v1/messages/outgoing-to-device";

/// The header fields of a request, in lower case, that speak of the bytes of its body. Who passes on the normalized
/// request, which has other bytes, leaves them out, and says its own `Content-Length`.
///
/// ```
/// use outgoing_to_device::FIELDS_ABOUT_BYTES;
///
/// let passed_on = |name: &str| !FIELDS_ABOUT_BYTES.iter().any(|field| field.eq_ignore_ascii_case(name));
/// assert!(passed_on("X-Request-Id") && !passed_on("Content-MD5"));
/// ```
pub const FIELDS_ABOUT_BYTES: [&str; 9] = [
    "content-encoding",
    "content-md5",
    "content-range",
    "content-digest",
    "repr-digest",
    "digest",
    "signature",
    "signature-input",
    "trailer",
];

/// Checks the head of a request: `method` and `target` as they stand in the request line, and the
/// header fields' names and values in their order.
///
/// `path` is where the host has mounted the endpoint, [`PATH`] if it is where the documentation has
/// it. It is compared byte by byte with the target's path, without the query. The target may be in
/// absolute form too (`http://host/path?query`), as every server must accept (RFC 9112, section
/// 3.2.2); its host is not looked at.
///
/// White space around a value is passed over; names are compared without regard to ASCII case.
/// Whether the token is right is the host's business; it is neither kept nor shown.
///
/// # Errors
/// Every fault, in the order path, method, Authorization, Content-Type, Content-Encoding, length of the
/// body.
///
/// ```
/// use outgoing_to_device::{Code, Limits, PATH, check_head};
///
/// let fields: [(&[u8], &[u8]); 2] = [(b"authorization", b"Bearer abc"), (b"content-type", b"application/json")];
/// assert!(check_head(&Limits::DEFAULT, PATH, b"POST", PATH.as_bytes(), fields).is_ok());
///
/// let rejection = check_head(&Limits::DEFAULT, PATH, b"GET", b"/", fields).unwrap_err();
/// assert_eq!(rejection.status(), 404);
/// let codes: Vec<Code> = rejection.faults().map(|fault| fault.code()).collect();
/// assert_eq!(codes, [Code::NotFound, Code::MethodNotAllowed]);
/// ```
pub fn check_head<'a>(
    limits: &Limits,
    path: &str,
    method: &[u8],
    target: &[u8],
    fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
) -> Result<(), HeadRejection> {
    let mut authorization = Field::Absent;
    let mut content_type = Field::Absent;
    let mut codings = Codings::default();
    let mut content_length = Field::Absent;
    let mut transfer_encoding = Field::Absent;
    for (name, value) in fields {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let field = match name.len() {
            13 if is("authorization") => &mut authorization,
            12 if is("content-type") => &mut content_type,
            16 if is("content-encoding") => {
                codings.add(value);
                continue;
            }
            14 if is("content-length") => &mut content_length,
            17 if is("transfer-encoding") => &mut transfer_encoding,
            _ => continue,
        };
        field.add(trim(value));
    }
    let is_bearer = matches!(authorization, Field::Once(value) if is_bearer(value));
    let is_json = matches!(content_type, Field::Once(value) if media_type::is_json_utf8(value));
    let (length_fault, actual) = match content_length {
        Field::Absent => (None, 0),
        Field::Once(digits) if is_digits(digits) && matches!(transfer_encoding, Field::Absent) => {
            let actual = number(digits);
            ((actual > u64::from(limits.body)).then_some(Part::BodyTooLarge), actual)
        }
        Field::Once(_) | Field::Repeated => (Some(Part::Length), 0),
    };
    let found = [
        (path_of(target) != path.as_bytes()).then_some(Part::Path),
        (method != b"POST").then_some(Part::Method),
        (!is_bearer).then_some(Part::Token),
        (!is_json).then_some(Part::ContentType),
        (!codings.are_identity()).then_some(Part::ContentEncoding),
        length_fault,
    ];
    let fault = |part| HeadFault { part, limit: limits.body, actual };
    match found.iter().flatten().next() {
        Some(first) => Err(HeadRejection { first: fault(*first), found }),
        None => Ok(()),
    }
}

/// The part of a head that a fault is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Path,
    Method,
    Token,
    ContentType,
    ContentEncoding,
    BodyTooLarge,
    Length,
}

/// A header field that may stand once.
enum Field<'a> {
    Absent,
    Once(&'a [u8]),
    Repeated,
}

impl<'a> Field<'a> {
    fn add(&mut self, value: &'a [u8]) {
        *self = match self {
            Field::Absent => Field::Once(value),
            Field::Once(_) | Field::Repeated => Field::Repeated,
        };
    }
}

/// What was done to the body, by its Content-Encoding: every field of that name is a part of one list
/// (RFC 9110, sections 5.3 and 8.4), whose empty elements do not count.
#[derive(Default)]
struct Codings {
    stand: bool,
    have_identity: bool,
    have_others: bool,
}

impl Codings {
    fn add(&mut self, list: &[u8]) {
        self.stand = true;
        for coding in list.split(|byte| *byte == b',').map(trim) {
            if coding.eq_ignore_ascii_case(b"identity") {
                self.have_identity = true;
            } else if !coding.is_empty() {
                self.have_others = true;
            }
        }
    }

    /// Whether the body is as it was: nobody here unpacks it.
    fn are_identity(&self) -> bool {
        !self.stand || (self.have_identity && !self.have_others)
    }
}

/// The path of a target in origin or absolute form (RFC 9112, section 3.2).
fn path_of(target: &[u8]) -> &[u8] {
    let end = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
    let target = target.get(..end).unwrap_or(target);
    let after = |scheme: &str| {
        let (start, rest) = target.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme.as_bytes()).then_some(rest)
    };
    match after("http://").or_else(|| after("https://")) {
        None => target,
        Some(rest) => match rest.iter().position(|byte| *byte == b'/') {
            Some(at) => rest.get(at..).unwrap_or(&[]),
            // An empty path is the root (RFC 9110, section 4.2.3).
            None => b"/",
        },
    }
}

/// `Bearer` in any case, a space, visible ASCII: wider than RFC 6750, so that opaque tokens and the
/// documentation's placeholder pass.
fn is_bearer(value: &[u8]) -> bool {
    let Some((scheme, [b' ', token @ ..])) = value.split_at_checked(b"Bearer".len()) else {
        return false;
    };
    scheme.eq_ignore_ascii_case(b"Bearer") && !token.is_empty() && token.iter().all(u8::is_ascii_graphic)
}

fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// The number that the digits spell, or the greatest there is.
fn number(digits: &[u8]) -> u64 {
    let add = |number: u64, digit: &u8| number.checked_mul(10)?.checked_add(u64::from(digit & 0x0F));
    digits.iter().try_fold(0, add).unwrap_or(u64::MAX)
}

/// Takes off the white space that may stand around a field's value (RFC 9110, section 5.6.3).
fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// What is wrong with a request head. It holds nothing of the head itself, and can be copied.
///
/// ```
/// use outgoing_to_device::{Code, Limits, PATH, check_head};
/// let rejection = check_head(&Limits::DEFAULT, PATH, b"GET", PATH.as_bytes(), []).unwrap_err();
/// assert_eq!(rejection.deciding().code(), Code::MethodNotAllowed);
/// assert_eq!((rejection.status(), rejection.faults().count()), (405, 3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadRejection {
    first: HeadFault,
    /// The parts with a fault, in the order of their checks.
    found: [Option<Part>; 6],
}

impl HeadRejection {
    /// The faults, in their order; at least one.
    pub fn faults(&self) -> impl Iterator<Item = HeadFault> + use<> {
        let first = self.first;
        self.found.into_iter().flatten().map(move |part| HeadFault { part, ..first })
    }

    /// The fault that decides the status: the first.
    pub fn deciding(&self) -> HeadFault {
        self.first
    }
}

impl fmt::Display for HeadRejection {
    /// A line for each fault.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(f, self.faults().map(|fault| fault.message()))
    }
}

impl core::error::Error for HeadRejection {}

/// One thing that is wrong with a request head.
///
/// ```
/// use outgoing_to_device::{Limits, PATH, check_head};
/// let rejection = check_head(&Limits::DEFAULT, PATH, b"GET", PATH.as_bytes(), []).unwrap_err();
/// let fault = rejection.deciding();
/// assert_eq!(fault.params().expected, Some("POST"));
/// assert_eq!(fault.message().to_string(), "The endpoint takes POST only.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadFault {
    part: Part,
    limit: u32,
    actual: u64,
}

impl HeadFault {
    /// The code: of the head's group, or [`Code::BodyTooLarge`].
    pub fn code(&self) -> Code {
        match self.part {
            Part::Path => Code::NotFound,
            Part::Method => Code::MethodNotAllowed,
            Part::Token => Code::Unauthorized,
            Part::ContentType | Part::ContentEncoding => Code::UnsupportedMediaType,
            Part::BodyTooLarge => Code::BodyTooLarge,
            Part::Length => Code::InvalidHead,
        }
    }

    /// The parameters of the message. A length that no `u64` can hold is `u64::MAX`.
    pub fn params(&self) -> Params<'static> {
        let none = Params::default();
        let expected = |expected| Params { expected: Some(expected), ..none };
        match self.part {
            Part::Path | Part::Length => none,
            Part::Method => expected("POST"),
            Part::Token => expected("Bearer"),
            Part::ContentType => expected("application/json in UTF-8"),
            Part::ContentEncoding => expected("identity"),
            Part::BodyTooLarge => {
                Params { limit: Some(u64::from(self.limit)), actual: Some(Actual::Number(self.actual)), ..none }
            }
        }
    }

    /// One English sentence, made from code and parameters only.
    pub fn message(&self) -> Message<'static> {
        Message { code: self.code(), params: self.params() }
    }
}
