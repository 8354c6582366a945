//! Offsets, as wide as those of the column.

use crate::arrow::Buffer;
use alloc::vec::Vec;
use core::ffi::CStr;

/// A kind of offset, and Arrow's names of what has such offsets.
pub(crate) trait Offset: Copy {
    /// The most bytes that an answer may hold, so that no offset into it is too large when one more row is added.
    const MOST: usize;
    const UTF8: &'static CStr;
    const LIST: &'static CStr;

    /// The offset that stands at the beginning of `bytes`, and what is behind it.
    fn first(bytes: &[u8]) -> Option<(Self, &[u8])>;
    /// As a place in memory; none if it is negative.
    fn to_usize(self) -> Option<usize>;
    fn from_usize(place: usize) -> Option<Self>;
    fn buffer(offsets: Vec<Self>) -> Buffer;
}

macro_rules! offset {
    ($type:ident, $kind:ident, $most:expr, $utf8:literal, $list:literal) => {
        impl Offset for $type {
            const MOST: usize = $most;
            const UTF8: &'static CStr = $utf8;
            const LIST: &'static CStr = $list;

            fn first(bytes: &[u8]) -> Option<($type, &[u8])> {
                let (first, rest) = bytes.split_first_chunk()?;
                Some(($type::from_ne_bytes(*first), rest))
            }

            fn to_usize(self) -> Option<usize> {
                self.try_into().ok()
            }

            fn from_usize(place: usize) -> Option<$type> {
                place.try_into().ok()
            }

            fn buffer(offsets: Vec<$type>) -> Buffer {
                Buffer::$kind(offsets)
            }
        }
    };
}
// A row's texts take at most twice the longest body, which has 16 MiB, and some kilobytes.
offset!(i32, Narrow, i32::MAX as usize - (64 << 20), c"u", c"+l");
offset!(i64, Wide, isize::MAX as usize, c"U", c"+L");
