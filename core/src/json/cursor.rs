//! Steps through objects and arrays for those who seldom read one, as a policy and a response are: what
//! [`super::members`] does, as one piece of code for all of them.

use super::reader::{Key, Reader};
use super::stop::Read;
use super::string::Token;
use crate::code::Code;
use crate::findings::Detail;
use crate::path::Step;

/// Where a container is being read.
#[derive(Clone, Copy)]
enum Place {
    Opening,
    Within,
    Behind,
}

/// Where the next part starts; none if there is none, and then `after` is behind the bracket.
#[inline(never)]
fn next(reader: &mut Reader<'_, '_>, place: &mut Place, after: &mut u32, close: u8) -> Read<Option<u32>> {
    let more;
    (more, *after) = match place {
        Place::Opening => {
            let (c, at) = reader.token(after.wrapping_add(1));
            reader.path.enter();
            if c == close { (false, at.wrapping_add(1)) } else { (true, at) }
        }
        Place::Within => reader.separator(*after, close)?,
        Place::Behind => return Ok(None),
    };
    *place = Place::Within;
    if !more {
        *place = Place::Behind;
        reader.path.leave();
    }
    Ok(more.then_some(*after))
}

/// An object that is being read.
pub(crate) struct Object {
    /// The place after the value that was read last, which its reader sets; after all of them, that after the object.
    pub(crate) after: u32,
    place: Place,
    /// The key of each name's first member; no key stands at 0.
    firsts: [u32; Object::MOST],
}

/// A member of an object: its key, and the place of its value.
pub(crate) enum Member {
    /// The first of the field in this row of the table.
    Known(usize, Step, u32),
    Other(Token, u32),
}

impl Object {
    /// The most names that a table can have.
    pub(crate) const MOST: usize = 8;

    /// The object that opens at `at`.
    pub(crate) fn new(at: u32) -> Object {
        Object { after: at, place: Place::Opening, firsts: [0; Object::MOST] }
    }

    /// None: a value of another type, with this place after it.
    pub(crate) fn none(after: u32) -> Object {
        Object { place: Place::Behind, ..Object::new(after) }
    }

    /// The next member, none behind the last. A repeated field is a violation.
    #[inline(never)]
    pub(crate) fn next(&mut self, reader: &mut Reader<'_, '_>, names: &[&'static str]) -> Read<Option<Member>> {
        while let Some(at) = next(reader, &mut self.place, &mut self.after, b'}')? {
            let (key, value) = reader.key(at, names)?;
            self.after = match key {
                Key::Known(row, step) => {
                    reader.path.set(step);
                    match self.firsts.get_mut(row) {
                        Some(first) if *first == 0 => {
                            *first = at;
                            return Ok(Some(Member::Known(row, step, value)));
                        }
                        first => reader.repeated(at, first.map_or(at, |first| *first), value)?,
                    }
                }
                Key::Other(key) if reader.name_step(&key)? => return Ok(Some(Member::Other(key, value))),
                Key::Other(_) => reader.pass_over(value)?,
            };
        }
        Ok(None)
    }

    /// Reports the fields of the table that did not stand in the object, which opens at `at`.
    pub(crate) fn report_missing(&self, reader: &mut Reader<'_, '_>, at: u32, names: &[&'static str]) -> Read<()> {
        for (name, first) in names.iter().zip(&self.firsts) {
            if *first == 0 {
                reader.report_absent(Code::MissingField, at, name, Detail::None)?;
            }
        }
        Ok(())
    }
}

/// An array that is being read.
pub(crate) struct Array {
    /// The place after the element that was read last, which its reader sets; after all of them, that after the array.
    pub(crate) after: u32,
    place: Place,
    count: u32,
}

impl Array {
    /// The array that opens at `at`.
    pub(crate) fn new(at: u32) -> Array {
        Array { after: at, place: Place::Opening, count: 0 }
    }

    /// The index and the place of the next element, none behind the last. Those behind the first `most` are only read.
    #[inline(never)]
    pub(crate) fn next(&mut self, reader: &mut Reader<'_, '_>, most: u32) -> Read<Option<(u32, u32)>> {
        let Some(at) = next(reader, &mut self.place, &mut self.after, b']')? else { return Ok(None) };
        let index = self.count;
        self.count = index.wrapping_add(1);
        reader.path.set(Step::index(index));
        if index == most {
            self.after = reader.skip_rest(at)?;
            self.place = Place::Behind;
            return Ok(None);
        }
        Ok(Some((index, at)))
    }
}
