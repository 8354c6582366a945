//! What a JSON text could have gone on with at the place where it stops being one (RFC 8259).
//!
//! The reader only says where that is; this reads the text up to there once more, without a hurry.

use super::scan::{byte, plain_end, token};

/// What could have stood at a place, and the comma before it if that is the whole mistake.
pub(crate) struct Expected {
    pub(crate) words: &'static str,
    /// The comma directly before a bracket that closes what is open.
    pub(crate) trailing_comma: Option<u32>,
}

impl Expected {
    const fn words(words: &'static str) -> Expected {
        Expected { words, trailing_comma: None }
    }
}

/// What the text can go on with, white space apart.
#[derive(Clone, Copy)]
enum Next {
    /// A value, or behind a `[` its end; the place of the comma before it, if there is one.
    Value(Option<u32>),
    /// A key, or behind a `{` its end; the place of the comma before it, if there is one.
    Key(Option<u32>),
    Colon,
    /// What stands behind a value.
    Separator,
}

/// The containers around a place, as deep as a body can go: one bit a level, set for objects.
#[derive(Clone, Copy, Default)]
struct Open {
    kinds: u64,
    depth: u32,
}

impl Open {
    fn enter(&mut self, object: bool) {
        self.kinds = self.kinds << 1 | u64::from(object);
        self.depth = self.depth.saturating_add(1);
    }

    fn leave(&mut self) {
        self.kinds >>= 1;
        self.depth = self.depth.saturating_sub(1);
    }

    fn in_object(self) -> bool {
        self.depth > 0 && self.kinds & 1 == 1
    }
}

/// Says it of the place `fault`, up to which the text that begins at `start` could be one.
#[cold]
pub(crate) fn expected(text: &[u8], start: u32, fault: u32) -> Expected {
    let (mut open, mut next, mut at) = (Open::default(), Next::Value(None), start);
    loop {
        let c;
        (c, at) = token(text, at);
        if at >= fault {
            return at_token(open, next, c);
        }
        let after = at.saturating_add(1);
        (next, at) = match (next, c) {
            (Next::Value(_), b'{') => {
                open.enter(true);
                (Next::Key(None), after)
            }
            (Next::Value(_), b'[') => {
                open.enter(false);
                (Next::Value(None), after)
            }
            (Next::Key(None) | Next::Separator, b'}') | (Next::Value(None) | Next::Separator, b']') => {
                open.leave();
                (Next::Separator, after)
            }
            (Next::Separator, b',') if open.in_object() => (Next::Key(Some(at)), after),
            (Next::Separator, b',') => (Next::Value(Some(at)), after),
            (Next::Colon, b':') => (Next::Value(None), after),
            (Next::Key(_) | Next::Value(_), b'"') => match string(text, after, fault) {
                Ok(end) => (if matches!(next, Next::Key(_)) { Next::Colon } else { Next::Separator }, end),
                Err(words) => return Expected::words(words),
            },
            (Next::Value(_), b'-' | b'0'..=b'9') => match number(text, at, fault) {
                Some(end) => (Next::Separator, end),
                None => return Expected::words("a digit"),
            },
            (Next::Value(_), _) => {
                let word = match c {
                    b't' => "true",
                    b'f' => "false",
                    _ => "null",
                };
                let end = at.saturating_add(word.len() as u32);
                if fault < end {
                    return Expected::words(word);
                }
                (Next::Separator, end)
            }
            // No text that could be JSON up to `fault` comes here.
            _ => return at_token(open, next, c),
        };
    }
}

/// What was expected in the place of the token that begins with `c`.
fn at_token(open: Open, next: Next, c: u8) -> Expected {
    let trailing_comma = match (next, c) {
        (Next::Key(comma), b'}') => comma,
        (Next::Value(comma), b']') if !open.in_object() => comma,
        _ => None,
    };
    let words = match next {
        Next::Value(_) => "a value",
        Next::Key(_) => "a field name in double quotes",
        Next::Colon => "a colon",
        Next::Separator if open.depth == 0 => "the end of the body",
        Next::Separator if open.in_object() => "a comma or }",
        Next::Separator => "a comma or ]",
    };
    Expected { words, trailing_comma }
}

/// The place after the string whose text begins at `at`; or what was expected in it at `fault`.
fn string(text: &[u8], mut at: u32, fault: u32) -> Result<u32, &'static str> {
    loop {
        at = plain_end(text, at);
        if at >= fault {
            return Err(if at as usize >= text.len() { "a closing quote" } else { "an escape" });
        }
        match byte(text, at) {
            b'"' => return Ok(at.saturating_add(1)),
            b'\\' => {
                at = at.saturating_add(1);
                if at >= fault {
                    return Err("an escape");
                }
                let unicode = byte(text, at) == b'u';
                at = at.saturating_add(if unicode { 5 } else { 1 });
                if unicode && at > fault {
                    return Err("four hexadecimal digits");
                }
            }
            _ => return Err("an escape"),
        }
    }
}

/// The place after the number at `at`; none if a digit was expected at `fault`.
fn number(text: &[u8], at: u32, fault: u32) -> Option<u32> {
    let digits = |from: u32| {
        let mut at = from;
        while at < fault && byte(text, at).is_ascii_digit() {
            at = at.saturating_add(1);
        }
        (at > from).then_some(at)
    };
    let skip = |at: u32, c: &[u8]| if at < fault && c.contains(&byte(text, at)) { at.saturating_add(1) } else { at };
    let start = skip(at, b"-");
    // Behind a leading zero the number is at its end.
    let mut end = if byte(text, start) == b'0' && start < fault { start.saturating_add(1) } else { digits(start)? };
    let point = skip(end, b".");
    if point > end {
        end = digits(point)?;
    }
    let exponent = skip(end, b"eE");
    if exponent > end {
        end = digits(skip(exponent, b"+-"))?;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_fault(text: &str) -> (&'static str, Option<u32>) {
        // The place of the fault is marked.
        let fault = text.find('!').unwrap() as u32;
        let Expected { words, trailing_comma } = expected(text.replacen('!', "", 1).as_bytes(), 0, fault);
        (words, trailing_comma)
    }

    #[test]
    fn every_place_has_its_words() {
        for (text, words) in [
            ("!", "a value"),
            (" !}", "a value"),
            ("{\"a\":!}", "a value"),
            ("[!,", "a value"),
            ("[1, !x", "a value"),
            ("{!1", "a field name in double quotes"),
            ("{ !", "a field name in double quotes"),
            ("{\"a\":1, !'b'", "a field name in double quotes"),
            ("{\"a\" !1", "a colon"),
            ("{\"a\"!", "a colon"),
            ("{\"a\":[1]!", "a comma or }"),
            ("{\"a\":1 !\"b\"", "a comma or }"),
            ("[{}!:", "a comma or ]"),
            ("[0!1", "a comma or ]"),
            ("{}!x", "the end of the body"),
            ("1 !2", "the end of the body"),
            ("[[]]!]", "the end of the body"),
            ("\"a!", "a closing quote"),
            ("\"a\\n!", "a closing quote"),
            ("\"\\u00e9!", "a closing quote"),
            ("\"a!\n\"", "an escape"),
            ("\"a\\!", "an escape"),
            ("\"\\!x\"", "an escape"),
            ("\"\\u!", "four hexadecimal digits"),
            ("\"\\u12!g4\"", "four hexadecimal digits"),
            ("\"\\u123!", "four hexadecimal digits"),
            ("-!", "a digit"),
            ("[-!x", "a digit"),
            ("1.!]", "a digit"),
            ("1e!", "a digit"),
            ("1E+!x", "a digit"),
            ("-0.5e-!", "a digit"),
            ("t!", "true"),
            ("[fals!]", "false"),
            ("{\"a\":nu!LL", "null"),
        ] {
            assert_eq!(at_fault(text).0, words, "{text}");
        }
    }

    #[test]
    fn a_comma_too_many_is_found_before_the_bracket_that_closes_what_is_open() {
        assert_eq!(at_fault("{\"a\":1,!}"), ("a field name in double quotes", Some(6)));
        assert_eq!(at_fault("{\"a\":[1 , !]}"), ("a value", Some(8)));
        for text in ["{!]", "[1,!}", "{\"a\":1,!]", "{\"a\":!]", "[!,]", "{\"a\":1,!,}", "!]", "[1,!"] {
            assert_eq!(at_fault(text).1, None, "{text}");
        }
    }
}
