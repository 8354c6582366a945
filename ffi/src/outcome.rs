//! What a check decides, and the diagnostics with all their parts.

use crate::text::{Str, Texts, put};
use alloc::vec::Vec;
use core::ptr;
use outgoing_to_device::{Actual, Code, Diagnostics, HeadRejection, Lines, Message, OutOfMemory, Params, Position};

/// What was decided about a text.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// 1 if the text was accepted, 0 if it was rejected.
    pub accepted: u32,
    /// How many violations `otd_report_of` gives; 0 if the text was accepted.
    pub violations: u32,
    /// How many warnings `otd_report_of` gives; there may be some in either case.
    pub warnings: u32,
    /// 1 if there were more violations or more warnings than the policy's limits report.
    pub truncated: u32,
    /// The normalized request of an accepted body, as compact JSON without a newline.
    pub normalized: Str,
}

impl Outcome {
    pub(crate) const NONE: Outcome =
        Outcome { accepted: 0, violations: 0, warnings: 0, truncated: 0, normalized: Str::NONE };
}

/// The diagnostic is a violation: its text is rejected.
pub const OTD_VIOLATION: u32 = 0;
/// The diagnostic is a warning: somebody should look at it.
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
    /// A second place: the key of the first one of a repeated field, or the character that spoils a value.
    /// Its first byte.
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
    /// A diagnostic that says nothing yet.
    const NONE: Diagnostic = Diagnostic {
        severity: OTD_VIOLATION,
        code: 0,
        name: Str::NONE,
        message: Str::NONE,
        pointer: Str::NONE,
        offset: 0,
        length: 0,
        line: 0,
        column: 0,
        has: 0,
        related_offset: 0,
        related_length: 0,
        limit: 0,
        actual: 0,
        actual_type: Str::NONE,
        expected: Str::NONE,
        channel: Str::NONE,
        suggestion: Str::NONE,
        belongs_to: Str::NONE,
    };

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

/// Diagnostics that are written out, in buffers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    texts: Texts,
    diagnostics: Vec<Diagnostic>,
}

impl Rendered {
    pub(crate) const fn new() -> Rendered {
        Rendered { texts: Texts::new(), diagnostics: Vec::new() }
    }

    /// Writes out the diagnostics of a text, to `report`: places and codes, and if `whole`, all that is said
    /// of them.
    pub(crate) fn text<'a>(
        &mut self,
        text: &'a [u8],
        [violations, warnings]: [Diagnostics<'a>; 2],
        truncated: bool,
        whole: bool,
        has_places: bool,
        report: &mut Report,
    ) -> Result<(), OutOfMemory> {
        self.clear();
        let violations_len = violations.len();
        self.diagnostics.try_reserve(violations_len.saturating_add(warnings.len()))?;
        for (severity, list) in [(OTD_VIOLATION, violations.clone()), (OTD_WARNING, warnings.clone())] {
            for found in list {
                let pointer = self.texts.add_with(|to| found.pointer().write(to))?;
                let diagnostic = add(&mut self.diagnostics, found.code(), severity, pointer)?;
                if has_places {
                    diagnostic.offset = found.offset();
                    diagnostic.length = found.length();
                }
            }
        }
        if whole {
            self.words(text, [violations, warnings], has_places)?;
        }
        self.report(violations_len, truncated, whole, report);
        Ok(())
    }

    /// Adds what is said of the diagnostics, whose places are written: of each list in one pass over the text.
    #[cold]
    #[inline(never)]
    fn words<'a>(&mut self, text: &'a [u8], lists: [Diagnostics<'a>; 2], has_places: bool) -> Result<(), OutOfMemory> {
        let mut diagnostics = self.diagnostics.iter_mut();
        for list in lists {
            let mut lines = Lines::new(text);
            for (found, diagnostic) in list.zip(diagnostics.by_ref()) {
                explain(&mut self.texts, diagnostic, found.code(), &found.message())?;
                if !has_places {
                    continue;
                }
                Position { line: diagnostic.line, column: diagnostic.column } = lines.position(found.offset());
                if let Some(related) = found.related() {
                    diagnostic.has |= OTD_HAS_RELATED;
                    diagnostic.related_offset = related.offset;
                    diagnostic.related_length = related.length;
                }
            }
        }
        Ok(())
    }

    /// Writes out the faults of a request head, to `report`.
    pub(crate) fn head(
        &mut self,
        rejection: &HeadRejection,
        whole: bool,
        report: &mut Report,
    ) -> Result<(), OutOfMemory> {
        self.clear();
        for fault in rejection.faults() {
            let pointer = self.texts.add("")?;
            let diagnostic = add(&mut self.diagnostics, fault.code(), OTD_VIOLATION, pointer)?;
            if whole {
                explain(&mut self.texts, diagnostic, fault.code(), &fault.message())?;
            }
        }
        self.report(self.diagnostics.len(), false, whole, report);
        Ok(())
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.diagnostics.clear();
    }

    /// Settles the strings, and tells where the lists are: the warnings stand behind the violations.
    #[inline]
    fn report(&mut self, violations: usize, truncated: bool, whole: bool, to: &mut Report) {
        if whole {
            self.texts.settle(self.diagnostics.iter_mut().flat_map(Diagnostic::strings));
        } else {
            self.texts.settle(self.diagnostics.iter_mut().map(|diagnostic| &mut diagnostic.pointer));
        }
        let (violations, warnings) = self.diagnostics.split_at_checked(violations).unwrap_or((&[], &[]));
        to.violations = violations.as_ptr();
        to.violations_len = violations.len();
        to.warnings = warnings.as_ptr();
        to.warnings_len = warnings.len();
        to.truncated = u32::from(truncated);
    }
}

/// Appends a diagnostic without place or words, to be filled in where it stays: to make it first and copy it costs
/// a fifth of a short check.
#[inline]
fn add(
    diagnostics: &mut Vec<Diagnostic>,
    code: Code,
    severity: u32,
    pointer: Str,
) -> Result<&mut Diagnostic, OutOfMemory> {
    put(diagnostics, &[Diagnostic::NONE])?;
    let diagnostic = diagnostics.last_mut().ok_or(OutOfMemory)?;
    diagnostic.severity = severity;
    diagnostic.code = u32::from(code.number());
    diagnostic.pointer = pointer;
    Ok(diagnostic)
}

/// Adds what is said of a diagnostic: its name, its sentence, and what that is made of.
fn explain(texts: &mut Texts, to: &mut Diagnostic, code: Code, message: &Message<'_>) -> Result<(), OutOfMemory> {
    let Params { limit, actual, expected, channel, suggestion, belongs_to, .. } = message.params();
    to.name = texts.add(code.as_str())?;
    to.message = texts.add_with(|to| message.write(to))?;
    if let Some(limit) = limit {
        to.has |= OTD_HAS_LIMIT;
        to.limit = limit;
    }
    match actual {
        Some(Actual::Number(number)) => {
            to.has |= OTD_HAS_ACTUAL;
            to.actual = number;
        }
        Some(Actual::Type(json_type)) => to.actual_type = texts.add(json_type.as_str())?,
        None => {}
    }
    to.expected = texts.add_some(expected)?;
    to.channel = texts.add_some(channel)?;
    to.suggestion = texts.add_some(suggestion)?;
    to.belongs_to = texts.add_some(belongs_to)?;
    Ok(())
}
