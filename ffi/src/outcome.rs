//! What a check decides, and the diagnostics with all their parts.

use crate::text::{Str, Texts, put};
use alloc::vec::Vec;
use core::ptr;
use outgoing_to_device::{
    Actual, Code, Diagnostics, HeadRejection, Lines, Message, OutOfMemory, Pointer, Position, Severity, Span,
};

/// What was decided about a text.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// 1 if the text was accepted, 0 if it was refused.
    pub accepted: u32,
    /// How many violations `otd_report_of` gives; 0 if the text was accepted.
    pub violations: u32,
    /// How many warnings `otd_report_of` gives; there may be some in either case.
    pub warnings: u32,
    /// 1 if there were more violations or more warnings than the policy's limits report.
    pub truncated: u32,
    /// The normalized request, as compact JSON without a newline, where a body was accepted.
    pub normalized: Str,
}

impl Outcome {
    pub(crate) const NONE: Outcome =
        Outcome { accepted: 0, violations: 0, warnings: 0, truncated: 0, normalized: Str::NONE };
}

/// The diagnostic refuses its text.
pub const OTD_VIOLATION: u32 = 0;
/// The diagnostic refuses nothing, but somebody should look at it.
pub const OTD_WARNING: u32 = 1;

/// In `has`: `related_offset` and `related_length` are given.
pub const OTD_HAS_RELATED: u32 = 1;
/// In `has`: `limit` is given.
pub const OTD_HAS_LIMIT: u32 = 2;
/// In `has`: `actual` is given.
pub const OTD_HAS_ACTUAL: u32 = 4;

/// One thing that is wrong with a text, or worth a look. It holds no value of the text: messages
/// are private. Strings that are not given have `data == NULL`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Diagnostic {
    /// `OTD_VIOLATION` or `OTD_WARNING`.
    pub severity: u32,
    /// One of `enum otd_code`.
    pub code: u32,
    /// The code's name, such as `invalid_address`. It is stable for ever.
    pub name: Str,
    /// One English sentence.
    pub message: Str,
    /// The place as a JSON Pointer (RFC 6901); empty for a fault of the text as a whole.
    pub pointer: Str,
    /// The place's first byte in the text.
    pub offset: u32,
    /// How many bytes the place has.
    pub length: u32,
    /// The place's line, from 1 on; 0 for a request head, which has no places.
    pub line: u32,
    /// The place's column in Unicode scalar values, from 1 on; 0 for a request head.
    pub column: u32,
    /// Which of the numbers below are given: `OTD_HAS_RELATED`, `OTD_HAS_LIMIT` and `OTD_HAS_ACTUAL`, added up.
    pub has: u32,
    /// A second place, the key of the first one of a repeated field: its first byte.
    pub related_offset: u32,
    /// How many bytes the second place has.
    pub related_length: u32,
    /// The bound that was crossed.
    pub limit: u64,
    /// The length or count that was found.
    pub actual: u64,
    /// The JSON type that was found.
    pub actual_type: Str,
    /// What belongs there: a JSON type, an address kind, words, or what a setting must be.
    pub expected: Str,
    /// The channel whose row made the rule, as the policy spells it.
    pub channel: Str,
    /// The nearest name that is known: a field or a channel.
    pub suggestion: Str,
    /// Where a field of this name belongs: `body`, `attachments`, `clientApplicationDescriptor` or `sibling_endpoint`.
    pub belongs_to: Str,
}

impl Diagnostic {
    fn strings(&mut self) -> [&mut Str; 8] {
        // A string that somebody adds must be settled: no `..` here.
        let Diagnostic {
            severity: _,
            code: _,
            name,
            message,
            pointer,
            offset: _,
            length: _,
            line: _,
            column: _,
            has: _,
            related_offset: _,
            related_length: _,
            limit: _,
            actual: _,
            actual_type,
            expected,
            channel,
            suggestion,
            belongs_to,
        } = self;
        [name, message, pointer, actual_type, expected, channel, suggestion, belongs_to]
    }
}

/// The diagnostics of a text, in their order.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// What is wrong: `violations_len` diagnostics.
    pub violations: *const Diagnostic,
    /// How many violations there are.
    pub violations_len: usize,
    /// What somebody should look at: `warnings_len` diagnostics.
    pub warnings: *const Diagnostic,
    /// How many warnings there are.
    pub warnings_len: usize,
    /// 1 if there were more violations or more warnings than the policy's limits report.
    pub truncated: u32,
}

impl Report {
    pub(crate) const NONE: Report =
        Report { violations: ptr::null(), violations_len: 0, warnings: ptr::null(), warnings_len: 0, truncated: 0 };
}

/// Where diagnostics are written out, in buffers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    texts: Texts,
    diagnostics: Vec<Diagnostic>,
}

/// Where a diagnostic stands; a fault of a head stands nowhere.
struct Place<'a> {
    pointer: Option<Pointer<'a>>,
    span: Span,
    position: Position,
    related: Option<Span>,
}

impl Rendered {
    pub(crate) const fn new() -> Rendered {
        Rendered { texts: Texts::new(), diagnostics: Vec::new() }
    }

    /// Writes out the diagnostics of a text, each list in one pass over it.
    pub(crate) fn text<'a>(
        &mut self,
        text: &'a [u8],
        violations: Diagnostics<'a>,
        warnings: Diagnostics<'a>,
        truncated: bool,
    ) -> Result<Report, OutOfMemory> {
        self.clear();
        for list in [violations, warnings] {
            let mut lines = Lines::new(text);
            for diagnostic in list {
                let place = Place {
                    pointer: Some(diagnostic.pointer()),
                    span: Span { offset: diagnostic.offset(), length: diagnostic.length() },
                    position: lines.position(diagnostic.offset()),
                    related: diagnostic.related(),
                };
                self.add(diagnostic.code(), place, &diagnostic.message())?;
            }
        }
        Ok(self.report(truncated))
    }

    /// Writes out the faults of a request head.
    pub(crate) fn head(&mut self, rejection: &HeadRejection) -> Result<Report, OutOfMemory> {
        self.clear();
        for fault in rejection.faults() {
            let span = Span { offset: 0, length: 0 };
            let place = Place { pointer: None, span, position: Position { line: 0, column: 0 }, related: None };
            self.add(fault.code(), place, &fault.message())?;
        }
        Ok(self.report(false))
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.diagnostics.clear();
    }

    fn add(&mut self, code: Code, place: Place<'_>, message: &Message<'_>) -> Result<(), OutOfMemory> {
        let params = message.params();
        let texts = &mut self.texts;
        let (actual, actual_type) = match params.actual {
            Some(Actual::Number(number)) => (Some(number), None),
            Some(Actual::Type(json_type)) => (None, Some(json_type.as_str())),
            None => (None, None),
        };
        let flag = |flag, given| if given { flag } else { 0 };
        let diagnostic = Diagnostic {
            severity: match code.severity() {
                Severity::Violation => OTD_VIOLATION,
                Severity::Warning => OTD_WARNING,
            },
            code: code as u32,
            name: texts.add(code.as_str())?,
            message: texts.add_with(|to| message.write(to))?,
            pointer: texts.add_with(|to| place.pointer.map_or(Ok(()), |pointer| pointer.write(to)))?,
            offset: place.span.offset,
            length: place.span.length,
            line: place.position.line,
            column: place.position.column,
            has: flag(OTD_HAS_RELATED, place.related.is_some())
                | flag(OTD_HAS_LIMIT, params.limit.is_some())
                | flag(OTD_HAS_ACTUAL, actual.is_some()),
            related_offset: place.related.map_or(0, |related| related.offset),
            related_length: place.related.map_or(0, |related| related.length),
            limit: params.limit.unwrap_or(0),
            actual: actual.unwrap_or(0),
            actual_type: texts.add_some(actual_type)?,
            expected: texts.add_some(params.expected)?,
            channel: texts.add_some(params.channel)?,
            suggestion: texts.add_some(params.suggestion)?,
            belongs_to: texts.add_some(params.belongs_to)?,
        };
        put(&mut self.diagnostics, &[diagnostic])
    }

    fn report(&mut self, truncated: bool) -> Report {
        self.texts.settle(self.diagnostics.iter_mut().flat_map(Diagnostic::strings));
        let warnings = self.diagnostics.partition_point(|diagnostic| diagnostic.severity == OTD_VIOLATION);
        let (violations, warnings) = self.diagnostics.split_at_checked(warnings).unwrap_or((&[], &[]));
        Report {
            violations: violations.as_ptr(),
            violations_len: violations.len(),
            warnings: warnings.as_ptr(),
            warnings_len: warnings.len(),
            truncated: u32::from(truncated),
        }
    }
}
