//! Where the reader is: the keys and indexes from the body's value down to the current one.
//!
//! A step is a number, so keeping the path costs one store a member; its text is taken from the body
//! when a pointer is asked for.

use crate::json::{scan, string, write};
use crate::memory::{self, OutOfMemory};
use alloc::vec::Vec;
use core::fmt;

/// The deepest nesting that a policy can allow.
pub(crate) const MAX_DEPTH: usize = 64;

/// One step down: a key, an index, or a key that can't be spelled.
///
/// Of a key it is the offset, which has 24 bits as no body is longer than 2^24 bytes; above it, for a
/// known name, stands the name's length. That one needs no second look when a pointer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step(u32);

impl Step {
    const INDEX: u32 = 1 << 31;
    /// A key with a lone surrogate: the pointer stops above it.
    pub(crate) const UNSPEAKABLE: Step = Step(u32::MAX);

    const LENGTH: u32 = 24;
    const OFFSET: u32 = (1 << Step::LENGTH) - 1;

    pub(crate) const fn key(offset: u32) -> Step {
        Step(offset)
    }

    /// A key that stands in the body as a pointer shows it, as all names of ours do.
    #[inline]
    pub(crate) const fn name(offset: u32, length: u32) -> Step {
        Step(offset | length.wrapping_shl(Step::LENGTH))
    }

    /// Where the key starts.
    #[inline]
    pub(crate) const fn offset(self) -> u32 {
        self.0 & Step::OFFSET
    }

    /// The length of a key that needs no second look, else 0.
    const fn length(self) -> u32 {
        self.0.wrapping_shr(Step::LENGTH)
    }

    pub(crate) const fn index(index: u32) -> Step {
        Step(index | Step::INDEX)
    }
}

/// The steps to the value that is being read.
pub(crate) struct Path {
    /// The last one is put here when somebody goes on from it or asks for all.
    steps: [Step; MAX_DEPTH],
    len: usize,
    /// The last step, by itself: it changes with every member, and is seldom asked for.
    last: Step,
}

impl Path {
    pub(crate) const fn new() -> Path {
        Path { steps: [Step::UNSPEAKABLE; MAX_DEPTH], len: 0, last: Step::UNSPEAKABLE }
    }

    /// How many levels the current value is below the top.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.len
    }

    /// Goes one level down, to a step that `set` fills.
    #[inline]
    pub(crate) fn enter(&mut self) {
        self.put_last();
        self.len = self.len.wrapping_add(1);
    }

    /// Names the step at the current level.
    #[inline]
    pub(crate) fn set(&mut self, step: Step) {
        self.last = step;
    }

    /// Moves on to the next index at the current level.
    #[inline]
    pub(crate) fn next_index(&mut self) {
        self.last.0 = self.last.0.wrapping_add(1);
    }

    /// Goes one level up.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.len = self.len.saturating_sub(1);
        self.last = self.steps.get(self.len.wrapping_sub(1)).copied().unwrap_or(Step::UNSPEAKABLE);
    }

    #[inline]
    fn put_last(&mut self) {
        if let Some(last) = self.steps.get_mut(self.len.wrapping_sub(1)) {
            *last = self.last;
        }
    }

    pub(crate) fn steps(&mut self) -> &[Step] {
        self.put_last();
        self.steps.get(..self.len).unwrap_or(&[])
    }
}

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
            if step.0 & Step::INDEX != 0 {
                write::decimal(u64::from(step.0 & !Step::INDEX), &mut take)?;
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
    let end = scan::string_end(key, 0).0 as usize;
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
