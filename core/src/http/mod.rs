//! HTTP: the head of a request, the success response and the problem document of a rejection.

pub(crate) mod head;
pub(crate) mod problem;
pub(crate) mod response;
