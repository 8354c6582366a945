//! Unknown members that the policy keeps: passed on as they stand, each name once, not too many.

use crate::code::Code;
use crate::findings::Detail;
use crate::json::reader::{Read, Reader};
use crate::json::string::{self, Form, Token};
use crate::memory;
use crate::parts::{Kept, Owner, Parts};

/// How many unknown members of a body are kept.
pub(crate) const MAX_KEPT: usize = 64;

/// Keeps the member with this key and the value at `value`; returns the place after the value.
pub(crate) fn keep(reader: &mut Reader<'_, '_>, parts: &mut Parts, owner: Owner, key: Token, value: u32) -> Read<u32> {
    let hash = hash(reader, parts, key)?;
    let same = |kept: &&Kept| {
        let earlier = Token { start: kept.key.0.wrapping_add(1), ..key };
        kept.owner == owner && kept.hash == hash && reader.scalars(&earlier).eq(reader.scalars(&key))
    };
    let offset = key.start.wrapping_sub(1);
    let length = key.end.wrapping_add(1).wrapping_sub(offset);
    if let Some(first) = parts.kept.iter().find(same) {
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
        memory::put(&mut parts.kept, &[Kept { owner, hash, key, value: (value, end) }])?;
    }
    Ok(end)
}

/// A hash of a key's text. Keys with the same hash are compared, so it need only be quick.
fn hash(reader: &Reader<'_, '_>, parts: &mut Parts, key: Token) -> Read<u64> {
    let raw = string::slice(reader.body, key.start, key.end);
    if key.form == Form::Plain {
        return Ok(hash_bytes(raw));
    }
    let before = parts.decoded.len();
    string::read(reader.body, key.start, key.start, &mut 0, &mut parts.decoded)?;
    let hash = hash_bytes(parts.decoded.as_bytes().get(before..).unwrap_or(&[]));
    parts.decoded.truncate(before);
    Ok(hash)
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    rest.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)))
}
