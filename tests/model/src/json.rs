//! JSON as RFC 8259, read by recursion into a tree that keeps every place.

use crate::diagnostic::Diagnostic;
use crate::literal::Edit;

/// A value and where it stands: `start..end` in bytes, quotes and brackets included.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
}

/// What a value is. A number keeps its text, a string its UTF-16 units (lone surrogates too).
#[derive(Clone)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number(String),
    String(Vec<u16>),
    Array(Vec<Value>),
    Object(Vec<Member>),
}

/// A member of an object; repeated keys are all there, in the order of the text.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) key: Key,
    pub(crate) value: Value,
}

/// A key, unescaped, and its place.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) units: Vec<u16>,
}

impl Key {
    /// The key as text; none where it has a lone surrogate.
    pub(crate) fn text(&self) -> Option<String> {
        String::from_utf16(&self.units).ok()
    }
}

impl Value {
    /// The name of the JSON type, as diagnostics say it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number(_) => "number",
            Kind::String(_) => "string",
            Kind::Array(_) => "array",
            Kind::Object(_) => "object",
        }
    }
}

/// Why a text is not JSON, and where.
pub(crate) struct Fault {
    code: &'static str,
    offset: usize,
    limit: Option<u64>,
    expected: Option<&'static str>,
    /// The comma before a bracket that closes what is open.
    comma: Option<usize>,
}

impl Fault {
    fn new(code: &'static str, offset: usize) -> Fault {
        Fault { code, offset, limit: None, expected: None, comma: None }
    }

    /// "Body codes: length 1, or 0 at the end and for `empty_body` and `body_too_large`"; the
    /// empty pointer.
    pub(crate) fn diagnostic(&self, bytes: &[u8]) -> Diagnostic {
        let at_end = self.offset == bytes.len();
        let length = usize::from(!at_end && self.code != "empty_body");
        let mut diagnostic = Diagnostic::new(self.code).at("", self.offset, self.offset + length);
        diagnostic.limit = self.limit;
        diagnostic.expected = self.expected.map(str::to_owned);
        // "`invalid_json` at the `}` or `]` that closes what is open, with a comma (and white space)
        // before it: the comma taken away".
        let removed = |offset| vec![Edit { offset, length: 1, text: String::new() }];
        diagnostic.fix = self.comma.map(removed);
        diagnostic
    }
}

type Result<T> = std::result::Result<T, Fault>;

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Reads one JSON text. "One leading byte order mark is accepted and dropped."
pub(crate) fn parse(bytes: &[u8], depth: u64) -> Result<Value> {
    let ill_formed = std::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
    let valid = &bytes[..ill_formed.unwrap_or(bytes.len())];
    let text = std::str::from_utf8(valid).expect("cut where it stops being valid");
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    if bytes[start..].iter().all(|&byte| is_space(byte)) {
        return Err(Fault::new("empty_body", 0));
    }
    let mut parser = Parser { text, at: start, depth };
    match (parser.document(), ill_formed) {
        // "Of several body faults the one at the first place counts"; "at the same place
        // `invalid_utf8` counts".
        (Err(fault), Some(place)) if fault.offset < place => Err(fault),
        (_, Some(offset)) => Err(Fault::new("invalid_utf8", offset)),
        (result, None) => result,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Reads the well-formed part of the text from left to right.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u64,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// "`invalid_json` at the first byte that no JSON text could have there, or at the end."
    /// It "says what was `expected`".
    fn unexpected<T>(&self, expected: &'static str) -> Result<T> {
        Err(Fault { expected: Some(expected), ..Fault::new("invalid_json", self.at) })
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<()> {
        if self.peek() != Some(byte) {
            return self.unexpected(expected);
        }
        self.at += 1;
        Ok(())
    }

    /// "Anything after the value but JSON white space: `invalid_json`."
    fn document(&mut self) -> Result<Value> {
        self.skip_space();
        let value = self.value(1)?;
        self.skip_space();
        if self.peek().is_some() { self.unexpected("the end of the body") } else { Ok(value) }
    }

    /// A value; a bracket here would be the `level`-th open one.
    fn value(&mut self, level: u64) -> Result<Value> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'n') => self.literal("null", Kind::Null)?,
            Some(b't') => self.literal("true", Kind::Boolean)?,
            Some(b'f') => self.literal("false", Kind::Boolean)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            // "`nesting_too_deep` at the bracket that goes too deep."
            Some(b'[' | b'{') if level > self.depth => {
                return Err(Fault { limit: Some(self.depth), ..Fault::new("nesting_too_deep", start) });
            }
            Some(b'[') => self.array(level)?,
            Some(b'{') => self.object(level)?,
            _ => return self.unexpected("a value"),
        };
        Ok(Value { start, end: self.at, kind })
    }

    /// "in a word `true`, `false` or `null`, the one that was begun".
    fn literal(&mut self, word: &'static str, kind: Kind) -> Result<Kind> {
        for byte in word.bytes() {
            self.expect(byte, word)?;
        }
        Ok(kind)
    }

    fn digits(&mut self) -> Result<()> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.unexpected("a digit");
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    /// `[ "-" ] int [ frac ] [ exp ]`
    fn number(&mut self) -> Result<Kind> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Kind::Number(self.text[start..self.at].to_owned()))
    }

    /// "in a string `a closing quote` (the body ends outside an escape), `an escape` (a raw control
    /// character, …)".
    fn string(&mut self) -> Result<Vec<u16>> {
        self.expect(b'"', "a field name in double quotes")?;
        let mut units = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(units);
                }
                Some(b'\\') => {
                    self.at += 1;
                    units.push(self.escape()?);
                }
                None => return self.unexpected("a closing quote"),
                Some(0..=0x1F) => return self.unexpected("an escape"),
                Some(_) => {
                    let character = self.text[self.at..].chars().next().expect("not at the end");
                    units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
                    self.at += character.len_utf8();
                }
            }
        }
    }

    /// "`an escape` (…, what no escape begins with, or the end behind a `\`)".
    fn escape(&mut self) -> Result<u16> {
        let unit = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.four_hex_digits();
            }
            _ => return self.unexpected("an escape"),
        };
        self.at += 1;
        Ok(unit as u16)
    }

    fn four_hex_digits(&mut self) -> Result<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return self.unexpected("four hexadecimal digits") };
            unit = unit * 16 + digit as u16;
            self.at += 1;
        }
        Ok(unit)
    }

    fn array(&mut self, level: u64) -> Result<Kind> {
        self.at += 1;
        let mut elements = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Kind::Array(elements));
        }
        let mut comma = None;
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                return self.unexpected("a value").map_err(|fault| Fault { comma, ..fault });
            }
            elements.push(self.value(level + 1)?);
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Kind::Array(elements));
            }
            comma = Some(self.at);
            self.expect(b',', "a comma or ]")?;
        }
    }

    fn object(&mut self, level: u64) -> Result<Kind> {
        self.at += 1;
        let mut members = Vec::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Kind::Object(members));
        }
        let mut comma = None;
        loop {
            self.skip_space();
            let start = self.at;
            if self.peek() == Some(b'}') {
                return self.unexpected("a field name in double quotes").map_err(|fault| Fault { comma, ..fault });
            }
            let units = self.string()?;
            let key = Key { start, end: self.at, units };
            self.skip_space();
            self.expect(b':', "a colon")?;
            self.skip_space();
            let value = self.value(level + 1)?;
            members.push(Member { key, value });
            self.skip_space();
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(Kind::Object(members));
            }
            comma = Some(self.at);
            self.expect(b',', "a comma or }")?;
        }
    }
}

/// A JSON string as the contract writes it: "only `"`, `\` and U+0000–U+001F are escaped (the
/// short forms where JSON has one, else `\u00xx` in lower case)".
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{8}' => quoted.push_str("\\b"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\u{C}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            '\0'..='\u{1F}' => quoted.push_str(&format!("\\u{:04x}", character as u32)),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
