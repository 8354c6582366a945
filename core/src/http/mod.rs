//! HTTP: the head of a request, the success response and the problem document of a rejection.

pub(crate) mod head;
pub(crate) mod problem;
pub(crate) mod response;

/// Names and values of header fields, in their order. They are constants of the library, so none
/// can carry CR, LF or NUL.
pub type HeaderFields = &'static [(&'static str, &'static str)];
