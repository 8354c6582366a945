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
