//! How reading ends before the end.

use crate::memory::OutOfMemory;

/// Why reading ended before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// No JSON text could have the byte at this place, or could end here.
    InvalidJson(u32),
    /// The bracket at this place goes too deep.
    TooDeep(u32),
    OutOfMemory,
}

impl From<OutOfMemory> for Stop {
    fn from(_: OutOfMemory) -> Stop {
        Stop::OutOfMemory
    }
}

pub(crate) type Read<T> = Result<T, Stop>;
