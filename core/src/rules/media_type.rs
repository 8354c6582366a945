//! Media types: RFC 9110, section 8.3.1, with parameters as browsers and mail gateways write them
//! (`video/webm;codecs=vp9,opus`, `name=1234 56.pdf`).
//!
//! ```text
//! media-type = type "/" subtype *( SP* ";" SP* [ name SP* "=" SP* ( quoted-string / unquoted ) ] ) SP*
//! type, subtype = 1*( any tchar but "*" )     name = 1*tchar     unquoted = *( anything but ";" and DQUOTE )
//! ```
//! In a body, control characters are violations before this rule, so a tab stands only in header fields:
//! there it counts as a space.

use super::Verdict;
use crate::code::Warnings;
use crate::memory::{OutOfMemory, put_bytes};
use crate::word::is_same_word;
use alloc::vec::Vec;

/// Checks a trimmed value; type, subtype and names of parameters are written in lower case.
pub(crate) fn check(value: &[u8], out: &mut Vec<u8>) -> Result<Verdict, OutOfMemory> {
    match must_be_rewritten(value) {
        None => Ok(Verdict::Invalid),
        Some(false) => Ok(Verdict::VALID),
        Some(true) => {
            write_normal(value, out)?;
            Ok(Verdict::Rewritten(Warnings::NONE))
        }
    }
}

/// Whether the normalized form of a value differs from it; none if the value is invalid.
fn must_be_rewritten(value: &[u8]) -> Option<bool> {
    let media = MediaType::read(value)?;
    let mut rewrite = media.has_capital || media.is_image_jpg();
    for parameter in media.parameters {
        rewrite |= parameter.ok()?.has_capital;
    }
    Some(rewrite)
}

/// Appends a value that keeps the rule: type, subtype and names of parameters in lower case, the
/// common mistake `image/jpg` as the registered `image/jpeg`, everything else as it stands.
#[cold]
#[inline(never)]
fn write_normal(value: &[u8], out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    let start = out.len();
    match MediaType::read(value) {
        Some(media) if media.is_image_jpg() => {
            put_bytes(out, b"image/jpeg")?;
            put_bytes(out, media.parameters.rest)?;
        }
        _ => put_bytes(out, value)?,
    }
    // All but the values of parameters, which stand behind equals signs.
    let mut rest = out.get_mut(start..).unwrap_or_default();
    while !rest.is_empty() {
        let name = rest.iter().position(|byte| *byte == b'=').map_or(rest.len(), |equals| equals.wrapping_add(1));
        let Some((name, after)) = rest.split_at_mut_checked(name) else { break };
        name.make_ascii_lowercase();
        let value = parameter_value(after).map_or(after.len(), |(_, rest)| after.len().saturating_sub(rest.len()));
        rest = after.get_mut(value..).unwrap_or_default();
    }
    Ok(())
}

/// Whether a valid value tells nothing of what it is the type of, whatever its parameters.
pub(crate) fn tells_nothing(value: &[u8]) -> bool {
    let end = value.iter().position(|byte| matches!(byte, b';' | b' ')).unwrap_or(value.len());
    let essence = value.get(..end).unwrap_or_default();
    is_same_word(essence, b"application/octet-stream") || is_same_word(essence, b"binary/octet-stream")
}

/// Whether a Content-Type says `application/json`, with no charset or with UTF-8 only.
pub(crate) fn is_json_utf8(value: &[u8]) -> bool {
    let Some(media) = MediaType::read(skip_spaces(value)) else {
        return false;
    };
    is_same_word(media.kind, b"application")
        && is_same_word(media.subtype, b"json")
        && media.parameters.into_iter().all(|parameter| {
            parameter.is_ok_and(|parameter| !is_same_word(parameter.name, b"charset") || parameter.is_utf8())
        })
}

struct MediaType<'a> {
    kind: &'a [u8],
    subtype: &'a [u8],
    /// In type or subtype.
    has_capital: bool,
    parameters: Parameters<'a>,
}

impl<'a> MediaType<'a> {
    fn read(value: &'a [u8]) -> Option<Self> {
        let (kind, class, rest) = token(value)?;
        let (subtype, other, rest) = token(rest.strip_prefix(b"/")?)?;
        let class = class | other;
        // A pattern, `*/*`, tells nothing.
        (class & STAR == 0).then_some(MediaType {
            kind,
            subtype,
            has_capital: class & CAPITAL != 0,
            parameters: Parameters { rest },
        })
    }

    fn is_image_jpg(&self) -> bool {
        is_same_word(self.subtype, b"jpg") && is_same_word(self.kind, b"image")
    }
}

/// A parameter; name and value are empty where there is nothing between semicolons.
struct Parameter<'a> {
    name: &'a [u8],
    /// In the name.
    has_capital: bool,
    /// As it stands, quotes included, without the spaces around it.
    value: &'a [u8],
}

impl Parameter<'_> {
    const NONE: Parameter<'static> = Parameter { name: b"", has_capital: false, value: b"" };

    fn is_utf8(&self) -> bool {
        let is_utf8 = |name: &[u8]| is_same_word(name, b"utf-8") || is_same_word(name, b"utf8");
        let Some(mut rest) = self.value.strip_prefix(b"\"").and_then(|inner| inner.strip_suffix(b"\"")) else {
            return is_utf8(self.value);
        };
        // Neither name is longer, so what does not fit is another one.
        let mut unquoted = [0; 6];
        let mut room = unquoted.iter_mut();
        while let [b'\\', byte, after @ ..] | [byte, after @ ..] = rest {
            match room.next() {
                Some(to) => *to = *byte,
                None => return false,
            }
            rest = after;
        }
        let left = room.len();
        is_utf8(unquoted.get(..unquoted.len().saturating_sub(left)).unwrap_or_default())
    }
}

/// What is not a parameter where one should stand.
struct Malformed;

struct Parameters<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Result<Parameter<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = skip_spaces(self.rest);
        if rest.is_empty() {
            return None;
        }
        Some(parameter(rest).map_or(Err(Malformed), |(parameter, rest)| {
            self.rest = rest;
            Ok(parameter)
        }))
    }
}

/// Reads one parameter from its semicolon on.
fn parameter(rest: &[u8]) -> Option<(Parameter<'_>, &[u8])> {
    let rest = skip_spaces(rest.strip_prefix(b";")?);
    if matches!(rest, [] | [b';', ..]) {
        return Some((Parameter::NONE, rest));
    }
    let (name, class, rest) = token(rest)?;
    let (value, rest) = parameter_value(skip_spaces(rest).strip_prefix(b"=")?)?;
    Some((Parameter { name, has_capital: class & CAPITAL != 0, value }, rest))
}

/// The value behind an equals sign, and what follows it.
#[inline]
fn parameter_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = skip_spaces(text);
    if text.starts_with(b"\"") {
        return quoted_string(text);
    }
    let end = text.iter().position(|byte| class(*byte) == ENDS_VALUE).unwrap_or(text.len());
    let (mut value, rest) = text.split_at_checked(end)?;
    if !matches!(rest, [] | [b';', ..]) {
        return None;
    }
    while let [before @ .., b' ' | b'\t'] = value {
        value = before;
    }
    Some((value, rest))
}

fn skip_spaces(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    rest
}

/// token = 1*tchar (RFC 9110, section 5.6.2); with the classes of its bytes, or-ed, and what follows.
fn token(text: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let mut rest = text;
    let mut classes = 0;
    while let [byte, after @ ..] = rest {
        let class = class(*byte);
        if class & TCHAR == 0 {
            break;
        }
        classes |= class;
        rest = after;
    }
    (classes != 0).then_some((before(text, rest), classes, rest))
}

/// What a byte is, of each class one bit. The first three are tchar.
const OTHER: u8 = 1;
const CAPITAL: u8 = 2;
const STAR: u8 = 4;
const TCHAR: u8 = OTHER | CAPITAL | STAR;
/// A semicolon, or what no unquoted value can hold.
const ENDS_VALUE: u8 = 8;

fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "runs at compile time only")]
        {
            classes[byte] = match byte as u8 {
                b'A'..=b'Z' => CAPITAL,
                b'*' => STAR,
                b'a'..=b'z' | b'0'..=b'9' => OTHER,
                b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~' => {
                    OTHER
                }
                b';' | b'"' | 0..=0x08 | 0x0A..=0x1F | 0x7F => ENDS_VALUE,
                _ => 0,
            };
            byte += 1;
        }
    }
    classes
};

/// quoted-string (RFC 9110, section 5.6.4), quotes included
fn quoted_string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    loop {
        rest = match rest {
            [b'"', after @ ..] => return Some((before(text, after), after)),
            [b'\\', b'\t' | b' '..=b'~' | 0x80..=0xFF, after @ ..] => after,
            [b'\\', ..] => return None,
            [b'\t' | b' '..=b'~' | 0x80..=0xFF, after @ ..] => after,
            _ => return None,
        }
    }
}

/// What stands before `rest`, an end of `text`.
fn before<'a>(text: &'a [u8], rest: &[u8]) -> &'a [u8] {
    text.get(..text.len().saturating_sub(rest.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;

    fn normal(value: &[u8]) -> Vec<u8> {
        let mut out = b"|".to_vec();
        write_normal(value, &mut out).unwrap();
        assert_eq!(out.first(), Some(&b'|'));
        out.split_off(1)
    }

    #[test]
    fn accepted() {
        for (value, written) in [
            ("image/jpeg", "image/jpeg"),
            ("a/b", "a/b"),
            ("IMAGE/PNG", "image/png"),
            ("image/jpg", "image/jpeg"),
            ("Image/JPG;Q=A", "image/jpeg;q=A"),
            ("image/jpg2", "image/jpg2"),
            ("image/pjpg", "image/pjpg"),
            ("application/vnd.ms-excel", "application/vnd.ms-excel"),
            ("image/svg+xml; charset=UTF-8", "image/svg+xml; charset=UTF-8"),
            ("text/plain;charset=\"A;b\\\"C\"", "text/plain;charset=\"A;b\\\"C\""),
            ("text/plain ; Charset=X ;B=\"\"", "text/plain ; charset=X ;b=\"\""),
            ("a/b;", "a/b;"),
            ("A/b; ;  ;C=d;", "a/b; ;  ;c=d;"),
            ("a/b;c=\"ж Ж\"", "a/b;c=\"ж Ж\""),
            ("a/b;c=\"\\ж\"", "a/b;c=\"\\ж\""),
            ("!#$%&'+-.^_`|~09/A", "!#$%&'+-.^_`|~09/a"),
            ("video/webm;codecs=vp9,opus", "video/webm;codecs=vp9,opus"),
            ("Application/PDF; Name=1234 56.PDF", "application/pdf; name=1234 56.PDF"),
            ("a/b;Name*=utf-8''A", "a/b;name*=utf-8''A"),
            ("a/b; C = D ; E= \"F\" ;G=", "a/b; c = D ; e= \"F\" ;g="),
            ("a/b;c=", "a/b;c="),
            ("a/b;c= ;D=", "a/b;c= ;d="),
            ("A/b;c=d=E;F=(G)/[h]", "a/b;c=d=E;f=(G)/[h]"),
            ("a/b;c=Ж\\", "a/b;c=Ж\\"),
            ("image/JPG ;A= B", "image/jpeg ;a= B"),
            ("a/b;c=d;c=e", "a/b;c=d;c=e"),
            ("A/b;c=d; ", "a/b;c=d; "),
            ("A/b ", "a/b "),
        ] {
            assert_eq!(must_be_rewritten(value.as_bytes()), Some(value != written), "{value:?}");
            assert_eq!(normal(value.as_bytes()), written.as_bytes(), "{value:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn refused() {
        for value in [
            "", "a", "/", "a/", "/b", "a/b/c", "a /b", "a/ b", " a/b", "a/b c", "a/b,c/d", "jpeg", ".jpg", "*", "a/b;c", "a/b;=d",
            "a/b;c=\"", "a/b;c=\"d", "a/b;c=\"d\\\"", "a/b;c=\"d\"e", "a/b;c=d\"e\"", "a/b;c=\"\x7F\"", "a/b;c d=e", "a/b;c;d=e",
            "a/b;c=\"\n\"", "a/b;c=\"\\\n\"", "ж/b", "a/ж", "a/b;ж=c", "a/b(c)", "a@/b", "a/[b]", "a/b\u{A0};c=d", "a/{b}", "a\\b/c",
            "*/*", "a/*", "*/b", "image/*;c=d", "a*b/c", "text/xml; charset: utf-8", "image/png, image/png", "a/b;c= d\"", "a/b;c=\"d\" e",
            "a/b;c=\"d\"\"e\"", "a/b;c=\r\n", "a/b;c\u{A0}=d",
        ] {
            assert_eq!(must_be_rewritten(value.as_bytes()), None, "{value:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn json_in_utf8() {
        for value in [
            "application/json", "Application/JSON", "application/json;charset=utf-8", "application/json; charset=UTF-8",
            "application/json\t;\tCHARSET=\"Utf-8\"", "application/json;charset=\"\\u\\t\\f-8\"", " \tapplication/json\t ",
            "application/json;v=1;charset=utf-8;x=\"\ta;charset=latin1\"", "application/json;", "application/json; ; ",
            "application/json;charset=utf-8;charset=\"UTF-8\"", "application/json;charset=utf8", "application/json;charset=\"UTF\\8\"",
            "application/json;charset =utf-8", "application/json;charset\t=\tutf-8\t;x=", "application/json;x=ж", "application/json;charset=utf-8;a=b,c",
        ] {
            assert!(is_json_utf8(value.as_bytes()), "{value:?}");
        }
        for value in [
            "", " ", "application", "application/", "application/json5", "application/problem+json", "text/json", "*/*", "application/*",
            "application/json, application/json", "application/json;charset", "application/json;charset=", "application/json;charset=\"\"",
            "application/json;charset=utf-88", "application/json;charset=utf", "application/json;charset=\"utf-8x\"",
            "application/json;charset=latin1", "application/json;charset=utf-8;charset=utf-16", "application/json;charset=\"utf8\"x",
            "application/json;charset=\"utf-8", "application/json;charset=\"utf-8 \"", "application/json;charset='utf-8'",
            "application/json;charset=utf-8;x", "application/json charset=utf-8", "application/json;charset=utf-8,a/b",
            "application/json\r\n",
        ] {
            assert!(!is_json_utf8(value.as_bytes()), "{value:?}");
        }
        assert!(is_json_utf8(b"application/json;x=\"\xFF\""));
    }

    #[test]
    fn types_that_tell_nothing() {
        for value in [
            "application/octet-stream",
            "Binary/Octet-Stream",
            "application/octet-stream;name=a.pdf",
            "binary/octet-stream ; a=b",
        ] {
            assert!(tells_nothing(value.as_bytes()), "{value:?}");
        }
        for value in
            ["image/png", "application/octet-streams", "octet-stream", "application/pdf;a=application/octet-stream", ""]
        {
            assert!(!tells_nothing(value.as_bytes()), "{value:?}");
        }
    }

    /// A plain second reading of the grammar.
    fn oracle(value: &str) -> bool {
        let is_token = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
        };
        let spaces = [' ', '\t'];
        // Quoted strings first: each becomes U+0001; a quote that is left over is no value.
        let mut plain = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            if c != '"' || !plain.trim_end_matches(spaces).ends_with('=') {
                plain.push(c);
                continue;
            }
            loop {
                match chars.next() {
                    None => return false,
                    Some('"') => break,
                    Some('\\') if chars.next().is_none_or(|c| c != '\t' && c.is_ascii_control()) => {
                        return false;
                    }
                    Some(c) if c != '\t' && c.is_ascii_control() => return false,
                    Some(_) => {}
                }
            }
            plain.push('\x01');
        }
        let is_value = |text: &str| text == "\x01" || !text.contains(['"', '\x01']);
        let mut pieces = plain.split(';');
        let Some((kind, subtype)) = pieces.next().and_then(|piece| piece.trim_end_matches(spaces).split_once('/'))
        else {
            return false;
        };
        let without_star = |text: &str| is_token(text) && !text.contains('*');
        without_star(kind)
            && without_star(subtype)
            && pieces.map(|piece| piece.trim_matches(spaces)).all(|piece| {
                piece.is_empty()
                    || piece.split_once('=').is_some_and(|(name, value)| {
                        is_token(name.trim_end_matches(spaces)) && is_value(value.trim_start_matches(spaces))
                    })
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn as_a_plain_reading_has_it(
            value in "[aB*]{0,2}(/[jJ]pg|/b)( ?; ?([cD] ?= ?(e|[e,= ж]{0,3}|\"[fж;\\\\ \"]{0,4}\"?)|[=g]{0,2})){0,4}[ ;\"]{0,1}"
        ) {
            prop_assert_eq!(must_be_rewritten(value.as_bytes()).is_some(), oracle(&value));
        }

        #[test]
        fn normal_stays_normal(
            value in "([Ii]mage/[Jj]pg|[aB]/[bC])( ?; ?([cD] ?= ?(E|[E,=Ж ]{0,4}|\"[Fж;=]{0,4}\"))?){0,4}"
        ) {
            let value = value.as_bytes();
            let written = normal(value);
            prop_assert_eq!(must_be_rewritten(&written), Some(false));
            prop_assert_eq!(must_be_rewritten(value) == Some(false), written == value);
            prop_assert_eq!(&normal(&written), &written);
        }

        #[test]
        fn total_on_bytes(start in "(a/b)?(;c=\"?)?", rest in proptest::collection::vec(any::<u8>(), 0..24)) {
            let value = [start.as_bytes(), &rest].concat();
            must_be_rewritten(&value);
            is_json_utf8(&value);
            normal(&value);
        }
    }
}
