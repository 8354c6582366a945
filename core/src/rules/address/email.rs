//! `email`: the mailbox of RFC 5321, section 4.1.2, in the loose reading that lets every address
//! through that a mail server may take (RFC 6531's characters too), within the lengths of its
//! section 4.5.3.1. Lengths are UTF-16 code units, as everywhere.

use crate::code::Warnings;
use crate::memory::{OutOfMemory, put};
use crate::rules::Verdict;
use crate::rules::white_space::is_white_space;
use alloc::vec::Vec;

const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;
pub(crate) const MAX_ADDRESS: usize = 254;

pub(super) fn check(value: &[u8], out: &mut Vec<u8>) -> Result<Verdict, OutOfMemory> {
    let Some(domain) = domain(value) else {
        return Ok(Verdict::Invalid);
    };
    if !domain.iter().any(u8::is_ascii_uppercase) {
        return Ok(Verdict::VALID);
    }
    put(out, value)?;
    let start = out.len().saturating_sub(domain.len());
    out.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
    Ok(Verdict::Rewritten(Warnings::NONE))
}

/// The domain, if the whole address keeps the rule. (No label has an `@`, so there is one only.)
fn domain(value: &[u8]) -> Option<&[u8]> {
    let at = value.iter().position(|byte| *byte == b'@')?;
    let (local, domain) = value.split_at_checked(at)?;
    let domain = domain.strip_prefix(b"@")?;
    let mut labels = domain.split(|byte| *byte == b'.');
    let good = matches!(units(local), 1..=MAX_LOCAL)
        && !local.iter().any(|byte| byte.is_ascii_control() || *byte == b' ')
        && labels.clone().nth(1).is_some()
        && labels.all(is_label)
        && units(value) <= MAX_ADDRESS
        && (value.is_ascii() || non_ascii_is_good(local, domain));
    good.then_some(domain)
}

fn is_label(label: &[u8]) -> bool {
    matches!(units(label), 1..=MAX_LABEL)
        && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || !byte.is_ascii())
        && !label.starts_with(b"-")
        && !label.ends_with(b"-")
}

/// No white space outside ASCII, nor, in the domain, U+0080–U+00A0.
#[cold]
#[inline(never)]
fn non_ascii_is_good(local: &[u8], domain: &[u8]) -> bool {
    let (Ok(local), Ok(domain)) = (core::str::from_utf8(local), core::str::from_utf8(domain)) else {
        return false;
    };
    !local.chars().any(is_white_space) && domain.chars().all(|c| c.is_ascii() || (c >= '\u{A1}' && !is_white_space(c)))
}

/// UTF-16 code units of UTF-8: one for each character's first byte, two where it has four.
fn units(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let units = text.iter().map(|byte| match byte {
        0x80..=0xBF => 0,
        0xF0.. => 2,
        _ => 1_usize,
    });
    units.fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::AddressKind;
    use super::super::tests::{assert_stable, normal};
    use proptest::prelude::*;
    use std::string::String;

    fn written(value: &str) -> Option<String> {
        let (written, warnings) = normal(AddressKind::Email, &[], value.as_bytes())?;
        assert!(warnings.is_empty());
        Some(String::from_utf8(written.into_owned()).unwrap())
    }

    #[test]
    fn accepted() {
        let label = "a".repeat(63);
        let long = std::format!("{}@{label}.{label}.{}", "l".repeat(64), "b".repeat(61));
        assert_eq!(long.len(), 254);
        let wide = std::format!("{}@{}.рф", "😀".repeat(32), "ж".repeat(63));
        for (value, form) in [
            ("a@b.c", "a@b.c"),
            ("User.Name+tag@Example.COM", "User.Name+tag@example.com"),
            ("\"a\"..,<>()@b.c", "\"a\"..,<>()@b.c"),
            (".@1.2", ".@1.2"),
            ("a@x-y.c--d.e", "a@x-y.c--d.e"),
            ("почта@пример.РФ", "почта@пример.РФ"),
            ("a@\u{A1}.\u{3002}B", "a@\u{A1}.\u{3002}b"),
            ("a\u{200B}@b.c", "a\u{200B}@b.c"),
            (&long, &long),
            (&wide, &wide),
        ] {
            assert_eq!(written(value).as_deref(), Some(form), "{value:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn refused() {
        let label = "a".repeat(63);
        let long = std::format!("{}@{label}.{label}.{}", "l".repeat(64), "b".repeat(62));
        let local = std::format!("{}@b.c", "l".repeat(65));
        let wide_local = std::format!("{}l@b.c", "😀".repeat(32));
        let wide_label = std::format!("a@{}.c", "😀".repeat(32));
        let long_label = std::format!("a@{label}a.c");
        for value in [
            "", "@", "a", "a@", "@b.c", "a@b", "a@b.", "a@.b", "a@b..c", "a@b.c.", "a@@b.c", "a@b@c.d", "a b@c.d", "a@b c.d",
            "a@b.c d", "a@-b.c", "a@b-.c", "a@b.-", "a@b_c.d", "a@[1.2.3.4]", "a@b.c>", "a@b.c,d@e.f", "a\u{A0}b@c.d", "a\u{3000}@b.c",
            "a@b\u{A0}.c", "a@b\u{2003}.c", "a@\u{85}.c", "a@\u{9F}.c", "a\tb@c.d", "a@b.c\x7F", &long, &local, &wide_local, &wide_label,
            &long_label,
        ] {
            assert_eq!(written(value), None, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn stable(value in "[aBж.@ -]{0,6}@?[aBж.@\u{A0}-]{0,8}") {
            assert_stable(AddressKind::Email, &[], value.as_bytes());
        }

        #[test]
        fn as_a_plain_reading_has_it(value in "[aB.\u{2003} ]{0,3}@{0,2}[aBж\u{A0}\u{A1}.-]{0,8}") {
            let good = || {
                let (local, domain) = value.split_once('@')?;
                let white = |text: &str| text.chars().any(char::is_whitespace);
                let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
                let good = !local.is_empty()
                    && !white(&value)
                    && domain.contains('.')
                    && !domain.contains('@')
                    && domain.split('.').all(label);
                good.then(|| std::format!("{local}@{}", domain.to_ascii_lowercase()))
            };
            prop_assert_eq!(written(&value), good());
        }
    }
}
