//! Diagnostics as a table of numbers and one text, which JavaScript reads in one go.

use crate::state::{Decision, State};
use outgoing_to_device::{Actual, Code, Diagnostic, JsonType, Lines, OutOfMemory, Params, Severity};

/// The numbers at the start of the table: how many violations and warnings it has, and where their text is.
const HEAD: [f64; 4] = [0.0; 4];
/// The numbers of a diagnostic, in the order of `js/diagnostic.js`: code, offset, length, line, column, related offset
/// and length, limit, actual; then the bytes of its strings in the text: pointer, message, expected, channel,
/// suggestion, belongs_to.
const COLUMNS: usize = 15;
const ABSENT: f64 = -1.0;
const NO_PLACE: [f64; 6] = [ABSENT; 6];

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
    /// Writes the diagnostics of the last decision to text and table: the table's address. Without `messages` these are
    /// empty: JavaScript has a catalogue of its own.
    pub(crate) fn report(&mut self, messages: bool) -> Result<usize, OutOfMemory> {
        let State { checker, policies, input, decision, text, table, .. } = self;
        text.clear();
        table.clear();
        put(table, &HEAD)?;
        let mut report = Report { table, text, messages };
        let mut counts = [0; 2];
        match *decision {
            Decision::None => {}
            Decision::Text { slot, len, unit } => {
                let policy = slot.and_then(|slot| policies.get(slot)).and_then(Option::as_ref);
                let body = input.get(..len).unwrap_or(&[]);
                for (count, severity) in counts.iter_mut().zip([Severity::Violation, Severity::Warning]) {
                    let list = checker.diagnostics(policy, body, severity);
                    *count = list.len();
                    report.list(body, unit, list)?;
                }
            }
            #[cfg(feature = "replies")]
            Decision::Head(rejection) => {
                for fault in rejection.faults() {
                    let [violations, _] = &mut counts;
                    *violations += 1;
                    let message = report.string(|text| fault.message().write(text))?;
                    report.row(fault.code(), NO_PLACE, [0.0, message], &fault.params())?;
                }
            }
        }
        let [violations, warnings] = counts.map(|count| count as f64);
        if let Some(head) = table.first_chunk_mut() {
            *head = [violations, warnings, text.as_ptr().addr() as f64, text.len() as f64];
        }
        Ok(table.as_ptr().addr())
    }
}

#[cfg(feature = "checks")]
impl State {
    /// Writes the fix of a diagnostic of the last decision, the one at `index` of its list, to text and table: the
    /// table's address. The head has the number of edits in the place of the violations; each edit is an offset, a length
    /// and the bytes of its text.
    pub(crate) fn fix(&mut self, severity: Severity, index: usize) -> Result<usize, OutOfMemory> {
        let State { checker, policies, input, decision, text, table, .. } = self;
        text.clear();
        table.clear();
        put(table, &HEAD)?;
        let mut count = 0.0;
        if let Decision::Text { slot: Some(slot), len, unit } = *decision {
            let policy = policies.get(slot).and_then(Option::as_ref);
            let body = input.get(..len).unwrap_or(&[]);
            let diagnostic = checker.diagnostics(policy, body, severity).nth(index);
            let mut places = Places::new(body, unit);
            if let Some(fix) = diagnostic.map_or(Ok(None), |diagnostic| diagnostic.try_fix())? {
                for edit in fix.edits() {
                    let (offset, length) = places.span(edit.offset, edit.length);
                    put(table, &[offset, length, edit.text.len() as f64])?;
                    put(text, edit.text.as_bytes())?;
                    count += 1.0;
                }
            }
        }
        if let Some(head) = table.first_chunk_mut() {
            *head = [count, 0.0, text.as_ptr().addr() as f64, text.len() as f64];
        }
        Ok(table.as_ptr().addr())
    }
}

/// The table and its text.
struct Report<'s> {
    table: &'s mut Vec<f64>,
    text: &'s mut Vec<u8>,
    messages: bool,
}

impl Report<'_> {
    /// Appends diagnostics of a body, in their order.
    fn list<'a>(
        &mut self,
        body: &[u8],
        unit: Unit,
        list: impl Iterator<Item = Diagnostic<'a>>,
    ) -> Result<(), OutOfMemory> {
        let mut lines = Lines::new(body);
        let mut places = Places::new(body, unit);
        let mut related_places = Places::new(body, unit);
        for diagnostic in list {
            let position = lines.position(diagnostic.offset());
            let (offset, length) = places.span(diagnostic.offset(), diagnostic.length());
            let related = diagnostic.related().map(|span| related_places.span(span.offset, span.length));
            let (related_offset, related_length) = related.unwrap_or((ABSENT, ABSENT));
            let place = [offset, length, position.line.into(), position.column.into(), related_offset, related_length];
            let pointer = self.string(|text| diagnostic.pointer().write(text))?;
            let message = diagnostic.message();
            let code = unit.code(diagnostic.code());
            let written = match self.messages {
                false => 0.0,
                true if code == diagnostic.code() => self.string(|text| message.write(text))?,
                true => self.string(|text| put(text, code.meaning().as_bytes()))?,
            };
            self.row(code, place, [pointer, written], &message.params())?;
        }
        Ok(())
    }

    /// Appends a string to the text: how many bytes it has there.
    fn string(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>) -> Result<f64, OutOfMemory> {
        let start = self.text.len();
        write(self.text)?;
        Ok(self.text.len().saturating_sub(start) as f64)
    }

    fn optional(&mut self, string: Option<&str>) -> Result<f64, OutOfMemory> {
        string.map_or(Ok(ABSENT), |string| self.string(|text| put(text, string.as_bytes())))
    }

    fn row(
        &mut self,
        code: Code,
        [offset, length, line, column, related_offset, related_length]: [f64; 6],
        [pointer, message]: [f64; 2],
        params: &Params<'_>,
    ) -> Result<(), OutOfMemory> {
        let number = |number: u64| number as f64;
        let row: [f64; COLUMNS] = [
            f64::from(code as u8),
            offset,
            length,
            line,
            column,
            related_offset,
            related_length,
            params.limit.map_or(ABSENT, number),
            match params.actual {
                None => ABSENT,
                Some(Actual::Number(actual)) => number(actual),
                Some(Actual::Type(json_type)) => -2.0 - type_number(json_type),
            },
            pointer,
            message,
            self.optional(params.expected)?,
            self.optional(params.channel)?,
            self.optional(params.suggestion)?,
            self.optional(params.belongs_to)?,
        ];
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
