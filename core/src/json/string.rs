//! JSON strings: their escapes (RFC 8259, section 7), undone or only checked.

use super::scan::{Seen, byte, run_end, slice, window};
use super::stop::{Read, Stop};
use crate::memory::{Buffer, OutOfMemory};

/// A string of the body: what stands between its quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) form: Form,
}

/// What reading a string found in it.
///
/// As wide as its neighbours in [`Token`], which has no padding then and is copied in whole words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Form {
    /// No escapes: the bytes are the text. All of them are printable ASCII.
    Printable,
    /// No escapes: the bytes are the text. There is more than ASCII, but nothing from U+007F to U+00BF and nothing
    /// above U+07FF: no control character, no line end, none that has been lost.
    Plain,
    /// No escapes, and any character above U+001F.
    Doubtful,
    /// Escapes.
    Escaped,
    /// A surrogate without its partner: the string is not Unicode text.
    Broken,
}

/// Where the text of a string with escapes goes.
pub(crate) trait Sink {
    /// Makes room for the text.
    fn reserve(&mut self, len: usize) -> Result<(), OutOfMemory>;
    /// Takes a part of the body.
    fn run(&mut self, body: &[u8], start: u32, end: u32);
    /// Takes the first `len` bytes of a word.
    fn word(&mut self, word: u64, len: u32);
}

/// For strings that are only read.
pub(crate) struct Discard;

impl Sink for Discard {
    #[inline(always)]
    fn reserve(&mut self, _: usize) -> Result<(), OutOfMemory> {
        Ok(())
    }

    #[inline(always)]
    fn run(&mut self, _: &[u8], _: u32, _: u32) {}

    #[inline(always)]
    fn word(&mut self, _: u64, _: u32) {}
}

impl Sink for Buffer {
    #[inline(always)]
    fn reserve(&mut self, len: usize) -> Result<(), OutOfMemory> {
        Buffer::reserve(self, len)
    }

    #[inline(always)]
    fn run(&mut self, body: &[u8], start: u32, end: u32) {
        self.part(body, start as usize, end as usize);
    }

    #[inline(always)]
    fn word(&mut self, word: u64, len: u32) {
        self.put_word(word, len);
    }
}

/// Reads the string whose content starts at `start`, from `at` on, where the first byte stands
/// that is not plain; its text goes to `sink`. Returns the token and the place after the quote.
pub(crate) fn read(body: &[u8], start: u32, mut at: u32, seen: &mut Seen, sink: &mut impl Sink) -> Read<(Token, u32)> {
    // A text is no longer than its escapes.
    sink.reserve(body.len().saturating_sub(start as usize))?;
    sink.run(body, start, at);
    let mut form = Form::Plain;
    loop {
        match byte(body, at) {
            b'"' => return Ok((Token { start, end: at, form }, at.wrapping_add(1))),
            b'\\' => {
                if form == Form::Plain {
                    form = Form::Escaped;
                }
                let after = same_alphabet(body, at, sink);
                if after != at {
                    at = after;
                    continue;
                }
                let (c, next) = escape(body, at)?;
                at = next;
                let (word, len) = utf8_word(c.unwrap_or(char::REPLACEMENT_CHARACTER));
                sink.word(word, len);
                if c.is_none() {
                    form = Form::Broken;
                }
            }
            // A control character, or the end of the body.
            0..0x20 => return Err(Stop::InvalidJson(at)),
            _ => {
                let (end, found) = run_end(body, at);
                *seen |= found;
                sink.run(body, at, end);
                at = end;
            }
        }
    }
}

/// Undoes the escapes from `at` on that begin alike, as those of a word in Cyrillic letters do, and stand for characters of
/// two bytes: two at a time. Returns the place after them; `at` if there are none.
#[inline(never)]
fn same_alphabet(body: &[u8], mut at: u32, sink: &mut impl Sink) -> u32 {
    let Some(&[p, q, a, b]) = window::<4>(body, at) else { return at };
    let high = hex(a) << 4 | hex(b);
    if q != b'u' || !(1..8).contains(&high) {
        return at;
    }
    let start = u32::from_le_bytes([p, q, a, b]);
    let lead = (0x80C0 | high << 2).wrapping_mul(0x1_0001);
    while let Some(&[p, q, r, s, a, b, t, u, v, w, c, d]) = window::<12>(body, at) {
        let [a, b, c, d] = [a, b, c, d].map(hex);
        let low = a << 4 | b | (c << 4 | d) << 16;
        let utf8 = lead | low >> 6 & 0x0003_0003 | low << 8 & 0x3F00_3F00;
        if u32::from_le_bytes([p, q, r, s]) != start || a | b >= 16 {
            break;
        }
        if u32::from_le_bytes([t, u, v, w]) != start || c | d >= 16 {
            sink.word(u64::from(utf8), 2);
            return at.wrapping_add(6);
        }
        sink.word(u64::from(utf8), 4);
        at = at.wrapping_add(12);
    }
    at
}

/// The UTF-8 of a character as the first bytes of a word, and their number.
#[inline(always)]
fn utf8_word(c: char) -> (u64, u32) {
    let c = u64::from(c);
    match c {
        0..0x80 => (c, 1),
        0x80..0x800 => (0x80C0 | c >> 6 | (c & 0x3F) << 8, 2),
        0x800..0x1_0000 => (0x80_80E0 | c >> 12 | (c >> 6 & 0x3F) << 8 | (c & 0x3F) << 16, 3),
        _ => (0x8080_80F0 | c >> 18 | (c >> 12 & 0x3F) << 8 | (c >> 6 & 0x3F) << 16 | (c & 0x3F) << 24, 4),
    }
}

/// The scalar value of the escape whose backslash is at `at`, none for a lone surrogate; and the
/// place after it.
#[inline(always)]
fn escape(body: &[u8], at: u32) -> Read<(Option<char>, u32)> {
    // The one bounds check of nearly all escapes.
    if let Some(&[_, b'u', a, b, c, d]) = window::<6>(body, at) {
        if let Some(c) = unit([a, b, c, d]).and_then(char::from_u32) {
            return Ok((Some(c), at.wrapping_add(6)));
        }
    }
    match SIMPLE.get(byte(body, at.wrapping_add(1)) as usize) {
        Some(c) if *c != 0 => Ok((Some(char::from(*c)), at.wrapping_add(2))),
        _ => other_escape(body, at),
    }
}

#[inline(never)]
fn other_escape(body: &[u8], at: u32) -> Read<(Option<char>, u32)> {
    if byte(body, at.wrapping_add(1)) != b'u' {
        return Err(Stop::InvalidJson(at.wrapping_add(1)));
    }
    let unit = hex4(body, at.wrapping_add(2))?;
    surrogate(body, unit, at.wrapping_add(6))
}

/// What a letter behind a backslash stands for; 0 for those that stand for nothing, or not alone.
const SIMPLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut rest: &[[u8; 2]] = &[*b"\"\"", *b"\\\\", *b"//", *b"b\x08", *b"f\x0C", *b"n\n", *b"r\r", *b"t\t"];
    while let [[letter, c], others @ ..] = rest {
        #[allow(clippy::indexing_slicing, reason = "worked out by the compiler")]
        {
            table[*letter as usize] = *c;
        }
        rest = others;
    }
    table
};

/// What the surrogate `high` makes with what stands at `at`.
#[inline(never)]
fn surrogate(body: &[u8], high: u32, at: u32) -> Read<(Option<char>, u32)> {
    if high < 0xDC00 && window::<2>(body, at) == Some(b"\\u") {
        let low = hex4(body, at.wrapping_add(2))?;
        if (0xDC00..0xE000).contains(&low) {
            let c = 0x10000_u32.wrapping_add((high & 0x3FF) << 10 | low & 0x3FF);
            return Ok((char::from_u32(c), at.wrapping_add(6)));
        }
    }
    Ok((None, at))
}

/// The value of every hexadecimal digit; 0x80 for any other byte.
const HEX: [u8; 256] = {
    let mut table = [0x80_u8; 256];
    let mut c = 0;
    while c < 256 {
        let digit = (c as u8 as char).to_digit(16);
        if let Some(digit) = digit {
            #[allow(clippy::indexing_slicing, reason = "worked out by the compiler")]
            {
                table[c] = digit as u8;
            }
        }
        c += 1;
    }
    table
};

#[inline(always)]
fn hex(c: u8) -> u32 {
    // The table has a row for every byte.
    HEX.get(c as usize).copied().map_or(0x80, u32::from)
}

/// The code unit that four digits spell.
#[inline(always)]
fn unit(digits: [u8; 4]) -> Option<u32> {
    let [a, b, c, d] = digits.map(hex);
    (a | b | c | d < 16).then_some(a << 12 | b << 8 | c << 4 | d)
}

fn hex4(body: &[u8], at: u32) -> Read<u32> {
    window::<4>(body, at).and_then(|digits| unit(*digits)).ok_or(Stop::InvalidJson(first_not_hex(body, at)))
}

#[cold]
fn first_not_hex(body: &[u8], mut at: u32) -> u32 {
    while byte(body, at).is_ascii_hexdigit() {
        at = at.wrapping_add(1);
    }
    at
}

/// The scalar values of the string whose content starts at the first of `bytes`, up to its quote.
/// The string has been read before; a lone surrogate shows as U+FFFD.
pub(crate) fn scalars(bytes: &[u8]) -> impl Iterator<Item = char> + Clone {
    RawChars { body: bytes, at: 0 }.map(|(_, _, c)| c.unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// The content of the string that starts at the first of `bytes`, as it stands there: if it is short and has no
/// escapes, as nearly all names.
pub(crate) fn plain(bytes: &[u8]) -> Option<&str> {
    const MOST: usize = 64;
    let window = bytes.get(..MOST).unwrap_or(bytes);
    let end = window.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (content, rest) = window.split_at_checked(end)?;
    if rest.starts_with(b"\"") { core::str::from_utf8(content).ok() } else { None }
}

/// The characters of the string whose opening quote is at `quote`, up to its closing quote, each with
/// its place: the offset in the body, and the length of its UTF-8 or of its escape. The string has been
/// read before; a surrogate without its partner is none.
pub(crate) fn raw_chars(body: &[u8], quote: u32) -> RawChars<'_> {
    RawChars { body, at: quote.wrapping_add(1) }
}

#[derive(Clone)]
pub(crate) struct RawChars<'b> {
    body: &'b [u8],
    at: u32,
}

impl Iterator for RawChars<'_> {
    type Item = (u32, u32, Option<char>);

    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.at;
        let first = *self.body.get(offset as usize)?;
        let (c, end) = match first {
            b'"' => return None,
            b'\\' => escape(self.body, offset).ok()?,
            0..0x80 => (Some(char::from(first)), offset.wrapping_add(1)),
            _ => {
                let length = 2_u32.wrapping_add(u32::from(first >= 0xE0)).wrapping_add(u32::from(first >= 0xF0));
                let end = offset.wrapping_add(length);
                let text = core::str::from_utf8(slice(self.body, offset, end)).ok()?;
                (Some(text.chars().next()?), end)
            }
        };
        self.at = end;
        Some((offset, end.wrapping_sub(offset), c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    #[test]
    fn short_contents_without_escapes() {
        let (long, longer) = ("a".repeat(63), "a".repeat(64));
        for (raw, content) in [
            ("\" x", Some("")),
            ("ж, b\", \"c\"", Some("ж, b")),
            ("a\\\"b\"", None),
            ("a", None),
            (&alloc::format!("{long}\""), Some(long.as_str())),
            (&alloc::format!("{longer}\""), None),
        ] {
            assert_eq!(plain(raw.as_bytes()), content, "{raw}");
        }
        assert_eq!(plain(b"\xED\xA0\x80\""), None, "a surrogate");
    }

    fn text(raw: &str) -> Result<(String, Form), Stop> {
        let (mut out, mut seen) = (Buffer::new(), Seen::NOTHING);
        let (token, _) = read(raw.as_bytes(), 0, 0, &mut seen, &mut out)?;
        Ok((String::from_utf8(out.as_bytes().to_vec()).unwrap(), token.form))
    }

    #[test]
    fn escapes_are_undone() {
        for (raw, want) in [
            (r#"""#, ""),
            (r#"a\"\\\/\b\f\n\r\tb""#, "a\"\\/\u{8}\u{c}\n\r\tb"),
            (r#"\u0000\u00e9\u20AC\ud83d\ude00""#, "\0é€😀"),
            (
                "é€😀 and a run that is longer than any block that is looked at at once\"",
                "é€😀 and a run that is longer than any block that is looked at at once",
            ),
        ] {
            assert_eq!(text(raw).unwrap().0, want);
            assert_eq!(scalars(raw.as_bytes()).collect::<String>(), want);
        }
    }

    #[test]
    fn runs_of_one_alphabet_are_undone() {
        for (raw, want) in [
            (r#"\u043f\u0440\u0438\u0432\u0435\u0442""#, "привет"),
            // Up to another alphabet, another kind of escape, and what is none; from each of them on.
            (r#"\u0440\u0441\u0541\u0542\u0442\n\u0443\u0444x\u0445""#, "рсՁՂт\nуфxх"),
            (
                r#"\u00e9\u00e8\u07ff\u07fe\u0800\u0801\u0041\u0042\uFF41\uFF42""#,
                "éè\u{7ff}\u{7fe}\u{800}\u{801}ABａｂ",
            ),
            (r#"\u0100\u01ff\ud83d\ude00\ud83d\ude01\u0401\u0402""#, "Āǿ😀😁ЁЂ"),
            // What looks like the escape before it, and is not.
            (r#"\\u04\n\u0431\u0432""#, "\\u04\nбв"),
        ] {
            assert_eq!(text(raw).unwrap(), (want.into(), Form::Escaped), "{raw}");
            assert_eq!(scalars(raw.as_bytes()).collect::<String>(), want);
        }
        for (raw, at) in [
            (r#"\u0431\u04g1""#, 10),
            (r#"\u0431\u04gg""#, 10),
            (r#"\u04gg\u0431""#, 4),
            (r#"\u0431\u0432\u043"#, 17),
            (r#"\u0431\u04"#, 10),
        ] {
            assert_eq!(text(raw).unwrap_err(), Stop::InvalidJson(at), "{raw}");
        }
    }

    #[test]
    fn lone_surrogates_are_seen() {
        for raw in [
            r#"\udc00\udc00""#,
            r#"\ud800""#,
            r#"\udc00""#,
            r#"\ud800\ud800""#,
            r#"\ud800a\udc00""#,
            r#"\ud800\u0041""#,
        ] {
            assert_eq!(text(raw).unwrap().1, Form::Broken, "{raw}");
        }
        assert_eq!(text(r#"\ud800\udc00""#).unwrap().1, Form::Escaped);
    }

    #[test]
    fn characters_stand_where_the_body_has_them() {
        let body = r#"["a\u00e9é\/\ud83d\ude00\ud800\ud800😀","b"]"#;
        let found: alloc::vec::Vec<_> = raw_chars(body.as_bytes(), 1).collect();
        let expected = [
            (2, 1, Some('a')),
            (3, 6, Some('é')),
            (9, 2, Some('é')),
            (11, 2, Some('/')),
            (13, 12, Some('😀')),
            (25, 6, None),
            (31, 6, None),
            (37, 4, Some('😀')),
        ];
        assert_eq!(found, expected);
        assert_eq!(raw_chars(b"\"\xFF\"", 0).count(), 0);
        assert_eq!(raw_chars(b"\"ab", 0).count(), 2);
        assert_eq!(raw_chars(b"", 7).count(), 0);
    }

    #[test]
    fn faults_stand_at_the_first_impossible_byte() {
        for (raw, at) in [
            ("a", 1),
            ("\\", 1),
            (r#"\x""#, 1),
            (r#"\u12"#, 4),
            (r#"\u12g4""#, 4),
            // What is no digit must not make up for another one.
            (r#"\ugg34""#, 2),
            (r#"\u1gg4""#, 3),
            (r#"\u12gg""#, 4),
            (r#"\ugggg""#, 2),
            ("a\n\"", 1),
            (r#"\ud800\u00"#, 10),
            (r#"\ud800\x""#, 7),
        ] {
            assert_eq!(text(raw).unwrap_err(), Stop::InvalidJson(at), "{raw}");
        }
    }
}
