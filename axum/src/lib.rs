#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response as Reply};
use http_body_util::BodyExt;
use outgoing_to_device::{
    Checker, Code, HeadRejection, HeaderFields, OutOfMemory, Outcome, PATH, Policy, Rejection, RequestBuf, Response,
    check_head,
};
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

/// The extractor: a request whose head and body are in order.
#[derive(Clone, Debug)]
pub struct Checked(
    /// The normalized request.
    pub RequestBuf,
);

impl<S> FromRequest<S> for Checked
where
    Arc<Policy>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CheckedRejection;

    async fn from_request(request: Request, state: &S) -> Result<Checked, CheckedRejection> {
        let policy = Arc::<Policy>::from_ref(state);
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        // A route has decided about the path already.
        let expected = if head.extensions.get::<MatchedPath>().is_some() { path } else { PATH };
        let fields = head.headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()));
        // The head decides before a byte of the body is read. Contradictory lengths do not get here:
        // hyper rejects them, or settles them as RFC 9112 has it, and closes the connection.
        check_head(policy.limits(), expected, head.method.as_str().as_bytes(), path.as_bytes(), fields)?;
        let body = read(body, policy.limits().body as usize).await?;
        match Checker::new().try_check(&policy, &body)? {
            Outcome::Accepted(accepted) => Ok(Checked(accepted.request.to_owned())),
            Outcome::Rejected(rejection) => Err(CheckedRejection::from(&rejection)),
        }
    }
}

/// Reads a body; of one that is too large no more than it takes to tell.
async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, CheckedRejection> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| CheckedRejection::unread(&error))?.into_data() else { continue };
        let room = (limit + 1).saturating_sub(bytes.len());
        let data = data.get(..room).unwrap_or(&data);
        bytes.try_reserve(data.len()).map_err(|_| OutOfMemory)?;
        bytes.extend_from_slice(data);
        if bytes.len() > limit {
            break;
        }
    }
    Ok(bytes)
}

/// The responder: the message was sent.
#[derive(Clone, Debug)]
pub struct Sent(
    /// The ids of the message.
    pub Response,
);

impl IntoResponse for Sent {
    fn into_response(self) -> Reply {
        reply(Response::STATUS, Response::HEADER_FIELDS, self.0.to_json())
    }
}

/// The answer to a request that was rejected: a problem document (RFC 9457), with its status and its
/// header fields.
#[derive(Clone, Debug)]
pub struct CheckedRejection {
    status: u16,
    fields: HeaderFields,
    problem: Vec<u8>,
    codes: Codes,
}

/// The codes of a rejection. They travel with its response as an extension, for the log of the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes(
    /// One for each violation, in order.
    pub Vec<Code>,
);

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, code) in self.0.iter().enumerate() {
            write!(f, "{}{code}", if index > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

const PROBLEM: HeaderFields = &[("content-type", "application/problem+json")];

impl CheckedRejection {
    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The codes of the violations; none if the body could not be read.
    pub fn codes(&self) -> &[Code] {
        &self.codes.0
    }

    /// The problem document.
    pub fn problem(&self) -> &[u8] {
        &self.problem
    }

    /// The answer to a request that is in order, if the service cannot do its part now: 503. The cause is
    /// for the log of the service, not for its clients.
    pub fn unavailable() -> CheckedRejection {
        CheckedRejection::plain(503, "Service Unavailable")
    }

    /// The body came too late, its framing is broken, or its sender is gone.
    fn unread(error: &axum::Error) -> CheckedRejection {
        let mut cause: Option<&dyn Error> = Some(error);
        while let Some(error) = cause {
            if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
                return CheckedRejection::plain(408, "Request Timeout");
            }
            cause = error.source();
        }
        CheckedRejection::plain(400, "Bad Request")
    }

    fn plain(status: u16, title: &str) -> CheckedRejection {
        let problem = format!(r#"{{"type":"about:blank","title":"{title}","status":{status}}}"#).into_bytes();
        CheckedRejection { status, fields: PROBLEM, problem, codes: Codes::default() }
    }

    fn new(
        status: u16,
        fields: HeaderFields,
        codes: impl Iterator<Item = Code>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>,
    ) -> CheckedRejection {
        let mut problem = Vec::new();
        match write(&mut problem) {
            Ok(()) => CheckedRejection { status, fields, problem, codes: Codes(codes.collect()) },
            Err(failure) => failure.into(),
        }
    }
}

impl From<&Rejection<'_>> for CheckedRejection {
    fn from(rejection: &Rejection<'_>) -> CheckedRejection {
        let codes = rejection.violations().map(|violation| violation.code());
        CheckedRejection::new(rejection.status(), rejection.header_fields(), codes, |out| rejection.write_problem(out))
    }
}

impl From<HeadRejection> for CheckedRejection {
    fn from(rejection: HeadRejection) -> CheckedRejection {
        let codes = rejection.faults().map(|fault| fault.code());
        CheckedRejection::new(rejection.status(), rejection.header_fields(), codes, |out| rejection.write_problem(out))
    }
}

impl From<OutOfMemory> for CheckedRejection {
    fn from(OutOfMemory: OutOfMemory) -> CheckedRejection {
        CheckedRejection::unavailable()
    }
}

impl IntoResponse for CheckedRejection {
    fn into_response(self) -> Reply {
        let mut reply = reply(self.status, self.fields, self.problem);
        reply.extensions_mut().insert(self.codes);
        reply
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
