//! Many bytes judged at once: eight in a machine word; or, where there are vector registers, a [`block`].

pub(crate) mod block;

pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
pub(crate) const fn repeat(byte: u8) -> u64 {
    ONES.wrapping_mul(byte as u64)
}

/// Whether all bytes are ASCII. (Rust's own is some hundred bytes of code wherever somebody asks.)
#[inline(never)]
pub(crate) fn is_ascii(bytes: &[u8]) -> bool {
    let (mut words, rest) = blocks::<8>(bytes);
    // The last word overlaps the one before.
    let last = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    last & HIGHS == 0 && words.all(|word| u64::from_le_bytes(*word) & HIGHS == 0)
}

/// Whether two words are the same but for the case of ASCII letters. (Rust's own is made for long ones, and some
/// hundred bytes of code wherever somebody asks.)
#[inline(never)]
pub(crate) fn is_same_word(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// The bytes in blocks of `N`, and those that are left. (Rust's own `as_chunks` is younger than the oldest
/// Rust that is promised.)
#[inline]
pub(crate) fn blocks<const N: usize>(bytes: &[u8]) -> (impl Iterator<Item = &[u8; N]>, &[u8]) {
    let blocks = bytes.chunks_exact(N);
    let rest = blocks.remainder();
    (blocks.filter_map(<[u8]>::first_chunk), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_and_words_as_rust_has_them() {
        let mut text = *b"Some words, longer than two of a processor's";
        for len in 0..=text.len() {
            let part = text.get(..len).unwrap();
            assert!(is_ascii(part) && is_same_word(part, &part.to_ascii_uppercase()), "{len}");
        }
        for place in 0..text.len() {
            let before = text;
            *text.get_mut(place).unwrap() ^= 0x80;
            for len in 0..=text.len() {
                let (part, before) = (text.get(..len).unwrap(), before.get(..len).unwrap());
                assert_eq!(
                    (is_ascii(part), is_same_word(part, before)),
                    (len <= place, len <= place),
                    "{place} of {len}"
                );
            }
            text = before;
        }
        assert!(!is_same_word(b"a", b"ab") && !is_same_word(b"[", b"{"));
    }
}
