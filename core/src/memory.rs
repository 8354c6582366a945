//! The one place where memory grows, so that running out of it is an answer and not an abort.

use alloc::vec::Vec;

/// Memory could not be had; nothing was changed that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of memory")]
pub struct OutOfMemory;

impl From<alloc::collections::TryReserveError> for OutOfMemory {
    fn from(_: alloc::collections::TryReserveError) -> Self {
        OutOfMemory
    }
}

/// Appends `items`. Reserving first and extending from a slice leaves no panicking path behind;
/// `push` after `try_reserve` would.
#[inline]
pub(crate) fn put<T: Copy>(to: &mut Vec<T>, items: &[T]) -> Result<(), OutOfMemory> {
    to.try_reserve(items.len())?;
    to.extend_from_slice(items);
    Ok(())
}

/// Bytes that are written a word at a time. Behind what was written lies room for one more word, so
/// that a short piece is one store, whatever its length.
#[derive(Clone, Debug)]
pub(crate) struct Buffer {
    /// What was written, then leftovers.
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    const WORD: usize = size_of::<u64>();

    pub(crate) const fn new() -> Buffer {
        Buffer { bytes: Vec::new(), len: 0 }
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }

    /// Makes room for `additional` bytes.
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        let needed = self.len.saturating_add(additional).saturating_add(Buffer::WORD);
        if self.bytes.len() < needed {
            self.grow(needed)?;
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, needed: usize) -> Result<(), OutOfMemory> {
        const ZEROS: [u8; 1024] = [0; 1024];
        self.bytes.try_reserve(needed.saturating_sub(self.bytes.len()))?;
        while self.bytes.len() < needed {
            let missing = needed.saturating_sub(self.bytes.len()).min(ZEROS.len());
            put(&mut self.bytes, ZEROS.get(..missing).unwrap_or(&ZEROS))?;
        }
        Ok(())
    }

    /// Appends the first `len` bytes of a word; there must be room.
    #[inline(always)]
    pub(crate) fn put_word(&mut self, word: u64, len: u32) {
        let end = self.len.wrapping_add(Buffer::WORD);
        if let Some(to) = self.bytes.get_mut(self.len..end).and_then(<[u8]>::first_chunk_mut) {
            *to = word.to_le_bytes();
            self.len = self.len.wrapping_add(len as usize);
        }
    }

    /// Appends bytes; there must be room.
    #[inline]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        let end = self.len.wrapping_add(bytes.len());
        if let Some(to) = self.bytes.get_mut(self.len..end).filter(|to| to.len() == bytes.len()) {
            to.copy_from_slice(bytes);
            self.len = end;
        }
    }
}
