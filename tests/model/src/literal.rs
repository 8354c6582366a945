//! String literals character by character, each with its place, and edits of them.

use crate::text::{is_invisible, trimmed_range};

/// A character of a string as it stands in the body: an escape whole, of two surrogates both.
#[derive(Clone, Copy)]
pub(crate) struct Letter {
    /// None for a lone surrogate.
    pub(crate) character: Option<char>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What stands between the quotes of a string, or a part of it.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) letters: Vec<Letter>,
    /// "the string has no escapes but `\\`, `\"` and `\/`".
    pub(crate) plain: bool,
}

/// A place in the body, and what is to stand there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where it begins, in bytes.
    pub offset: usize,
    /// How many bytes give way.
    pub length: usize,
    /// What takes their place.
    pub text: String,
}

impl Letter {
    pub(crate) fn is(&self, character: char) -> bool {
        self.character == Some(character)
    }

    pub(crate) fn is_digit(&self) -> bool {
        self.character.is_some_and(|character| character.is_ascii_digit())
    }

    pub(crate) fn removed(&self) -> Edit {
        self.replaced("")
    }

    pub(crate) fn replaced(&self, text: &str) -> Edit {
        Edit { offset: self.start, length: self.end - self.start, text: text.to_owned() }
    }
}

impl Content {
    /// The content of the string literal at `start..end` of a body, quotes included.
    pub(crate) fn of(body: &[u8], start: usize, end: usize) -> Content {
        let text = std::str::from_utf8(&body[start + 1..end - 1]).expect("a literal that was read");
        let mut content = Content { letters: Vec::new(), plain: true };
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            let (character, length) = match first {
                '\\' => escape(&text[at..]),
                _ => (Some(first), first.len_utf8()),
            };
            let allowed = length == 2 && matches!(character, Some('\\' | '"' | '/'));
            content.plain &= first != '\\' || allowed;
            let start = start + 1 + at;
            content.letters.push(Letter { character, start, end: start + length });
            at += length;
        }
        content
    }

    /// "without white space and invisible characters at both ends".
    pub(crate) fn trimmed(mut self) -> Content {
        let text: Vec<char> = self.letters.iter().map(|letter| letter.character.unwrap_or('?')).collect();
        self.letters = self.letters[trimmed_range(&text, |one| one.is_whitespace() || is_invisible(one))].to_vec();
        self
    }

    /// The text; only of a string without lone surrogates.
    pub(crate) fn text(&self) -> String {
        text(&self.letters)
    }

    /// The first character that is so.
    pub(crate) fn first(&self, is: impl Fn(char) -> bool) -> Option<Letter> {
        self.letters.iter().copied().find(|letter| letter.character.is_some_and(&is))
    }

    /// The first lone surrogate.
    pub(crate) fn first_lone(&self) -> Option<Letter> {
        self.letters.iter().copied().find(|letter| letter.character.is_none())
    }
}

pub(crate) fn text(letters: &[Letter]) -> String {
    letters.iter().filter_map(|letter| letter.character).collect()
}

/// The character of an escape, none for a lone surrogate, and the escape's length.
fn escape(text: &str) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let short = |character| (Some(character), 2);
    match text.as_bytes()[1] {
        b'u' => {
            let first = unit(0).expect("four hexadecimal digits");
            if let Some(second) = unit(6)
                && let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
                && pair.len_utf16() == 2
            {
                return (Some(pair), 12);
            }
            (char::from_u32(u32::from(first)), 6)
        }
        b'b' => short('\u{8}'),
        b'f' => short('\u{C}'),
        b'n' => short('\n'),
        b'r' => short('\r'),
        b't' => short('\t'),
        other => short(char::from(other)),
    }
}

/// "in order, none overlapping (neighbouring removals are one edit, each encoded character is
/// one), at most 64 (else none is given)".
pub(crate) fn in_order(mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    edits.sort_by_key(|edit| edit.offset);
    let mut merged: Vec<Edit> = Vec::new();
    for edit in edits {
        match merged.last_mut() {
            Some(last) if last.text.is_empty() && edit.text.is_empty() && last.offset + last.length == edit.offset => {
                last.length += edit.length;
            }
            _ => merged.push(edit),
        }
    }
    (1..=64).contains(&merged.len()).then_some(merged)
}

/// The body with the edits made.
pub(crate) fn apply(body: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut mended = body.to_vec();
    for edit in edits.iter().rev() {
        mended.splice(edit.offset..edit.offset + edit.length, edit.text.bytes());
    }
    mended
}
