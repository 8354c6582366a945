//! Compact JSON: only what must be escaped is.

use super::scan;
use crate::memory::{self, OutOfMemory};
use alloc::vec::Vec;

/// Hands out `text` as the content of a JSON string, without quotes, piece by piece.
#[inline]
pub(crate) fn pieces<E>(text: &[u8], mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
    let mut at = 0;
    loop {
        let end = scan::plain_end(text, at);
        take(scan::slice(text, at, end))?;
        let Some(byte) = text.get(end as usize) else { return Ok(()) };
        at = end.wrapping_add(1);
        let letter = match byte {
            b'"' | b'\\' => *byte,
            8 => b'b',
            9 => b't',
            10 => b'n',
            12 => b'f',
            13 => b'r',
            _ => {
                let digit =
                    |nibble: u8| if nibble < 10 { b'0'.wrapping_add(nibble) } else { b'W'.wrapping_add(nibble) };
                take(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)])?;
                continue;
            }
        };
        take(&[b'\\', letter])?;
    }
}

/// Appends `text` as the content of a JSON string, without quotes.
pub(crate) fn escaped(out: &mut Vec<u8>, text: &[u8]) -> Result<(), OutOfMemory> {
    pieces(text, |piece| memory::put_bytes(out, piece))
}

/// Appends `text` as a JSON string.
pub(crate) fn quoted(out: &mut Vec<u8>, text: &[u8]) -> Result<(), OutOfMemory> {
    memory::put_bytes(out, b"\"")?;
    escaped(out, text)?;
    memory::put_bytes(out, b"\"")
}

/// Appends an integer.
pub(crate) fn integer(out: &mut Vec<u8>, value: i64) -> Result<(), OutOfMemory> {
    if value < 0 {
        memory::put_bytes(out, b"-")?;
    }
    unsigned(out, value.unsigned_abs())
}

/// Appends an integer that has no sign.
pub(crate) fn unsigned(out: &mut Vec<u8>, value: u64) -> Result<(), OutOfMemory> {
    decimal(value, |digits| memory::put_bytes(out, digits))
}

/// Hands out the digits of an integer.
pub(crate) fn decimal<T>(value: u64, take: impl FnOnce(&[u8]) -> T) -> T {
    let mut digits = [0_u8; 20];
    let mut rest = value;
    let mut len = 0_usize;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.wrapping_add((rest % 10) as u8);
        rest /= 10;
        len = len.wrapping_add(1);
        if rest == 0 {
            break;
        }
    }
    take(digits.get(digits.len().wrapping_sub(len)..).unwrap_or(&[]))
}

/// An object or an array that is being written: brackets and commas.
pub(crate) struct List<'o> {
    out: &'o mut Vec<u8>,
    before: &'static [u8],
    close: &'static [u8],
}

impl<'o> List<'o> {
    pub(crate) fn object(out: &'o mut Vec<u8>) -> Result<List<'o>, OutOfMemory> {
        memory::put_bytes(out, b"{")?;
        Ok(List { out, before: b"", close: b"}" })
    }

    pub(crate) fn array(out: &'o mut Vec<u8>) -> Result<List<'o>, OutOfMemory> {
        memory::put_bytes(out, b"[")?;
        Ok(List { out, before: b"", close: b"]" })
    }

    /// Where the next element goes.
    pub(crate) fn next(&mut self) -> Result<&mut Vec<u8>, OutOfMemory> {
        memory::put_bytes(self.out, self.before)?;
        self.before = b",";
        Ok(self.out)
    }

    /// Where the value of the next member goes.
    pub(crate) fn key(&mut self, name: &str) -> Result<&mut Vec<u8>, OutOfMemory> {
        let out = self.next()?;
        quoted(out, name.as_bytes())?;
        memory::put_bytes(out, b":")?;
        Ok(out)
    }

    pub(crate) fn end(self) -> Result<(), OutOfMemory> {
        memory::put_bytes(self.out, self.close)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_those_of_std() {
        for value in [0, 1, -1, 9, 10, 99, 1 << 53, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            integer(&mut out, value).unwrap();
            assert_eq!(out, alloc::format!("{value}").into_bytes());
        }
        let mut out = Vec::new();
        unsigned(&mut out, u64::MAX).unwrap();
        assert_eq!(out, alloc::format!("{}", u64::MAX).into_bytes());
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn every_character_reads_back_and_only_the_necessary_is_escaped() {
        for c in (0..0x3000).filter_map(char::from_u32) {
            let text = alloc::string::String::from_iter(['a', c, 'b']);
            let mut out = Vec::new();
            quoted(&mut out, text.as_bytes()).unwrap();
            assert_eq!(serde_json::from_slice::<alloc::string::String>(&out).unwrap(), text);
            assert_eq!(out, serde_json::to_vec(&text).unwrap(), "serde_json escapes the same ones the same way");
        }
    }
}
