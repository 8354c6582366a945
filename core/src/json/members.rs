//! Walks objects and arrays, and hands each member or element to its rule.

use super::reader::{Key, Reader};
use super::stop::Read;
use super::string::Token;
use crate::path::Step;

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

    /// Reads the members of the object that opens at `at` and knows the keys `names`, in the order
    /// of writing. The first member of a name goes to `known`, with the name's index, its key and
    /// the place of its value; later ones are refused. `same` gives the index of the field that a
    /// name stands for. All else goes to `unknown`, with the key and the place of the value.
    #[inline(always)]
    fn members<const N: usize>(
        &mut self,
        at: u32,
        names: &[&'static str; N],
        mut same: impl FnMut(usize) -> usize,
        mut known: impl FnMut(&mut Self, usize, Step, u32) -> Read<u32>,
        mut unknown: impl FnMut(&mut Self, Token, u32) -> Read<u32>,
    ) -> Read<u32> {
        let (c, mut at) = self.reader().token(at.wrapping_add(1));
        if c == b'}' {
            return Ok(at.wrapping_add(1));
        }
        self.reader().path.enter();
        // The key of each field's first member; no key stands at 0.
        let mut firsts = [0_u32; N];
        let mut last = 0;
        loop {
            let (key, value) = match self.reader().expected(at, names) {
                Some((index, length, value)) => (Key::Known(index, Step::name(at, length)), value),
                None => self.reader().key(at, names)?,
            };
            let next = match key {
                Key::Known(index, step) => {
                    self.reader().path.set(step);
                    if index < last {
                        self.reader().canonical = false;
                    }
                    last = index;
                    match firsts.get_mut(same(index)) {
                        Some(first) if *first == 0 => {
                            *first = at;
                            known(self, index, step, value)?
                        }
                        first => {
                            let first = first.map_or(at, |first| *first);
                            self.reader().repeated(at, first, value)?
                        }
                    }
                }
                Key::Other(key) if self.reader().name_step(&key)? => {
                    self.reader().canonical = false;
                    unknown(self, key, value)?
                }
                Key::Other(_) => self.reader().pass_over(value)?,
            };
            let more;
            (more, at) = self.reader().separator(next, b'}')?;
            if !more {
                self.reader().path.leave();
                return Ok(at);
            }
        }
    }
}
