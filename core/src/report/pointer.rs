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
        // Nearly always there are few names, all ours.
        let start = out.len();
        memory::put(out, &[0; Pointer::SHORT])?;
        let short = out.get_mut(start..).and_then(<[u8]>::first_chunk_mut).and_then(|to| self.short(to));
        out.truncate(start.saturating_add(short.unwrap_or(0)));
        if short.is_some() { Ok(()) } else { self.pieces(|piece| memory::put(out, piece)) }
    }

    const SHORT: usize = 64;

    /// Writes a pointer of names of ours and small indexes to the start of `to`, names in whole words whatever their
    /// length; returns its own length.
    fn short(&self, to: &mut [u8; Pointer::SHORT]) -> Option<usize> {
        let mut len = 0_usize;
        for step in self.steps {
            let room = to.get_mut(len..)?;
            if let Some(index) = step.as_index() {
                let digit = u8::try_from(index).ok().filter(|digit| *digit < 10)?;
                *room.first_chunk_mut()? = [b'/', b'0'.wrapping_add(digit)];
                len = len.wrapping_add(2);
                continue;
            }
            // With its quote, which gives way to the slash, and what stands behind, which gives way to what comes next.
            let key = self.body.get(step.offset() as usize..)?;
            match step.length() {
                1..16 => *room.first_chunk_mut::<16>()? = *key.first_chunk()?,
                16..32 => *room.first_chunk_mut::<32>()? = *key.first_chunk()?,
                _ => return None,
            }
            *room.first_mut()? = b'/';
            len = len.wrapping_add(1).wrapping_add(step.length() as usize);
        }
        if let Some(name) = self.absent {
            let (slash, room) = to.get_mut(len..)?.split_first_mut()?;
            *slash = b'/';
            for (to, from) in room.get_mut(..name.len())?.iter_mut().zip(name.as_bytes()) {
                *to = *from;
            }
            len = len.wrapping_add(1).wrapping_add(name.len());
        }
        Some(len)
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
