//! Absolute `http` and `https` addresses: an IRI by RFC 3987, section 2.2, with what the endpoint
//! needs beyond the grammar: a host, a port that exists, no user information, and none of the
//! invisible characters that reorder what a reader sees.
//!
//! ```text
//! IRI        = scheme ":" "//" iauthority ipath-abempty [ "?" iquery ] [ "#" ifragment ]
//! iauthority = ihost [ ":" port ]         ihost = IP-literal / ireg-name
//! ```
//! (An IPv4address is an ireg-name too.)

/// The scheme of an address, which is written in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// The scheme, if the value keeps the rule.
#[inline]
pub(crate) fn http_iri(value: &[u8]) -> Option<Scheme> {
    let (scheme, rest) = scheme(value)?;
    let rest = port(host(rest)?)?;
    let rest = match rest {
        [b'/', ..] => skip(rest, PATH),
        _ => rest,
    };
    let rest = match rest {
        [b'?', query @ ..] => skip(query, QUERY),
        _ => rest,
    };
    let rest = match rest {
        [b'#', fragment @ ..] => skip(fragment, FRAGMENT),
        _ => rest,
    };
    rest.is_empty().then_some(scheme)
}

#[inline]
fn scheme(value: &[u8]) -> Option<(Scheme, &[u8])> {
    let [b'h' | b'H', b't' | b'T', b't' | b'T', b'p' | b'P', rest @ ..] = value else {
        return None;
    };
    match rest {
        [b's' | b'S', b':', b'/', b'/', rest @ ..] => Some((Scheme::Https, rest)),
        [b':', b'/', b'/', rest @ ..] => Some((Scheme::Http, rest)),
        _ => None,
    }
}

/// What follows the host, which is not empty.
#[inline]
fn host(text: &[u8]) -> Option<&[u8]> {
    if let [b'[', literal @ ..] = text {
        let end = literal.iter().position(|byte| *byte == b']')?;
        let (literal, rest) = literal.split_at_checked(end)?;
        return (is_ipv6(literal) || is_ip_future(literal)).then_some(rest.get(1..)?);
    }
    let rest = skip(text, HOST);
    (rest.len() < text.len()).then_some(rest)
}

/// What follows the port, if there is one.
#[inline]
fn port(text: &[u8]) -> Option<&[u8]> {
    let [b':', port @ ..] = text else {
        return Some(text);
    };
    let mut rest = port;
    let mut number = 0_u32;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        // Once too large it stays so: saturating keeps leading zeros of any number apart from that.
        number = number.saturating_mul(10).saturating_add(u32::from(*digit & 0x0F));
        rest = after;
    }
    (number <= 65_535).then_some(rest)
}

/// What follows the longest run of characters that may stand in this part. A bad percent-encoding
/// or a character that may not stands first in it, where the caller has no use for it.
#[inline]
fn skip(text: &[u8], part: u8) -> &[u8] {
    let mut rest = text;
    loop {
        // Blocks first: without an early exit a byte costs two instructions.
        while let Some(block) = rest.first_chunk::<16>() {
            if block.iter().fold(part, |all, byte| all & class(*byte)) == 0 {
                break;
            }
            rest = rest.get(16..).unwrap_or_default();
        }
        let run = rest.iter().position(|byte| class(*byte) & part == 0);
        rest = run.and_then(|run| rest.get(run..)).unwrap_or_default();
        // A character that is encoded seldom stands alone: no block is tried between two of them.
        loop {
            match rest {
                [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest = after,
                [0x80..=0xFF, ..] => match skip_non_ascii(rest, part) {
                    Some(after) => rest = after,
                    None => return rest,
                },
                [byte, ..] if class(*byte) & part != 0 => break,
                _ => return rest,
            }
        }
    }
}

/// What follows the non-ASCII characters that `text` begins with, if all of them may stand here.
#[cold]
#[inline(never)]
fn skip_non_ascii(text: &[u8], part: u8) -> Option<&[u8]> {
    let end = text.iter().position(u8::is_ascii).unwrap_or(text.len());
    let (run, rest) = text.split_at_checked(end)?;
    let run = core::str::from_utf8(run).ok()?;
    run.chars().all(|c| is_ucschar(c) || (part == QUERY && is_iprivate(c))).then_some(rest)
}

/// RFC 3987's ucschar but for the bidirectional controls, of which its section 4.1 says that they
/// must not stand in an IRI. (Surrogates are no `char`s.)
fn is_ucschar(c: char) -> bool {
    match c {
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => false,
        '\u{A0}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFEF}' => true,
        '\u{E0000}'..='\u{E0FFF}' => false,
        '\u{10000}'..='\u{EFFFF}' => u32::from(c) & 0xFFFF <= 0xFFFD,
        _ => false,
    }
}

fn is_iprivate(c: char) -> bool {
    match c {
        '\u{E000}'..='\u{F8FF}' => true,
        '\u{F0000}'..='\u{10FFFF}' => u32::from(c) & 0xFFFF <= 0xFFFD,
        _ => false,
    }
}

/// IPv6address, RFC 3986, section 3.2.2: eight groups, of which one `::` stands for one or more.
#[inline(never)]
fn is_ipv6(text: &[u8]) -> bool {
    let gap = text.windows(2).position(|pair| pair == b"::");
    let Some((head, tail)) = gap.and_then(|gap| text.split_at_checked(gap)) else {
        return groups(text, true) == Some(8);
    };
    let tail = tail.get(2..).unwrap_or_default();
    match (groups(head, false), groups(tail, true)) {
        (Some(head), Some(tail)) => head.saturating_add(tail) <= 7,
        _ => false,
    }
}

/// How many groups of sixteen bits stand here; the last two may be written as an IPv4address.
fn groups(text: &[u8], ipv4_may_end: bool) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0_usize;
    let mut pieces = text.split(|byte| *byte == b':').peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        let width = if is_h16(piece) {
            1
        } else if is_last && ipv4_may_end && is_ipv4(piece) {
            2
        } else {
            return None;
        };
        count = count.saturating_add(width);
    }
    Some(count)
}

fn is_h16(text: &[u8]) -> bool {
    matches!(text.len(), 1..=4) && text.iter().all(u8::is_ascii_hexdigit)
}

/// IPv4address: four numbers up to 255 without leading zeros.
fn is_ipv4(text: &[u8]) -> bool {
    let is_octet = |text: &[u8]| {
        matches!(
            text,
            [b'0'..=b'9']
                | [b'1'..=b'9', b'0'..=b'9']
                | [b'1', b'0'..=b'9', b'0'..=b'9']
                | [b'2', b'0'..=b'4', b'0'..=b'9']
                | [b'2', b'5', b'0'..=b'5']
        )
    };
    let mut octets = text.split(|byte| *byte == b'.');
    octets.clone().count() == 4 && octets.all(is_octet)
}

/// IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
fn is_ip_future(text: &[u8]) -> bool {
    let [b'v' | b'V', rest @ ..] = text else {
        return false;
    };
    let Some(dot) = rest.iter().position(|byte| *byte == b'.') else {
        return false;
    };
    let (version, address) = (rest.get(..dot).unwrap_or_default(), rest.get(dot..).unwrap_or_default());
    let address = address.get(1..).unwrap_or_default();
    !version.is_empty()
        && version.iter().all(u8::is_ascii_hexdigit)
        && !address.is_empty()
        && address.iter().all(|byte| *byte == b':' || class(*byte) & HOST != 0)
}

/// The parts of an IRI, as bits of [`CLASSES`]: the ASCII characters that may stand there.
const HOST: u8 = 1;
const PATH: u8 = 2;
const QUERY: u8 = 4;
const FRAGMENT: u8 = 8;
const ALL: u8 = 0b1111;
const FROM_PATH_ON: u8 = 0b1110;
const FROM_QUERY_ON: u8 = 0b1100;

#[inline(always)]
fn class(byte: u8) -> u8 {
    // Every index is there, which the compiler sees.
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

static CLASSES: [u8; 256] = classes();

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "runs at compile time only")]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        let parts = match byte as u8 {
            // unreserved, then sub-delims
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => ALL,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => ALL,
            b':' | b'@' | b'/' => FROM_PATH_ON,
            b'?' => FROM_QUERY_ON,
            _ => 0,
        };
        classes[byte] = parts;
        byte += 1;
    }
    classes
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use fluent_uri::Iri;
    use proptest::prelude::*;
    use std::string::String;

    #[test]
    fn accepted() {
        for (value, scheme) in [
            ("http://a", Scheme::Http),
            ("https://a", Scheme::Https),
            ("HTTPS://A.example/", Scheme::Https),
            ("hTtP://a", Scheme::Http),
            ("https://a.example/b/c;d=1,2/e:f@g//h", Scheme::Https),
            ("https://a?b", Scheme::Https),
            ("https://a#b", Scheme::Https),
            ("https://a/?/?:@#/?:@", Scheme::Https),
            ("https://a?#", Scheme::Https),
            ("https://a:", Scheme::Https),
            ("https://a:/", Scheme::Https),
            ("https://a:0", Scheme::Https),
            ("https://a:65535?x", Scheme::Https),
            ("https://a:00000000000000000000443/", Scheme::Https),
            ("https://1.2.3.4", Scheme::Https),
            ("https://999.2.3.4", Scheme::Https),
            ("https://.", Scheme::Https),
            ("https://%20/%aF", Scheme::Https),
            ("https://a_b!$&'()*+,;=~-", Scheme::Https),
            ("https://пример.рф/путь?ключ=значение#якорь", Scheme::Https),
            ("https://a/\u{A0}\u{3000}\u{D7FF}\u{F900}\u{FDCF}\u{FDF0}\u{FFEF}", Scheme::Https),
            ("https://a/\u{10000}\u{1FFFD}\u{E1000}\u{EFFFD}", Scheme::Https),
            ("https://a/?\u{E000}\u{F8FF}\u{F0000}\u{FFFFD}\u{100000}\u{10FFFD}", Scheme::Https),
            ("https://[::]", Scheme::Https),
            ("https://[::1]:443/", Scheme::Https),
            ("https://[1:2:3:4:5:6:7:8]", Scheme::Https),
            ("https://[1:2:3:4:5:6:7::]", Scheme::Https),
            ("https://[::2:3:4:5:6:7:8]", Scheme::Https),
            ("https://[1:2:3:4:5:6:255.0.10.199]", Scheme::Https),
            ("https://[::ffff:1.2.3.4]", Scheme::Https),
            ("https://[2001:DB8::aBcD]?x", Scheme::Https),
            ("https://[v1.a:b]", Scheme::Https),
            ("https://[VfF.~!]", Scheme::Https),
        ] {
            assert_eq!(http_iri(value.as_bytes()), Some(scheme), "{value:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn refused() {
        for value in [
            "", "h", "http", "http:", "http:/", "http://", "https://", "http:a", "http:/a", "ftp://a", "httpss://a",
            "://a", "//a", "a", " http://a", "http://a ", "http://a b", "https:// a", "http:///a", "http://:80", "http://?a",
            "http://#a", "http://a:b", "http://a:65536", "http://a:99999999999999999999999", "http://a:-1",
            "http://a:8 0", "http://a:80:80", "http://a:80a", "http://a@b", "http://@b", "http://a:b@c", "http://a/%", "http://a/%4",
            "http://a/%4g", "http://%zz/", "http://a?%", "http://a#%0", "http://a#b#c", "http://a/\\", "http://a\\b",
            "http://a/<", "http://a/>", "http://a/\"", "http://a/{", "http://a/|", "http://a/}", "http://a/^",
            "http://a/`", "http://a/[", "http://a/?]", "http://a/\x7F", "http://a/\n", "http://a/\u{80}", "http://a/\u{9F}",
            "http://a/\u{E000}", "http://\u{E000}", "http://a#\u{E000}", "http://a/\u{F0000}", "http://a/\u{FDD0}",
            "http://a/\u{FFF0}", "http://a/\u{FFFF}", "http://a/\u{1FFFE}", "http://a/\u{E0001}", "http://a/\u{E0FFF}",
            "http://a/?\u{FFFFE}", "http://a/?\u{10FFFF}", "http://a/\u{200E}", "http://a/\u{200F}", "http://a/\u{202A}",
            "http://a/?\u{202E}", "http://a/#\u{2066}", "http://\u{2069}a", "http://[", "http://[]", "http://[::1",
            "http://[::1]a", "http://[::1]:a", "http://[::1]@a", "http://[:]", "http://[:::]", "http://[1]", "http://[1::2::3]",
            "http://[1:2:3:4:5:6:7]", "http://[1:2:3:4:5:6:7:8:9]", "http://[1:2:3:4:5:6:7:8::]", "http://[::1:2:3:4:5:6:7:8]",
            "http://[1:2:3:4::5:6:7:8]", "http://[12345::]", "http://[g::]", "http://[:1::]", "http://[1:::2]", "http://[::1:]",
            "http://[1.2.3.4::]", "http://[1.2.3.4]", "http://[::1.2.3]", "http://[::1.2.3.4.5]", "http://[::01.2.3.4]",
            "http://[::1.2.3.256]", "http://[1:2:3:4:5:6:7:1.2.3.4]", "http://[::1.2.3.4:1]", "http://[fe80::1%25en0]", "http://[v.a]",
            "http://[v1.]", "http://[v1]", "http://[vg.a]", "http://[v1.a/b]", "http://[v1.ж]", "http://[::1]]", "http://a]",
        ] {
            assert_eq!(http_iri(value.as_bytes()), None, "{value:?}");
        }
    }

    /// The same rule by fluent-uri's parser and core's port and address parsers.
    fn oracle(value: &str) -> Option<Scheme> {
        let iri = Iri::parse(value).ok()?;
        let scheme = match iri.scheme().as_str() {
            s if s.eq_ignore_ascii_case("http") => Scheme::Http,
            s if s.eq_ignore_ascii_case("https") => Scheme::Https,
            _ => return None,
        };
        let authority = iri.authority()?;
        let port = authority.port().map_or("", |port| port.as_str()).trim_start_matches('0');
        let port_exists = port.is_empty() || port.parse::<u16>().is_ok();
        let unseen = |c: char| matches!(u32::from(c), 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069);
        let good = !authority.host().is_empty() && !authority.as_str().contains('@') && port_exists;
        (good && !value.contains(unseen)).then_some(scheme)
    }

    fn near_iri() -> impl Strategy<Value = String> {
        let part = |set: &'static str| proptest::string::string_regex(set).unwrap();
        (
            part("(http|https|HTTP|hTTps|ftp|http){1}:?/{0,3}"),
            part("([a-z.]{1,6}|[a-zA-Z0-9._~!$&'()*+,;=%@ж-]{0,6}|\\[[0-9a-fv:.]{0,12}\\]|%4[0-9a-g])"),
            part("(:[0-9]{0,7})?"),
            part("(/[a-z0-9:@/%ж\u{E000}\u{202E} -]{0,8}|[/?#]{0,2})"),
            part("(\\?[a-z0-9:@/?%\\[\u{E000}\u{F0000}\u{FFFF}]{0,8})?"),
            part("(#[a-z0-9:@/?%#\u{E000}\u{A0}\u{85}]{0,8})?"),
        )
            .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn as_fluent_uri_has_it(value in near_iri()) {
            prop_assert_eq!(http_iri(value.as_bytes()), oracle(&value));
        }

        #[test]
        fn ip_addresses_as_core_has_them(value in "([0-9a-f]{0,5}:){0,9}([0-9a-f]{0,5}|[0-9]{1,3}(\\.[0-9]{1,3}){3})") {
            prop_assert_eq!(is_ipv6(value.as_bytes()), value.parse::<Ipv6Addr>().is_ok());
        }

        #[test]
        fn ipv6_in_the_short_forms(value in "(::|1:)?(2:){0,7}(:|::)?(3:){0,7}(4|1.2.3.4)?") {
            prop_assert_eq!(is_ipv6(value.as_bytes()), value.parse::<Ipv6Addr>().is_ok());
        }

        #[test]
        fn ipv4_as_core_has_it(value in "[0-9]{0,4}(\\.[0-9]{0,3}){2,4}") {
            prop_assert_eq!(is_ipv4(value.as_bytes()), value.parse::<Ipv4Addr>().is_ok());
        }

        #[test]
        fn total_on_bytes(start in "(http://)?(a|\\[)?", rest in proptest::collection::vec(any::<u8>(), 0..24)) {
            let value = [start.as_bytes(), &rest].concat();
            http_iri(&value);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn every_character_in_every_part_as_fluent_uri_has_it() {
        for prefix in ["https://", "https://a/", "https://a?", "https://a#"] {
            for c in '\0'..=char::MAX {
                // Beyond the first plane the ends of each and of the one range inside of one will do.
                if c > '\u{FFFF}' && !matches!(u32::from(c) & 0xFFFF, 0 | 0xFFF | 0x1000 | 0xFFFD..) {
                    continue;
                }
                let value = std::format!("{prefix}{c}");
                assert_eq!(http_iri(value.as_bytes()), oracle(&value), "{value:?}");
            }
        }
    }
}
