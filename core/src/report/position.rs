//! Lines and columns: worked out from offsets, and only when asked for.

use crate::json::document;
use crate::word::blocks;

/// A place in a body as people count: both 1-based.
///
/// Only LF ends a line; a column counts Unicode scalar values; a byte order mark has no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Turns ascending offsets into positions in one pass over the body.
///
/// ```
/// use outgoing_to_device::{Lines, Position};
/// let mut lines = Lines::new("{\n \"ё\": 1}".as_bytes());
/// assert_eq!(lines.position(3), Position { line: 2, column: 2 });
/// assert_eq!(lines.position(7), Position { line: 2, column: 5 });
/// ```
#[derive(Clone, Debug)]
pub struct Lines<'b> {
    body: &'b [u8],
    at: usize,
    position: Position,
}

impl<'b> Lines<'b> {
    /// Starts at the body's first byte.
    pub fn new(body: &'b [u8]) -> Lines<'b> {
        Lines { body, at: document::mark_len(body) as usize, position: Position { line: 1, column: 1 } }
    }

    /// The position of the byte at `offset`. An offset before the last one starts over; one past
    /// the end counts as the end.
    pub fn position(&mut self, offset: u32) -> Position {
        let offset = offset as usize;
        if offset < self.at {
            *self = Lines::new(self.body);
        }
        let end = offset.min(self.body.len());
        let passed = self.body.get(self.at..end).unwrap_or(&[]);
        // Counted over blocks small enough for a byte, which the compiler vectorizes.
        let lines = count(passed, |byte| byte == b'\n');
        // Looking back for the last LF takes long where there is none.
        let last = if lines == 0 { None } else { passed.iter().rposition(|byte| *byte == b'\n') };
        let line = match last {
            Some(end) => {
                self.position.line = self.position.line.saturating_add(lines);
                self.position.column = 1;
                passed.get(end.saturating_add(1)..).unwrap_or(&[])
            }
            None => passed,
        };
        let scalars = count(line, |byte| byte as i8 >= -64);
        self.position.column = self.position.column.saturating_add(scalars);
        self.at = self.at.max(end);
        self.position
    }
}

fn count(bytes: &[u8], what: impl Fn(u8) -> bool) -> u32 {
    let (blocks, rest) = blocks::<128>(bytes);
    let in_block = |block: &[u8]| block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(u8::from(what(*byte))));
    let blocks = blocks.fold(0_u32, |sum, block| sum.saturating_add(u32::from(in_block(block))));
    blocks.saturating_add(u32::from(in_block(rest)))
}
