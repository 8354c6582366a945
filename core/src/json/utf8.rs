//! Whether bytes are well-formed UTF-8 (RFC 3629).

/// The first byte of the first ill-formed sequence.
pub(crate) fn first_fault(bytes: &[u8]) -> Option<u32> {
    core::str::from_utf8(bytes).err().map(|error| error.valid_up_to() as u32)
}
