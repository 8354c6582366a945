//! Statuses: the results of calls.

use core::ffi::{CStr, c_char};
use outgoing_to_device::OutOfMemory;

/// The result of a call: `OTD_OK`, or why it could not be carried out. A rejected body is no failure of
/// the call: see `otd_outcome`.
pub type Status = i32;

/// The call was carried out.
pub const OTD_OK: Status = 0;
/// A required pointer is NULL. Nothing was read or changed.
pub const OTD_NULL: Status = 1;
/// A length is above PTRDIFF_MAX, so it can't be one. Nothing was read.
pub const OTD_TOO_LONG: Status = 2;
/// Out of memory. Every handle is as good as before.
pub const OTD_OUT_OF_MEMORY: Status = 3;
/// The caller's buffer is too small: nothing was written to it, `normalized.len + 1` says what it takes.
pub const OTD_BUFFER_TOO_SMALL: Status = 4;
/// The text is not the one that the checker read last: its length differs, or none was read.
pub const OTD_OTHER_TEXT: Status = 5;
/// Nothing was rejected, so there is no problem to report.
pub const OTD_NOT_REJECTED: Status = 6;
/// A string that must be UTF-8 is not.
pub const OTD_NOT_UTF8: Status = 7;

/// What was read last is no accepted body, so there is no request to read.
pub const OTD_NOT_ACCEPTED: Status = 8;
/// The offsets of a column are negative, decreasing or behind its values, or neither 4 nor 8 bytes wide.
pub const OTD_INVALID_COLUMN: Status = 9;

/// A status other than `OTD_OK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure(pub Status);

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Failure {
        Failure(OTD_OUT_OF_MEMORY)
    }
}

/// The status of a call.
#[inline]
pub fn status_of(call: impl FnOnce() -> Result<(), Failure>) -> Status {
    match call() {
        Ok(()) => OTD_OK,
        Err(Failure(status)) => status,
    }
}

/// The sentence for a status.
pub(crate) fn text(status: Status) -> &'static CStr {
    match status {
        OTD_OK => c"The call was carried out.",
        OTD_NULL => c"A required pointer is NULL.",
        OTD_TOO_LONG => c"A length is above PTRDIFF_MAX.",
        OTD_OUT_OF_MEMORY => c"Out of memory.",
        OTD_BUFFER_TOO_SMALL => c"The buffer is too small.",
        OTD_OTHER_TEXT => c"The text is not the one that the checker read last.",
        OTD_NOT_REJECTED => c"Nothing was rejected, so there is no problem to report.",
        OTD_NOT_UTF8 => c"A string that must be UTF-8 is not.",
        OTD_NOT_ACCEPTED => c"What was read last is no accepted body.",
        OTD_INVALID_COLUMN => {
            c"The offsets of a column are negative, decreasing or behind its values, or of another width."
        }
        _ => c"There is no such status.",
    }
}

/// The sentence for a status, for people.
///
/// Never NULL, for any number; the text is static. Any thread may call it.
///
/// ```c
/// if (otd_checker_new(NULL) != OTD_OK) puts(otd_status_text(OTD_NULL));
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_status_text(status: Status) -> *const c_char {
    text(status).as_ptr()
}
