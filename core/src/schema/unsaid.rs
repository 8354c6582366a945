//! What the schemas leave to the library, by code.

use super::node::{Node, Parts};
use crate::code::Code;
use crate::memory::OutOfMemory;
use crate::policy::{Policy, UnknownFields};
use core::fmt;

/// The schema of which something is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsaid {
    Normalized,
    Input,
}

/// Where a row holds.
enum Where {
    Both,
    Input,
    /// In both, where the policy keeps unknown fields.
    Keeping,
}

impl Unsaid {
    /// The key of the list.
    pub(super) const KEY: &'static str = "x-outgoing-to-device-unsaid";

    /// Adds, for each code that only the library finds, why.
    pub(super) fn write(self, policy: &Policy, list: &mut Parts<'_>) -> Result<(), OutOfMemory> {
        self.rows(policy).try_for_each(|(code, why)| {
            list.item(Node::Object(&[("code", Node::Text(code.as_str())), ("why", Node::Text(why))]))
        })
    }

    /// Each code that only the library finds, and why.
    fn rows(self, policy: &Policy) -> impl Iterator<Item = (Code, &'static str)> {
        let keeps = policy.unknown_fields() == UnknownFields::Keep;
        let holds = move |place: &Where| match place {
            Where::Both => true,
            Where::Input => self == Unsaid::Input,
            Where::Keeping => keeps,
        };
        let refused =
            policy.refuses().codes().map(|code| (code, "The policy refuses this warning; no pattern says it."));
        ROWS.iter().filter(move |(_, place, _)| holds(place)).map(|(code, _, why)| (*code, *why)).chain(refused)
    }
}

/// The rows of the normalized request as a list in Markdown.
pub(super) struct UnsaidList<'p>(pub(super) &'p Policy);

impl fmt::Display for UnsaidList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = Unsaid::Normalized.rows(self.0);
        rows.try_for_each(|(code, why)| write!(f, "\n- `{code}`: {why}"))
    }
}

/// In the order of the codes. The agreement test (tests/schema) finds out what is missing.
#[rustfmt::skip] // one row a line
static ROWS: [(Code, Where, &str); 17] = {
    use Where::{Both, Input, Keeping};
    [
        (Code::EmptyBody, Both, "A schema sees a value, not the bytes that it was read from."),
        (Code::BodyTooLarge, Both, "A schema sees a value, not the bytes that it was read from."),
        (Code::InvalidUtf8, Both, "A schema sees a value; many readers repair bad bytes before."),
        (Code::InvalidJson, Both, "A schema sees a value; some readers take more than JSON."),
        (Code::NestingTooDeep, Both, "A schema can't count how deep unknown fields are nested; every reader has a limit of its own."),
        (Code::TypeMismatch, Both, "Readers that hold numbers as doubles round the fraction of a size away where it is small."),
        (Code::DuplicateField, Both, "Readers drop all but one of repeated fields before a schema sees them."),
        (Code::InvalidUnicode, Both, "Readers differ on surrogates without their partner, and regular expressions let them pass."),
        (Code::ControlCharacter, Input, "A value is trimmed before it is judged, and white space around it may be a control character."),
        (Code::TooLong, Both, "Limits are UTF-16 code units of the normalized value; maxLength counts code points of the value as it stands."),
        (Code::TooManyItems, Keeping, "A schema can't count unknown fields over the whole body."),
        (Code::UnknownChannel, Input, "Names of channels are trimmed and compared without regard to case."),
        (Code::RequiredByChannel, Input, "Only said of names of channels that are spelled as in the policy."),
        (Code::InvalidAddress, Both, "Marks, national forms and odd spellings of phone numbers, and lengths of e-mail addresses in UTF-16 code units, take more than a simple pattern."),
        (Code::InvalidUrl, Both, "The grammar of IRIs (IP literals, ports, hosts, which characters are assigned) takes more than a simple pattern."),
        (Code::InvalidMediaType, Both, "The grammar of a media type's parameters takes more than a simple pattern."),
        (Code::InvalidName, Input, "A value is trimmed before it is judged, and what is trimmed may turn the direction of writing."),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_order_of_the_codes() {
        assert!(ROWS.is_sorted_by_key(|(code, ..)| *code));
    }
}
