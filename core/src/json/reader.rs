//! The reader: one pass over the body, iterative, without allocation on what is valid.
//!
//! Every step takes a position and returns the next one. What the rules make of a value is theirs;
//! the reader knows JSON, the path and where lone surrogates stand.

use super::scan::{self, Seen, byte, printable_end, string_end, token, window};
use super::stop::{Read, Stop};
use super::string::{self, Discard, Form, Sink, Token};
use crate::code::Code;
use crate::findings::{Detail, Findings, Place};
use crate::json_type::JsonType;
use crate::memory::OutOfMemory;
use crate::path::{Path, Step};

pub(crate) struct Reader<'b, 'f> {
    pub(crate) body: &'b [u8],
    pub(crate) findings: &'f mut Findings,
    pub(crate) path: Path,
    max_depth: u32,
    /// What [`string_end`] saw in all strings.
    seen: Seen,
    /// So far the body is, byte for byte, what the writer would write.
    pub(crate) as_written: bool,
}

impl<'b, 'f> Reader<'b, 'f> {
    pub(crate) fn new(body: &'b [u8], max_depth: u32, findings: &'f mut Findings) -> Self {
        Reader { body, findings, path: Path::new(), max_depth, seen: Seen::NOTHING, as_written: true }
    }

    /// Whether a string may have held bytes that are not UTF-8.
    pub(crate) fn saw_ill_formed(&self) -> bool {
        self.seen.is_ill_formed()
    }

    #[inline(always)]
    pub(crate) fn byte(&self, at: u32) -> u8 {
        byte(self.body, at)
    }

    /// The next byte that is not white space, and its place.
    #[inline(always)]
    pub(crate) fn token(&mut self, at: u32) -> (u8, u32) {
        let (c, next) = token(self.body, at);
        if next != at {
            self.as_written = false;
        }
        (c, next)
    }

    /// Reads the string whose opening quote is at `at`; its text goes to `sink` if it has escapes.
    #[inline(always)]
    pub(crate) fn string(&mut self, at: u32, sink: &mut impl Sink) -> Read<(Token, u32)> {
        match self.short_string(at) {
            Some(end) => Ok((Token { start: at.wrapping_add(1), end, form: Form::Printable }, end.wrapping_add(1))),
            None => self.other_string(at, sink),
        }
    }

    /// If the string whose opening quote is at `at` is printable ASCII and short, as nearly all are: the place of the
    /// quote that ends it.
    #[inline(always)]
    pub(crate) fn short_string(&self, at: u32) -> Option<u32> {
        let end = printable_end(self.body, at.wrapping_add(1));
        (self.byte(end) == b'"').then_some(end)
    }

    #[inline(never)]
    pub(crate) fn other_string(&mut self, at: u32, sink: &mut impl Sink) -> Read<(Token, u32)> {
        let start = at.wrapping_add(1);
        let (end, seen) = string_end(self.body, start);
        self.seen |= seen;
        if self.byte(end) == b'"' {
            let form = match seen {
                Seen::NOTHING => Form::Printable,
                _ if seen.is_doubtful() => Form::Doubtful,
                _ => Form::Plain,
            };
            return Ok((Token { start, end, form }, end.wrapping_add(1)));
        }
        self.as_written = false;
        string::read(self.body, start, end, &mut self.seen, sink)
    }

    /// Only reads the string whose opening quote is at `at`.
    #[inline(never)]
    pub(crate) fn pass_string(&mut self, at: u32) -> Read<(Token, u32)> {
        self.string(at, &mut Discard)
    }

    /// If a string is at `at` whose text is printable ASCII, begins and ends with other than a space,
    /// and stands there as it is: the place after it.
    #[inline(always)]
    pub(crate) fn printable(&mut self, at: u32) -> Option<u32> {
        // The first byte tells most others at once, before the end is looked for; the empty string, too.
        let [b'"', b'!' | b'#'..=b'~'] = window::<2>(self.body, at)? else { return None };
        let mut end = printable_end(self.body, at.wrapping_add(1));
        if self.byte(end) != b'"' {
            let seen;
            (end, seen) = string_end(self.body, end);
            if !seen.is_nothing() {
                return None;
            }
        }
        match window::<2>(self.body, end.wrapping_sub(1))? {
            [last, b'"'] if *last != b' ' => Some(end.wrapping_add(1)),
            _ => None,
        }
    }

    /// If one of `names` is the key at `at`, and is written as usual: its index, the length of the
    /// name, and the place of the value.
    #[inline(always)]
    pub(super) fn expected<const N: usize>(&mut self, at: u32, names: &[&'static str; N]) -> Option<(usize, u32, u32)> {
        // What makes the reader fast: one word tells a key from the others, and the compiler turns
        // comparing it whole into a few machine words.
        let rest = self.body.get(at as usize..)?;
        let first = u64::from_le_bytes(*rest.first_chunk()?);
        for (index, name) in names.iter().enumerate() {
            let (head, mask) = head(name);
            if (first ^ head) & mask != 0 {
                continue;
            }
            let Some([b'"', key @ .., b'"', a, b, c, d]) = rest.get(..name.len().wrapping_add(6)) else { continue };
            if key != name.as_bytes() {
                continue;
            }
            let length = name.len() as u32;
            let colon = at.wrapping_add(length).wrapping_add(2);
            let value = if *a == b':' && *b > b' ' {
                colon.wrapping_add(1)
            } else if [*a, *b, *c] == *b" : " && *d > b' ' {
                self.as_written = false;
                colon.wrapping_add(3)
            } else {
                return None;
            };
            return Some((index, length, value));
        }
        None
    }

    /// Reads the key at `at`, however it is written, and the colon; returns the place of the value,
    /// too.
    #[inline(never)]
    pub(super) fn key(&mut self, at: u32, names: &[&'static str]) -> Read<(Key, u32)> {
        if self.byte(at) != b'"' {
            return Err(Stop::InvalidJson(at));
        }
        let (key, after) = self.pass_string(at)?;
        let raw = scan::slice(self.body, key.start, key.end);
        let known = match key.form {
            Form::Printable | Form::Plain | Form::Doubtful => {
                let index = names.iter().position(|name| name.as_bytes() == raw);
                index.map(|index| (index, Step::name(at, raw.len() as u32)))
            }
            Form::Escaped => {
                // An escape is longer than what it stands for.
                let same = |name: &&str| raw.len() > name.len() && self.scalars(&key).eq(name.chars());
                let index = names.iter().position(same);
                index.map(|index| (index, Step::key(at)))
            }
            Form::Broken => None,
        };
        let value = self.colon(after)?;
        Ok((known.map_or(Key::Other(key), |(index, step)| Key::Known(index, step)), value))
    }

    /// The text of a string that was read.
    pub(crate) fn scalars(&self, token: &Token) -> impl Iterator<Item = char> + Clone + use<'b> {
        string::scalars(self.body.get(token.start as usize..).unwrap_or(&[]))
    }

    /// Only reads the value of a repeated key, which is a violation.
    #[cold]
    #[inline(never)]
    pub(crate) fn repeated(&mut self, key: u32, first: u32, value: u32) -> Read<u32> {
        // Keys are measured by reading them again: only where it is for something.
        if self.findings.admit(Code::DuplicateField, key) {
            let length = self.key_length(key)?;
            let related = Detail::Related { offset: first, length: self.key_length(first)? };
            self.report(Code::DuplicateField, key, length, related)?;
        }
        self.pass_over(value)
    }

    /// The length of the key at `at`, quotes included.
    pub(crate) fn key_length(&mut self, at: u32) -> Read<u32> {
        Ok(self.pass_string(at)?.1.wrapping_sub(at))
    }

    /// Steps over the colon after a key; returns the place of the value.
    pub(crate) fn colon(&mut self, at: u32) -> Read<u32> {
        let (c, at) = self.token(at);
        if c != b':' {
            return Err(Stop::InvalidJson(at));
        }
        Ok(self.token(at.wrapping_add(1)).1)
    }

    /// After a value: whether another one follows, and where it, or what is behind the bracket,
    /// starts.
    #[inline(always)]
    pub(crate) fn separator(&mut self, at: u32, close: u8) -> Read<(bool, u32)> {
        match window::<2>(self.body, at) {
            Some([b',', c]) => {
                let next = at.wrapping_add(1);
                if *c > b' ' {
                    return Ok((true, next));
                }
                self.as_written = false;
                Ok((true, scan::token_after_white(self.body, next).1))
            }
            _ => self.other_separator(at, close),
        }
    }

    #[inline(always)]
    fn other_separator(&mut self, at: u32, close: u8) -> Read<(bool, u32)> {
        let (c, at) = self.token(at);
        let next = at.wrapping_add(1);
        if c == b',' {
            Ok((true, self.token(next).1))
        } else if c == close {
            Ok((false, next))
        } else {
            Err(Stop::InvalidJson(at))
        }
    }

    /// Checks that only white space follows.
    pub(crate) fn end(&mut self, at: u32) -> Read<()> {
        if at as usize == self.body.len() {
            return Ok(());
        }
        let (_, at) = self.token(at);
        if at as usize == self.body.len() { Ok(()) } else { Err(Stop::InvalidJson(at)) }
    }

    /// Only reads a value, of whatever type, and what is in it. Lone surrogates are reported, but
    /// not for the value itself: its caller knows whether more is said of it.
    #[inline(always)]
    pub(crate) fn skip(&mut self, at: u32) -> Read<(Form, u32)> {
        self.skip_to(self.path.depth(), at)
    }

    /// Only reads the rest of the array that the path leads into, from the element at `at` on; the path
    /// then leads to the array. Returns the place after it.
    pub(super) fn skip_rest(&mut self, at: u32) -> Read<u32> {
        Ok(self.skip_to(self.path.depth().wrapping_sub(1), at)?.1)
    }

    /// Only reads from the value at `at` on, up to where the path is `outer` deep.
    #[inline(never)]
    fn skip_to(&mut self, outer: usize, mut at: u32) -> Read<(Form, u32)> {
        // One bit a level, set for objects; as deep as a path can be.
        let mut kinds = 0_u64;
        'value: loop {
            let c = self.byte(at);
            match c {
                b'"' => {
                    let (found, next) = self.string(at, &mut Discard)?;
                    if self.path.depth() == outer {
                        return Ok((found.form, next));
                    }
                    self.report_broken(&found)?;
                    at = next;
                }
                b'{' | b'[' => {
                    self.open(at)?;
                    let object = c == b'{';
                    let (c, next) = self.token(at.wrapping_add(1));
                    at = next;
                    if c == if object { b'}' } else { b']' } {
                        at = at.wrapping_add(1);
                    } else {
                        kinds = kinds << 1 | u64::from(object);
                        self.path.enter();
                        self.path.set(Step::index(0));
                        if object {
                            at = self.skip_key(at)?;
                        }
                        continue 'value;
                    }
                }
                _ => at = self.scalar(at)?,
            }
            loop {
                if self.path.depth() == outer {
                    return Ok((Form::Plain, at));
                }
                let object = kinds & 1 == 1;
                let more;
                (more, at) = self.separator(at, if object { b'}' } else { b']' })?;
                if more {
                    if object {
                        at = self.skip_key(at)?;
                    } else {
                        self.path.next_index();
                    }
                    continue 'value;
                }
                kinds >>= 1;
                self.path.leave();
            }
        }
    }

    /// A bracket opens at `at`.
    #[inline(always)]
    fn open(&mut self, at: u32) -> Read<()> {
        if self.path.depth() as u32 >= self.max_depth { Err(Stop::TooDeep(at)) } else { Ok(()) }
    }

    fn skip_key(&mut self, at: u32) -> Read<u32> {
        if self.byte(at) != b'"' {
            return Err(Stop::InvalidJson(at));
        }
        let (found, next) = self.pass_string(at)?;
        self.name_step(&found)?;
        self.colon(next)
    }

    /// Names the path's current step after a key; a key with a lone surrogate is reported and has
    /// no name. Returns whether it has one.
    #[inline]
    pub(crate) fn name_step(&mut self, key: &Token) -> Read<bool> {
        if key.form == Form::Broken {
            // The pointer stops at the object, for the key and for all below it.
            self.path.set(Step::UNSPEAKABLE);
            self.report_broken(key)?;
            return Ok(false);
        }
        self.path.set(Step::key(key.start.wrapping_sub(1)));
        Ok(true)
    }

    /// Reports a string that has a lone surrogate.
    #[inline]
    pub(crate) fn report_broken(&mut self, found: &Token) -> Read<()> {
        if found.form == Form::Broken {
            let offset = found.start.wrapping_sub(1);
            let length = found.end.wrapping_add(1).wrapping_sub(offset);
            self.report(Code::InvalidUnicode, offset, length, Detail::None)?;
        }
        Ok(())
    }

    /// Reports a finding at the current path.
    #[cold]
    pub(crate) fn report(&mut self, code: Code, offset: u32, length: u32, detail: Detail) -> Result<(), OutOfMemory> {
        let place = Place { offset, length, absent: None, steps: self.path.steps() };
        self.findings.report(code, place, detail)
    }

    /// Reports a finding on an absent member of the object that opens at `object`. The path leads
    /// to the object.
    #[cold]
    pub(crate) fn report_absent(
        &mut self,
        code: Code,
        object: u32,
        absent: &'static str,
        detail: Detail,
    ) -> Result<(), OutOfMemory> {
        let place = Place { offset: object, length: 1, absent: Some(absent), steps: self.path.steps() };
        self.findings.report(code, place, detail)
    }

    /// Reports a value of the wrong type, having read it. Returns the place after it.
    #[cold]
    #[inline(never)]
    pub(crate) fn type_mismatch(&mut self, at: u32, expected: &'static str) -> Read<u32> {
        let actual = JsonType::of(self.byte(at));
        let (_, end) = self.skip(at)?;
        self.report(Code::TypeMismatch, at, end.wrapping_sub(at), Detail::Type { expected, actual })?;
        Ok(end)
    }

    /// Only reads a value, and reports it if it is a string with a lone surrogate.
    #[cold]
    pub(crate) fn pass_over(&mut self, at: u32) -> Read<u32> {
        let (form, end) = self.skip(at)?;
        self.report_broken(&Token { start: at.wrapping_add(1), end: end.wrapping_sub(1), form })?;
        Ok(end)
    }

    /// Whether `null` stands at `at`; what only begins like it is left to `scalar`.
    #[inline(always)]
    pub(crate) fn is_null(&self, at: u32) -> bool {
        window::<4>(self.body, at) == Some(b"null")
    }

    /// Reads a number, `true`, `false` or `null`; returns the place after it.
    fn scalar(&self, at: u32) -> Read<u32> {
        match self.byte(at) {
            b't' => self.literal(at, b"true"),
            b'f' => self.literal(at, b"false"),
            b'n' => self.literal(at, b"null"),
            _ => self.number(at),
        }
    }

    fn literal(&self, at: u32, word: &[u8]) -> Read<u32> {
        let mut at = at;
        for c in word {
            if self.byte(at) != *c {
                return Err(Stop::InvalidJson(at));
            }
            at = at.wrapping_add(1);
        }
        Ok(at)
    }

    /// Reads a number (RFC 8259, section 6); returns the place after it.
    pub(crate) fn number(&self, mut at: u32) -> Read<u32> {
        // The shortest, of which a body can have the most: one digit, and behind it a comma, white space
        // or what else goes on no number.
        if let Some([b'0'..=b'9', b'\0'..=b',']) = window::<2>(self.body, at) {
            return Ok(at.wrapping_add(1));
        }
        if self.byte(at) == b'-' {
            at = at.wrapping_add(1);
        }
        at = if self.byte(at) == b'0' { at.wrapping_add(1) } else { self.digits(at)? };
        if self.byte(at) == b'.' {
            at = self.digits(at.wrapping_add(1))?;
        }
        if matches!(self.byte(at), b'e' | b'E') {
            at = at.wrapping_add(1);
            if matches!(self.byte(at), b'+' | b'-') {
                at = at.wrapping_add(1);
            }
            at = self.digits(at)?;
        }
        Ok(at)
    }

    fn digits(&self, start: u32) -> Read<u32> {
        let mut at = start;
        while self.byte(at).is_ascii_digit() {
            at = at.wrapping_add(1);
        }
        if at == start { Err(Stop::InvalidJson(at)) } else { Ok(at) }
    }
}

/// A key of an object: the index of its name, and the step to its value; or one that is not known.
pub(super) enum Key {
    Known(usize, Step),
    Other(Token),
}

/// The first eight bytes of a key of this name, or as many as it has, and a mask for them.
#[inline(always)]
const fn head(name: &str) -> (u64, u64) {
    let mut bytes = [b'"'; 8];
    let [_, text @ ..] = &mut bytes;
    let mut mask = 0xFFFF_u64;
    let mut rest = name.as_bytes();
    let mut to: &mut [u8] = text;
    while let ([byte, after @ ..], [first, others @ ..]) = (rest, to) {
        *first = *byte;
        mask = mask << 8 | 0xFF;
        rest = after;
        to = others;
    }
    (u64::from_le_bytes(bytes), mask)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::word::block::BLOCKS;
    use std::format;
    use std::string::String;

    fn read<T>(body: &[u8], read: impl FnOnce(&mut Reader<'_, '_>) -> T) -> (T, bool, bool) {
        let mut findings = Findings::new();
        let mut reader = Reader::new(body, 8, &mut findings);
        let result = read(&mut reader);
        (result, reader.as_written, reader.saw_ill_formed())
    }

    // A short cut that is not taken costs time and nothing else, so only these tests would see it.

    #[test]
    fn a_key_that_is_written_as_usual_is_told_by_its_first_word() {
        const NAMES: [&str; 5] = ["url", "name", "attachments", "attach", "x"];
        for (index, name) in NAMES.iter().enumerate() {
            for (colon, as_written) in [(":", true), (" : ", false)] {
                let body = format!("\"{name}\"{colon}\"a value\"");
                let length = name.len() as u32;
                let found = Some((index, length, length + 2 + colon.len() as u32));
                assert_eq!(
                    read(body.as_bytes(), |reader| reader.expected(0, &NAMES)),
                    (found, as_written, false),
                    "{body}"
                );
            }
            for (before, colon) in [
                ("", " :"),
                ("", ": "),
                ("", " :  "),
                ("", " : \t"),
                ("", "\t: "),
                ("", ":\n"),
                ("y", ":"),
                ("\\u0078", ":"),
            ] {
                let body = format!("\"{before}{name}\"{colon}\"a value\"");
                assert_eq!(read(body.as_bytes(), |reader| reader.expected(0, &NAMES)), (None, true, false), "{body}");
            }
        }
        for body in
            ["\"ur\":\"a value\"", "\"urls\":\"a value\"", "\"Url\":\"a value\"", "\"url\":1", "'url':\"a value\"", ""]
        {
            assert_eq!(read(body.as_bytes(), |reader| reader.expected(0, &NAMES)), (None, true, false), "{body}");
        }
    }

    #[test]
    fn the_first_word_of_a_key_and_its_mask() {
        assert_eq!(head("a"), (u64::from_le_bytes(*b"\"a\"\"\"\"\"\""), 0xFF_FFFF));
        assert_eq!(head("abcdef"), (u64::from_le_bytes(*b"\"abcdef\""), u64::MAX));
        assert_eq!(head("abcdefghi"), (u64::from_le_bytes(*b"\"abcdefg"), u64::MAX));
    }

    #[test]
    fn a_printable_string_needs_no_second_look() {
        for length in [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 70] {
            let text = "abc~!-".chars().cycle().take(length).collect::<String>();
            let end = length as u32 + 2;
            let body = format!("\"{text}\", and a word more");
            assert_eq!(read(body.as_bytes(), |reader| reader.printable(0)), (Some(end), true, false), "{body}");
            let ((string, after), ..) = read(body.as_bytes(), |reader| reader.string(0, &mut Discard).unwrap());
            assert_eq!((string.start, string.end, string.form, after), (1, end - 1, Form::Printable, end), "{body}");
            for (first, last) in [(" ", ""), ("", " "), ("\u{7F}", ""), ("", "é"), ("\\n", ""), ("", "\\n"), ("", "\n")]
            {
                let body = format!("\"{first}{text}{last}\", and a word more");
                assert_eq!(read(body.as_bytes(), |reader| reader.printable(0)).0, None, "{body}");
            }
        }
        for body in ["\"\", and a word more", "\"abc", "\"", "", "abc"] {
            assert_eq!(read(body.as_bytes(), |reader| reader.printable(0)).0, None, "{body}");
        }
    }

    #[test]
    fn what_strings_hold_is_remembered() {
        for length in [0, 1, 7, 8, 15, 16, 20, 40, 100] {
            let ascii = "x".repeat(length).into_bytes();
            for (text, form, ill_formed) in [
                ([&ascii, "é".as_bytes()].concat(), Form::Plain, false),
                ([&ascii, "\u{7F}".as_bytes()].concat(), Form::Doubtful, false),
                ([&ascii, "\u{85}".as_bytes()].concat(), Form::Doubtful, false),
                ([&ascii, "€".as_bytes()].concat(), Form::Doubtful, false),
                ([b"\\n", &*ascii, "é".as_bytes()].concat(), Form::Escaped, false),
                ([b"\\n", &*ascii, b"\xC3"].concat(), Form::Escaped, true),
                ([&ascii, &b"\xC3\\n"[..]].concat(), Form::Escaped, true),
                ([&ascii, &b"\xC3"[..]].concat(), Form::Plain, true),
                (ascii.clone(), Form::Printable, false),
                ([b"\\n", &*ascii].concat(), Form::Escaped, false),
            ] {
                let body = [b"\"", &*text, b"\"                "].concat();
                let (found, as_written, saw) = read(&body, |reader| reader.string(0, &mut Discard).unwrap().0.form);
                // Words leave what is not ASCII to others.
                let unjudged = !BLOCKS && text.iter().any(|byte| *byte >= 0x7F);
                let form = if unjudged && form == Form::Plain { Form::Doubtful } else { form };
                let want = (form, form != Form::Escaped, ill_formed || unjudged);
                assert_eq!((found, as_written, saw), want, "{body:x?}");
            }
        }
    }

    #[test]
    fn white_space_is_not_as_written() {
        assert_eq!(read(b"x", |reader| reader.token(0)), ((b'x', 0), true, false));
        for (white, after) in [(" ", 1), ("\n", 1), ("\r\n  ", 4), ("\t\t", 2), ("                   ", 19)] {
            let body = [white.as_bytes(), b"x, and more"].concat();
            assert_eq!(read(&body, |reader| reader.token(0)), ((b'x', after), false, false), "{white:?}");
        }
    }
}
