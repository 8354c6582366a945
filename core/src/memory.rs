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

/// Where a host can't go on without memory, end as every allocation of Rust's library does.
pub(crate) fn or_abort<T>(result: Result<T, OutOfMemory>) -> T {
    result.unwrap_or_else(|OutOfMemory| alloc::alloc::handle_alloc_error(core::alloc::Layout::new::<usize>()))
}

/// Appends `items`. Reserving first and extending from a slice leaves no panicking path behind;
/// `push` after `try_reserve` would.
#[inline]
pub(crate) fn put<T: Copy>(to: &mut Vec<T>, items: &[T]) -> Result<(), OutOfMemory> {
    to.try_reserve(items.len())?;
    to.extend_from_slice(items);
    Ok(())
}

/// [`put`] of bytes, where time does not count: once for all, as each would bring a way to grow with it.
#[inline(never)]
pub(crate) fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) -> Result<(), OutOfMemory> {
    put(to, bytes)
}

/// What a short piece is copied as, whatever its length: a copy of a known size is a few instructions, and any other a
/// call.
pub(crate) const WINDOW: usize = 32;

/// Appends what `write` writes, at most `most` bytes: room is made once, not for every piece.
///
/// # Errors
/// [`OutOfMemory`] if there is no room, or not enough; `to` then holds a part.
pub(crate) fn put_with(to: &mut Vec<u8>, most: usize, write: impl FnOnce(&mut Room<'_>)) -> Result<(), OutOfMemory> {
    let start = to.len();
    let end = start.saturating_add(most).saturating_add(WINDOW);
    grow(to, end)?;
    let mut room = Room { rest: to.get_mut(start..).unwrap_or_default(), full: false };
    write(&mut room);
    let Room { rest, full } = room;
    let left = rest.len();
    to.truncate(end.saturating_sub(left));
    if full { Err(OutOfMemory) } else { Ok(()) }
}

/// Lengthens `to` by zeros.
#[inline(never)]
fn grow(to: &mut Vec<u8>, len: usize) -> Result<(), OutOfMemory> {
    const ZEROS: [u8; 1024] = [0; 1024];
    to.try_reserve(len.saturating_sub(to.len()))?;
    while to.len() < len {
        let missing = len.saturating_sub(to.len()).min(ZEROS.len());
        put(to, ZEROS.get(..missing).unwrap_or(&ZEROS))?;
    }
    Ok(())
}

/// Where [`put_with`] has bytes written.
pub(crate) struct Room<'o> {
    rest: &'o mut [u8],
    full: bool,
}

impl Room<'_> {
    /// Writes bytes whose number the compiler knows.
    #[inline]
    pub(crate) fn array<const N: usize>(&mut self, bytes: &[u8; N]) {
        match self.rest.first_chunk_mut() {
            Some(to) => {
                *to = *bytes;
                self.advance(N);
            }
            None => self.full = true,
        }
    }

    /// Writes a part of `from`.
    #[inline]
    pub(crate) fn part(&mut self, from: &[u8], start: usize, end: usize) {
        let len = end.wrapping_sub(start);
        let window = from.get(start..).and_then(<[u8]>::first_chunk::<{ WINDOW }>);
        match (window, self.rest.first_chunk_mut()) {
            (Some(window), Some(to)) if len <= WINDOW => {
                *to = *window;
                self.advance(len);
            }
            _ => self.put(from.get(start..end).unwrap_or_default()),
        }
    }

    /// Writes bytes.
    #[inline(never)]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        match self.rest.get_mut(..bytes.len()) {
            Some(to) => {
                // The compiler makes a copy of this. Of `copy_from_slice` a build for size would keep the panic.
                for (to, from) in to.iter_mut().zip(bytes) {
                    *to = *from;
                }
                self.advance(bytes.len());
            }
            None => self.full = true,
        }
    }

    #[inline]
    fn advance(&mut self, len: usize) {
        self.rest = core::mem::take(&mut self.rest).get_mut(len..).unwrap_or_default();
    }
}

/// Bytes that are written a piece at a time. Behind what was written lies room for one more [`WINDOW`], so
/// that a short piece is one store, whatever its length.
#[derive(Clone, Debug)]
pub(crate) struct Buffer {
    /// What was written, then leftovers.
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
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

    /// What was written, and what lies behind it.
    #[inline]
    pub(crate) fn with_room(&self) -> &[u8] {
        &self.bytes
    }

    /// Makes room for `additional` bytes.
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        let needed = self.len.saturating_add(additional).saturating_add(WINDOW);
        if self.bytes.len() < needed {
            grow(&mut self.bytes, needed)?;
        }
        Ok(())
    }

    /// Appends the first `len` bytes of a word; there must be room.
    #[inline(always)]
    pub(crate) fn put_word(&mut self, word: u64, len: u32) {
        if let Some(to) = self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut) {
            *to = word.to_le_bytes();
            self.len = self.len.wrapping_add(len as usize);
        }
    }

    /// Appends a part of `from`; there must be room.
    #[inline(always)]
    pub(crate) fn part(&mut self, from: &[u8], start: usize, end: usize) {
        let len = end.wrapping_sub(start);
        let window = from.get(start..).and_then(<[u8]>::first_chunk::<WINDOW>);
        match (window, self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut)) {
            (Some(window), Some(to)) if len <= WINDOW => {
                *to = *window;
                self.len = self.len.wrapping_add(len);
            }
            _ => self.put(from.get(start..end).unwrap_or_default()),
        }
    }

    /// Appends bytes; there must be room.
    #[inline(never)]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        let end = self.len.wrapping_add(bytes.len());
        if let Some(to) = self.bytes.get_mut(self.len..end).filter(|to| to.len() == bytes.len()) {
            to.copy_from_slice(bytes);
            self.len = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn what_is_written_stands_behind_what_was_there() {
        let from: Vec<u8> = (0..100).collect();
        for (start, end) in
            [(0, 0), (3, 3), (0, 1), (0, 32), (0, 33), (10, 40), (67, 99), (68, 100), (69, 100), (0, 100)]
        {
            let mut to = vec![b'<'];
            put_with(&mut to, 102, |room| {
                room.array(b"[");
                room.part(&from, start, end);
                room.array(b"]");
            })
            .unwrap();
            let want = [b"<[".as_slice(), from.get(start..end).unwrap(), b"]"].concat();
            assert_eq!(to, want, "{start}..{end}");
        }
    }

    #[test]
    fn what_is_taken_off_a_buffer_makes_room() {
        let mut buffer = Buffer::new();
        for _ in 0..3 {
            buffer.reserve(20).unwrap();
            buffer.put(b"twelve bytes");
            buffer.put_word(u64::from_le_bytes(*b"and more"), 4);
            assert_eq!(buffer.as_bytes(), b"twelve bytesand ");
            buffer.truncate(6);
            assert_eq!((buffer.as_bytes(), buffer.len()), (&b"twelve"[..], 6));
            buffer.truncate(0);
        }
        assert_eq!(buffer.bytes.len(), 20 + WINDOW);
    }

    #[test]
    fn a_part_is_appended_whole_and_no_more() {
        let from: Vec<u8> = (0..100).collect();
        for (start, end) in [(0, 0), (3, 3), (0, 32), (0, 33), (67, 99), (69, 100), (0, 100)] {
            let mut buffer = Buffer::new();
            buffer.reserve(101).unwrap();
            buffer.put(b"<");
            buffer.part(&from, start, end);
            assert_eq!(buffer.as_bytes(), [b"<", from.get(start..end).unwrap()].concat(), "{start}..{end}");
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        const LONG: [u8; 33] = [b'x'; 33];
        let writes: [fn(&mut Room<'_>); 3] =
            [|room| room.array(&LONG), |room| room.put(&LONG), |room| room.part(&LONG, 0, LONG.len())];
        for write in writes {
            // Behind what is asked for lies room for one more window.
            assert_eq!(put_with(&mut Vec::new(), 1, write), Ok(()));
            assert_eq!(put_with(&mut Vec::new(), 0, write), Err(OutOfMemory));
        }
        let then_less = |room: &mut Room<'_>| {
            room.put(&LONG);
            room.array(b"fits");
        };
        assert_eq!(put_with(&mut Vec::new(), 0, then_less), Err(OutOfMemory));
    }
}
