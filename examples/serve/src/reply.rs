//! The responders: what the library hands over as data, as axum's responses.

use crate::log::Codes;
use crate::store;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response as Reply};
use outgoing_to_device::{Code, HeadRejection, HeaderFields, Rejection, Response};

/// The message was sent, as far as this service goes.
pub(crate) struct Sent(pub(crate) Response);

impl IntoResponse for Sent {
    fn into_response(self) -> Reply {
        reply(Response::STATUS, Response::HEADER_FIELDS, self.0.to_json())
    }
}

/// The request was refused; the body is a problem document (RFC 9457).
pub(crate) struct Refused {
    status: u16,
    fields: HeaderFields,
    problem: Vec<u8>,
    codes: Codes,
}

const PROBLEM: HeaderFields = &[("Content-Type", "application/problem+json")];

impl Refused {
    /// The body did not arrive in time.
    pub(crate) fn slow() -> Refused {
        Refused::other(408, "Request Timeout")
    }

    /// The body could not be read, because its framing is broken or its sender is gone.
    pub(crate) fn broken() -> Refused {
        Refused::other(400, "Bad Request")
    }

    fn other(status: u16, title: &str) -> Refused {
        let problem = format!(r#"{{"type":"about:blank","title":"{title}","status":{status}}}"#).into_bytes();
        Refused { status, fields: PROBLEM, problem, codes: Codes::default() }
    }
}

impl From<&Rejection<'_>> for Refused {
    fn from(rejected: &Rejection<'_>) -> Refused {
        let codes = rejected.violations().map(|violation| violation.code());
        refused(rejected.status(), rejected.header_fields(), codes, |out| rejected.write_problem(out).is_ok())
    }
}

impl From<HeadRejection> for Refused {
    fn from(rejection: HeadRejection) -> Refused {
        let codes = rejection.faults().map(|fault| fault.code());
        refused(rejection.status(), rejection.header_fields(), codes, |out| rejection.write_problem(out).is_ok())
    }
}

fn refused(
    status: u16,
    fields: HeaderFields,
    codes: impl Iterator<Item = Code>,
    write: impl FnOnce(&mut Vec<u8>) -> bool,
) -> Refused {
    let mut problem = Vec::new();
    if write(&mut problem) {
        Refused { status, fields, problem, codes: Codes(codes.collect()) }
    } else {
        Refused::other(503, "Service Unavailable")
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Reply {
        let mut reply = reply(self.status, self.fields, self.problem);
        reply.extensions_mut().insert(self.codes);
        reply
    }
}

/// The store did not do its part. The cause is for the log of the service, not for its clients.
pub(crate) struct Unavailable;

impl<E: Into<store::Failure>> From<E> for Unavailable {
    fn from(error: E) -> Unavailable {
        eprintln!("the store failed: {}", error.into());
        Unavailable
    }
}

impl IntoResponse for Unavailable {
    fn into_response(self) -> Reply {
        Refused::other(503, "Service Unavailable").into_response()
    }
}

fn reply(status: u16, fields: HeaderFields, body: Vec<u8>) -> Reply {
    let mut reply = Reply::new(body.into());
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in fields {
        // Appended, for a field may stand more than once: Vary does.
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            reply.headers_mut().append(name, HeaderValue::from_static(value));
        }
    }
    reply
}
