//! The answer to a batch while it grows: Arrow's buffers, which are given away at the end.

use crate::arrow::{ArrowArray, ArrowSchema, Buffer};
use crate::offset::Offset;
use alloc::vec::Vec;
use outgoing_to_device::{Diagnostic, OutOfMemory, Outcome, Severity};
use outgoing_to_device_ffi::OTD_OUT_OF_MEMORY;
use outgoing_to_device_ffi::shared::{Failure, put};

/// The type of an answer: one row for each row of the column. Must say the same as [`Answer::into_array`].
pub(crate) fn type_of<O: Offset>() -> Result<ArrowSchema, Failure> {
    let text = |name| ArrowSchema::new(O::UTF8, name, []);
    let number = |name| ArrowSchema::new(c"i", name, []);
    let diagnostic = ArrowSchema::new(
        c"+s",
        c"item",
        [
            text(c"severity")?,
            text(c"code")?,
            text(c"pointer")?,
            number(c"offset")?,
            number(c"length")?,
            text(c"message")?,
        ],
    )?;
    ArrowSchema::new(
        c"+s",
        c"",
        [
            ArrowSchema::new(c"b", c"accepted", [])?.nullable(),
            text(c"normalized")?.nullable(),
            ArrowSchema::new(O::LIST, c"diagnostics", [diagnostic])?.nullable(),
            ArrowSchema::new(c"b", c"truncated", [])?.nullable(),
        ],
    )
}

pub(crate) struct Answer<O> {
    rows: usize,
    /// Whether each row of the column is not null.
    valid: Bits,
    accepted: Bits,
    truncated: Bits,
    normalized: Texts<O>,
    /// Where each row's diagnostics begin, and where the last row's end.
    lists: Vec<O>,
    diagnostics: Diagnostics<O>,
}

impl<O: Offset> Answer<O> {
    pub(crate) fn new() -> Result<Answer<O>, Failure> {
        let mut lists = Vec::new();
        put(&mut lists, &[offset(0)?])?;
        Ok(Answer {
            rows: 0,
            valid: Bits::default(),
            accepted: Bits::default(),
            truncated: Bits::default(),
            normalized: Texts::new()?,
            lists,
            diagnostics: Diagnostics {
                severity: Texts::new()?,
                code: Texts::new()?,
                pointer: Texts::new()?,
                offset: Vec::new(),
                length: Vec::new(),
                message: Texts::new()?,
            },
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// How many bytes its buffers hold.
    pub(crate) fn size(&self) -> usize {
        let bits = [&self.valid, &self.accepted, &self.truncated].map(|bits| bits.0.len());
        let lists = self.lists.len().saturating_mul(const { size_of::<O>() });
        let sizes = [self.normalized.size(), lists, self.diagnostics.size()];
        bits.into_iter().chain(sizes).fold(0, usize::saturating_add)
    }

    /// Adds a row: what was decided about a body, or nothing for null.
    pub(crate) fn add(&mut self, outcome: Option<&Outcome<'_>>) -> Result<(), Failure> {
        let row = self.rows;
        self.valid.put(row, outcome.is_some())?;
        self.accepted.put(row, outcome.is_some_and(Outcome::is_accepted))?;
        self.truncated.put(row, outcome.is_some_and(Outcome::truncated))?;
        self.normalized.put_with(|to| match outcome {
            Some(Outcome::Accepted(accepted)) => accepted.request.write(to),
            _ => Ok(()),
        })?;
        if let Some(outcome) = outcome {
            for diagnostic in outcome.violations().chain(outcome.warnings()) {
                self.diagnostics.add(&diagnostic)?;
            }
        }
        put(&mut self.lists, &[offset(self.diagnostics.len())?])?;
        self.rows = row.saturating_add(1);
        Ok(())
    }

    /// Takes the last row away.
    pub(crate) fn pop(&mut self) {
        self.rows = self.rows.saturating_sub(1);
        for bits in [&mut self.valid, &mut self.accepted, &mut self.truncated] {
            bits.truncate(self.rows);
        }
        self.normalized.truncate(self.rows);
        self.lists.truncate(self.rows.saturating_add(1));
        self.diagnostics.truncate(self.lists.last().and_then(|end| end.to_usize()).unwrap_or(0));
    }

    /// The buffers, as an array that owns them.
    pub(crate) fn into_array(self) -> Result<ArrowArray, Failure> {
        let Answer { rows, valid, accepted, truncated, normalized, lists, diagnostics } = self;
        let (nulls, rejected) = (rows.saturating_sub(valid.ones()), rows.saturating_sub(accepted.ones()));
        let validity = || if nulls == 0 { Ok(Buffer::Absent) } else { valid.copy() };
        let is_accepted = [validity()?, accepted.copy()?];
        let is_truncated = [validity()?, Buffer::Bytes(truncated.0)];
        let lists = [validity()?, O::buffer(lists)];
        ArrowArray::new(
            rows,
            0,
            [Buffer::Absent],
            [
                ArrowArray::new(rows, nulls, is_accepted, [])?,
                normalized.into_array(rows, rejected, Buffer::Bytes(accepted.0))?,
                ArrowArray::new(rows, nulls, lists, [diagnostics.into_array()?])?,
                ArrowArray::new(rows, nulls, is_truncated, [])?,
            ],
        )
    }
}

/// The diagnostics of all rows, a list for each of their parts.
struct Diagnostics<O> {
    severity: Texts<O>,
    code: Texts<O>,
    pointer: Texts<O>,
    offset: Vec<i32>,
    length: Vec<i32>,
    message: Texts<O>,
}

impl<O: Offset> Diagnostics<O> {
    fn len(&self) -> usize {
        self.offset.len()
    }

    fn size(&self) -> usize {
        let texts = [&self.severity, &self.code, &self.pointer, &self.message].map(Texts::size);
        texts.into_iter().fold(self.len().saturating_mul(2 * size_of::<i32>()), usize::saturating_add)
    }

    fn add(&mut self, diagnostic: &Diagnostic<'_>) -> Result<(), Failure> {
        let severity = match diagnostic.severity() {
            Severity::Violation => "violation",
            Severity::Warning => "warning",
        };
        self.severity.put_with(|to| put(to, severity.as_bytes()))?;
        self.code.put_with(|to| put(to, diagnostic.code().as_str().as_bytes()))?;
        self.pointer.put_with(|to| diagnostic.pointer().write(to))?;
        // A body has 16 MiB at most.
        put(&mut self.offset, &[diagnostic.offset() as i32])?;
        put(&mut self.length, &[diagnostic.length() as i32])?;
        self.message.put_with(|to| diagnostic.message().write(to))
    }

    fn truncate(&mut self, len: usize) {
        for texts in [&mut self.severity, &mut self.code, &mut self.pointer, &mut self.message] {
            texts.truncate(len);
        }
        self.offset.truncate(len);
        self.length.truncate(len);
    }

    fn into_array(self) -> Result<ArrowArray, Failure> {
        let len = self.len();
        let text = |texts: Texts<O>| texts.into_array(len, 0, Buffer::Absent);
        let number = |numbers| ArrowArray::new(len, 0, [Buffer::Absent, Buffer::Narrow(numbers)], []);
        let Diagnostics { severity, code, pointer, offset, length, message } = self;
        let parts = [text(severity)?, text(code)?, text(pointer)?, number(offset)?, number(length)?, text(message)?];
        ArrowArray::new(len, 0, [Buffer::Absent], parts)
    }
}

/// Strings one behind the other.
struct Texts<O> {
    offsets: Vec<O>,
    bytes: Vec<u8>,
}

impl<O: Offset> Texts<O> {
    fn new() -> Result<Texts<O>, Failure> {
        let mut offsets = Vec::new();
        put(&mut offsets, &[offset(0)?])?;
        Ok(Texts { offsets, bytes: Vec::new() })
    }

    fn size(&self) -> usize {
        self.offsets.len().saturating_mul(const { size_of::<O>() }).saturating_add(self.bytes.len())
    }

    /// Adds the string that `write` writes.
    fn put_with(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>) -> Result<(), Failure> {
        write(&mut self.bytes)?;
        Ok(put(&mut self.offsets, &[offset(self.bytes.len())?])?)
    }

    fn truncate(&mut self, len: usize) {
        self.offsets.truncate(len.saturating_add(1));
        self.bytes.truncate(self.offsets.last().and_then(|end| end.to_usize()).unwrap_or(0));
    }

    fn into_array(self, len: usize, nulls: usize, validity: Buffer) -> Result<ArrowArray, Failure> {
        let validity = if nulls == 0 { Buffer::Absent } else { validity };
        ArrowArray::new(len, nulls, [validity, O::buffer(self.offsets), Buffer::Bytes(self.bytes)], [])
    }
}

/// Bits, the lowest of a byte first.
#[derive(Default)]
struct Bits(Vec<u8>);

impl Bits {
    /// Adds the bit behind the `len` that there are.
    fn put(&mut self, len: usize, bit: bool) -> Result<(), OutOfMemory> {
        if len % 8 == 0 {
            put(&mut self.0, &[0])?;
        }
        if let Some(last) = self.0.last_mut() {
            *last |= u8::from(bit) << (len % 8);
        }
        Ok(())
    }

    fn truncate(&mut self, len: usize) {
        self.0.truncate(len.div_ceil(8));
        if let Some(last) = self.0.last_mut().filter(|_| len % 8 != 0) {
            *last &= !(u8::MAX << (len % 8));
        }
    }

    fn ones(&self) -> usize {
        self.0.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    fn copy(&self) -> Result<Buffer, OutOfMemory> {
        let mut copy = Vec::new();
        put(&mut copy, &self.0)?;
        Ok(Buffer::Bytes(copy))
    }
}

/// A place as an offset. The limit of an answer leaves it room enough, and one row alone can't fill it.
fn offset<O: Offset>(place: usize) -> Result<O, Failure> {
    O::from_usize(place).ok_or(Failure(OTD_OUT_OF_MEMORY))
}
