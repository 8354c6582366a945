//! URLs of attachments (contract §3): an http or https IRI that is safe to show and to fetch.

use super::iri::{self, Scheme};
use super::{Verdict, host, text};
use crate::code::{Code, Warnings};
use crate::limits::URL_LIMIT;
use crate::memory::{OutOfMemory, put_bytes};
use alloc::vec::Vec;

/// Checks a trimmed value.
#[inline]
pub(crate) fn check(value: &[u8]) -> Verdict {
    let Some(iri) = iri::http_iri(value) else {
        return Verdict::Invalid;
    };
    let warning = |warns: bool, code| if warns { Warnings::of(code) } else { Warnings::NONE };
    Verdict::AsIs(
        warning(iri.scheme == Scheme::Http, Code::InsecureUrl)
            .with(warning(iri.is_unescaped, Code::UnescapedUrl))
            .with(warning(host::is_private(iri.host), Code::PrivateHost)),
    )
}

/// Where the first character stands that no URL can hold anywhere, or a `%` without two hexadecimal
/// digits.
pub(crate) fn spoiler(mut chars: impl Iterator<Item = char> + Clone) -> Option<usize> {
    let mut index = 0_usize;
    while let Some(c) = chars.next() {
        if !iri::may_hold(c) || (c == '%' && !begins_with_digits(chars.clone(), 2)) {
            return Some(index);
        }
        index = index.saturating_add(1);
    }
    None
}

/// Where the first character stands in a valid URL that is usually percent-encoded.
pub(crate) fn unescaped_spoiler(chars: impl Iterator<Item = char>) -> Option<usize> {
    let mut part = Part::Scheme;
    chars.enumerate().find_map(|(index, c)| {
        part = part.behind(c);
        (part != Part::Authority && iri::is_unescaped(c)).then_some(index)
    })
}

/// The edits that make a URL valid, with nothing in it that is usually percent-encoded: outside the
/// authority, what can be encoded is, and a `\\` becomes a `/`. `url` are the characters of the trimmed
/// value with their places; `edit` gets a place and what stands there afterwards; `scratch` is for the
/// URL as it then is.
///
/// False if that does not make a URL, or perhaps another one than was meant; the edits are void then.
pub(crate) fn mend(
    url: impl Iterator<Item = (u32, u32, char)> + Clone,
    scratch: &mut Vec<u8>,
    mut edit: impl FnMut(u32, u32, &'static str),
) -> Result<bool, OutOfMemory> {
    scratch.clear();
    let mut part = Part::Scheme;
    let mut mended = false;
    let mut rest = url;
    while let Some((offset, length, c)) = rest.next() {
        let behind = rest.clone().map(|(_, _, c)| c);
        // Such a `#` may belong to a file's name, and `%u0421` is another encoding.
        let is_doubtful = match c {
            '#' => mended,
            '%' => {
                behind.clone().next().is_some_and(|c| matches!(c, 'u' | 'U'))
                    && begins_with_digits(behind.clone().skip(1), 4)
            }
            _ => false,
        };
        if is_doubtful {
            return Ok(false);
        }
        part = part.behind(c);
        let text = match c {
            _ if part == Part::Authority => None,
            '%' if begins_with_digits(behind, 2) => None,
            _ => encoded(c),
        };
        match text {
            Some(text) => {
                mended = true;
                edit(offset, length, text);
                put_bytes(scratch, text.as_bytes())?;
            }
            None => put_bytes(scratch, c.encode_utf8(&mut [0; 4]).as_bytes())?,
        }
    }
    let is_short = text::utf16_len(scratch) <= URL_LIMIT as usize;
    Ok(mended && is_short && iri::http_iri(scratch).is_some_and(|iri| !iri.is_unescaped))
}

fn begins_with_digits(mut chars: impl Iterator<Item = char>, count: usize) -> bool {
    (0..count).all(|_| chars.next().is_some_and(|c| c.is_ascii_hexdigit()))
}

/// What stands in the place of a character that is mended.
fn encoded(c: char) -> Option<&'static str> {
    Some(match c {
        '\\' => "/",
        ' ' => "%20",
        '"' => "%22",
        '%' => "%25",
        '<' => "%3C",
        '>' => "%3E",
        '[' => "%5B",
        ']' => "%5D",
        '^' => "%5E",
        '`' => "%60",
        '{' => "%7B",
        '|' => "%7C",
        '}' => "%7D",
        _ => return None,
    })
}

/// Where in a URL, character by character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Scheme,
    /// Behind the scheme's colon.
    Colon,
    /// Behind the colon and a slash.
    Slash,
    /// From the second slash on.
    Authority,
    Rest,
}

impl Part {
    fn behind(self, c: char) -> Part {
        match (self, c) {
            (Part::Scheme, ':') => Part::Colon,
            (Part::Scheme, 'a'..='z' | 'A'..='Z') => Part::Scheme,
            (Part::Colon, '/') => Part::Slash,
            (Part::Slash, '/') => Part::Authority,
            (Part::Authority, '/' | '?' | '#') => Part::Rest,
            (Part::Authority, _) => Part::Authority,
            _ => Part::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;

    fn warnings(value: &str) -> Vec<Code> {
        match check(value.as_bytes()) {
            Verdict::AsIs(warnings) => warnings.codes().collect(),
            verdict => panic!("{value:?}: {verdict:?}"),
        }
    }

    #[test]
    fn what_is_warned_of() {
        use Code::{InsecureUrl, PrivateHost, UnescapedUrl};
        for (value, codes) in [
            ("https://cdn.example.ru/a", &[][..]),
            ("http://cdn.example.ru/a", &[InsecureUrl]),
            ("https://cdn.example.ru/a[1]", &[UnescapedUrl]),
            ("https://cdn/a", &[PrivateHost]),
            ("http://localhost:3000/?{}", &[InsecureUrl, UnescapedUrl, PrivateHost]),
            ("https://[::1]/", &[PrivateHost]),
            ("https://[2001:db8::1]/", &[]),
        ] {
            assert_eq!(warnings(value), codes, "{value:?}");
        }
        assert_eq!(check(b"ftp://a"), Verdict::Invalid);
    }

    #[test]
    fn the_character_that_spoils_a_url() {
        for (value, place) in [
            ("https://a/b c", Some(11)),
            ("https://a/ж\u{A0}", Some(11)),
            ("https://a/%", Some(10)),
            ("https://a/%41%4", Some(13)),
            ("https://a/%4g", Some(10)),
            ("https://a/%%41", Some(10)),
            ("https://a/\\", Some(10)),
            ("https://a/\"<>", Some(10)),
            ("\u{AD}", Some(0)),
            ("https://a/\u{FFFD}", Some(10)),
            ("https://a/\u{E0001}", Some(10)),
            ("https://a/\u{E000}", None),
            ("data:image/png;base64,iVB=", None),
            ("https://a@b|[", None),
            ("#a#b", None),
            ("", None),
        ] {
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }

    #[test]
    fn the_character_that_is_usually_encoded() {
        for (value, place) in [
            ("https://[::1]/", None),
            ("https://[::1]/[", Some(14)),
            ("https://ж|", None),
            ("https://ж/|{", Some(10)),
            ("https://a?b^", Some(11)),
            ("https://a#`", Some(10)),
        ] {
            assert_eq!(unescaped_spoiler(value.chars()), place, "{value:?}");
        }
    }

    /// The URL after the edits, if there are any; checks that they make what the rule has judged.
    fn mended(url: &str) -> Option<String> {
        let chars = url.char_indices().map(|(at, c)| (at as u32, c.len_utf8() as u32, c));
        let (mut written, mut at) = (String::new(), 0);
        let mut scratch = b"before".to_vec();
        let good = mend(chars, &mut scratch, |offset, length, text| {
            written.push_str(&url[at..offset as usize]);
            written.push_str(text);
            at = (offset + length) as usize;
        });
        written.push_str(&url[at..]);
        if good != Ok(true) {
            return None;
        }
        assert_eq!(written.as_bytes(), scratch, "{url:?}");
        assert!(!warnings(&written).contains(&Code::UnescapedUrl), "{url:?}");
        Some(written)
    }

    #[test]
    fn what_can_be_encoded_is() {
        for (url, expected) in [
            ("https://a/b c\"d<e>[f]{g}|h^i`j%", "https://a/b%20c%22d%3Ce%3E%5Bf%5D%7Bg%7D%7Ch%5Ei%60j%25"),
            ("https://a/100%?b=5 %", "https://a/100%25?b=5%20%25"),
            ("https://a/%20%2", "https://a/%20%252"),
            ("https://a\\b", ""),
            ("https://a/b\\c\\d", "https://a/b/c/d"),
            ("https:\\\\a\\b", "https://a/b"),
            ("https://[::1]/[", "https://[::1]/%5B"),
            ("https://a?[", "https://a?%5B"),
            ("https://a#[", "https://a#%5B"),
            ("https://a/#b c", "https://a/#b%20c"),
            ("https://a/b c#d", ""),
            ("https://a/b\\c#d", ""),
            ("https://a/Roster #1 - a.xlsx", ""),
            ("https://a/%u0421.pdf", ""),
            ("https://a/%U0421 b", ""),
            ("https://a/%u042 b", "https://a/%25u042%20b"),
            ("https://a b/c d", ""),
            ("https://a/b c\u{A0}", ""),
            ("https://a|b/", ""),
            ("https://a/b", ""),
            ("ftp://a/b c", ""),
            ("a b", ""),
            ("https:// a/b", ""),
            ("https ://a/b", ""),
            ("https://a:99999/b c", ""),
        ] {
            assert_eq!(mended(url).unwrap_or_default(), expected, "{url:?}");
        }
        let long = "x".repeat(3_985);
        assert!(mended(&std::format!("https://a/{long}  ")).is_none());
        assert!(mended(&std::format!("https://a/{long} ")).is_some());
    }

    proptest! {
        #[test]
        fn nothing_is_left_to_mend(url in "https?:(//|[/\\\\]{1,3})(a|\\[::1\\]|[a.|\\\\]{0,3})[/?]([a #|%4\\\\u\"ж\u{A0}]|%41){0,12}") {
            let url: String = url;
            if let Some(written) = mended(&url) {
                prop_assert_eq!(mended(&written), None);
                prop_assert_eq!(spoiler(written.chars()), None);
            }
            if let Verdict::AsIs(warnings) = check(url.as_bytes()) {
                prop_assert_eq!(spoiler(url.chars()), None);
                prop_assert_eq!(unescaped_spoiler(url.chars()).is_some(), warnings.has(Code::UnescapedUrl));
            }
        }

        #[test]
        fn total_on_bytes(start in "(http://)?(a|\\[)?", rest in proptest::collection::vec(any::<u8>(), 0..24)) {
            check(&[start.as_bytes(), &rest].concat());
        }
    }
}
