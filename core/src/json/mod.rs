//! JSON (RFC 8259): reading in one pass, and writing compactly.

pub(crate) mod cursor;
pub(crate) mod document;
pub(crate) mod expected;
pub(crate) mod members;
pub(crate) mod number;
pub(crate) mod reader;
pub(crate) mod scan;
pub(crate) mod stop;
pub(crate) mod string;
pub(crate) mod utf8;
pub(crate) mod walk;
pub(crate) mod write;
