//! Sixteen bytes in a vector register, judged at once.
//!
//! The crate `wide` wraps the instructions, which `core::arch` calls unsafe. It works on every target, by plain
//! arithmetic where there is no such register, so all of this is compiled and tested everywhere.

use core::ops::{BitAnd, BitOr, BitXor};
use wide::{CmpLt, i8x16, u8x16};

/// Whether the target has such registers for certain: x86-64 and AArch64 do. Where it has none, words are faster.
///
/// The feature `portable` is for tests: it takes the way of the other targets.
pub(crate) const BLOCKS: bool = cfg!(all(
    not(feature = "portable"),
    any(
        target_feature = "sse2",
        target_feature = "simd128",
        all(target_arch = "aarch64", target_feature = "neon", target_endian = "little")
    )
));

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(crate) struct Block(u8x16);

impl Block {
    pub(crate) const LEN: u32 = 16;

    /// These bytes. (By way of an integer it is one load.)
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8; 16]) -> Block {
        Block(bytemuck::cast(u128::from_ne_bytes(*bytes)))
    }

    /// The bytes equal to this one.
    #[inline(always)]
    pub(crate) fn is(self, byte: u8) -> Marks {
        Marks(self.0.cmp_eq(u8x16::splat(byte)))
    }

    #[inline(always)]
    pub(crate) fn at_least(self, byte: u8) -> Marks {
        Marks(self.0.max(u8x16::splat(byte)).cmp_eq(self.0))
    }

    #[inline(always)]
    pub(crate) fn at_most(self, byte: u8) -> Marks {
        Marks(self.0.min(u8x16::splat(byte)).cmp_eq(self.0))
    }

    /// The bytes below this one, all read as signed numbers: what is not ASCII is below all that is.
    #[inline(always)]
    pub(crate) fn below_signed(self, byte: u8) -> Marks {
        let (bytes, bound): (i8x16, i8x16) = (bytemuck::cast(self.0), i8x16::splat(byte as i8));
        Marks(bytemuck::cast(bytes.cmp_lt(bound)))
    }

    /// The bytes with these bits turned over.
    #[inline(always)]
    pub(crate) fn turned(self, bits: u8) -> Block {
        Block(self.0 ^ u8x16::splat(bits))
    }

    /// The bytes with only these bits.
    #[inline(always)]
    pub(crate) fn masked(self, bits: u8) -> Block {
        Block(self.0 & u8x16::splat(bits))
    }
}

/// Some of the bytes of a block.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u8x16);

impl Marks {
    /// A bit for each byte, the lowest for the first.
    #[inline(always)]
    pub(crate) fn bits(self) -> u32 {
        self.0.move_mask() as u32
    }

    /// Whether there are any. (`wide` has a function for that, which overlooks two bytes where there are no vector
    /// registers.)
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.bits() != 0
    }
}

impl BitOr for Marks {
    type Output = Marks;

    #[inline(always)]
    fn bitor(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

impl BitAnd for Marks {
    type Output = Marks;

    #[inline(always)]
    fn bitand(self, other: Marks) -> Marks {
        Marks(self.0 & other.0)
    }
}

impl BitXor for Marks {
    type Output = Marks;

    #[inline(always)]
    fn bitxor(self, other: Marks) -> Marks {
        Marks(self.0 ^ other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bit for each of `bytes` that is of some kind.
    fn bits(bytes: [u8; 16], is: impl Fn(u8) -> bool) -> u32 {
        bytes.iter().rev().fold(0, |bits, byte| bits << 1 | u32::from(is(*byte)))
    }

    #[test]
    fn every_byte_is_marked_at_its_place() {
        for bound in [0, 1, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x9F, 0xA0, 0xC0, 0xC2, 0xE0, 0xF5, 0xFF] {
            for first in (0..=u8::MAX).step_by(16) {
                let bytes: [u8; 16] = core::array::from_fn(|place| first + place as u8);
                let block = Block::of(&bytes);
                assert_eq!(block.is(bound).bits(), bits(bytes, |byte| byte == bound));
                assert_eq!(block.at_least(bound).bits(), bits(bytes, |byte| byte >= bound));
                assert_eq!(block.at_most(bound).bits(), bits(bytes, |byte| byte <= bound));
                assert_eq!(block.below_signed(bound).bits(), bits(bytes, |byte| (byte as i8) < bound as i8));
                assert_eq!(block.turned(2).is(bound).bits(), bits(bytes, |byte| byte ^ 2 == bound));
                assert_eq!(block.masked(0xFE).is(bound).bits(), bits(bytes, |byte| byte & 0xFE == bound));
            }
        }
    }

    #[test]
    fn marks_are_sets() {
        let block = Block::of(b"0123456789abcdef");
        let (low, high) = (block.at_most(b'8'), block.at_least(b'7'));
        assert_eq!((low & high).bits(), 0x180);
        assert_eq!((low | high).bits(), 0xFFFF);
        assert_eq!((low ^ high).bits(), 0xFE7F);
        assert!(!(block.is(b'0') & block.is(b'1')).any());
        // One byte alone is seen, wherever it stands.
        for place in 0..16 {
            let mut bytes = [0; 16];
            bytes[place] = 1;
            assert!(Block::of(&bytes).is(1).any(), "{place}");
        }
    }
}
