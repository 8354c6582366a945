//! serde (feature `serde`): what serde sees of a type is the type's JSON text, and what comes from
//! serde is read as one. So there is one form and one set of rules, and no error shows a value.

use crate::findings::Findings;
use crate::http::response::Response;
use crate::json::reader::Reader;
use crate::json::string::{Discard, Token};
use crate::json::write::{integer, quoted, unsigned};
use crate::memory::or_abort;
use crate::memory::put;
use crate::path::MAX_DEPTH;
use crate::policy::{Policy, UnknownFields};
use crate::report::outcome::RejectionBuf;
use crate::request::{Attachment, Request, RequestBuf};
use crate::rules::address::AddressKind;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The normalized request, kept fields included. (A kept number that neither an `i64` nor a `u64`
/// holds becomes an `f64`, and one that is too great for that is an error.)
impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_normalized() {
            Some(normalized) => Json::new(normalized).serialize(serializer),
            None => Json::new(&self.to_json()).serialize(serializer),
        }
    }
}

/// The attachment as it stands in the normalized request.
impl Serialize for Attachment<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = Vec::new();
        or_abort(self.write(&mut json));
        Json::new(&json).serialize(serializer)
    }
}

/// See [`Request`].
impl Serialize for RequestBuf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_request().serialize(serializer)
    }
}

/// Checks the request by the default policy, for self-describing formats; warnings are not kept.
/// For another policy, see `DeserializeSeed` of [`Policy`].
impl<'de> Deserialize<'de> for RequestBuf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        (&Policy::default()).deserialize(deserializer)
    }
}

/// Checks a request by this policy.
impl<'de> DeserializeSeed<'de> for &Policy {
    type Value = RequestBuf;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RequestBuf, D::Error> {
        read(deserializer, |json| RequestBuf::from_json(self, json))
    }
}

/// The policy as a file has it, whole.
impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Json::new(self.to_json().as_bytes()).serialize(serializer)
    }
}

/// Reads what a policy file can hold, for self-describing formats.
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, Policy::from_json)
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Json::new(&self.to_json()).serialize(serializer)
    }
}

/// Reads a response as [`Response::from_json`] does, for self-describing formats.
impl<'de> Deserialize<'de> for Response {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, Response::from_json)
    }
}

/// The word that policy files use.
impl Serialize for UnknownFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for UnknownFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        UnknownFields::parse(word.as_bytes()).ok_or_else(|| Error::custom("expected reject, drop or keep"))
    }
}

/// The word that policy files use.
impl Serialize for AddressKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AddressKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        AddressKind::parse(word.as_bytes())
            .ok_or_else(|| Error::custom(format_args!("expected {}", AddressKind::WORDS)))
    }
}

/// A value of a JSON text that was found to be one.
#[derive(Clone, Copy)]
struct Json<'a> {
    text: &'a [u8],
    at: u32,
}

impl<'a> Json<'a> {
    fn new(text: &'a [u8]) -> Json<'a> {
        Json { text, at: 0 }
    }

    /// What `f` reads of the text.
    fn read<T>(self, f: impl FnOnce(&mut Reader<'a, '_>) -> T) -> T {
        f(&mut Reader::new(self.text, MAX_DEPTH as u32, &mut Findings::new()))
    }

    /// The elements of an array or the members of an object: each one's key, if it has one, and its
    /// value. A value is read again for every level above it, of which there are at most 64.
    fn parts(self) -> impl Iterator<Item = (Option<Json<'a>>, Json<'a>)> {
        let mut at = self.at;
        core::iter::from_fn(move || {
            self.read(|reader| {
                let (_, mut start) = reader.token(at.wrapping_add(1));
                if matches!(reader.byte(start), b']' | b'}') {
                    return None;
                }
                let is_object = reader.byte(self.at) == b'{';
                let key = is_object.then_some(Json { at: start, ..self });
                if is_object {
                    let (_, end) = reader.skip(start).ok()?;
                    start = reader.colon(end).ok()?;
                }
                let (_, end) = reader.skip(start).ok()?;
                // The comma, or the byte before the closing bracket.
                let (c, separator) = reader.token(end);
                at = if c == b',' { separator } else { separator.wrapping_sub(1) };
                Some((key, Json { at: start, ..self }))
            })
        })
    }

    fn text(self) -> String {
        self.read(|reader| {
            let token = reader.string(self.at, &mut Discard).map(|(token, _)| token);
            token.map(|token: Token| reader.scalars(&token).collect()).unwrap_or_default()
        })
    }

    fn number(self) -> &'a str {
        let end = self.read(|reader| reader.number(self.at)).unwrap_or(self.at);
        let number = self.text.get(self.at as usize..end as usize).unwrap_or(&[]);
        core::str::from_utf8(number).unwrap_or_default()
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.read(|reader| reader.byte(self.at)) {
            b'"' => serializer.serialize_str(&self.text()),
            b'{' => {
                let mut map = serializer.serialize_map(Some(self.parts().count()))?;
                for (key, value) in self.parts() {
                    map.serialize_entry(&key.unwrap_or(value), &value)?;
                }
                map.end()
            }
            b'[' => {
                let mut seq = serializer.serialize_seq(Some(self.parts().count()))?;
                for (_, value) in self.parts() {
                    seq.serialize_element(&value)?;
                }
                seq.end()
            }
            b't' => serializer.serialize_bool(true),
            b'f' => serializer.serialize_bool(false),
            b'n' => serializer.serialize_none(),
            _ => {
                let number = self.number();
                if let Ok(number) = number.parse() {
                    serializer.serialize_u64(number)
                } else if let Ok(number) = number.parse() {
                    serializer.serialize_i64(number)
                } else {
                    let number = number.parse().ok().filter(|number: &f64| number.is_finite());
                    serializer.serialize_f64(number.ok_or_else(|| S::Error::custom("a kept number is beyond any f64"))?)
                }
            }
        }
    }
}

/// Reads what the deserializer has as a JSON text.
fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    from_json: impl FnOnce(&[u8]) -> Result<T, RejectionBuf>,
) -> Result<T, D::Error> {
    let mut json = Vec::new();
    Transcode { out: &mut json, depth: 0 }.deserialize(deserializer)?;
    from_json(&json).map_err(|rejection| Error::custom(Summary(rejection)))
}

/// Pointers and messages. (Lines and columns would be those of a text that nobody has seen.)
struct Summary(RejectionBuf);

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.violations.iter().enumerate() {
            f.write_str(if i > 0 { "; " } else { "" })?;
            if !violation.pointer.is_empty() {
                write!(f, "{}: ", violation.pointer)?;
            }
            f.write_str(&violation.message)?;
        }
        Ok(())
    }
}

/// Appends whatever value comes as JSON.
struct Transcode<'o> {
    out: &'o mut Vec<u8>,
    depth: usize,
}

/// With its feature `arbitrary_precision`, serde_json hands a number over as a map of this one key,
/// with the number's text.
const NUMBER: &[u8] = br#""$serde_json::private::Number""#;

impl Transcode<'_> {
    /// The same for a value below this one.
    fn below<E: Error>(&mut self) -> Result<Transcode<'_>, E> {
        // A text of so many levels is rejected anyway; and the stack is not endless.
        if self.depth > MAX_DEPTH {
            return Err(E::custom("arrays and objects are nested too deep"));
        }
        Ok(Transcode { out: self.out, depth: self.depth.saturating_add(1) })
    }

    fn put(self, text: &[u8]) {
        or_abort(put(self.out, text));
    }

    /// Makes a number of the string that was written at `at`.
    fn unquote<E: Error>(self, at: usize, to: usize) -> Result<(), E> {
        let string = self.out.split_off(at.min(self.out.len()));
        let number = string.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(&[]);
        if Json::new(number).number().len() != number.len() || number.is_empty() {
            return Err(E::custom("a number is malformed"));
        }
        self.out.truncate(to);
        self.put(number);
        Ok(())
    }

    /// Puts the bracket in the place of the last comma, if there is one.
    fn close(self, start: usize, bracket: &[u8]) {
        if self.out.len() > start {
            self.out.pop();
        }
        self.put(bracket);
    }
}

impl<'de> DeserializeSeed<'de> for Transcode<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Transcode<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        or_abort(integer(self.out, value));
        Ok(())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<(), E> {
        self.put(format!("{value}").as_bytes());
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        or_abort(unsigned(self.out, value));
        Ok(())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<(), E> {
        self.put(format!("{value}").as_bytes());
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if !value.is_finite() {
            return Err(E::custom("JSON has only finite numbers"));
        }
        self.put(format!("{value:e}").as_bytes());
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        or_abort(quoted(self.out, value.as_bytes()));
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.put(b"null");
        Ok(())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        or_abort(put(self.out, b"["));
        let start = self.out.len();
        while seq.next_element_seed(self.below()?)?.is_some() {
            or_abort(put(self.out, b","));
        }
        self.close(start, b"]");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        or_abort(put(self.out, b"{"));
        let start = self.out.len();
        let mut at = start;
        while map.next_key_seed(self.below()?)?.is_some() {
            let key = self.out.get(at..).unwrap_or(&[]);
            if !key.starts_with(b"\"") {
                return Err(A::Error::custom("a key is not a string"));
            }
            let is_number = at == start && key == NUMBER;
            or_abort(put(self.out, b":"));
            let value = self.out.len();
            map.next_value_seed(self.below()?)?;
            if is_number {
                return self.unquote(value, start.saturating_sub(1));
            }
            or_abort(put(self.out, b","));
            at = self.out.len();
        }
        self.close(start, b"}");
        Ok(())
    }
}
