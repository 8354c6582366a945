//! Unknown members that the policy keeps: passed on as they stand, each name once, not too many.

use crate::code::Code;
use crate::findings::Detail;
use crate::json::reader::Reader;
use crate::json::scan::{self, Seen};
use crate::json::stop::Read;
use crate::json::string::{self, Form, Token};
use crate::memory;
use crate::request::parts::{Kept, Owner, Parts};
use crate::word::blocks;

/// How many unknown members of a body are kept.
pub(crate) const MAX_KEPT: usize = 64;

/// Keeps the member with this key and the value at `value`; returns the place after the value.
pub(crate) fn keep(reader: &mut Reader<'_, '_>, parts: &mut Parts, owner: Owner, key: Token, value: u32) -> Read<u32> {
    let hash = hash(reader, parts, owner, key)?;
    let offset = key.start.wrapping_sub(1);
    let length = key.end.wrapping_add(1).wrapping_sub(offset);
    if let Some(first) = earlier(reader, parts, hash, owner, key) {
        let related = Detail::Related { offset: first.key.0, length: first.key.1.wrapping_sub(first.key.0) };
        reader.report(Code::DuplicateField, offset, length, related)?;
        return reader.pass_over(value);
    }
    let kept = parts.kept.len();
    if kept < MAX_KEPT {
        reader.report(Code::KeptField, offset, length, Detail::Name(owner.object()))?;
    } else if kept == MAX_KEPT {
        reader.report(Code::TooManyItems, offset, length, Detail::Limit(MAX_KEPT as u64))?;
    }
    let end = reader.pass_over(value)?;
    // The first one too many is remembered too, so that its repetition is seen.
    if kept <= MAX_KEPT {
        let key = (offset, offset.wrapping_add(length));
        memory::put(&mut parts.kept, &[Kept { owner, key, value: (value, end) }])?;
        memory::put(&mut parts.hashes, &[hash])?;
    }
    Ok(end)
}

/// The member that was kept of the same object under the same name.
fn earlier<'p>(reader: &Reader<'_, '_>, parts: &'p Parts, hash: u32, owner: Owner, key: Token) -> Option<&'p Kept> {
    // Nearly no key is a repeated one. Without an early exit the compiler vectorizes the search.
    if !parts.hashes.iter().fold(false, |found, earlier| found | (*earlier == hash)) {
        return None;
    }
    let same = |kept: &Kept| {
        let earlier = Token { start: kept.key.0.wrapping_add(1), end: kept.key.1.wrapping_sub(1), ..key };
        let raw = |key: Token| scan::slice(reader.body, key.start, key.end);
        kept.owner == owner && (raw(earlier) == raw(key) || reader.scalars(&earlier).eq(reader.scalars(&key)))
    };
    let mut kept = parts.kept.iter().zip(&parts.hashes);
    kept.find(|(kept, earlier)| **earlier == hash && same(kept)).map(|(kept, _)| kept)
}

/// A hash of a key's object and text. Keys with the same hash are compared, so it need only be quick.
fn hash(reader: &Reader<'_, '_>, parts: &mut Parts, owner: Owner, key: Token) -> Read<u32> {
    let raw = scan::slice(reader.body, key.start, key.end);
    if matches!(key.form, Form::Printable | Form::Plain | Form::Doubtful) {
        return Ok(hash_bytes(owner, raw));
    }
    let (before, mut seen) = (parts.decoded.len(), Seen::NOTHING);
    string::read(reader.body, key.start, key.start, &mut seen, &mut parts.decoded)?;
    let hash = hash_bytes(owner, parts.decoded.as_bytes().get(before..).unwrap_or(&[]));
    parts.decoded.truncate(before);
    Ok(hash)
}

fn hash_bytes(owner: Owner, bytes: &[u8]) -> u32 {
    // The high bits of a product depend on all bits of its factors, the low ones on few: they change
    // places before the next word, and of the last product the high ones count.
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (words, rest) = blocks::<8>(bytes);
    let start = (bytes.len() as u64) << 32 | u64::from(owner.number());
    let hash = words.fold(start, |hash, word| mix(hash, u64::from_le_bytes(*word)).rotate_left(29));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    (mix(hash, last) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    // A hash that tells keys apart less well costs time and nothing else.
    #[test]
    fn every_byte_counts_in_the_hash_and_so_does_the_object() {
        for length in 0..30_u8 {
            let key: Vec<u8> = (0..length).collect();
            let hash = hash_bytes(Owner::BODY, &key);
            assert_ne!(hash_bytes(Owner::DESCRIPTOR, &key), hash);
            assert_ne!(hash_bytes(Owner::BODY, &[&key[..], &[0]].concat()), hash);
            for place in 0..key.len() {
                for bit in 0..8 {
                    let mut other = key.clone();
                    *other.get_mut(place).unwrap() ^= 1 << bit;
                    assert_ne!(hash_bytes(Owner::BODY, &other), hash, "{key:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn the_names_of_the_vector_have_one_hash() {
        let hash = |name: &[u8]| hash_bytes(Owner::BODY, name);
        assert_eq!(hash(b"ocean-sable-brisk-ocean"), hash(b"pearl-ember-grove-pearl"), "fields/kept-same-hash");
    }
}
