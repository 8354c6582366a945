//! Fixes: the edits of a body that mend a diagnostic.

use crate::text::{Str, Texts, put};
use alloc::vec::Vec;
use core::ptr;
use outgoing_to_device as otd;
use outgoing_to_device::OutOfMemory;

/// One edit of a body: the `length` bytes at `offset` give way to `text`, which may be empty.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// The first byte that gives way.
    pub offset: u32,
    /// How many bytes give way.
    pub length: u32,
    /// The text in their place: a name of ours, ASCII, or nothing. Never a value of the body.
    pub text: Str,
}

/// The edits that mend a diagnostic, in the order of their places, none overlapping another.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Fix {
    /// The first one; NULL if there is no fix.
    pub edits: *const Edit,
    /// How many there are; 0 if there is no fix.
    pub edits_len: usize,
}

impl Fix {
    pub(crate) const NONE: Fix = Fix { edits: ptr::null(), edits_len: 0 };
}

/// A fix that is written out, in buffers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Fixes {
    texts: Texts,
    edits: Vec<Edit>,
}

impl Fixes {
    pub(crate) const fn new() -> Fixes {
        Fixes { texts: Texts::new(), edits: Vec::new() }
    }

    pub(crate) fn fix(&mut self, edits: &[otd::Edit<'_>]) -> Result<Fix, OutOfMemory> {
        self.texts.clear();
        self.edits.clear();
        for otd::Edit { offset, length, text } in edits {
            let edit = Edit { offset: *offset, length: *length, text: self.texts.add(text)? };
            put(&mut self.edits, &[edit])?;
        }
        self.texts.settle(self.edits.iter_mut().map(|edit| &mut edit.text));
        Ok(Fix { edits: self.edits.as_ptr(), edits_len: self.edits.len() })
    }
}
