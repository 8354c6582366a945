//! The second place of a diagnostic (contract §6): the first key of a repeated field, or the one
//! character that spoils a value. It is worked out when somebody asks.

use crate::code::Code;
use crate::findings::Detail;
use crate::json::string::{RawChars, raw_chars};
use crate::report::diagnostic::Diagnostic;
use crate::report::params::Span;
use crate::rules::white_space::{is_invisible, is_white_space};
use crate::rules::{address, file_name, identifier, text, url};

impl Diagnostic<'_> {
    /// A second place: of a repeated field its first key, of a value that one character spoils the first
    /// such character as it stands in the body, an escape whole. None if it is the whole that is wrong.
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Policy, Span};
    /// let (policy, mut checker) = (Policy::default(), Checker::new());
    /// let body = br#"{"text":"hi","clientApplicationDescriptor":{"channelType":"VIBER","deviceAddress":"7900000x000"}}"#;
    /// let violation = checker.check(&policy, body).violations().next().unwrap();
    /// assert_eq!(violation.related(), Some(Span { offset: 90, length: 1 }));
    /// ```
    pub fn related(&self) -> Option<Span> {
        let chars = || self.characters().map(|(_, _, c)| c);
        let spoiler = match (self.finding.code, self.finding.detail) {
            (_, Detail::Related { offset, length }) => return Some(Span { offset, length }),
            (Code::InvalidUnicode, _) => {
                let mut chars = raw_chars(self.source.body, self.finding.offset);
                let (offset, length, _) = chars.find(|(_, _, c)| c.is_none())?;
                return Some(Span { offset, length });
            }
            // What spoils `text` is never trimmed away, so it is found there, too.
            (Code::ControlCharacter, _) => chars().position(|c| self.is_control(c)),
            (Code::GarbledText, _) => text::spoiler(chars()),
            (Code::InvalidName, _) => file_name::spoiler(chars()),
            (Code::InvalidUrl, _) => url::spoiler(chars()),
            (Code::UnescapedUrl, _) => url::unescaped_spoiler(chars()),
            (Code::UnlikelyIdentifier, _) => identifier::spoiler(chars()),
            (Code::InvalidAddress, Detail::Address { kind, .. }) => address::spoiler(kind, chars()),
            _ => None,
        };
        // Most have none, and to look for the ends of what they stand at takes long.
        let index = spoiler?;
        let (offset, length, _) = self.characters().nth(index)?;
        Some(Span { offset, length })
    }

    /// The characters of the string that the diagnostic stands at, trimmed.
    pub(crate) fn characters(&self) -> Characters<'_> {
        Characters { raw: raw_chars(self.source.body, self.finding.offset), end: u32::MAX }.trimmed()
    }

    /// Whether more than `most` of them are left when they are trimmed. Looks no further than to the first that is one too
    /// many.
    pub(crate) fn has_more_characters(&self, most: usize) -> bool {
        let raw = raw_chars(self.source.body, self.finding.offset);
        let chars = raw.map(|(_, _, c)| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        let mut from_first = chars.skip_while(|c| is_edge(*c)).enumerate();
        from_first.any(|(index, c)| index >= most && !is_edge(c))
    }

    /// Whether a character is a control character that the diagnostic's value must not hold.
    pub(crate) fn is_control(&self, c: char) -> bool {
        if self.is_of_text() { u8::try_from(c).is_ok_and(text::is_control_in_text) } else { c.is_control() }
    }

    /// Whether the diagnostic speaks of the body's `text`, the one string that has other rules.
    pub(crate) fn is_of_text(&self) -> bool {
        self.source.findings.steps(self.finding).len() == 1
    }
}

/// What is taken away at the ends of a value.
fn is_edge(c: char) -> bool {
    is_white_space(c) || is_invisible(c)
}

/// The characters of a string, each with its place: its offset in the body, and the length of its UTF-8 or of its
/// escape.
#[derive(Clone)]
pub(crate) struct Characters<'b> {
    raw: RawChars<'b>,
    /// Where they end, if that is before the quote.
    end: u32,
}

impl Characters<'_> {
    fn trimmed(mut self) -> Self {
        let mut rest = self.clone();
        while rest.next().is_some_and(|(_, _, c)| is_edge(c)) {
            self = rest.clone();
        }
        let last = self.clone().filter(|(_, _, c)| !is_edge(*c)).last();
        self.end = last.map_or(0, |(offset, length, _)| offset.saturating_add(length));
        self
    }
}

impl Iterator for Characters<'_> {
    type Item = (u32, u32, char);

    fn next(&mut self) -> Option<Self::Item> {
        let (offset, length, c) = self.raw.next()?;
        (offset < self.end).then_some((offset, length, c.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}
