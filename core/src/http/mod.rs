//! HTTP: the head of a request, the success response and the problem document of a rejection.

pub(crate) mod head;
#[cfg(feature = "http")]
pub(crate) mod http_types;
pub(crate) mod problem;
pub(crate) mod response;

/// Names and values of header fields, in their order; append each of them, since a name can stand more
/// than once. Names are in lower case, as HTTP/2 and the `http` crate want them. All are constants of the
/// library, so none can carry CR, LF or NUL.
pub type HeaderFields = &'static [(&'static str, &'static str)];
