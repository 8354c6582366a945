//! The rules: each is a function on bytes. They run on bytes that are not yet known to be UTF-8, so each
//! must be total.

pub(crate) mod address;
pub(crate) mod channel_name;
pub(crate) mod file_name;
pub(crate) mod host;
pub(crate) mod identifier;
pub(crate) mod iri;
pub(crate) mod media_type;
pub(crate) mod suggest;
pub(crate) mod text;
pub(crate) mod url;
pub(crate) mod white_space;

use crate::code::Warnings;

/// What a rule makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The value is valid and stands as it is.
    AsIs(Warnings),
    /// The value is valid; its normalized form was appended to the buffer.
    Rewritten(Warnings),
    /// The value breaks the rule; the buffer is as it was.
    Invalid,
}

impl Verdict {
    /// Valid, as it is, and without a warning.
    pub(crate) const VALID: Verdict = Verdict::AsIs(Warnings::NONE);
}
