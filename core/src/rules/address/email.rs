//! `email`: the mailbox of RFC 5321, section 4.1.2, in the loose reading that lets every address
//! through that a mail server may take (RFC 6531's characters, dots anywhere before the `@`, and `_` in a
//! domain too), within the lengths of its section 4.5.3.1. Lengths are UTF-16 code units, as everywhere.

use crate::code::{Code, Warnings};
use crate::memory::{OutOfMemory, put_bytes};
use crate::rules::Verdict;
use crate::rules::text::utf16_len;
use crate::rules::white_space::{is_invisible, is_white_space};
use crate::word::is_ascii;
use alloc::vec::Vec;

const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;
pub(crate) const MAX_ADDRESS: usize = 254;

#[inline(never)] // else other kinds have to make room on the stack for what it needs
pub(super) fn check(value: &[u8], out: &mut Vec<u8>) -> Result<Verdict, OutOfMemory> {
    let Some(domain) = domain(value) else {
        return Ok(Verdict::Invalid);
    };
    let is_mixed = !is_ascii(domain) && labels(domain).any(mixes_alphabets);
    let warnings = if is_mixed { Warnings::of(Code::UnlikelyAddress) } else { Warnings::NONE };
    if !labels(domain).any(|label| is_ascii(label) && label.iter().any(u8::is_ascii_uppercase)) {
        return Ok(Verdict::AsIs(warnings));
    }
    put_bytes(out, value)?;
    let start = out.len().saturating_sub(domain.len());
    let labels = out.get_mut(start..).unwrap_or_default().split_mut(|byte| *byte == b'.');
    labels.filter(|label| is_ascii(label)).for_each(<[u8]>::make_ascii_lowercase);
    Ok(Verdict::Rewritten(warnings))
}

/// The domain, if the whole address keeps the rule. (No label has an `@`, so there is one only.)
fn domain(value: &[u8]) -> Option<&[u8]> {
    let at = value.iter().position(|byte| *byte == b'@')?;
    let (local, domain) = value.split_at_checked(at)?;
    let domain = domain.strip_prefix(b"@")?;
    let last = labels(domain).next_back()?;
    let good = is_local(local)
        && labels(domain).nth(1).is_some()
        && labels(domain).all(is_label)
        && !last.iter().all(u8::is_ascii_digit)
        && units(value) <= MAX_ADDRESS;
    good.then_some(domain)
}

fn labels(domain: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    domain.split(|byte| *byte == b'.')
}

/// What stands before the `@`: a text without white space and special characters, or a quoted one.
fn is_local(local: &[u8]) -> bool {
    if let [b'"', quoted @ .., b'"'] = local {
        let stands_in_quotes = |byte: &u8| !byte.is_ascii_control() && !matches!(byte, b'"' | b'\\' | b'@');
        return matches!(units(quoted), 1..=MAX_LOCAL) && quoted.iter().all(stands_in_quotes);
    }
    let stands_bare = |byte: &u8| {
        !byte.is_ascii_control()
            && !matches!(byte, b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b':' | b';' | b',' | b'\\' | b'"')
    };
    matches!(units(local), 1..=MAX_LOCAL)
        && local.iter().all(stands_bare)
        && has_no_other(local, |c| is_white_space(c) || is_invisible(c))
}

fn is_label(label: &[u8]) -> bool {
    matches!(units(label), 1..=MAX_LABEL)
        && label.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || !byte.is_ascii())
        && !label.starts_with(b"-")
        && !label.ends_with(b"-")
        && has_no_other(label, never_in_label)
}

/// Outside ASCII no label has white space, invisible characters, dashes, the full stops of other scripts,
/// or the sign of a lost character.
fn never_in_label(c: char) -> bool {
    let dash = matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}');
    let full_stop = matches!(c, '\u{3002}' | '\u{FF0E}' | '\u{FF61}');
    c < '\u{A1}' || is_white_space(c) || is_invisible(c) || dash || full_stop || c == char::REPLACEMENT_CHARACTER
}

/// Whether no character outside ASCII is one of those.
#[inline(never)]
fn has_no_other(text: &[u8], is_one: fn(char) -> bool) -> bool {
    let has_none = |text: &str| !text.chars().any(|c| !c.is_ascii() && is_one(c));
    is_ascii(text) || core::str::from_utf8(text).is_ok_and(has_none)
}

/// Whether Latin and Cyrillic letters, which look alike, stand together.
fn mixes_alphabets(label: &[u8]) -> bool {
    // All that stands between U+0400 and U+052F but a sign and the marks behind it.
    let is_cyrillic = |c| matches!(c, '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}');
    let has_cyrillic = |label: &str| label.chars().any(is_cyrillic);
    label.iter().any(u8::is_ascii_alphabetic) && core::str::from_utf8(label).is_ok_and(has_cyrillic)
}

/// The index of the first character that no address can hold, or of a second `@`.
pub(super) fn spoiler(mut chars: impl Iterator<Item = char>) -> Option<usize> {
    let mut has_at = false;
    chars.position(|c| {
        let is_second = c == '@' && has_at;
        has_at |= c == '@';
        is_second || is_white_space(c) || is_invisible(c)
    })
}

/// UTF-16 code units of UTF-8.
fn units(text: &[u8]) -> usize {
    if is_ascii(text) { text.len() } else { utf16_len(text) }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::AddressKind;
    use super::super::tests::{assert_stable, normal};
    use super::*;
    use proptest::prelude::*;
    use std::string::String;

    fn written(value: &str) -> Option<(String, bool)> {
        let (written, warnings) = normal(AddressKind::Email, &[], value.as_bytes())?;
        Some((String::from_utf8(written.into_owned()).unwrap(), !warnings.is_empty()))
    }

    #[test]
    fn accepted() {
        let label = "a".repeat(63);
        let long = std::format!("{}@{label}.{label}.{}", "l".repeat(64), "b".repeat(61));
        assert_eq!(long.len(), 254);
        let wide = std::format!("{}@{}.рф", "😀".repeat(32), "ж".repeat(63));
        let quoted = std::format!("\"{}\"@b.c", " ".repeat(64));
        for (value, form) in [
            ("a@b.c", "a@b.c"),
            ("User.Name+tag@Example.COM", "User.Name+tag@example.com"),
            ("ivan..p.@example.co.jp", "ivan..p.@example.co.jp"),
            ("'!#$%&*+-/=?^_`{|}~.'@b.c", "'!#$%&*+-/=?^_`{|}~.'@b.c"),
            ("\"a b..,<>():;[]\"@B.c", "\"a b..,<>():;[]\"@b.c"),
            ("\"a\u{200B}\u{A0}\"@b.c", "\"a\u{200B}\u{A0}\"@b.c"),
            (".@1.a2", ".@1.a2"),
            ("a@x-y.c--d.e", "a@x-y.c--d.e"),
            ("hyphened--email---@example.com", "hyphened--email---@example.com"),
            ("a@b_c._d_.e", "a@b_c._d_.e"),
            ("почта@пример.РФ", "почта@пример.РФ"),
            ("ivan@BÜCHER.DE", "ivan@BÜCHER.de"),
            ("a@\u{A1}.B", "a@\u{A1}.b"),
            ("a\u{200D}@b\u{200D}.c", "a\u{200D}@b\u{200D}.c"),
            ("a\u{2014}\u{FFFD}@b.c", "a\u{2014}\u{FFFD}@b.c"),
            ("a@1.٢", "a@1.٢"),
            (&long, &long),
            (&wide, &wide),
            (&quoted, &quoted),
        ] {
            assert_eq!(written(value), Some((form.into(), false)), "{value:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn invalid() {
        let label = "a".repeat(63);
        let long = std::format!("{}@{label}.{label}.{}", "l".repeat(64), "b".repeat(62));
        let local = std::format!("{}@b.c", "l".repeat(65));
        let quoted = std::format!("\"{}\"@b.c", " ".repeat(65));
        let wide_local = std::format!("{}l@b.c", "😀".repeat(32));
        let wide_label = std::format!("a@{}.c", "😀".repeat(32));
        let long_label = std::format!("a@{label}a.c");
        for value in [
            "", "@", "a", "a@", "@b.c", "a@b", "a@b.", "a@.b", "a@b..c", "a@b.c.", "a@@b.c", "a@b@c.d", "a b@c.d", "a@b c.d",
            "a@b.c d", "a@-b.c", "a@b-.c", "a@b.-", "a@[1.2.3.4]", "a@b.c>", "a@b.c,d@e.f", "a\u{A0}b@c.d", "a\u{3000}@b.c",
            "a@b\u{A0}.c", "a@b\u{2003}.c", "a@\u{85}.c", "a@\u{9F}.c", "a\tb@c.d", "a@b.c\x7F", &long, &local, &wide_local, &wide_label,
            &long_label, &quoted, "a\u{200B}@b.c", "a\u{AD}@b.c", "a@b\u{200B}.c", "a@b.c\u{2060}", "a@exam\u{2014}ple.ru", "a@b\u{2010}c.d",
            "a@b\u{2212}.c", "a@b\u{3002}c.d", "a@b\u{FF0E}c", "a@b\u{FF61}c.d", "a@exam\u{FFFD}ple.ru", "ivan@192.168.1.1", "a@b.1",
            "mailto:a@b.c", "a,b@c.d", "a;b@c.d", "a:b@c.d", "(a)@b.c", "<a@b.c>", "[a]@b.c", "a\\b@c.d", "a\"b@c.d", "\"a@b.c", "a\"@b.c",
            "\"\"@b.c", "\"@b.c", "\"a\"b\"@c.d", "\"a\\b\"@c.d", "\"a@b\"@c.d",
        ] {
            assert_eq!(written(value), None, "{value:?}");
        }
    }

    #[test]
    fn letters_that_look_alike() {
        for (value, warns) in [
            ("ivan@mail.сom", true),
            ("ivan@MАIL.COM", true),
            ("ivan@1ж.a", false),
            ("ivan@ж-a.ru", true),
            ("ivan@почта.com", false),
            ("иvan@mail.com", false),
            ("a@b\u{482}.c", false),
            ("a@b\u{483}.c", false),
            ("a@b\u{52F}.c", true),
            ("a@b\u{530}.c", false),
            ("a@bα.c", false),
        ] {
            assert_eq!(written(value).map(|(_, warns)| warns), Some(warns), "{value:?}");
        }
        for c in '\u{400}'..='\u{52F}' {
            let label = std::format!("a{c}");
            assert_eq!(mixes_alphabets(label.as_bytes()), c.is_alphabetic(), "{c:?}");
        }
    }

    #[test]
    fn characters_that_spoil_an_address() {
        for (value, place) in [
            ("a b@c.d", Some(1)),
            ("ж\u{200B}a@b.c", Some(1)),
            ("a@b@c.d", Some(3)),
            ("Ivan <ivan@example.ru>", Some(4)),
            ("\"a b\"@c", Some(2)),
            ("mailto:a@b.c", None),
            ("a@exam\u{2014}ple.ru", None),
        ] {
            assert_eq!(spoiler(value.chars()), place, "{value:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn stable(value in "[aBж.@ \"-]{0,6}@?[aBж_1.@\u{A0}-]{0,8}") {
            assert_stable(AddressKind::Email, &[], value.as_bytes());
        }

        #[test]
        fn as_a_plain_reading_has_it(
            value in "(\"[aж :\\\\\"\u{AD}]{0,3}\"|[aB.,\u{2003}\u{AD}' ]{0,3})@{0,2}[aB1ж_\u{A0}\u{A1}\u{FEFF}.-]{0,5}\\.[aBж1-]{0,3}"
        ) {
            let good = || {
                let (local, domain) = value.split_once('@')?;
                let unseen = |c: char| c.is_whitespace() || "\u{AD}\u{FEFF}".contains(c);
                let quoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
                let local_is_good = match quoted {
                    Some(quoted) => !quoted.is_empty() && !quoted.contains(['"', '\\']),
                    None => !local.is_empty() && !local.contains(unseen) && !local.contains(['"', '\\', ',', ':']),
                };
                let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
                let labels: std::vec::Vec<&str> = domain.split('.').collect();
                let good = local_is_good
                    && !domain.contains(unseen)
                    && !domain.contains('@')
                    && labels.len() > 1
                    && labels.iter().all(|text| label(text))
                    && labels.last()?.contains(|c: char| !c.is_ascii_digit());
                let lower = |label: &&str| if label.is_ascii() { label.to_lowercase() } else { String::from(*label) };
                let domain = labels.iter().map(lower).collect::<std::vec::Vec<_>>().join(".");
                let warns = labels.iter().any(|label| label.contains('ж') && label.contains(['a', 'B']));
                good.then(|| (std::format!("{local}@{domain}"), warns))
            };
            prop_assert_eq!(written(&value), good());
        }
    }
}
