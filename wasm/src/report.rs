//! Diagnostics as tables of numbers, each with one text, which JavaScript reads in one go.

use crate::state::{Decision, State};
use outgoing_to_device::{Actual, Checker, Code, Diagnostic, JsonType, Lines, OutOfMemory, Params, Policy, Severity};

/// The numbers at the start of a table: how many violations and warnings it has, and where its text is.
const HEAD: [f64; 4] = [0.0; 4];
/// A diagnostic in a report, in the order of `js/diagnostic.js`: code, offset, length; then the bytes of its strings in
/// the text: pointer, message.
type Row = [f64; 5];
/// What few ask for: line, column, related offset and length, limit, actual; then the bytes of its strings: expected,
/// channel, suggestion, belongs_to.
type Details = [f64; 10];
const ABSENT: f64 = -1.0;

/// What the numbers of places count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Byte,
    /// The body is a string's generalized UTF-8: a raw lone surrogate has three bytes.
    Utf16,
}

impl Unit {
    pub(crate) fn new(utf16: bool) -> Unit {
        if utf16 { Unit::Utf16 } else { Unit::Byte }
    }

    /// A string cannot be ill-formed UTF-8; what it can have is a raw lone surrogate.
    pub(crate) fn code(self, code: Code) -> Code {
        match (self, code) {
            (Unit::Utf16, Code::InvalidUtf8) => Code::InvalidUnicode,
            _ => code,
        }
    }
}

impl State {
    /// Writes the diagnostics of the last decision: the address of their table. Without `messages` these are empty:
    /// JavaScript has a catalogue of its own.
    pub(crate) fn report(&mut self, messages: bool) -> Result<usize, OutOfMemory> {
        let State { checker, policies, input, decision, text, table, .. } = self;
        Output::write(text, table, |to| match *decision {
            Decision::None => Ok([0; 2]),
            Decision::Text { slot, len, unit } => {
                let policy = slot.and_then(|slot| policies.get(slot)).and_then(Option::as_ref);
                let body = input.get(..len).unwrap_or(&[]);
                let mut places = Places::new(body, unit);
                each(checker, policy, body, |diagnostic| {
                    let code = unit.code(diagnostic.code());
                    let (offset, length) = places.span(diagnostic.offset(), diagnostic.length());
                    let pointer = to.string(|text| diagnostic.pointer().write(text))?;
                    let message = match messages {
                        false => 0.0,
                        true if code == diagnostic.code() => to.string(|text| diagnostic.message().write(text))?,
                        true => to.string(|text| put(text, code.meaning().as_bytes()))?,
                    };
                    let row: Row = [f64::from(code as u8), offset, length, pointer, message];
                    put(to.table, &row)
                })
            }
            #[cfg(feature = "replies")]
            Decision::Head(rejection) => {
                let mut count = 0;
                for fault in rejection.faults() {
                    let message = to.string(|text| fault.message().write(text))?;
                    let row: Row = [f64::from(fault.code() as u8), ABSENT, ABSENT, 0.0, message];
                    put(to.table, &row)?;
                    count += 1;
                }
                Ok([count, 0])
            }
        })
    }

    /// Writes the details of the diagnostics of the last decision: the address of their table.
    pub(crate) fn details(&mut self) -> Result<usize, OutOfMemory> {
        let State { checker, policies, input, decision, text, table, .. } = self;
        Output::write(text, table, |to| match *decision {
            Decision::None => Ok([0; 2]),
            Decision::Text { slot, len, unit } => {
                let policy = slot.and_then(|slot| policies.get(slot)).and_then(Option::as_ref);
                let body = input.get(..len).unwrap_or(&[]);
                let mut lines = Lines::new(body);
                let mut places = Places::new(body, unit);
                each(checker, policy, body, |diagnostic| {
                    let position = lines.position(diagnostic.offset());
                    let related = diagnostic.related().map(|span| places.span(span.offset, span.length));
                    let (offset, length) = related.unwrap_or((ABSENT, ABSENT));
                    let place = [position.line.into(), position.column.into(), offset, length];
                    to.details(place, &diagnostic.params())
                })
            }
            #[cfg(feature = "replies")]
            Decision::Head(rejection) => {
                let mut count = 0;
                for fault in rejection.faults() {
                    to.details([ABSENT; 4], &fault.params())?;
                    count += 1;
                }
                Ok([count, 0])
            }
        })
    }

    /// Writes the fix of a diagnostic of the last decision, the one at `index` of its list: the address of its table. The
    /// head has the number of edits in the place of the violations; each edit is an offset, a length and the bytes of its
    /// text.
    #[cfg(feature = "checks")]
    pub(crate) fn fix(&mut self, severity: Severity, index: usize) -> Result<usize, OutOfMemory> {
        let State { checker, policies, input, decision, text, table, .. } = self;
        Output::write(text, table, |to| {
            let Decision::Text { slot: Some(slot), len, unit } = *decision else { return Ok([0; 2]) };
            let policy = policies.get(slot).and_then(Option::as_ref);
            let body = input.get(..len).unwrap_or(&[]);
            let diagnostic = checker.diagnostics(policy, body, severity).nth(index);
            let Some(fix) = diagnostic.map_or(Ok(None), |diagnostic| diagnostic.try_fix())? else { return Ok([0; 2]) };
            let mut places = Places::new(body, unit);
            for edit in fix.edits() {
                let (offset, length) = places.span(edit.offset, edit.length);
                put(to.table, &[offset, length, edit.text.len() as f64])?;
                put(to.text, edit.text.as_bytes())?;
            }
            Ok([fix.edits().len(), 0])
        })
    }
}

/// Hands over the diagnostics in the order of a table; returns how many violations and warnings there are.
fn each<'a>(
    checker: &'a Checker,
    policy: Option<&'a Policy>,
    body: &'a [u8],
    take: impl FnMut(Diagnostic<'a>) -> Result<(), OutOfMemory>,
) -> Result<[usize; 2], OutOfMemory> {
    let [violations, warnings] =
        [Severity::Violation, Severity::Warning].map(|severity| checker.diagnostics(policy, body, severity));
    let counts = [violations.len(), warnings.len()];
    violations.chain(warnings).try_for_each(take)?;
    Ok(counts)
}

/// A table and its text.
struct Output<'s> {
    table: &'s mut Vec<f64>,
    text: &'s mut Vec<u8>,
}

impl Output<'_> {
    /// Has both written anew, by `rows` behind the head; returns the table's address.
    fn write(
        text: &mut Vec<u8>,
        table: &mut Vec<f64>,
        rows: impl FnOnce(&mut Output<'_>) -> Result<[usize; 2], OutOfMemory>,
    ) -> Result<usize, OutOfMemory> {
        text.clear();
        table.clear();
        put(table, &HEAD)?;
        let [violations, warnings] = rows(&mut Output { table, text })?;
        if let Some(head) = table.first_chunk_mut() {
            *head = [violations, warnings, text.as_ptr().addr(), text.len()].map(|number| number as f64);
        }
        Ok(table.as_ptr().addr())
    }

    /// Appends a string to the text: how many bytes it has there.
    fn string(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>) -> Result<f64, OutOfMemory> {
        let start = self.text.len();
        write(self.text)?;
        Ok(self.text.len().saturating_sub(start) as f64)
    }

    fn details(&mut self, [line, column, offset, length]: [f64; 4], params: &Params<'_>) -> Result<(), OutOfMemory> {
        let number = |number: u64| number as f64;
        let limit = params.limit.map_or(ABSENT, number);
        let actual = match params.actual {
            None => ABSENT,
            Some(Actual::Number(actual)) => number(actual),
            Some(Actual::Type(json_type)) => -2.0 - type_number(json_type),
        };
        let [mut expected, mut channel, mut suggestion, mut belongs_to] = [ABSENT; 4];
        for (length, string) in [
            (&mut expected, params.expected),
            (&mut channel, params.channel),
            (&mut suggestion, params.suggestion),
            (&mut belongs_to, params.belongs_to),
        ] {
            if let Some(string) = string {
                put(self.text, string.as_bytes())?;
                *length = string.len() as f64;
            }
        }
        let row: Details = [line, column, offset, length, limit, actual, expected, channel, suggestion, belongs_to];
        put(self.table, &row)
    }
}

fn type_number(json_type: JsonType) -> f64 {
    match json_type {
        JsonType::Null => 0.0,
        JsonType::Boolean => 1.0,
        JsonType::Number => 2.0,
        JsonType::String => 3.0,
        JsonType::Array => 4.0,
        JsonType::Object => 5.0,
    }
}

/// The UTF-16 code units of generalized UTF-8: one for each first byte, two for one of a four-byte form.
fn units(bytes: &[u8]) -> f64 {
    let (blocks, rest) = bytes.as_chunks::<64>();
    // Blocks small enough for a sum in a byte, which the compiler vectorizes.
    let in_block = |block: &[u8]| {
        block.iter().fold(0_u8, |sum, byte| {
            sum.wrapping_add(u8::from(*byte as i8 >= -64)).wrapping_add(u8::from(*byte >= 0xF0))
        })
    };
    let blocks = blocks.iter().fold(0_usize, |sum, block| sum.wrapping_add(in_block(block).into()));
    blocks.wrapping_add(in_block(rest).into()) as f64
}

/// Turns ascending byte offsets into offsets in a unit, in one pass over the body.
struct Places<'b> {
    body: &'b [u8],
    unit: Unit,
    at: usize,
    units: f64,
}

impl<'b> Places<'b> {
    fn new(body: &'b [u8], unit: Unit) -> Places<'b> {
        Places { body, unit, at: 0, units: 0.0 }
    }

    fn span(&mut self, offset: u32, length: u32) -> (f64, f64) {
        if self.unit == Unit::Byte {
            return (offset.into(), length.into());
        }
        let offset = offset as usize;
        if offset < self.at {
            (self.at, self.units) = (0, 0.0);
        }
        self.units += units(self.body.get(self.at..offset).unwrap_or(&[]));
        self.at = offset;
        let end = offset.saturating_add(length as usize);
        (self.units, units(self.body.get(offset..end).unwrap_or(&[])))
    }
}

/// Appends `items`; reserving first and extending from a slice leaves no panicking path behind.
pub(crate) fn put<T: Copy>(to: &mut Vec<T>, items: &[T]) -> Result<(), OutOfMemory> {
    to.try_reserve(items.len())?;
    to.extend_from_slice(items);
    Ok(())
}
