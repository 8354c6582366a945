//! The parameters of a diagnostic: numbers, types and words of ours, never a value of the body.

use crate::json_type::JsonType;
use core::fmt;

/// What was found where a limit or a type stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Actual {
    /// A length or a count.
    Number(u64),
    /// A JSON type.
    Type(JsonType),
}

impl fmt::Display for Actual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actual::Number(number) => number.fmt(f),
            Actual::Type(json_type) => f.write_str(json_type.as_str()),
        }
    }
}

/// A range of bytes of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// The first byte.
    pub offset: u32,
    /// How many bytes.
    pub length: u32,
}

/// The parameters that a diagnostic's message is made of. Never a value of the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Params<'a> {
    /// The bound that was crossed.
    pub limit: Option<u64>,
    /// What was found: a length, a count or a JSON type.
    pub actual: Option<Actual>,
    /// What belongs there: a JSON type, an address kind, words, or what a setting must be.
    pub expected: Option<&'a str>,
    /// The channel whose row made the rule.
    pub channel: Option<&'a str>,
    /// The nearest name that is known: a field or a channel.
    pub suggestion: Option<&'a str>,
    /// Where a field of this name belongs: `body`, `attachments`, `clientApplicationDescriptor` or
    /// `sibling_endpoint`.
    pub belongs_to: Option<&'a str>,
}
