//! The registry of diagnostic codes: the one table that names, orders, groups and explains them.
//!
//! A code is stable for ever: it is never renamed, and neither its name nor its number is reused. The
//! order of the rows is the order in which diagnostics at the same place are reported; the number is
//! data, so a new row goes where its order is and takes the next free number.

use core::fmt;
use core::str::FromStr;

/// Which part of a message a code speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Group {
    /// The bytes of the body; such a fault comes alone.
    Body,
    /// The shape of the JSON: types, keys, lengths.
    Shape,
    /// What the values mean.
    Meaning,
    /// Accepted, but somebody should look at it.
    Warning,
    /// The request head: path, method and header fields.
    Head,
    /// A policy that contradicts itself.
    Policy,
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Severity {
    /// The request is rejected.
    Violation,
    /// The request may be accepted all the same.
    Warning,
}

impl Severity {
    /// `violation` or `warning`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Violation => "violation",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($number:literal $name:ident $text:literal $group:ident $meaning:literal)*) => {
        /// What is wrong, or worth a look: one row of the registry.
        ///
        /// ```
        /// use outgoing_to_device::{Code, Severity};
        /// assert_eq!(Code::parse("too_long"), Some(Code::TooLong));
        /// assert_eq!(Code::TooLong.as_str(), "too_long");
        /// assert_eq!(Code::InsecureUrl.severity(), Severity::Warning);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`: ", $meaning)] $name,)*
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code's name, stable for ever.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The code's number in the C interface, stable for ever; see [`Code::from_number`].
            pub const fn number(self) -> u8 {
                match self { $(Code::$name => $number,)* }
            }

            /// The code of that number.
            pub const fn from_number(number: u8) -> Option<Code> {
                match number { $($number => Some(Code::$name),)* _ => None }
            }

            /// What the code means, as one sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Code::$name => $meaning,)* }
            }

            /// The part of the message that the code speaks about.
            pub const fn group(self) -> Group {
                match self { $(Code::$name => Group::$group,)* }
            }

            /// The code of that name.
            pub fn parse(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.as_str() == name)
            }
        }
    };
}

codes! {
    0 EmptyBody "empty_body" Body "The body is empty, or holds only white space."
    1 BodyTooLarge "body_too_large" Body "The body has more bytes than the limit allows."
    2 InvalidUtf8 "invalid_utf8" Body "The body is not UTF-8."
    3 InvalidJson "invalid_json" Body "The body is not JSON (RFC 8259)."
    4 NestingTooDeep "nesting_too_deep" Body "Arrays and objects are nested deeper than the limit allows."
    5 TypeMismatch "type_mismatch" Shape "The value has another JSON type than its field."
    6 MissingField "missing_field" Shape "A required field is absent."
    7 UnknownField "unknown_field" Shape "No field of this name stands here; the server would drop it in silence."
    8 DuplicateField "duplicate_field" Shape "The field stands more than once; readers disagree on which one counts."
    9 InvalidUnicode "invalid_unicode" Shape "The string holds a surrogate without its partner, so it is not Unicode text."
    10 Blank "blank" Shape "A required string is empty, or only white space and invisible characters."
    11 ControlCharacter "control_character" Shape "The string holds a control character."
    12 TooLong "too_long" Shape "The string is longer than its limit, in UTF-16 code units."
    13 TooManyItems "too_many_items" Shape "There are more items than the limit allows."
    14 OutOfRange "out_of_range" Shape "The value is outside its range or set."
    15 EmptyMessage "empty_message" Meaning "The message has neither text nor attachments."
    16 UnknownChannel "unknown_channel" Meaning "The policy has no channel of this name."
    17 RequiredByChannel "required_by_channel" Meaning "The channel requires a field that is absent or blank."
    18 InvalidAddress "invalid_address" Meaning "The device address does not have the syntax of the channel's addresses."
    19 InvalidUrl "invalid_url" Meaning "The value is not an absolute http or https IRI (RFC 3987) that is safe to show and to fetch."
    20 InvalidMediaType "invalid_media_type" Meaning "The value is not a media type (RFC 9110)."
    21 InvalidName "invalid_name" Meaning "The file name holds a path separator, or a character that changes the direction in which it is shown."
    22 AliasField "alias_field" Warning "The field stands under its other documented name; it is normalized to clientApplicationDescriptor."
    23 NationalNumber "national_number" Warning "The phone number reads as a national one; it is passed on unchanged and may reach a stranger."
    35 UnlikelyAddress "unlikely_address" Warning "The address has the syntax, but nobody can have it; the message will hardly arrive."
    36 UnlikelyIdentifier "unlikely_identifier" Warning "The identifier holds odd white space or an invisible character, or is a word that stands for nothing."
    37 GarbledText "garbled_text" Warning "The text has lost characters on its way, or is still encoded."
    24 AttachmentKindUnknown "attachment_kind_unknown" Warning "Neither a media type nor a file extension tells what the attachment is, so it may not be displayed."
    25 InsecureUrl "insecure_url" Warning "The URL uses plain http."
    38 UnescapedUrl "unescaped_url" Warning "The URL holds characters that are usually percent-encoded; some readers reject it."
    39 PrivateHost "private_host" Warning "Only machines nearby can reach the host of the URL."
    26 LongText "long_text" Warning "The text is longer than the channel shows well."
    27 DroppedField "dropped_field" Warning "An unknown field was left out."
    28 KeptField "kept_field" Warning "An unknown field was passed on as it stands."
    29 NotFound "not_found" Head "The request is for another path."
    30 MethodNotAllowed "method_not_allowed" Head "The endpoint takes POST only."
    31 Unauthorized "unauthorized" Head "There is no single Authorization field with a Bearer token."
    32 UnsupportedMediaType "unsupported_media_type" Head "The body is not application/json in UTF-8, or it is compressed."
    33 InvalidHead "invalid_head" Head "The length of the body is malformed, repeated or contradictory."
    34 PolicyConflict "policy_conflict" Policy "Two settings of the policy contradict each other."
}

impl Code {
    /// Whether the code refuses a request or only warns.
    pub const fn severity(self) -> Severity {
        match self.group() {
            Group::Warning => Severity::Warning,
            _ => Severity::Violation,
        }
    }
}

/// A set of warnings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Warnings(u16);

impl Warnings {
    pub(crate) const NONE: Warnings = Warnings(0);

    /// The set of one warning; of any other code none.
    pub(crate) const fn of(code: Code) -> Warnings {
        // The warnings stand together in the registry.
        let row = (code as u32).wrapping_sub(Code::AliasField as u32);
        const LAST: u32 = (Code::KeptField as u32).wrapping_sub(Code::AliasField as u32);
        if row <= LAST { Warnings(1_u16.wrapping_shl(row)) } else { Warnings::NONE }
    }

    pub(crate) const fn with(self, other: Warnings) -> Warnings {
        Warnings(self.0 | other.0)
    }

    #[inline]
    pub(crate) const fn has(self, code: Code) -> bool {
        self.0 & Warnings::of(code).0 != 0
    }

    #[inline]
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The warnings, in the order of the registry.
    pub(crate) fn codes(self) -> impl Iterator<Item = Code> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let row = (Code::AliasField as u32).wrapping_add(rest.trailing_zeros());
            let code = (rest != 0).then(|| Code::ALL.get(row as usize).copied())?;
            rest &= rest.wrapping_sub(1);
            code
        })
    }
}

/// A word that names nothing of the kind that was asked for; the word itself is not kept.
///
/// ```
/// use outgoing_to_device::{AddressKind, Code};
/// assert_eq!("too_long".parse::<Code>(), Ok(Code::TooLong));
/// assert_eq!("bsuid".parse::<AddressKind>(), Ok(AddressKind::Bsuid));
/// assert_eq!("fax".parse::<AddressKind>().unwrap_err().to_string(), "there is no such address kind");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such {kind}")]
pub struct UnknownWord {
    pub(crate) kind: &'static str,
}

impl FromStr for Code {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Code, UnknownWord> {
        Code::parse(name).ok_or(UnknownWord { kind: "code" })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = alloc::string::String::deserialize(deserializer)?;
        Code::parse(&name).ok_or_else(|| serde::de::Error::custom("no such diagnostic code"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for (i, code) in Code::ALL.iter().enumerate() {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert_eq!(*code as usize, i, "the order of the registry is the order of reports");
            assert_eq!(Code::from_number(code.number()), Some(*code));
            assert!(usize::from(code.number()) < Code::ALL.len(), "{code} skips a number");
        }
        assert_eq!(Code::parse("TOO_LONG"), None);
    }

    #[test]
    fn warnings_are_a_set_of_codes_of_their_group() {
        for code in Code::ALL {
            let expected = (code.severity() == Severity::Warning).then_some(*code);
            assert!(Warnings::of(*code).codes().eq(expected), "{code}");
        }
        assert!(Warnings::of(Code::TooLong).is_empty());
        assert!(
            Warnings::of(Code::KeptField).has(Code::KeptField) && !Warnings::of(Code::KeptField).has(Code::LongText)
        );
    }
}
