//! Edits of a text: what is taken out of it, and what is put in its place.

use crate::few::Few;
use alloc::string::String;

/// One edit: the `length` bytes at `offset` give way to `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit<'a> {
    /// The first byte that gives way.
    pub offset: u32,
    /// How many bytes give way.
    pub length: u32,
    /// The text in their place: a name or word of ours, ASCII, or nothing. Never a value of the body.
    pub text: &'a str,
}

/// An [`Edit`] that owns its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[allow(missing_docs, reason = "the parts are those of `Edit`")]
pub struct EditBuf {
    pub offset: u32,
    pub length: u32,
    pub text: String,
}

impl From<&Edit<'_>> for EditBuf {
    fn from(edit: &Edit<'_>) -> EditBuf {
        EditBuf { offset: edit.offset, length: edit.length, text: edit.text.into() }
    }
}

/// A list of edits, in order, none overlapping another.
#[derive(Clone, Copy)]
pub(crate) struct Edits<'a>(Few<Edit<'a>, { Edits::MOST }>);

impl<'a> Edits<'a> {
    /// The most edits of a fix.
    pub(crate) const MOST: usize = 64;

    pub(crate) const fn new() -> Edits<'a> {
        Edits(Few::new(Edit { offset: 0, length: 0, text: "" }))
    }

    /// Takes `length` bytes at `offset` away: one edit with the removal directly before it. None if the
    /// list is full.
    pub(crate) fn remove(&mut self, offset: u32, length: u32) -> Option<()> {
        match self.0.last_mut() {
            Some(last) if last.text.is_empty() && last.offset.wrapping_add(last.length) == offset => {
                last.length = last.length.wrapping_add(length);
                Some(())
            }
            _ => self.0.push(Edit { offset, length, text: "" }),
        }
    }

    /// Puts `text` in the place of `length` bytes at `offset`. None if the list is full.
    pub(crate) fn replace(&mut self, offset: u32, length: u32, text: &'a str) -> Option<()> {
        self.0.push(Edit { offset, length, text })
    }

    pub(crate) fn as_slice(&self) -> &[Edit<'a>] {
        self.0.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_removals_are_one_edit_and_no_list_grows_without_bound() {
        let mut edits = Edits::new();
        edits.remove(3, 1).unwrap();
        edits.remove(4, 2).unwrap();
        edits.replace(6, 1, "%5B").unwrap();
        edits.remove(7, 1).unwrap();
        let edit = |offset, length, text| Edit { offset, length, text };
        assert_eq!(edits.as_slice(), [edit(3, 3, ""), edit(6, 1, "%5B"), edit(7, 1, "")]);
        for offset in 3..Edits::MOST {
            edits.replace(10 * offset as u32, 1, "_").unwrap();
        }
        assert_eq!(edits.replace(10_000, 1, "_"), None);
        assert_eq!(edits.remove(10_000, 1), None);
    }
}
