//! Cuts an input into blocks of whole lines, in bounded memory whatever the lines' length.

use std::io::{self, Read};

/// The number of bytes read at a time, and so about the size of a block.
const READ: usize = 256 << 10;

/// Whole lines of one input, one after another.
#[derive(Debug)]
pub(super) struct Block {
    /// The input, by its place on the command line.
    pub(super) source: usize,
    /// The number of the first line, from 1.
    pub(super) first_line: u64,
    /// The lines with their line ends; the last of an input may lack one.
    pub(super) lines: Vec<u8>,
    /// A line behind these that is longer than any body, and was passed over.
    pub(super) too_long: Option<TooLong>,
}

/// What is known of a line that was passed over.
#[derive(Debug)]
pub(super) struct TooLong {
    /// The first bytes, in which an id would stand.
    pub(super) beginning: Vec<u8>,
    /// The number of all its bytes.
    pub(super) length: u64,
}

/// The blocks of an input.
pub(super) struct Blocks<R> {
    input: R,
    source: usize,
    line: u64,
    /// The most bytes of a line that are kept.
    limit: usize,
    /// The beginning of a line whose end has not been read yet.
    rest: Vec<u8>,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(input: R, source: usize, limit: u32) -> Blocks<R> {
        Blocks { input, source, line: 1, limit: limit as usize, rest: Vec::new(), ended: false }
    }

    /// The next block; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        let mut lines = std::mem::take(&mut self.rest);
        let mut searched = 0;
        loop {
            if let Some(end) = memchr::memrchr(b'\n', &lines[searched..]) {
                self.rest = lines.split_off(searched + end + 1);
                break;
            }
            if self.ended {
                break;
            }
            // All that is here is one line; its end would not count, nor would a CR before that.
            if lines.len() > self.limit + 1 {
                return self.pass_over(&lines).map(Some);
            }
            searched = lines.len();
            self.read_into(&mut lines)?;
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let block = Block { source: self.source, first_line: self.line, lines, too_long: None };
        self.line += memchr::memchr_iter(b'\n', &block.lines).count() as u64;
        Ok(Some(block))
    }

    /// Counts the bytes of a line that begins with `known`, and keeps what follows it.
    fn pass_over(&mut self, known: &[u8]) -> io::Result<Block> {
        let beginning = known[..known.len().min(super::id::MOST + 1)].to_vec();
        let mut length = known.len() as u64;
        let mut last = known.last().copied();
        let mut buffer = Vec::new();
        while !self.ended {
            buffer.clear();
            self.read_into(&mut buffer)?;
            let end = memchr::memchr(b'\n', &buffer);
            let passed = &buffer[..end.unwrap_or(buffer.len())];
            length += passed.len() as u64;
            last = passed.last().copied().or(last);
            if let Some(end) = end {
                length -= u64::from(last == Some(b'\r'));
                self.rest = buffer.split_off(end + 1);
                break;
            }
        }
        let block = Block {
            source: self.source,
            first_line: self.line,
            lines: Vec::new(),
            too_long: Some(TooLong { beginning, length }),
        };
        self.line += 1;
        Ok(block)
    }

    /// Appends what one read yields.
    fn read_into(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        let known = buffer.len();
        buffer.resize(known + READ, 0);
        let count = loop {
            match self.input.read(&mut buffer[known..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        buffer.truncate(known + *count.as_ref().unwrap_or(&0));
        self.ended = count? == 0;
        Ok(())
    }
}

/// A line of a block.
pub(super) struct Line<'a> {
    pub(super) number: u64,
    pub(super) text: &'a [u8],
    /// Its line end, if it has one.
    pub(super) end: &'a [u8],
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
    }
}

/// The lines of a block.
pub(super) fn lines(block: &Block) -> impl Iterator<Item = Line<'_>> {
    let lines = block.lines.split_inclusive(|byte| *byte == b'\n');
    (block.first_line..).zip(lines).map(|(number, line)| {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        Line { number, text, end: &line[text.len()..] }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Yields at most `step` bytes a read.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let step = self.1.min(buffer.len());
            self.0.read(&mut buffer[..step])
        }
    }

    fn cut(input: &[u8], step: usize, limit: u32) -> Vec<(u64, Result<Vec<u8>, u64>)> {
        let mut blocks = Blocks::new(Slow(input, step), 0, limit);
        let mut found = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            assert!(block.lines.len() <= limit as usize + 2 + READ);
            let whole: Vec<u8> = lines(&block).flat_map(|line| [line.text, line.end].concat()).collect();
            assert_eq!(whole, block.lines);
            let lines = lines(&block).filter(|line| !line.is_blank());
            found.extend(lines.map(|line| (line.number, Ok(line.text.to_vec()))));
            found.extend(block.too_long.map(|too_long| (block.first_line, Err(too_long.length))));
        }
        found
    }

    #[test]
    fn blocks_are_whole_lines_however_the_input_comes() {
        let input = b"one\n\n \t\r\ntwo\r\n\xff\n0123456789\r\n01234567890\r\n01234567890123\nlast";
        for step in 1..=input.len() {
            let found = cut(input, step, 10);
            let whole: Vec<_> = found
                .into_iter()
                // A line a little over the limit may be passed over or be left to the checker.
                .map(|(number, line)| (number, line.map_or_else(|length| length, |line| line.len() as u64)))
                .collect();
            assert_eq!(whole, [(1, 3), (4, 3), (5, 1), (6, 10), (7, 11), (8, 14), (9, 4)], "step {step}");
        }
        assert_eq!(cut(b"", 1, 10), []);
        assert_eq!(cut(b"\n", 1, 10), []);
        assert_eq!(cut(b"a\n", 1, 10), [(1, Ok(b"a".to_vec()))]);
    }

    #[test]
    fn endless_lines_are_counted_and_not_kept() {
        let mut input = vec![b'x'; 3 << 20];
        input.extend_from_slice(b"\r\nafter\n");
        let found = cut(&input, 100_000, 1024);
        assert_eq!(found, [(1, Err(3 << 20)), (2, Ok(b"after".to_vec()))]);
        assert_eq!(cut(&vec![b'x'; 1 << 20], 4_096, 1024), [(1, Err(1 << 20))]);
    }
}
