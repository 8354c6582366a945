//! A line of a body as a terminal can show it: the place in its middle, the rest cut, and nothing in it
//! that a terminal would obey.

use outgoing_to_device::Span;
use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The most columns of a line that are shown, and of them for the place itself.
const WIDTH: usize = 100;
const PLACE_WIDTH: usize = 60;

/// A character takes at most four bytes; those that have no width are given as many again.
const BYTES_A_COLUMN: usize = 8;

/// The visible part of a line, and the first column and the number of the marks below it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) line: String,
    pub(crate) start: usize,
    pub(crate) marks: usize,
}

impl Snippet {
    /// The line of `body` in which `place` begins; of a place of many lines the first is shown.
    pub(crate) fn new(body: &[u8], place: Span) -> Snippet {
        let start = (place.offset as usize).min(body.len());
        let line_start = memchr::memrchr(b'\n', &body[..start]).map_or(mark_len(body).min(start), |at| at + 1);
        let line_end = memchr::memchr(b'\n', &body[start..]).map_or(body.len(), |at| start + at);
        let line_end = if body[start..line_end].ends_with(b"\r") { line_end - 1 } else { line_end };
        let end = (start + place.length as usize).min(line_end);

        let (marked, marked_cut) = head(&body[start..end], PLACE_WIDTH);
        let rest = WIDTH.saturating_sub(marked.width());
        let (mut after, mut after_cut) = head(&body[end.max(start)..line_end], rest);
        let (before, before_cut) = tail(&body[line_start..start], rest.saturating_sub(after.width()).max(rest / 2));
        if before.width() + after.width() > rest {
            (after, after_cut) = head(&body[end..line_end], rest - before.width());
        }
        if marked_cut {
            (after, after_cut) = (String::new(), true);
        }
        let mut line = String::new();
        if before_cut {
            line.push('…');
        }
        line.push_str(&before);
        let start = line.width();
        line.push_str(&marked);
        let marks = (line.width() - start).max(1);
        line.push_str(&after);
        if after_cut {
            line.push('…');
        }
        Snippet { line, start, marks }
    }
}

/// A byte order mark has no column.
fn mark_len(body: &[u8]) -> usize {
    if body.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

/// The first columns of `bytes`, and whether there are more.
fn head(bytes: &[u8], columns: usize) -> (String, bool) {
    let mut end = bytes.len().min(columns * BYTES_A_COLUMN);
    while end < bytes.len() && is_continuation(bytes[end]) {
        end += 1;
    }
    let text = visible(&String::from_utf8_lossy(&bytes[..end])).into_owned();
    let fit = fitting(text.chars(), columns);
    let cut = fit < text.len() || end < bytes.len();
    (text[..fit].to_owned(), cut)
}

/// The last columns of `bytes`, and whether there are more.
fn tail(bytes: &[u8], columns: usize) -> (String, bool) {
    let mut start = bytes.len().saturating_sub(columns * BYTES_A_COLUMN);
    while start > 0 && start < bytes.len() && is_continuation(bytes[start]) {
        start += 1;
    }
    let text = visible(&String::from_utf8_lossy(&bytes[start..])).into_owned();
    let fit = text.len() - fitting(text.chars().rev(), columns);
    let cut = fit > 0 || start > 0;
    (text[fit..].to_owned(), cut)
}

/// The number of bytes whose characters fit into the columns.
fn fitting(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    let fit = characters.take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= columns
    });
    fit.map(char::len_utf8).sum()
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// The text without characters that a terminal obeys or that nobody sees: each becomes a visible one,
/// a tab four spaces.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => shown.push_str("    "),
            '\0'..='\x1F' => shown.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}')),
            '\x7F' => shown.push('␡'),
            c if is_unseen(c) => shown.push('\u{FFFD}'),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// JSON with the same value, in which those characters are escaped. Raw white space stands between
/// tokens only and becomes a space, but for the line ends behind lines.
pub(crate) fn escaped(json: &str) -> Cow<'_, str> {
    if !json.chars().any(|c| c != '\n' && is_unseen(c)) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => shown.push(c),
            '\t' | '\r' => shown.push(' '),
            c if is_unseen(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Control characters, those that turn the reading order, and the contract's invisible ones.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(body: &[u8], place: std::ops::Range<usize>) -> Snippet {
        Snippet::new(body, Span { offset: place.start as u32, length: place.len() as u32 })
    }

    /// The marked part of the line, by columns, where every character has one.
    fn shown(body: &[u8], place: std::ops::Range<usize>) -> (String, String) {
        let Snippet { line, start, marks } = snippet(body, place);
        let marked = line.chars().skip(start).take(marks).collect();
        (line, marked)
    }

    #[test]
    fn the_place_is_marked_in_its_line() {
        assert_eq!(shown(b"{\r\n \"a\": 1\r\n}", 9..10), (" \"a\": 1".to_owned(), "1".to_owned()));
        assert_eq!(shown(b"\xEF\xBB\xBF[1]", 3..4), ("[1]".to_owned(), "[".to_owned()));
        assert_eq!(snippet(b"[1", 2..2), Snippet { line: "[1".to_owned(), start: 2, marks: 1 });
        assert_eq!(snippet(b"", 0..0), Snippet { line: String::new(), start: 0, marks: 1 });
        // Of a value of several lines the first is marked.
        assert_eq!(snippet(b"x{\n}", 1..4), Snippet { line: "x{".to_owned(), start: 1, marks: 1 });
    }

    #[test]
    fn marks_are_as_wide_as_what_they_mark() {
        let body = "\t日本 e\u{301} 🧑‍🚀".as_bytes();
        assert_eq!(snippet(body, 1..7), Snippet { line: "    日本 e\u{301} 🧑‍🚀".to_owned(), start: 4, marks: 4 });
        assert_eq!(snippet(body, 8..11).start, 9);
        assert_eq!(snippet(body, 8..11).marks, 1);
        assert_eq!(snippet(body, 12..23).marks, 2);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let mut body = vec![b'a'; 500_000];
        body.extend_from_slice(b"HERE");
        body.extend(std::iter::repeat_n(b'b', 500_000));
        let (line, marked) = shown(&body, 500_000..500_004);
        assert_eq!(marked, "HERE");
        assert!(line.starts_with("…aaa") && line.ends_with("bbb…"), "{line}");
        assert_eq!(line.width(), WIDTH + 2);
        let Snippet { line, start, marks } = snippet(&body, 0..1_000_000);
        assert_eq!((line.width(), start, marks), (PLACE_WIDTH + 1, 0, PLACE_WIDTH));
    }

    #[test]
    fn terminals_are_told_nothing() {
        let body = b"\"\x1b[31m\x00\xc2\x9b\xe2\x80\xae\xff\"";
        assert_eq!(snippet(body, 0..1).line, "\"␛[31m␀\u{FFFD}\u{FFFD}\u{FFFD}\"");
    }

    #[test]
    fn any_place_of_any_bytes_can_be_shown() {
        let body: Vec<u8> = (0..3_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for start in 0..=body.len() {
            for length in [0, 1, 7, 400] {
                let Snippet { line, start, marks } = Snippet::new(&body, Span { offset: start as u32, length });
                assert!(line.width() <= WIDTH + 2 && start + marks <= WIDTH + 2, "{line}");
                assert!(!line.chars().any(is_unseen));
            }
        }
    }
}
