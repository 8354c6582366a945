//! Absolute `http` and `https` addresses: an IRI by RFC 3987, section 2.2, with what the endpoint
//! needs beyond the grammar: a host, a port that exists, no user information, and no character that
//! cannot be seen or that is easily taken for another one. It may hold, too, what S3, CDNs and PHP do
//! not encode.
//!
//! ```text
//! IRI        = scheme ":" "//" iauthority ipath-abempty [ "?" iquery ] [ "#" ifragment ]
//! iauthority = ihost [ ":" port ]         ihost = IP-literal / ireg-name
//! ```
//! (An IPv4address is an ireg-name too.)

use super::white_space::{is_invisible, is_white_space};
use crate::word::block::{BLOCKS, Block};

/// The scheme of an address, which is written in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// What an address is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HttpIri<'a> {
    pub(crate) scheme: Scheme,
    /// As it stands, with the brackets of an IP literal.
    pub(crate) host: &'a [u8],
    /// Path, query or fragment hold characters that RFC 3987 wants encoded.
    pub(crate) is_unescaped: bool,
}

/// The address, if the value keeps the rule.
#[inline]
pub(crate) fn http_iri(value: &[u8]) -> Option<HttpIri<'_>> {
    let (scheme, authority) = scheme(value)?;
    let rest = after_host(authority)?;
    let host = authority.get(..authority.len().saturating_sub(rest.len()))?;
    if rest.starts_with(b":") && is_pasted_twice(host, rest) {
        return None;
    }
    let rest = port(rest)?;
    let mut is_unescaped = false;
    let rest = match rest {
        [b'/', ..] => skip(rest, PATH, &mut is_unescaped),
        _ => rest,
    };
    let rest = match rest {
        [b'?', query @ ..] => skip(query, QUERY, &mut is_unescaped),
        _ => rest,
    };
    let rest = match rest {
        [b'#', fragment @ ..] => skip(fragment, FRAGMENT, &mut is_unescaped),
        _ => rest,
    };
    rest.is_empty().then_some(HttpIri { scheme, host, is_unescaped })
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

/// Whether the host is another scheme, with an empty port behind it: `http://https://…`.
#[cold]
fn is_pasted_twice(host: &[u8], port: &[u8]) -> bool {
    (host.eq_ignore_ascii_case(b"http") || host.eq_ignore_ascii_case(b"https"))
        && !port.get(1).is_some_and(u8::is_ascii_digit)
}

/// What follows the host, which is not empty.
#[inline]
fn after_host(text: &[u8]) -> Option<&[u8]> {
    if let [b'[', literal @ ..] = text {
        let end = literal.iter().position(|byte| *byte == b']')?;
        let (literal, rest) = literal.split_at_checked(end)?;
        return (ipv6(literal).is_some() || is_ip_future(literal)).then_some(rest.get(1..)?);
    }
    let rest = skip(text, HOST, &mut false);
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
fn skip<'a>(text: &'a [u8], part: u8, is_unescaped: &mut bool) -> &'a [u8] {
    let mut rest = text;
    loop {
        if BLOCKS {
            rest = skip_blocks(rest, part);
        }
        // A character that is less common seldom stands alone: no block is tried between two of them.
        for _ in 0..Block::LEN {
            rest = match rest {
                [byte, after @ ..] if class(*byte) & part != 0 => after,
                [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
                [0x80..=0xFF, ..] => match skip_non_ascii(rest, part) {
                    Some(after) => after,
                    None => return rest,
                },
                [byte, after @ ..] if class(*byte) == UNESCAPED && part != HOST => {
                    *is_unescaped = true;
                    after
                }
                _ => return rest,
            };
        }
    }
}

/// What follows the most common characters, as far as there are whole blocks: letters, digits, `-`, `.`, `_`, `~`,
/// encoded characters, and behind the host slashes.
#[inline(never)]
fn skip_blocks(text: &[u8], part: u8) -> &[u8] {
    let mut at = 0_usize;
    // Where digits of encoded characters have to stand: whether they do is no branch for each.
    let mut owed = 0;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let block = Block::of(bytes);
        let percent = block.is(b'%').bits();
        owed |= percent << 1 | percent << 2;
        let run = ((common(block, part) | percent) & !(owed & !hex(block))).trailing_ones();
        if run < Block::LEN {
            at = at.wrapping_add(run as usize);
            break;
        }
        // By a number that does not come from this block, so that the next one is loaded without waiting for it.
        at = at.wrapping_add(Block::LEN as usize);
        owed >>= Block::LEN;
    }
    // One that is not whole is for the caller to judge.
    let begun = match text.get(..at) {
        Some([.., b'%']) => 1,
        Some([.., b'%', _]) => 2,
        _ => 0,
    };
    text.get(at.wrapping_sub(begun)..).unwrap_or_default()
}

/// Letters, digits, `-`, `.`, `_`, `~`, and behind the host slashes.
#[inline(always)]
fn common(block: Block, part: u8) -> u32 {
    // Dash, dot and slash stand before the digits.
    let digits = block.at_least(b'-') & block.at_most(b'9');
    let capitals = block.masked(!0x20);
    let letters = capitals.at_least(b'A') & capitals.at_most(b'Z');
    let common = (digits | letters | block.is(b'_') | block.is(b'~')).bits();
    if part == HOST { common & !block.is(b'/').bits() } else { common }
}

/// Hexadecimal digits.
#[inline(always)]
fn hex(block: Block) -> u32 {
    let capitals = block.masked(!0x20);
    (block.at_least(b'0') & block.at_most(b'9') | capitals.at_least(b'A') & capitals.at_most(b'F')).bits()
}

/// What follows the non-ASCII character that `text` begins with, if it may stand here.
#[inline(never)]
fn skip_non_ascii(text: &[u8], part: u8) -> Option<&[u8]> {
    let (c, rest) = first_char(text)?;
    let may_stand = match part {
        HOST => is_ucschar(c) && !is_dash(c),
        QUERY => is_ucschar(c) || is_iprivate(c),
        _ => is_ucschar(c),
    };
    may_stand.then_some(rest)
}

/// The character that `text` begins with, and what follows it.
fn first_char(text: &[u8]) -> Option<(char, &[u8])> {
    let length = match text {
        [0..=0x7F, ..] => 1,
        // Most that stand in addresses: taking them apart here takes a third of the time.
        [first @ 0xC2..=0xDF, next @ 0x80..=0xBF, rest @ ..] => {
            let c = char::from_u32(u32::from(first & 0x1F) << 6 | u32::from(next & 0x3F))?;
            return Some((c, rest));
        }
        [0..=0xDF, ..] => 2,
        [0..=0xEF, ..] => 3,
        _ => 4,
    };
    let (bytes, rest) = text.split_at_checked(length)?;
    Some((core::str::from_utf8(bytes).ok()?.chars().next()?, rest))
}

/// RFC 3987's ucschar but for white space and invisible characters, among them the bidirectional
/// controls, of which its section 4.1 says that they must not stand in an IRI. (Surrogates are no `char`s.)
fn is_ucschar(c: char) -> bool {
    match c {
        '\u{A0}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFEF}' => {
            !is_white_space(c) && !is_invisible(c)
        }
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

/// The dashes that word processors put in the place of a hyphen, of which no host has one.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether some address can hold the character somewhere. A percent sign is one that begins an encoding.
pub(crate) fn may_hold(c: char) -> bool {
    match u8::try_from(c) {
        Ok(byte @ 0..0x80) => class(byte) != 0 || matches!(byte, b'%' | b'#'),
        _ => is_ucschar(c) || is_iprivate(c),
    }
}

/// Whether the character may stand outside the authority as it is, and is usually encoded.
pub(crate) fn is_unescaped(c: char) -> bool {
    u8::try_from(c).is_ok_and(|byte| class(byte) == UNESCAPED)
}

/// IPv6address, RFC 3986, section 3.2.2: eight groups, of which one `::` stands for one or more.
#[inline(never)]
pub(crate) fn ipv6(text: &[u8]) -> Option<u128> {
    let gap = text.windows(2).position(|pair| pair == b"::");
    let Some((head, tail)) = gap.and_then(|gap| text.split_at_checked(gap)) else {
        return groups(text, true).filter(|(count, _)| *count == 8).map(|(_, value)| value);
    };
    let (head, high) = groups(head, false)?;
    let (tail, low) = groups(tail.get(2..).unwrap_or_default(), true)?;
    let missing = 8_u32.saturating_sub(head.saturating_add(tail));
    // Of eight groups none is missing, and of none the shift would be too wide.
    let high = high.checked_shl(8_u32.saturating_sub(head).saturating_mul(16)).unwrap_or(0);
    (missing > 0).then_some(high | low)
}

/// The groups of sixteen bits that stand here, at most eight: how many, and their value. The last two
/// may be written as an IPv4address.
fn groups(text: &[u8], ipv4_may_end: bool) -> Option<(u32, u128)> {
    let (mut count, mut value) = (0_u32, 0_u128);
    if text.is_empty() {
        return Some((count, value));
    }
    let mut pieces = text.split(|byte| *byte == b':').peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        let (width, group) = match (h16(piece), ipv4_may_end && is_last) {
            (Some(group), _) => (1_u32, group),
            (None, true) => (2, ipv4(piece)?),
            (None, false) => return None,
        };
        count = count.saturating_add(width);
        value = value.checked_shl(width.saturating_mul(16)).unwrap_or(0) | u128::from(group);
    }
    (count <= 8).then_some((count, value))
}

fn h16(text: &[u8]) -> Option<u32> {
    let digit = |value: u32, byte: &u8| Some(value << 4 | char::from(*byte).to_digit(16)?);
    if matches!(text.len(), 1..=4) { text.iter().try_fold(0, digit) } else { None }
}

/// IPv4address: four numbers up to 255 without leading zeros.
pub(crate) fn ipv4(text: &[u8]) -> Option<u32> {
    let mut count = 0_u32;
    let value = text.split(|byte| *byte == b'.').try_fold(0_u32, |value, octet| {
        count = count.saturating_add(1);
        let digits =
            matches!(octet, [b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']);
        let octet =
            octet.iter().fold(0_u32, |octet, digit| octet.wrapping_mul(10).wrapping_add(u32::from(digit & 0x0F)));
        (digits && octet <= 255 && count <= 4).then_some(value << 8 | octet)
    })?;
    (count == 4).then_some(value)
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
/// Behind the authority, what many writers do not encode.
const UNESCAPED: u8 = 0b1_0000;

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
            b'[' | b']' | b'{' | b'}' | b'|' | b'^' | b'`' => UNESCAPED,
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
            ("https://a/\u{A1}\u{3001}\u{D7FF}\u{F900}\u{FDCF}\u{FDF0}\u{FFEF}", Scheme::Https),
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
            let iri = http_iri(value.as_bytes()).unwrap_or_else(|| panic!("{value:?}"));
            assert_eq!((iri.scheme, iri.is_unescaped), (scheme, false), "{value:?}");
        }
    }

    #[test]
    fn unescaped() {
        for value in ["https://a/[1].jpg", "https://a?b|c", "https://a#{}", "http://[::1]/^`/?[a]#b"] {
            assert!(http_iri(value.as_bytes()).is_some_and(|iri| iri.is_unescaped), "{value:?}");
        }
    }

    #[test]
    fn hosts() {
        for (value, host) in [
            ("https://a", "a"),
            ("https://a:1/b:c", "a"),
            ("https://[::1]:1?", "[::1]"),
            ("https://пример.рф#", "пример.рф"),
            ("http://https", "https"),
            ("http://https:80/", "https"),
            ("http://a%2Fb", "a%2Fb"),
        ] {
            assert_eq!(http_iri(value.as_bytes()).map(|iri| iri.host), Some(host.as_bytes()), "{value:?}");
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
            "http://a/<", "http://a/>", "http://a/\"", "http://{a}", "http://a|b",
            "http://a^", "http://`", "http://a[", "http://a/\x7F", "http://a/\n", "http://a/\u{80}", "http://a/\u{9F}",
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
            "http://a/\u{A0}", "http://a/?\u{3000}", "http://a/#\u{2028}", "http://\u{AD}a", "http://a/\u{200B}", "http://a/\u{FEFF}",
            "http://a\u{2010}b", "http://a\u{2015}b", "http://a\u{2212}b", "http://a\u{FFFD}b", "http://http://a", "https://HTTPS:",
            "http://https:?a", "http://http:/",
        ] {
            assert_eq!(http_iri(value.as_bytes()), None, "{value:?}");
        }
    }

    /// The same rule by fluent-uri's parser and core's port and address parsers.
    fn oracle(value: &str) -> Option<(Scheme, String, bool)> {
        // Behind the authority, what RFC 3987 wants encoded is encoded first.
        let start = value.find("://")? + 3;
        let behind = value[start..].find(['/', '?', '#']).map_or(value.len(), |end| start + end);
        let unescaped = |c: char| "[]{}|^`".contains(c);
        let encoded =
            value[..behind].chars().chain(value[behind..].chars().map(|c| if unescaped(c) { 'x' } else { c }));
        let encoded: String = encoded.collect();
        let iri = Iri::parse(encoded.as_str()).ok()?;
        let scheme = match iri.scheme().as_str() {
            s if s.eq_ignore_ascii_case("http") => Scheme::Http,
            s if s.eq_ignore_ascii_case("https") => Scheme::Https,
            _ => return None,
        };
        let authority = iri.authority()?;
        let port = authority.port().map_or("", |port| port.as_str()).trim_start_matches('0');
        let port_exists = port.is_empty() || port.parse::<u16>().is_ok();
        let pasted = ["http:", "https:"].contains(&&*authority.as_str().to_ascii_lowercase());
        let dashes = "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{FFFD}";
        let good = !authority.host().is_empty()
            && !authority.as_str().contains('@')
            && port_exists
            && !pasted
            && !authority.host().contains(|c| dashes.contains(c))
            && !value.contains(|c: char| c.is_whitespace() || is_invisible(c));
        good.then(|| (scheme, String::from(authority.host()), encoded != value))
    }

    fn found(value: &str) -> Option<(Scheme, String, bool)> {
        let iri = http_iri(value.as_bytes())?;
        Some((iri.scheme, String::from_utf8(iri.host.to_vec()).unwrap(), iri.is_unescaped))
    }

    fn near_iri() -> impl Strategy<Value = String> {
        let part = |set: &'static str| proptest::string::string_regex(set).unwrap();
        (
            part("(http|https|HTTP|hTTps|ftp|http){1}:?/{0,3}"),
            part("([a-z.]{1,6}|https?:?|[a-zA-Z0-9._~!$&'()*+,;=%@ж\u{2011}\u{AD}|-]{0,6}|\\[[0-9a-fv:.]{0,12}\\]|%4[0-9a-g])"),
            part("(:[0-9]{0,7})?"),
            part("(/[a-z0-9:@/%ж\u{E000}\u{202E}\u{2011}{}^` -]{0,8}|[/?#]{0,2})"),
            part("(\\?[a-z0-9:@/?%\\[\u{E000}\u{F0000}\u{FFFF}]{0,8})?"),
            part("(#[a-z0-9:@/?%#\u{E000}\u{A0}\u{85}]{0,8})?"),
        )
            .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn as_fluent_uri_has_it(value in near_iri()) {
            prop_assert_eq!(found(&value), oracle(&value));
        }

        #[test]
        fn long_ones_as_fluent_uri_has_them(
            host in "([a-zA-Z0-9.-]{0,18}(%[0-9a-fA-F]{2}|%[0-9a-gG]?|é|_|/)?){1,3}",
            path in "(([a-zA-Z0-9./_~-]|%[0-9a-fA-F]{2}){0,18}(%[0-9A-G]?|é\u{2003}?|[!?\\[]|\u{E000})?){0,4}"
        ) {
            let value = ["https://", &host, "/", &path].concat();
            prop_assert_eq!(found(&value), oracle(&value));
        }

        #[test]
        fn ip_addresses_as_core_has_them(value in "([0-9a-f]{0,5}:){0,9}([0-9a-f]{0,5}|[0-9]{1,3}(\\.[0-9]{1,3}){3})") {
            prop_assert_eq!(ipv6(value.as_bytes()), value.parse::<Ipv6Addr>().ok().map(u128::from));
        }

        #[test]
        fn ipv6_in_the_short_forms(value in "(::|1:)?(2:){0,7}(:|::)?(3:){0,7}(4|1.2.3.4)?") {
            prop_assert_eq!(ipv6(value.as_bytes()), value.parse::<Ipv6Addr>().ok().map(u128::from));
        }

        #[test]
        fn ipv4_as_core_has_it(value in "[0-9]{0,4}(\\.[0-9]{0,3}){2,4}") {
            prop_assert_eq!(ipv4(value.as_bytes()), value.parse::<Ipv4Addr>().ok().map(u32::from));
        }

        #[test]
        fn total_on_bytes(start in "(http://)?(a|\\[)?", rest in proptest::collection::vec(any::<u8>(), 0..24)) {
            let value = [start.as_bytes(), &rest].concat();
            http_iri(&value);
        }
    }

    // Blocks end in the middle of some.
    #[test]
    fn encoded_characters_at_every_place() {
        for before in (0..40).step_by(if cfg!(miri) { 13 } else { 1 }) {
            for (encoded, good) in [
                ("%4f", true),
                ("%4f%F0%a9", true),
                ("%4", false),
                ("%", false),
                ("%4g", false),
                ("%g4", false),
                ("%%4f", false),
            ] {
                for behind in [0, 1, 20] {
                    let part = ["a".repeat(before), encoded.into(), "/".repeat(behind)].concat();
                    // One part at a time, too: the others would make up for what one lets pass.
                    let all = std::format!("https://{part}/{part}?{part}#{part}");
                    let one =
                        ["https://", "https://a/", "https://a?", "https://a#"].map(|start| [start, &part].concat());
                    for value in one.into_iter().chain([all]) {
                        assert_eq!(http_iri(value.as_bytes()).is_some(), good, "{value:?}");
                        assert_eq!(oracle(&value).is_some(), good, "{value:?}");
                    }
                }
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "hours there")]
    fn every_character_in_every_part_as_fluent_uri_has_it() {
        for c in '\0'..=char::MAX {
            // Beyond the first plane the ends of each and of the one range inside of one will do.
            if c > '\u{FFFF}' && !matches!(u32::from(c) & 0xFFFF, 0 | 0xFFF | 0x1000 | 0xFFFD..) {
                continue;
            }
            let mut anywhere = "%".contains(c);
            for prefix in ["https://", "https://a", "https://a/", "https://a?", "https://a#"] {
                let value = std::format!("{prefix}{c}");
                assert_eq!(found(&value), oracle(&value), "{value:?}");
                let holds = found(&value).is_some();
                assert!(!holds || may_hold(c), "{value:?}");
                anywhere |= holds;
                assert_eq!(
                    found(&value).is_some_and(|(_, _, unescaped)| unescaped),
                    is_unescaped(c) && holds,
                    "{value:?}"
                );
            }
            assert_eq!(anywhere, may_hold(c), "{c:?}");
        }
    }
}
