#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, MatchedPath, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response as Reply};
use http_body_util::BodyExt;
use outgoing_to_device::{
    AcceptedBuf, Checker, Code, HeadRejection, OutOfMemory, PATH, Policy, RejectionBuf, Response, check_parts,
};
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

/// The extractor: a request whose head and body are in order.
#[derive(Clone, Debug)]
pub struct Checked(
    /// The normalized request, and the warnings.
    pub AcceptedBuf,
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
        // A route has decided about the path already.
        let path = if head.extensions.get::<MatchedPath>().is_some() { head.uri.path() } else { PATH };
        // The head decides before a byte of the body is read. Contradictory lengths do not get here:
        // hyper rejects them, or settles them as RFC 9112 has it, and closes the connection.
        check_parts(policy.limits(), path, &head)?;
        let body = read(body, policy.limits().body as usize).await?;
        match Checker::new().try_check(&policy, &body)?.into_result() {
            Ok(accepted) => Ok(Checked(accepted.to_owned())),
            Err(rejection) => Err(CheckedRejection::Body(rejection.to_owned())),
        }
    }
}

/// Reads a body, at most one byte more than the limit.
async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, CheckedRejection> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(CheckedRejection::Unread)?.into_data() else { continue };
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
        self.0.to_response()
    }
}

/// Why there is no [`Checked`]. As a response it is the problem document that the contract wants.
#[derive(Debug)]
pub enum CheckedRejection {
    /// The head is not in order.
    Head(HeadRejection),
    /// The body was rejected.
    Body(RejectionBuf),
    /// The body could not be read: its framing is broken, or its sender is gone (400), or it came too
    /// late (408).
    Unread(axum::Error),
    /// The request may be in order, but the service cannot do its part now (503). The cause is for the
    /// log of the service, not for its clients.
    Unavailable,
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

impl CheckedRejection {
    /// The codes of the violations; none if there is no verdict.
    pub fn codes(&self) -> Codes {
        Codes(match self {
            CheckedRejection::Head(rejection) => rejection.faults().map(|fault| fault.code()).collect(),
            CheckedRejection::Body(rejection) => rejection.violations.iter().map(|violation| violation.code).collect(),
            CheckedRejection::Unread(_) | CheckedRejection::Unavailable => Vec::new(),
        })
    }
}

impl From<HeadRejection> for CheckedRejection {
    fn from(rejection: HeadRejection) -> CheckedRejection {
        CheckedRejection::Head(rejection)
    }
}

impl From<OutOfMemory> for CheckedRejection {
    fn from(OutOfMemory: OutOfMemory) -> CheckedRejection {
        CheckedRejection::Unavailable
    }
}

impl IntoResponse for CheckedRejection {
    fn into_response(self) -> Reply {
        let mut reply = match &self {
            CheckedRejection::Head(rejection) => rejection.to_response(),
            CheckedRejection::Body(rejection) => rejection.to_response(),
            CheckedRejection::Unread(error) if is_late(error) => plain(StatusCode::REQUEST_TIMEOUT),
            CheckedRejection::Unread(_) => plain(StatusCode::BAD_REQUEST),
            CheckedRejection::Unavailable => plain(StatusCode::SERVICE_UNAVAILABLE),
        };
        reply.extensions_mut().insert(self.codes());
        reply
    }
}

/// Whether the error is a time limit's.
fn is_late(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A problem without a type of its own: the status says it all.
fn plain(status: StatusCode) -> Reply {
    let (title, number) = (status.canonical_reason().unwrap_or_default(), status.as_u16());
    let problem = format!(r#"{{"type":"about:blank","title":"{title}","status":{number}}}"#);
    (status, [(CONTENT_TYPE, "application/problem+json")], problem).into_response()
}
