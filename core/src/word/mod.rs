//! Many bytes judged at once: eight in a machine word; or, where there are vector registers, a [`block`].

pub(crate) mod block;

pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
pub(crate) const fn repeat(byte: u8) -> u64 {
    ONES.wrapping_mul(byte as u64)
}

/// The bytes in blocks of `N`, and those that are left. (Rust's own `as_chunks` is younger than the oldest
/// Rust that is promised.)
#[inline]
pub(crate) fn blocks<const N: usize>(bytes: &[u8]) -> (impl Iterator<Item = &[u8; N]>, &[u8]) {
    let blocks = bytes.chunks_exact(N);
    let rest = blocks.remainder();
    (blocks.filter_map(<[u8]>::first_chunk), rest)
}
