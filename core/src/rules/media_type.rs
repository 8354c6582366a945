//! Media types: RFC 9110, section 8.3.1, with the parameters of its section 5.6.6.
//!
//! ```text
//! media-type = type "/" subtype *( OWS ";" OWS [ name "=" ( token / quoted-string ) ] ) OWS
//! ```
//! In a body, control characters are refused before this rule, so the HTAB of the grammar stands
//! only in header fields; bytes outside ASCII stand only inside quoted strings.

use super::Verdict;
use crate::code::Warnings;
use crate::memory::{OutOfMemory, put};
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
    let has_capital = |text: &[u8]| text.iter().any(u8::is_ascii_uppercase);
    let media = MediaType::read(value)?;
    let mut rewrite = has_capital(media.kind) || has_capital(media.subtype) || media.is_image_jpg();
    for parameter in media.parameters {
        rewrite |= has_capital(parameter.ok()?.name);
    }
    Some(rewrite)
}

/// Appends a value that keeps the rule: type, subtype and names of parameters in lower case, the
/// common mistake `image/jpg` as the registered `image/jpeg`, everything else as it stands.
fn write_normal(value: &[u8], out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    let start = out.len();
    match MediaType::read(value) {
        Some(media) if media.is_image_jpg() => {
            put(out, b"image/jpeg")?;
            put(out, media.parameters.rest)?;
        }
        _ => put(out, value)?,
    }
    // All but the values of parameters, which stand behind equals signs.
    let mut rest = out.get_mut(start..).unwrap_or_default();
    while !rest.is_empty() {
        let name = rest.iter().position(|byte| *byte == b'=').map_or(rest.len(), |equals| equals.wrapping_add(1));
        let Some((name, after)) = rest.split_at_mut_checked(name) else { break };
        name.make_ascii_lowercase();
        let value = parameter_value(after).map_or(0, |(value, _)| value.len());
        rest = after.get_mut(value..).unwrap_or_default();
    }
    Ok(())
}

/// Whether a Content-Type says `application/json`, with no charset or with UTF-8 only.
pub(crate) fn is_json_utf8(value: &[u8]) -> bool {
    let Some(media) = MediaType::read(skip_ows(value)) else {
        return false;
    };
    media.kind.eq_ignore_ascii_case(b"application")
        && media.subtype.eq_ignore_ascii_case(b"json")
        && media.parameters.into_iter().all(|parameter| {
            parameter.is_ok_and(|parameter| !parameter.name.eq_ignore_ascii_case(b"charset") || parameter.is_utf8())
        })
}

struct MediaType<'a> {
    kind: &'a [u8],
    subtype: &'a [u8],
    parameters: Parameters<'a>,
}

impl<'a> MediaType<'a> {
    fn read(value: &'a [u8]) -> Option<Self> {
        let (kind, rest) = token(value)?;
        let (subtype, rest) = token(rest.strip_prefix(b"/")?)?;
        Some(MediaType { kind, subtype, parameters: Parameters { rest } })
    }

    fn is_image_jpg(&self) -> bool {
        self.kind.eq_ignore_ascii_case(b"image") && self.subtype.eq_ignore_ascii_case(b"jpg")
    }
}

/// One `OWS ";" OWS [ name "=" value ]`; name and value are empty where the grammar lets them be
/// absent.
struct Parameter<'a> {
    name: &'a [u8],
    /// As it stands, quotes included.
    value: &'a [u8],
}

impl Parameter<'_> {
    fn is_utf8(&self) -> bool {
        let Some(mut rest) = self.value.strip_prefix(b"\"").and_then(|inner| inner.strip_suffix(b"\"")) else {
            return self.value.eq_ignore_ascii_case(b"utf-8");
        };
        let unquoted = core::iter::from_fn(|| {
            let ([b'\\', byte, after @ ..] | [byte, after @ ..]) = rest else {
                return None;
            };
            rest = after;
            Some(byte.to_ascii_lowercase())
        });
        unquoted.eq(*b"utf-8")
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
        let rest = skip_ows(self.rest);
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
    let rest = skip_ows(rest.strip_prefix(b";")?);
    if matches!(rest, [] | [b';', ..]) {
        return Some((Parameter { name: b"", value: b"" }, rest));
    }
    let (name, rest) = token(rest)?;
    let (value, rest) = parameter_value(rest.strip_prefix(b"=")?)?;
    Some((Parameter { name, value }, rest))
}

fn parameter_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if let [b'"', ..] = text { quoted_string(text) } else { token(text) }
}

fn skip_ows(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    rest
}

/// token = 1*tchar (RFC 9110, section 5.6.2)
fn token(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = text;
    while let [byte, after @ ..] = rest
        && TCHAR.get(usize::from(*byte)) == Some(&true)
    {
        rest = after;
    }
    let token = before(text, rest);
    (!token.is_empty()).then_some((token, rest))
}

/// Which bytes are tchar (RFC 9110, section 5.6.2).
static TCHAR: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    while let [byte, after @ ..] = rest {
        #[allow(clippy::indexing_slicing, reason = "runs at compile time only")]
        {
            table[*byte as usize] = true;
        }
        rest = after;
    }
    table
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
            ("!#$%&'*+-.^_`|~09/A", "!#$%&'*+-.^_`|~09/a"),
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
            "", "a", "/", "a/", "/b", "a/b/c", "a /b", "a/ b", " a/b", "a/b c", "a/b,c/d", "jpeg", ".jpg", "*", "a/b;c", "a/b;c=", "a/b;=d",
            "a/b;c =d", "a/b;c= d", "a/b;c=\"", "a/b;c=\"d", "a/b;c=\"d\\\"", "a/b;c=\"d\"e", "a/b;c=d\"e\"", "a/b;c=\"\x7F\"",
            "a/b;c=\"\n\"", "a/b;c=\"\\\n\"", "ж/b", "a/ж", "a/b;ж=c", "a/b;c=ж", "a/b;c=d e", "a/b(c)", "a/b;c=(d)", "a@/b", "a/[b]",
            "a/b;c=d/e", "a/b\u{A0};c=d", "a/{b}", "a\\b/c",
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
            "application/json;charset=utf-8;charset=\"UTF-8\"",
        ] {
            assert!(is_json_utf8(value.as_bytes()), "{value:?}");
        }
        for value in [
            "", " ", "application", "application/", "application/json5", "application/problem+json", "text/json", "*/*", "application/*",
            "application/json, application/json", "application/json;charset", "application/json;charset=", "application/json;charset=\"\"",
            "application/json;charset=utf8", "application/json;charset=latin1", "application/json;charset=utf-8;charset=utf-16",
            "application/json;charset=\"utf-8", "application/json;charset=\"utf-8 \"", "application/json;charset='utf-8'",
            "application/json;charset=utf-8;x", "application/json;x=ж", "application/json charset=utf-8", "application/json;charset =utf-8",
            "application/json\r\n",
        ] {
            assert!(!is_json_utf8(value.as_bytes()), "{value:?}");
        }
        assert!(is_json_utf8(b"application/json;x=\"\xFF\""));
    }

    /// A plain second reading of the grammar.
    fn oracle(value: &str) -> bool {
        let is_token = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
        };
        // Quoted strings first: each becomes the token `q`; a quote that is left over is no token.
        let mut plain = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            if c != '"' || !plain.ends_with('=') {
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
        let ows = [' ', '\t'];
        let mut pieces = plain.split(';');
        let Some((kind, subtype)) = pieces.next().and_then(|piece| piece.trim_end_matches(ows).split_once('/')) else {
            return false;
        };
        is_token(kind)
            && is_token(subtype)
            && pieces.map(|piece| piece.trim_matches(ows)).all(|piece| {
                piece.is_empty()
                    || piece
                        .split_once('=')
                        .is_some_and(|(name, value)| is_token(name) && (value == "\x01" || is_token(value)))
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn as_a_plain_reading_has_it(
            value in "[aB]{0,2}(/[jJ]pg|/b)( ?; ?([cD]=(e|\"[fж;\\\\ \"]{0,4}\"?)|[=g]{0,2})){0,4}[ ;\"]{0,1}"
        ) {
            prop_assert_eq!(must_be_rewritten(value.as_bytes()).is_some(), oracle(&value));
        }

        #[test]
        fn normal_stays_normal(
            value in "([Ii]mage/[Jj]pg|[aB]/[bC])( ?; ?([cD]=(E|\"[Fж;]{0,4}\"))?){0,4}"
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
