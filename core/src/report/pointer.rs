//! JSON Pointers (RFC 6901), written from the steps of a path and the body's own keys.

use crate::json::{scan, string, write};
use crate::memory::{self, OutOfMemory};
use crate::path::Step;
use alloc::vec::Vec;
use core::fmt;

/// A JSON Pointer (RFC 6901) into a body, spelled as the body spells its keys.
///
/// Names over 64 UTF-16 code units are cut and end in `…`.
#[derive(Clone, Copy)]
pub struct Pointer<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) steps: &'a [Step],
    /// The name of an absent field, below the last step.
    pub(crate) absent: Option<&'static str>,
}

impl Pointer<'_> {
    /// Appends the pointer's text, without the detour over a formatter.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        self.pieces(|piece| memory::put(out, piece))
    }

    /// Hands out the text piece by piece, each well-formed UTF-8.
    pub(crate) fn pieces<E>(&self, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        for step in self.steps {
            if *step == Step::UNSPEAKABLE {
                return Ok(());
            }
            take(b"/")?;
            if let Some(index) = step.as_index() {
                write::decimal(u64::from(index), &mut take)?;
            } else {
                let key = self.body.get(step.offset().wrapping_add(1) as usize..).unwrap_or(&[]);
                let known = key.get(..step.length() as usize).filter(|known| !known.is_empty());
                match known.or_else(|| plain_name(key)) {
                    Some(name) => take(name)?,
                    None => other_name(key, &mut take)?,
                }
            }
        }
        match self.absent {
            Some(name) => {
                take(b"/")?;
                take(name.as_bytes())
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces(|piece| f.write_str(core::str::from_utf8(piece).unwrap_or("")))
    }
}

impl fmt::Debug for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// The longest name that is shown whole, in UTF-16 code units.
const MAX_NAME: usize = 64;

/// The name at the start of `key`, up to its quote, if it stands there as a pointer shows it.
fn plain_name(key: &[u8]) -> Option<&[u8]> {
    let end = scan::plain_end(key, 0) as usize;
    let name = key.get(..end)?;
    let shown = end <= MAX_NAME && !name.iter().any(|byte| matches!(byte, b'~' | b'/'));
    (shown && key.get(end) == Some(&b'"')).then_some(name)
}

/// Hands out a name as a reference token: cut, then escaped (RFC 6901, section 3).
#[cold]
fn other_name<E>(key: &[u8], take: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
    let name = string::scalars(key);
    let fits = name
        .clone()
        .try_fold(0_usize, |units, c| Some(units.saturating_add(c.len_utf16())).filter(|units| *units <= MAX_NAME));
    let mut units = 0_usize;
    for c in name {
        units = units.saturating_add(c.len_utf16());
        if units > MAX_NAME {
            break;
        }
        match c {
            '~' => take(b"~0")?,
            '/' => take(b"~1")?,
            c => take(c.encode_utf8(&mut [0; 4]).as_bytes())?,
        }
    }
    if fits.is_none() { take("…".as_bytes()) } else { Ok(()) }
}
