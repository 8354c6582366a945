//! The types of the `http` crate (feature `http`): responses ready to be sent, and heads as servers have
//! them. Bodies are `Vec<u8>` or what can be made of one.

use super::HeaderFields;
use super::head::{HeadRejection, check_head};
use super::response::{Response, ResponseRef};
use crate::limits::Limits;
use crate::report::outcome::{Rejection, RejectionBuf};
use alloc::vec::Vec;
use http::header::{HeaderName, HeaderValue};
use http::{StatusCode, request};

/// A response of these parts; all of its header fields are appended, since `vary` stands three times.
fn response<B: From<Vec<u8>>>(status: u16, fields: HeaderFields, body: Vec<u8>) -> http::Response<B> {
    let mut response = http::Response::new(B::from(body));
    // The library's own statuses are all that can come here.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in fields {
        response.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

impl Rejection<'_> {
    /// The response to a request with this body (feature `http`).
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Policy};
    /// let (policy, mut checker) = (Policy::default(), Checker::new());
    /// let rejection = checker.check(&policy, b"{}").into_result().unwrap_err();
    /// let response: http::Response<Vec<u8>> = rejection.to_response();
    /// assert_eq!(response.status(), 400);
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// ```
    pub fn to_response<B: From<Vec<u8>>>(&self) -> http::Response<B> {
        response(self.status(), self.header_fields(), self.to_problem())
    }
}

impl RejectionBuf {
    /// The response to a request with this body (feature `http`); see [`Rejection::to_response`].
    pub fn to_response<B: From<Vec<u8>>>(&self) -> http::Response<B> {
        response(self.status(), self.header_fields(), self.to_problem())
    }
}

impl HeadRejection {
    /// The response to a request with this head (feature `http`).
    pub fn to_response<B: From<Vec<u8>>>(&self) -> http::Response<B> {
        response(self.status(), self.header_fields(), self.to_problem())
    }
}

impl Response {
    /// The response as the `http` crate has it (feature `http`), with all three `vary` fields.
    ///
    /// ```
    /// use outgoing_to_device::Response;
    /// let response = Response { id: 1, thread_id: 2, client_id: 1, client_external_id: None, agent_id: 3 };
    /// let response: http::Response<Vec<u8>> = response.to_response();
    /// assert_eq!(response.headers().get_all("vary").iter().count(), 3);
    /// ```
    pub fn to_response<B: From<Vec<u8>>>(&self) -> http::Response<B> {
        self.as_ref().to_response()
    }
}

impl ResponseRef<'_> {
    /// The response as the `http` crate has it (feature `http`), with all three `vary` fields.
    pub fn to_response<B: From<Vec<u8>>>(&self) -> http::Response<B> {
        response(Response::STATUS, Response::HEADER_FIELDS, self.to_json())
    }
}

/// [`check_head`] of a head as the `http` crate has it (feature `http`).
///
/// # Errors
/// Every fault of the head; see [`check_head`].
///
/// ```
/// use outgoing_to_device::{Limits, PATH, check_parts};
/// let request = http::Request::post(PATH)
///     .header("authorization", "Bearer abc")
///     .header("content-type", "application/json")
///     .body(())?;
/// let (parts, ()) = request.into_parts();
/// assert!(check_parts(&Limits::DEFAULT, PATH, &parts).is_ok());
/// assert_eq!(check_parts(&Limits::DEFAULT, "/elsewhere", &parts).unwrap_err().status(), 404);
/// # Ok::<(), http::Error>(())
/// ```
pub fn check_parts(limits: &Limits, path: &str, parts: &request::Parts) -> Result<(), HeadRejection> {
    let fields = parts.headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()));
    check_head(limits, path, parts.method.as_str().as_bytes(), parts.uri.path().as_bytes(), fields)
}
