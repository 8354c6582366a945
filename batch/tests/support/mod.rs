//! Columns to check, and answers read back as rows; the fuzz target has them, too.
#![allow(dead_code, unreachable_pub, reason = "each of those who include it has its own use")]

use outgoing_to_device::{Checker, Outcome, Policy, Severity};
use outgoing_to_device_batch::{ArrowArray, Column};
use std::ffi::c_void;

/// A row of an answer, as an engine sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub accepted: Option<bool>,
    pub normalized: Option<String>,
    pub diagnostics: Option<Vec<Diagnostic>>,
    pub truncated: Option<bool>,
}

/// Severity, code, pointer, offset, length and message.
pub type Diagnostic = (String, String, String, i32, i32, String);

/// What a check of one body gives.
pub fn expected(checker: &mut Checker, policy: &Policy, body: Option<&[u8]>) -> Row {
    let Some(body) = body else { return Row::default() };
    let outcome = checker.check(policy, body);
    let diagnostics = outcome.violations().chain(outcome.warnings()).map(|found| {
        let severity = if found.severity() == Severity::Violation { "violation" } else { "warning" };
        let texts = [severity, found.code().as_str()].map(str::to_owned);
        let [severity, code] = texts;
        let place = (found.offset() as i32, found.length() as i32);
        (severity, code, found.pointer().to_string(), place.0, place.1, found.message().to_string())
    });
    Row {
        accepted: Some(outcome.is_accepted()),
        diagnostics: Some(diagnostics.collect()),
        truncated: Some(outcome.truncated()),
        normalized: match outcome {
            Outcome::Accepted(accepted) => Some(String::from_utf8(accepted.request.to_json()).expect("UTF-8")),
            Outcome::Rejected(_) => None,
        },
    }
}

/// A column in memory of exactly its size, so that a read outside shows under Miri and AddressSanitizer.
pub struct Memory {
    pub values: Box<[u8]>,
    pub offsets: Box<[u8]>,
    pub validity: Option<Box<[u8]>>,
    pub width: u32,
    pub first: usize,
    pub rows: usize,
}

impl Memory {
    /// `first` rows that are not to be read stand before the bodies.
    pub fn new(bodies: &[Option<Vec<u8>>], width: u32, first: usize) -> Memory {
        let mut values = b"never read".repeat(first);
        let mut ends: Vec<usize> = (0..=first).map(|row| 10 * row).collect();
        let mut validity = vec![0_u8; (first + bodies.len()).div_ceil(8)];
        for (row, body) in bodies.iter().enumerate() {
            values.extend(body.as_deref().unwrap_or(b"null"));
            ends.push(values.len());
            validity[(first + row) / 8] |= u8::from(body.is_some()) << ((first + row) % 8);
        }
        let offset = |end: usize| match width {
            4 => (end as i32).to_ne_bytes().to_vec(),
            _ => (end as i64).to_ne_bytes().to_vec(),
        };
        Memory {
            values: values.into(),
            offsets: ends.into_iter().flat_map(offset).collect(),
            validity: bodies.iter().any(Option::is_none).then(|| validity.into()),
            width,
            first,
            rows: bodies.len(),
        }
    }

    pub fn column(&self) -> Column {
        let bits = |bits: &[u8]| bits.as_ptr().cast::<c_void>();
        Column {
            values: self.values.as_ptr().cast(),
            values_len: self.values.len(),
            offsets: self.offsets.as_ptr().cast(),
            offset_bytes: self.width,
            validity: self.validity.as_deref().map_or(std::ptr::null(), bits),
            first: self.first,
            rows: self.rows,
        }
    }
}

/// The rows of an answer whose offsets have this width.
///
/// # Safety
/// `array` is an answer that was not released.
pub unsafe fn rows(array: &ArrowArray, width: u32) -> Vec<Row> {
    // SAFETY: the arrays are what the schema says.
    unsafe {
        let [accepted, normalized, lists, truncated] = children(array);
        assert_eq!((array.null_count, array.n_buffers), (0, 1));
        let [item] = children(lists);
        let [severity, code, pointer, offset, length, message] = children(item);
        let list = |row| {
            let at = |row| place(lists, width, row);
            assert!(at(row) <= at(row + 1) && at(row + 1) <= item.length as usize);
            let text = |of: &ArrowArray, i| text(of, width, i).expect("not null");
            let number = |of: &ArrowArray, i| *buffer::<i32>(of, 1).add(i);
            (at(row)..at(row + 1))
                .map(|i| {
                    let texts = (text(severity, i), text(code, i), text(pointer, i), text(message, i));
                    (texts.0, texts.1, texts.2, number(offset, i), number(length, i), texts.3)
                })
                .collect()
        };
        let len = array.length as usize;
        assert_eq!(place(lists, width, 0), 0);
        assert_eq!(place(lists, width, len), item.length as usize);
        (0..len)
            .map(|row| Row {
                accepted: valid(accepted, row).then(|| bit(accepted, 1, row)),
                normalized: text(normalized, width, row),
                diagnostics: valid(lists, row).then(|| list(row)),
                truncated: valid(truncated, row).then(|| bit(truncated, 1, row)),
            })
            .collect()
    }
}

unsafe fn children<const N: usize>(array: &ArrowArray) -> [&ArrowArray; N] {
    assert!(array.release.is_some() && array.dictionary.is_null());
    assert_eq!((array.offset, array.n_children), (0, N as i64));
    // SAFETY: there are N of them.
    std::array::from_fn(|i| unsafe { &**array.children.add(i) })
}

unsafe fn buffer<T>(array: &ArrowArray, number: usize) -> *const T {
    assert!((number as i64) < array.n_buffers);
    // SAFETY: there are so many.
    let data = unsafe { *array.buffers.add(number) }.cast::<T>();
    assert!(data.is_aligned());
    data
}

unsafe fn bit(array: &ArrowArray, number: usize, at: usize) -> bool {
    // SAFETY: a bitmap has a bit for each row.
    unsafe { *buffer::<u8>(array, number).add(at / 8) >> (at % 8) & 1 == 1 }
}

unsafe fn valid(array: &ArrowArray, row: usize) -> bool {
    // SAFETY: the first buffer is the bitmap of validity, if there is one.
    unsafe {
        if buffer::<u8>(array, 0).is_null() {
            assert_eq!(array.null_count, 0);
            return true;
        }
        let nulls = (0..array.length as usize).filter(|row| !bit(array, 0, *row)).count();
        assert_eq!(array.null_count, nulls as i64);
        bit(array, 0, row)
    }
}

unsafe fn place(array: &ArrowArray, width: u32, at: usize) -> usize {
    // SAFETY: the second buffer is that of offsets.
    unsafe {
        match width {
            4 => *buffer::<i32>(array, 1).add(at) as usize,
            _ => *buffer::<i64>(array, 1).add(at) as usize,
        }
    }
}

unsafe fn text(array: &ArrowArray, width: u32, row: usize) -> Option<String> {
    // SAFETY: the third buffer holds the bytes.
    unsafe {
        let (from, to) = (place(array, width, row), place(array, width, row + 1));
        assert!(from <= to);
        let bytes = std::slice::from_raw_parts(buffer::<u8>(array, 2).add(from), to - from);
        valid(array, row).then(|| String::from_utf8(bytes.to_vec()).expect("UTF-8"))
    }
}
