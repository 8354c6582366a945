//! The rules: each is a function on bytes. They run on bytes that are not yet known to be UTF-8, so each
//! must be total.

pub(crate) mod address;
pub(crate) mod file_name;
pub(crate) mod iri;
pub(crate) mod media_type;
pub(crate) mod suggest;
pub(crate) mod text;
pub(crate) mod white_space;
