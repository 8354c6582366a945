//! A column of bodies, read with care: what its offsets say is checked before a byte is read.

use crate::offset::Offset;
use core::ffi::c_void;
use core::marker::PhantomData;
use outgoing_to_device_ffi::shared::{Failure, slice};
use outgoing_to_device_ffi::{OTD_INVALID_COLUMN, OTD_TOO_LONG};

/// A column of bodies in Arrow's layout: an array of `binary`, `utf8`, `large_binary` or `large_utf8`, or a
/// slice of one.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The bytes of all rows, one behind the other.
    pub values: *const c_void,
    /// How many bytes: no offset may lead out of them.
    pub values_len: usize,
    /// Where the rows begin, and where the last one ends: `first + rows + 1` numbers of type `int32_t` or
    /// `int64_t`, none less than the one before it. They need not be aligned.
    pub offsets: *const c_void,
    /// The width of an offset: 4 or 8. The answer has offsets of the same width.
    pub offset_bytes: u32,
    /// Which rows are not null: bit `row % 8` of byte `row / 8`, counted from 0 whatever `first` is; NULL if
    /// none is null.
    pub validity: *const c_void,
    /// The row to begin with, which Arrow calls an array's offset.
    pub first: usize,
    /// How many rows to check.
    pub rows: usize,
}

impl Column {
    /// The rows.
    ///
    /// # Safety
    /// The memory is what the column says, for as long as `'a`.
    pub(crate) unsafe fn rows<'a, O: Offset>(&self) -> Result<Rows<'a, O>, Failure> {
        let Column { values, values_len, offsets, offset_bytes: _, validity, first, rows } = *self;
        if rows == 0 {
            return Ok(Rows { values: &[], begin: 0, offsets: &[], validity: None, at: 0, kind: PhantomData });
        }
        let width = const { size_of::<O>() };
        let end = first.checked_add(rows).ok_or(Failure(OTD_TOO_LONG))?;
        let size = end.checked_add(1).and_then(|count| count.checked_mul(width)).ok_or(Failure(OTD_TOO_LONG))?;
        // SAFETY: the caller vouches for the memory.
        let (values, offsets, validity) = unsafe {
            let validity = if validity.is_null() { None } else { Some(slice(validity.cast(), end.div_ceil(8))?) };
            (slice(values.cast(), values_len)?, slice(offsets.cast(), size)?, validity)
        };
        let (begin, offsets) =
            offsets.get(first.saturating_mul(width)..).and_then(O::first).ok_or(Failure(OTD_INVALID_COLUMN))?;
        let begin = begin.to_usize().ok_or(Failure(OTD_INVALID_COLUMN))?;
        Ok(Rows { values, begin, offsets, validity, at: first, kind: PhantomData })
    }
}

/// The rows of a column that are still to come.
pub(crate) struct Rows<'a, O> {
    values: &'a [u8],
    /// Where the next row begins.
    begin: usize,
    /// Where the rows end.
    offsets: &'a [u8],
    validity: Option<&'a [u8]>,
    /// The number of the next row.
    at: usize,
    kind: PhantomData<O>,
}

impl<'a, O: Offset> Iterator for Rows<'a, O> {
    /// A body, or none where the row is null; `OTD_INVALID_COLUMN` where the offsets are wrong.
    type Item = Result<Option<&'a [u8]>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        // Each offset is read once: one that somebody changes meanwhile leads nowhere else.
        let (end, rest) = O::first(self.offsets)?;
        let row = self.at;
        self.offsets = rest;
        self.at = row.wrapping_add(1);
        let body = end.to_usize().and_then(|end| self.values.get(core::mem::replace(&mut self.begin, end)..end));
        let is_null =
            self.validity.is_some_and(|bits| bits.get(row / 8).is_some_and(|bits| bits >> (row % 8) & 1 == 0));
        Some(body.map(|body| (!is_null).then_some(body)).ok_or(Failure(OTD_INVALID_COLUMN)))
    }
}
