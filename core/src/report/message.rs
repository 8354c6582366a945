//! The English sentence of a diagnostic: made from its code and parameters, and nothing else, so
//! that no private value can get into it.

use crate::code::Code;
use crate::json::write::decimal;
use crate::json_type::JsonType;
use crate::memory::{self, OutOfMemory};
use crate::report::params::{Actual, Params};
use crate::rules::address::AddressKind;
use alloc::vec::Vec;
use core::fmt;

/// One English sentence, made from a code and its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub(crate) code: Code,
    pub(crate) params: Params<'a>,
}

impl<'a> Message<'a> {
    /// The parameters that it is made of.
    pub fn params(&self) -> Params<'a> {
        self.params
    }

    /// Appends the sentence, without the detour over a formatter.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        self.pieces(|piece| memory::put_bytes(out, piece))
    }

    /// Hands out the sentence piece by piece, each well-formed UTF-8.
    pub(crate) fn pieces<E>(&self, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let sentence = self.sentence();
        for piece in sentence.pieces.get(..sentence.len).unwrap_or(&[]) {
            match piece {
                Piece::Text(text) => take(text.as_bytes())?,
                Piece::Number(number) => decimal(*number, &mut take)?,
            }
        }
        Ok(())
    }

    fn sentence(&self) -> Sentence<'a> {
        let Params { limit, actual, expected, channel, suggestion, belongs_to } = self.params;
        let mut to = Sentence::new();
        match self.code {
            Code::BodyTooLarge => {
                to.add("The body is too large");
                to.measure(" bytes are allowed.", limit, actual);
            }
            Code::InvalidJson => match expected {
                Some(expected) => to.all(["The body is not JSON (RFC 8259): expected ", expected, "."]),
                None => to.add(self.code.meaning()),
            },
            Code::UnsupportedMediaType => match expected {
                Some("identity") => to.add("The body must come without a Content-Encoding other than identity."),
                Some(expected) => to.all(["The Content-Type must say ", expected, ", once."]),
                None => to.add(self.code.meaning()),
            },
            Code::NestingTooDeep => {
                to.add("Arrays and objects are nested too deep");
                to.measure(" levels are allowed.", limit, None);
            }
            Code::TypeMismatch => {
                to.add("The value must be ");
                match expected {
                    Some(expected) => to.with_article(expected),
                    None => to.add("of another type"),
                }
                match actual {
                    Some(Actual::Type(JsonType::Null)) => to.add(", not null"),
                    Some(Actual::Type(actual)) => {
                        to.add(", not ");
                        to.with_article(actual.as_str());
                    }
                    Some(Actual::Number(_)) | None => {}
                }
                let is_number = actual == Some(Actual::Type(JsonType::Number));
                match expected {
                    Some("string") if is_number => to.add("; put it in quotes."),
                    Some("integer" | "integer or null") if is_number => to.add(" with a fraction."),
                    _ => to.add("."),
                }
            }
            Code::UnknownField | Code::DroppedField | Code::KeptField => {
                to.add(match self.code {
                    Code::DroppedField => "No such field is known here, and it was left out",
                    Code::KeptField => "No such field is known here, and it was passed on as it stands",
                    _ => "No such field is known here",
                });
                match (suggestion, belongs_to) {
                    (Some(name), _) => to.all(["; did you mean ", name, "?"]),
                    (None, Some("sibling_endpoint")) => to.add("; it belongs to a sibling endpoint."),
                    (None, Some("body")) => to.add("; it belongs in the body's object."),
                    (None, Some(place)) => to.all(["; it belongs in ", place, "."]),
                    (None, None) => to.add("."),
                }
            }
            Code::TooLong => {
                to.add("The string is too long");
                if let Some(channel) = channel {
                    to.all([" for ", channel]);
                }
                to.measure(" UTF-16 code units are allowed.", limit, actual);
            }
            Code::LongText => match (channel, limit, actual) {
                (Some(channel), Some(limit), Some(actual)) => {
                    to.all([channel, " may cut or split a text of more than "]);
                    to.number(limit);
                    to.add(" UTF-16 code units; this one has ");
                    to.actual(actual);
                    to.add(".");
                }
                _ => to.add(self.code.meaning()),
            },
            Code::TooManyItems => {
                to.add("There are too many items");
                to.measure(" items are allowed.", limit, actual);
            }
            Code::OutOfRange => match (limit, expected) {
                (_, Some(expected)) => to.all(["The value must be ", expected, "."]),
                (Some(0), None) => to.add("The number must not be below 0."),
                (Some(limit), None) => {
                    to.add("The number is out of range; its bound is ");
                    to.number(limit);
                    to.add(".");
                }
                (None, None) => to.add(self.code.meaning()),
            },
            Code::UnknownChannel => {
                to.add("The policy has no such channel");
                match suggestion {
                    Some(name) => to.all(["; did you mean ", name, "?"]),
                    None => to.add("."),
                }
            }
            Code::RequiredByChannel => match channel {
                Some(channel) => to.all([channel, " requires this field."]),
                None => to.add(self.code.meaning()),
            },
            Code::InvalidAddress => {
                to.add("The device address is not ");
                let kind = expected.and_then(|word| AddressKind::parse(word.as_bytes()));
                to.add(kind.map_or("of the channel's kind", AddressKind::expected));
                match channel {
                    Some(channel) => to.all([", as ", channel, " needs."]),
                    None => to.add("."),
                }
            }
            Code::PolicyConflict => match expected {
                Some(expected) => to.all(["Two settings contradict each other: ", expected, "."]),
                None => to.add(self.code.meaning()),
            },
            code => to.add(code.meaning()),
        }
        to
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces(|piece| f.write_str(core::str::from_utf8(piece).unwrap_or("")))
    }
}

#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    Number(u64),
}

/// The pieces of a sentence.
struct Sentence<'a> {
    pieces: [Piece<'a>; Sentence::MOST],
    len: usize,
}

impl<'a> Sentence<'a> {
    /// What the longest one has: a string that is too long for a channel.
    const MOST: usize = 8;

    fn new() -> Sentence<'a> {
        Sentence { pieces: [Piece::Text(""); Sentence::MOST], len: 0 }
    }

    fn piece(&mut self, piece: Piece<'a>) {
        if let Some(next) = self.pieces.get_mut(self.len) {
            *next = piece;
            self.len = self.len.saturating_add(1);
        }
    }

    #[inline(never)] // asked in many places, seldom
    fn add(&mut self, text: &'a str) {
        self.piece(Piece::Text(text));
    }

    fn all<const N: usize>(&mut self, texts: [&'a str; N]) {
        texts.into_iter().for_each(|text| self.add(text));
    }

    fn number(&mut self, number: u64) {
        self.piece(Piece::Number(number));
    }

    fn actual(&mut self, actual: Actual) {
        self.piece(match actual {
            Actual::Number(number) => Piece::Number(number),
            Actual::Type(json_type) => Piece::Text(json_type.as_str()),
        });
    }

    /// The name of a type as people say it.
    fn with_article(&mut self, name: &'a str) {
        self.all([if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an " } else { "a " }, name]);
    }

    /// What was found and what is allowed; `allowed` says of what.
    fn measure(&mut self, allowed: &'static str, limit: Option<u64>, actual: Option<Actual>) {
        match (limit, actual) {
            (Some(limit), Some(actual)) => {
                self.add(": ");
                self.actual(actual);
                self.add(", where at most ");
                self.number(limit);
                self.add(allowed);
            }
            (Some(limit), None) => {
                self.add(": at most ");
                self.number(limit);
                self.add(allowed);
            }
            _ => self.add("."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_longest_sentence_is_whole() {
        let none = Params::default();
        let params = Params { limit: Some(5), actual: Some(Actual::Number(7)), channel: Some("X"), ..none };
        let message = Message { code: Code::TooLong, params };
        let sentence = "The string is too long for X: 7, where at most 5 UTF-16 code units are allowed.";
        assert_eq!(message.to_string(), sentence);
        let params = Params { expected: Some("string"), actual: Some(Actual::Type(JsonType::Number)), ..none };
        let message = Message { code: Code::TypeMismatch, params };
        assert_eq!(message.to_string(), "The value must be a string, not a number; put it in quotes.");
        let mut written = Vec::new();
        message.write(&mut written).unwrap();
        assert_eq!(written, message.to_string().into_bytes());
    }
}
