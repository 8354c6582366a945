//! Strings as C has them: a pointer and a length, and a NUL behind the last byte.

use crate::status::{Failure, OTD_NULL, OTD_TOO_LONG};
use alloc::vec::Vec;
use core::ffi::{c_char, c_void};
use core::ptr;
use outgoing_to_device::OutOfMemory;

/// A string: `len` bytes at `data`.
///
/// From the library: UTF-8, with a NUL behind the last byte that `len` does not count, or
/// `data == NULL` if there is none. (A key of a body may hold U+0000, so a pointer may too: then
/// `len` tells the truth.) To the library: no NUL is needed, and `data` may be NULL if `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Str {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes, the NUL not counted.
    pub len: usize,
}

impl Str {
    /// No string.
    pub const NONE: Str = Str { data: ptr::null(), len: 0 };

    /// A view of a text that ends with a NUL.
    pub(crate) fn of(ended: &[u8]) -> Str {
        Str { data: ended.as_ptr().cast(), len: ended.len().saturating_sub(1) }
    }

    /// The bytes of a string that the caller passed.
    ///
    /// # Safety
    /// If `data` is not NULL, `len` bytes can be read there for as long as `'a`.
    pub(crate) unsafe fn bytes<'a>(self) -> Result<&'a [u8], Failure> {
        // SAFETY: the caller vouches for it.
        unsafe { Bytes::new(self.data.cast(), self.len)?.get() }
    }
}

/// Bytes that the caller passed, of which nothing was read yet.
#[derive(Clone, Copy)]
pub(crate) struct Bytes {
    data: *const u8,
    pub(crate) len: usize,
}

impl Bytes {
    #[inline]
    pub(crate) fn new(data: *const c_void, len: usize) -> Result<Bytes, Failure> {
        if len > isize::MAX as usize {
            return Err(Failure(OTD_TOO_LONG));
        }
        if data.is_null() && len > 0 {
            return Err(Failure(OTD_NULL));
        }
        Ok(Bytes { data: data.cast(), len })
    }

    /// # Safety
    /// If `data` is not NULL, `len` bytes can be read there for as long as `'a`.
    #[inline]
    #[allow(clippy::unnecessary_wraps, reason = "reads well behind `Bytes::new(…)?`")]
    pub(crate) unsafe fn get<'a>(self) -> Result<&'a [u8], Failure> {
        if self.len == 0 {
            return Ok(&[]);
        }
        // SAFETY: not NULL and not longer than a slice can be, by `new`; the caller vouches for the rest.
        Ok(unsafe { core::slice::from_raw_parts(self.data, self.len) })
    }
}

/// An array that the caller passed.
///
/// # Safety
/// If `data` is not NULL, `len` items can be read there for as long as `'a`.
pub unsafe fn slice<'a, T>(data: *const T, len: usize) -> Result<&'a [T], Failure> {
    if len > isize::MAX as usize / const { size_of::<T>() } {
        return Err(Failure(OTD_TOO_LONG));
    }
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure(OTD_NULL));
    }
    // SAFETY: not NULL, and not larger than a slice can be; the caller vouches for the rest.
    Ok(unsafe { core::slice::from_raw_parts(data, len) })
}

/// Appends `items`, or says that there is no memory for them.
pub fn put<T: Copy>(to: &mut Vec<T>, items: &[T]) -> Result<(), OutOfMemory> {
    to.try_reserve(items.len())?;
    to.extend_from_slice(items);
    Ok(())
}

/// Strings one behind the other, each with its NUL. While strings are added the buffer may move, so
/// what [`Texts::add`] gives back holds a place in it, until [`Texts::settle`] makes a pointer of it.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<u8>);

impl Texts {
    pub(crate) const fn new() -> Texts {
        Texts(Vec::new())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds what `write` writes.
    pub(crate) fn add_with<E: From<OutOfMemory>>(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Str, E> {
        let start = self.0.len();
        write(&mut self.0)?;
        let len = self.0.len().saturating_sub(start);
        put(&mut self.0, &[0])?;
        // One more than the place, as 0 is for strings that are not there.
        Ok(Str { data: ptr::without_provenance(start.saturating_add(1)), len })
    }

    pub(crate) fn add(&mut self, text: &str) -> Result<Str, OutOfMemory> {
        self.add_with(|to| put(to, text.as_bytes()))
    }

    pub(crate) fn add_some(&mut self, text: Option<&str>) -> Result<Str, OutOfMemory> {
        text.map_or(Ok(Str::NONE), |text| self.add(text))
    }

    /// Makes pointers of the places in `strings`; nothing may be added after that.
    pub(crate) fn settle<'s>(&self, strings: impl IntoIterator<Item = &'s mut Str>) {
        for string in strings {
            if let Some(start) = string.data.addr().checked_sub(1) {
                string.data = self.0.get(start..).map_or(ptr::null(), |rest| rest.as_ptr().cast());
            }
        }
    }
}
