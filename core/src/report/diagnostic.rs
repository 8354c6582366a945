//! Diagnostics as hosts see them: each with all its parts, made when they are asked for.

use crate::code::{Code, Severity};
use crate::edit::EditBuf;
use crate::field::{self, Hint};
use crate::findings::{Detail, Finding, Findings};
use crate::json::document::mark_len;
use crate::json::expected::expected;
use crate::json::string;
use crate::policy::Policy;
use crate::report::message::Message;
use crate::report::params::{Actual, Params, Span};
use crate::report::pointer::Pointer;
use crate::report::position::{Lines, Position};
use crate::rules::suggest;
use crate::rules::white_space::trim;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// What diagnostics are read from: the findings, and what they speak about.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) findings: &'a Findings,
    /// For the names of channels; a response has none.
    pub(crate) policy: Option<&'a Policy>,
}

/// One thing that is wrong with a body, or worth a look.
///
/// A view: its parts are worked out when they are asked for. [`Diagnostic::to_owned`] keeps them.
#[derive(Clone, Copy)]
pub struct Diagnostic<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) finding: &'a Finding,
}

impl<'a> Diagnostic<'a> {
    /// The code; see [`Code`] for all of them.
    pub fn code(&self) -> Code {
        self.finding.code
    }

    /// Whether it refuses the body.
    pub fn severity(&self) -> Severity {
        self.source.findings.severity(self.finding.code)
    }

    /// The first byte of the place in the body.
    pub fn offset(&self) -> u32 {
        self.finding.offset
    }

    /// How many bytes the place has.
    pub fn length(&self) -> u32 {
        self.finding.length
    }

    /// The place as a JSON Pointer (RFC 6901); empty for a fault of the body as a whole.
    pub fn pointer(&self) -> Pointer<'a> {
        Pointer { body: self.source.body, steps: self.source.findings.steps(self.finding), absent: self.finding.absent }
    }

    /// The place as line and column; takes a pass over the body up to it. For all diagnostics of a
    /// body, [`Lines`] takes one pass in all.
    pub fn position(&self) -> Position {
        Lines::new(self.source.body).position(self.finding.offset)
    }

    /// The parameters of the message.
    #[inline(never)]
    pub fn params(&self) -> Params<'a> {
        let channel = |number| self.source.policy.and_then(|policy| policy.channel_name(number));
        let mut params = Params::default();
        match self.finding.detail {
            Detail::None if self.finding.code == Code::InvalidJson => {
                let body = self.source.body;
                params.expected = Some(expected(body, mark_len(body), self.finding.offset).words);
            }
            Detail::None | Detail::Related { .. } => {}
            Detail::Measure { limit, actual, channel: number } => {
                params.limit = Some(u64::from(limit));
                params.actual = Some(Actual::Number(u64::from(actual)));
                params.channel = number.and_then(channel);
            }
            Detail::Limit(limit) => params.limit = Some(limit),
            Detail::Type { expected, actual } => {
                params.expected = Some(expected);
                params.actual = Some(Actual::Type(actual));
            }
            Detail::Bound { limit, expected } => {
                params.limit = Some(u64::from(limit));
                params.expected = Some(expected);
            }
            Detail::Expected(expected) => params.expected = Some(expected),
            Detail::Suggestion(suggestion) => params.suggestion = Some(suggestion),
            Detail::Channel(number) => params.channel = channel(number),
            Detail::SuggestedName(number) => params.suggestion = self.source.findings.name(number),
            Detail::Address { kind, channel: number } => {
                params.expected = Some(kind.as_str());
                params.channel = channel(number);
            }
            Detail::ChannelName => {
                let mut tell = |name: &str| {
                    params.suggestion = self.source.policy.and_then(|policy| policy.nearest(name));
                };
                match string::plain(self.content()) {
                    Some(name) => tell(trimmed(name)),
                    None if self.has_more_characters(suggest::MAX_NAME) => {}
                    None => with_name(&mut self.characters().map(|(_, _, c)| c), &mut tell),
                }
            }
            Detail::Name(object) => self.with_key(&mut |name| match field::hint(object, name) {
                None => {}
                Some(Hint::Suggestion(name)) => params.suggestion = Some(name),
                Some(Hint::BelongsTo(place)) => params.belongs_to = Some(place),
            }),
            Detail::PolicyName(names) => self.with_key(&mut |name| {
                let nearest = suggest::nearest_or_same(name, names.iter().copied());
                params.suggestion = nearest.and_then(|index| names.get(index).copied());
            }),
        }
        params
    }

    /// Tells the key that the finding stands at, unless it is longer than any name.
    fn with_key(&self, tell: &mut dyn FnMut(&str)) {
        match string::plain(self.content()) {
            Some(name) => tell(name),
            None => with_name(&mut string::scalars(self.content()), tell),
        }
    }

    /// The body from behind the quote on that the finding stands at.
    fn content(&self) -> &'a [u8] {
        self.source.body.get(self.finding.offset.saturating_add(1) as usize..).unwrap_or_default()
    }

    /// One English sentence, made from code and parameters only.
    pub fn message(&self) -> Message<'a> {
        Message { code: self.finding.code, params: self.params() }
    }

    /// The diagnostic with all its parts worked out, position included.
    #[allow(clippy::wrong_self_convention, reason = "as of str and Path: from the borrowed to the owned form")]
    pub fn to_owned(&self) -> DiagnosticBuf {
        self.owned_at(self.position())
    }

    fn owned_at(&self, position: Position) -> DiagnosticBuf {
        let params = self.params();
        DiagnosticBuf {
            code: self.code(),
            severity: self.severity(),
            message: self.message().to_string(),
            pointer: self.pointer().to_string(),
            offset: self.offset(),
            length: self.length(),
            line: position.line,
            column: position.column,
            related: self.related(),
            fix: self.fix().map(|fix| fix.edits().iter().map(EditBuf::from).collect()).unwrap_or_default(),
            limit: params.limit,
            actual: params.actual,
            expected: params.expected.map(String::from),
            channel: params.channel.map(String::from),
            suggestion: params.suggestion.map(String::from),
            belongs_to: params.belongs_to.map(String::from),
        }
    }
}

fn trimmed(name: &str) -> &str {
    let (start, end) = trim(name.as_bytes());
    name.get(start..end).unwrap_or_default()
}

/// Tells a name of any spelling as a text, unless it is longer than any.
#[inline(never)] // asked in many places, seldom
fn with_name(name: &mut dyn Iterator<Item = char>, tell: &mut dyn FnMut(&str)) {
    let (mut buffer, mut len) = ([0_u8; 4 * suggest::MAX_NAME], 0_usize);
    for c in name.take(suggest::MAX_NAME) {
        if let Some(to) = buffer.get_mut(len..).and_then(<[u8]>::first_chunk_mut::<4>) {
            len = len.saturating_add(c.encode_utf8(to).len());
        }
    }
    if name.next().is_none() {
        tell(core::str::from_utf8(buffer.get(..len).unwrap_or_default()).unwrap_or_default());
    }
}

impl fmt::Debug for Diagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diagnostic")
            .field("code", &self.code())
            .field("pointer", &self.pointer())
            .field("offset", &self.offset())
            .field("length", &self.length())
            .field("related", &self.related())
            .field("params", &self.params())
            .finish()
    }
}

impl fmt::Display for Diagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer(), self.message())
    }
}

/// The violations or the warnings of a body, in their order.
#[derive(Clone)]
pub struct Diagnostics<'a> {
    source: Source<'a>,
    findings: core::slice::Iter<'a, Finding>,
}

impl<'a> Diagnostics<'a> {
    pub(crate) fn new(source: Source<'a>, severity: Severity) -> Diagnostics<'a> {
        Diagnostics { source, findings: source.findings.list(severity).iter() }
    }

    /// The body that they speak about.
    pub(crate) fn body(&self) -> &'a [u8] {
        self.source.body
    }

    /// The diagnostics with all their parts worked out, in one pass over the body.
    pub fn to_vec(&self) -> Vec<DiagnosticBuf> {
        let mut lines = Lines::new(self.source.body);
        self.clone().map(|diagnostic| diagnostic.owned_at(lines.position(diagnostic.offset()))).collect()
    }
}

impl<'a> Iterator for Diagnostics<'a> {
    type Item = Diagnostic<'a>;

    fn next(&mut self) -> Option<Diagnostic<'a>> {
        let finding = self.findings.next()?;
        Some(Diagnostic { source: self.source, finding })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.findings.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<Diagnostic<'a>> {
        let finding = self.findings.nth(n)?;
        Some(Diagnostic { source: self.source, finding })
    }
}

impl ExactSizeIterator for Diagnostics<'_> {}

impl fmt::Debug for Diagnostics<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// A diagnostic that owns its parts. One of a request that was built has a pointer and no place: its
/// offset, length, line and column are 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
#[allow(missing_docs, reason = "the parts are those of `Diagnostic`")]
pub struct DiagnosticBuf {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub pointer: String,
    pub offset: u32,
    pub length: u32,
    pub line: u32,
    pub column: u32,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub related: Option<Span>,
    /// The edits of its [`Fix`](crate::Fix); none if it has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub fix: Vec<EditBuf>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub limit: Option<u64>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub actual: Option<Actual>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub expected: Option<String>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub channel: Option<String>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub suggestion: Option<String>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub belongs_to: Option<String>,
}

impl DiagnosticBuf {
    /// Whether it has a place in a body: one of a request that was built has none.
    pub fn has_place(&self) -> bool {
        self.line != 0
    }

    /// The parameters that the message is made of.
    pub fn params(&self) -> Params<'_> {
        Params {
            limit: self.limit,
            actual: self.actual,
            expected: self.expected.as_deref(),
            channel: self.channel.as_deref(),
            suggestion: self.suggestion.as_deref(),
            belongs_to: self.belongs_to.as_deref(),
        }
    }

    /// Leaves only the pointer to say where it is.
    pub(crate) fn forget_place(&mut self) {
        (self.offset, self.length, self.line, self.column) = (0, 0, 0, 0);
        self.related = None;
        self.fix.clear();
    }
}

impl fmt::Display for DiagnosticBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.has_place() {
            return write!(f, "{}: {}", self.pointer, self.message);
        }
        write!(f, "{}:{}: {}: {}", self.line, self.column, self.pointer, self.message)
    }
}
