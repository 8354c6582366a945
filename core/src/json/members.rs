//! Walks objects and arrays, and hands each member or element to its rule.

use super::reader::{Key, Reader};
use super::stop::Read;
use super::string::Token;
use crate::path::Step;

/// The fields that an object can have: the names that the reader compares, in the order of writing,
/// and the field that each stands for.
pub(crate) struct Names<F, const N: usize> {
    names: [&'static str; N],
    rows: [(&'static str, F); N],
    /// For each name the row of its field's first name.
    firsts: [usize; N],
}

impl<F: Copy, const N: usize> Names<F, N> {
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the loop ends at N; at compile time")]
    pub(crate) const fn new(rows: [(&'static str, F); N]) -> Names<F, N> {
        let (mut names, mut firsts) = ([""; N], [0; N]);
        let mut row = 0;
        while row < N {
            names[row] = rows[row].0;
            firsts[row] = row;
            row += 1;
        }
        Names { names, rows, firsts }
    }

    /// Says that `other` is another name of the field `name`: both together are one field that is
    /// repeated.
    #[allow(clippy::indexing_slicing, reason = "a row of the table; at compile time")]
    pub(crate) const fn with_other_name(mut self, name: &str, other: &str) -> Names<F, N> {
        self.firsts[self.row(other)] = self.row(name);
        self
    }

    /// The row of a name that the table has.
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the loop ends at N; at compile time")]
    pub(crate) const fn row(&self, name: &str) -> usize {
        let mut row = 0;
        while !is_same(self.names[row], name) {
            row += 1;
        }
        row
    }

    pub(crate) const fn names(&self) -> &[&'static str; N] {
        &self.names
    }

    #[inline(always)]
    pub(crate) fn field(&self, row: usize) -> Option<F> {
        self.rows.get(row).map(|(_, field)| *field)
    }

    #[inline(always)]
    fn first(&self, row: usize) -> Option<usize> {
        self.firsts.get(row).copied()
    }
}

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "both have that length; at compile time")]
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// Which names of its table stood in an object.
#[derive(Clone, Copy)]
pub(crate) struct Seen(u32);

impl Seen {
    #[inline(always)]
    pub(crate) fn has(self, row: usize) -> bool {
        self.0.wrapping_shr(row as u32) & 1 == 1
    }
}

/// Reading the containers whose parts somebody has rules for.
pub(crate) trait ReadParts<'b, 'f>: Sized {
    fn reader(&mut self) -> &mut Reader<'b, 'f>;

    /// Reads the elements of the array that opens at `at`: `element` reads the one at a place and
    /// returns the place after it. Those behind the first `most` are only read.
    #[inline(always)]
    fn elements(&mut self, at: u32, most: u32, mut element: impl FnMut(&mut Self, u32, u32) -> Read<u32>) -> Read<u32> {
        let (c, mut at) = self.reader().token(at.wrapping_add(1));
        if c == b']' {
            return Ok(at.wrapping_add(1));
        }
        self.reader().path.enter();
        let mut index = 0_u32;
        loop {
            self.reader().path.set(Step::index(index));
            if index == most {
                return self.reader().skip_rest(at);
            }
            let after = element(self, at, index)?;
            index = index.wrapping_add(1);
            let more;
            (more, at) = self.reader().separator(after, b']')?;
            if !more {
                self.reader().path.leave();
                return Ok(at);
            }
        }
    }

    /// Reads the members of the object that opens at `at`. The first member of a field goes to `known`,
    /// with the field, its key and the place of its value; each later one is a violation. All else goes
    /// to `unknown`, with the key and the place of the value. Returns the place after the object, and
    /// which names stood in it.
    #[inline(always)]
    fn members<F: Copy, const N: usize>(
        &mut self,
        at: u32,
        names: &Names<F, N>,
        mut known: impl FnMut(&mut Self, F, Step, u32) -> Read<u32>,
        mut unknown: impl FnMut(&mut Self, Token, u32) -> Read<u32>,
    ) -> Read<(u32, Seen)> {
        let mut seen = Seen(0);
        let (c, mut at) = self.reader().token(at.wrapping_add(1));
        if c == b'}' {
            return Ok((at.wrapping_add(1), seen));
        }
        self.reader().path.enter();
        // The key of each field's first member; no key stands at 0.
        let mut firsts = [0_u32; N];
        let mut last = 0;
        loop {
            let (key, value) = match self.reader().expected(at, &names.names) {
                Some((row, length, value)) => (Key::Known(row, Step::name(at, length)), value),
                None => self.reader().key(at, &names.names)?,
            };
            let next = match key {
                Key::Known(row, step) => {
                    self.reader().path.set(step);
                    if row < last {
                        self.reader().as_written = false;
                    }
                    last = row;
                    seen.0 |= 1_u32.wrapping_shl(row as u32);
                    match (names.field(row), names.first(row).and_then(|first| firsts.get_mut(first))) {
                        (Some(field), Some(first)) if *first == 0 => {
                            *first = at;
                            known(self, field, step, value)?
                        }
                        (_, first) => {
                            let first = first.map_or(at, |first| *first);
                            self.reader().repeated(at, first, value)?
                        }
                    }
                }
                Key::Other(key) if self.reader().name_step(&key)? => {
                    self.reader().as_written = false;
                    unknown(self, key, value)?
                }
                Key::Other(_) => self.reader().pass_over(value)?,
            };
            let more;
            (more, at) = self.reader().separator(next, b'}')?;
            if !more {
                self.reader().path.leave();
                return Ok((at, seen));
            }
        }
    }
}
