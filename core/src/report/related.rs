//! The second place of a diagnostic (contract §6): the first key of a repeated field, or the one
//! character that spoils a value. It is worked out when somebody asks.

use crate::code::Code;
use crate::findings::Detail;
use crate::json::string::raw_chars;
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
        let body = self.source.body;
        let offset = self.finding.offset;
        let trimmed = || trimmed(body, offset);
        let chars = || trimmed().map(|(_, _, c)| c);
        match (self.finding.code, self.finding.detail) {
            (_, Detail::Related { offset, length }) => Some(Span { offset, length }),
            (Code::InvalidUnicode, _) => {
                let (offset, length, _) = raw_chars(body, offset).find(|(_, _, c)| c.is_none())?;
                Some(Span { offset, length })
            }
            // What spoils `text` is never trimmed away, so it is found there, too.
            (Code::ControlCharacter, _) => nth(trimmed(), chars().position(|c| self.is_control(c))),
            (Code::GarbledText, _) => nth(trimmed(), text::spoiler(chars())),
            (Code::InvalidName, _) => nth(trimmed(), file_name::spoiler(chars())),
            (Code::InvalidUrl, _) => nth(trimmed(), url::spoiler(chars())),
            (Code::UnescapedUrl, _) => nth(trimmed(), url::unescaped_spoiler(chars())),
            (Code::UnlikelyIdentifier, _) => nth(trimmed(), identifier::spoiler(chars())),
            (Code::InvalidAddress, Detail::Address { kind, .. }) => nth(trimmed(), address::spoiler(kind, chars())),
            _ => None,
        }
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

/// The characters of the string that opens at `quote`, with their places, trimmed.
pub(crate) fn trimmed(body: &[u8], quote: u32) -> impl Iterator<Item = (u32, u32, char)> + Clone {
    let is_edge = |c: &char| is_white_space(*c) || is_invisible(*c);
    let chars =
        raw_chars(body, quote).map(|(offset, length, c)| (offset, length, c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    let last = chars.clone().enumerate().filter(|(_, (_, _, c))| !is_edge(c)).last();
    let len = last.map_or(0, |(index, _)| index.saturating_add(1));
    chars.take(len).skip_while(move |(_, _, c)| is_edge(c))
}

fn nth<C>(mut chars: impl Iterator<Item = (u32, u32, C)>, index: Option<usize>) -> Option<Span> {
    let (offset, length, _) = chars.nth(index?)?;
    Some(Span { offset, length })
}
