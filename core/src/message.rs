//! The English sentence of a diagnostic: made from its code and parameters, and nothing else, so
//! that no private value can get into it.

use crate::code::Code;
use crate::diagnostic::{Actual, Params};
use crate::findings::JsonType;
use core::fmt;

pub(crate) struct Message<'a> {
    pub(crate) code: Code,
    pub(crate) params: Params<'a>,
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Params { limit, actual, expected, channel, suggestion, belongs_to } = self.params;
        match self.code {
            Code::BodyTooLarge => {
                f.write_str("The body is too large")?;
                measure(f, "bytes", limit, actual)
            }
            Code::NestingTooDeep => {
                f.write_str("Arrays and objects are nested too deep")?;
                measure(f, "levels", limit, None)
            }
            Code::TypeMismatch => {
                f.write_str("The value must be ")?;
                match expected {
                    Some(expected) => with_article(f, expected)?,
                    None => f.write_str("of another type")?,
                }
                match actual {
                    Some(Actual::Type(JsonType::Null)) => f.write_str(", not null")?,
                    Some(Actual::Type(actual)) => {
                        f.write_str(", not ")?;
                        with_article(f, actual.as_str())?;
                    }
                    Some(Actual::Number(_)) | None => {}
                }
                if expected == Some("string") && actual == Some(Actual::Type(JsonType::Number)) {
                    f.write_str("; put it in quotes")?;
                }
                let is_integer = matches!(expected, Some("integer" | "integer or null"));
                if is_integer && actual == Some(Actual::Type(JsonType::Number)) {
                    f.write_str(" with a fraction")?;
                }
                f.write_str(".")
            }
            Code::UnknownField | Code::DroppedField | Code::KeptField => {
                f.write_str(match self.code {
                    Code::DroppedField => "No such field is known here, and it was left out",
                    Code::KeptField => "No such field is known here, and it was passed on as it stands",
                    _ => "No such field is known here",
                })?;
                match (suggestion, belongs_to) {
                    (Some(name), _) => write!(f, "; did you mean {name}?"),
                    (None, Some("sibling_endpoint")) => f.write_str("; it belongs to a sibling endpoint."),
                    (None, Some("body")) => f.write_str("; it belongs in the body's object."),
                    (None, Some(place)) => write!(f, "; it belongs in {place}."),
                    (None, None) => f.write_str("."),
                }
            }
            Code::TooLong => {
                f.write_str("The string is too long")?;
                if let Some(channel) = channel {
                    write!(f, " for {channel}")?;
                }
                measure(f, "UTF-16 code units", limit, actual)
            }
            Code::LongText => match (channel, limit, actual) {
                (Some(channel), Some(limit), Some(actual)) => write!(
                    f,
                    "{channel} may cut or split a text of more than {limit} UTF-16 code units; this one has {actual}."
                ),
                _ => f.write_str(self.code.meaning()),
            },
            Code::TooManyItems => {
                f.write_str("There are too many items")?;
                measure(f, "items", limit, actual)
            }
            Code::OutOfRange => match (limit, expected) {
                (Some(0), _) => f.write_str("The number must not be below 0."),
                (Some(limit), _) => write!(f, "The number is out of range; its bound is {limit}."),
                (None, Some(expected)) => write!(f, "The value must be {expected}."),
                (None, None) => f.write_str(self.code.meaning()),
            },
            Code::UnknownChannel => {
                f.write_str("The policy has no such channel")?;
                match suggestion {
                    Some(name) => write!(f, "; did you mean {name}?"),
                    None => f.write_str("."),
                }
            }
            Code::RequiredByChannel => match channel {
                Some(channel) => write!(f, "{channel} requires this field."),
                None => f.write_str(self.code.meaning()),
            },
            Code::InvalidAddress => {
                f.write_str("The device address is not ")?;
                f.write_str(match expected {
                    Some("phone") => "a phone number of 7 to 15 digits",
                    Some("token") => "a token of visible ASCII characters",
                    Some("email") => "an e-mail address",
                    Some("numeric") => "a numeric identifier of up to 19 digits",
                    _ => "of the channel's kind",
                })?;
                match channel {
                    Some(channel) => write!(f, ", as {channel} needs."),
                    None => f.write_str("."),
                }
            }
            Code::PolicyConflict => match expected {
                Some(expected) => write!(f, "Two settings contradict each other: {expected}."),
                None => f.write_str(self.code.meaning()),
            },
            code => f.write_str(code.meaning()),
        }
    }
}

/// Writes the name of a type as people say it.
fn with_article(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    f.write_str(if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an " } else { "a " })?;
    f.write_str(name)
}

fn measure(f: &mut fmt::Formatter<'_>, units: &str, limit: Option<u64>, actual: Option<Actual>) -> fmt::Result {
    match (limit, actual) {
        (Some(limit), Some(actual)) => write!(f, ": {actual}, where at most {limit} {units} are allowed."),
        (Some(limit), None) => write!(f, ": at most {limit} {units} are allowed."),
        _ => f.write_str("."),
    }
}
