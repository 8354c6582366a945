//! Eight bytes in a machine word, judged at once.

pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
pub(crate) const fn repeat(byte: u8) -> u64 {
    ONES.wrapping_mul(byte as u64)
}
