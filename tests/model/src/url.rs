//! IRIs, straight from the grammar of RFC 3987 (and of RFC 3986 for IP literals).

use crate::literal::{Content, Edit, Letter, in_order};
use crate::text::{is_invisible, units};

/// "at most 4,000".
pub(crate) const MAX: u64 = 4000;

/// The parts of a URL with a host: `iauthority`, `ipath-abempty`, `iquery` and `ifragment`.
struct Parts<'a> {
    authority: &'a str,
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

/// `IRI = scheme ":" "//" iauthority ipath-abempty [ "?" iquery ] [ "#" ifragment ]`, "with scheme
/// `http` or `https` (in any case, not rewritten)"; the grammar's other forms have no host.
fn parts(text: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = text.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let (rest, fragment) = split_at_first(rest, '#');
    let (hierarchy, query) = split_at_first(rest, '?');
    let hierarchy = hierarchy.strip_prefix("//")?;
    let slash = hierarchy.find('/').unwrap_or(hierarchy.len());
    let (authority, path) = hierarchy.split_at(slash);
    Some(Parts { authority, path, query: query.unwrap_or_default(), fragment: fragment.unwrap_or_default() })
}

/// "an IRI (RFC 3987) with scheme `http` or `https` and a host; a fragment may stand; port empty or
/// 0–65535; no `@` in the authority; …; no white space and no invisible character".
pub(crate) fn is_valid(text: &str) -> bool {
    let Some(Parts { authority, path, query, fragment }) = parts(text) else { return false };
    !text.chars().any(|character| character.is_whitespace() || is_invisible(character))
        && is_authority(authority)
        && is_path(path)
        && is_query(query)
        && is_fragment(fragment)
}

/// "Plain `http` warns `insecure_url`."
pub(crate) fn is_insecure(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("http"))
}

/// "Beyond RFC 3987 path, query and fragment may hold ``[ ] { } | ^ ` `` as they are, as S3, CDNs and
/// PHP write them: warns `unescaped_url`."
fn is_unescaped(character: char) -> bool {
    "[]{}|^`".contains(character)
}

/// The first of those outside the authority; it warns `unescaped_url`.
pub(crate) fn unescaped(content: &Content) -> Option<Letter> {
    let text = content.text();
    let Parts { authority, .. } = parts(&text)?;
    // The scheme, `://` and the authority come before.
    let scheme = text.find(':')?;
    let before = text[..scheme].chars().count() + 3 + authority.chars().count();
    content.letters[before..].iter().copied().find(|letter| letter.character.is_some_and(is_unescaped))
}

/// "`related` of `invalid_url`: the first that no URL of §3 can hold anywhere, or a `%` without two
/// hexadecimal digits".
pub(crate) fn spoiler(content: &Content) -> Option<Letter> {
    let text: Vec<char> = content.text().chars().collect();
    let is_held = |character: char| {
        (is_ipchar(character) || is_iprivate(character) || is_unescaped(character) || "/?#%".contains(character))
            && !character.is_whitespace()
            && !is_invisible(character)
    };
    let index = (0..text.len()).find(|&index| !is_held(text[index]) || is_lone_percent(&text, index))?;
    Some(content.letters[index])
}

/// "a `%` without two hexadecimal digits".
fn is_lone_percent(text: &[char], index: usize) -> bool {
    text[index] == '%' && !hexadecimal(text, index + 1, 2)
}

fn hexadecimal(text: &[char], from: usize, count: usize) -> bool {
    text.get(from..from + count).is_some_and(|digits| digits.iter().all(char::is_ascii_hexdigit))
}

/// "`invalid_url` and `unescaped_url`, where the URL is one of §3 without a warning of
/// `unescaped_url` after it: outside the authority, space, `"`, `<`, `>`, ``[ ] { } | ^ ` `` and a `%`
/// without two hexadecimal digits percent-encoded, `\` made `/`".
pub(crate) fn fix(content: &Content) -> Option<Vec<Edit>> {
    let text: Vec<char> = content.text().chars().collect();
    let authority = authority_range(&text);
    let is_wrong = |index: usize| {
        let character = text[index];
        let spoils = " \"<>\\".contains(character) || is_unescaped(character) || is_lone_percent(&text, index);
        spoils && !authority.contains(&index)
    };
    let wrong: Vec<usize> = (0..text.len()).filter(|&index| is_wrong(index)).collect();
    let first = *wrong.first()?;
    // "none where a `#` stands behind one of these (it may belong to a file's name) or a `%u`, in
    // either case, has four hexadecimal digits".
    let hash = text[first..].contains(&'#');
    let is_unicode_escape = |index: usize| {
        text[index] == '%' && matches!(text.get(index + 1), Some('u' | 'U')) && hexadecimal(&text, index + 2, 4)
    };
    if !content.plain || hash || (0..text.len()).any(is_unicode_escape) {
        return None;
    }
    // "`%25` for a `%`; hexadecimal digits in capitals".
    let written = |index: usize| match text[index] {
        '\\' => "/".to_owned(),
        character => format!("%{:02X}", character as u32),
    };
    let edits = wrong.iter().map(|&index| content.letters[index].replaced(&written(index))).collect();
    let mended: String = (0..text.len())
        .map(|index| if wrong.contains(&index) { written(index) } else { text[index].to_string() })
        .collect();
    if units(&mended) > MAX || !is_valid(&mended) { None } else { in_order(edits) }
}

/// Where the authority of a URL stands that may not be one: from behind `http://` or `https://` to
/// the first `/`, `?` or `#`. Without `//` there is none.
fn authority_range(text: &[char]) -> std::ops::Range<usize> {
    let lower: String = text.iter().collect::<String>().to_ascii_lowercase();
    let scheme = ["http://", "https://"].into_iter().find(|scheme| lower.starts_with(scheme));
    let Some(start) = scheme.map(str::len) else { return 0..0 };
    let length = text[start..].iter().position(|character| "/?#".contains(*character));
    start..length.map_or(text.len(), |length| start + length)
}

/// "A host that only machines nearby can reach warns `private_host`, in any case of letters, a dot at
/// the end left out."
pub(crate) fn is_private(text: &str) -> bool {
    let Some(Parts { authority, .. }) = parts(text) else { return false };
    if let Some(literal) = authority.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
        return literal.parse().is_ok_and(is_private_ipv6);
    }
    let host = split_at_first(authority, ':').0.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let labels: Vec<&str> = host.split('.').collect();
    if is_ipv4(host) {
        return host.parse().is_ok_and(is_private_ipv4);
    }
    let nearby = [
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "lan",
        "home",
        "test",
        "invalid",
    ];
    match labels[..] {
        // "a name without a dot".
        [_] => true,
        [.., "home", "arpa"] => true,
        [.., last] => nearby.contains(&last) || is_number(last),
        [] => false,
    }
}

/// "one or more digits or `0x` with hexadecimal digits or none".
fn is_number(label: &str) -> bool {
    let digits = !label.is_empty() && label.chars().all(|character| character.is_ascii_digit());
    let hexadecimal = label.strip_prefix("0x").is_some_and(|rest| rest.chars().all(|one| one.is_ascii_hexdigit()));
    digits || hexadecimal
}

/// "0/8, 10/8, 100.64/10, 127/8, 169.254/16, 172.16/12 or 192.168/16".
fn is_private_ipv4(address: std::net::Ipv4Addr) -> bool {
    matches!(
        address.octets(),
        [0 | 10 | 127, ..] | [100, 64..=127, ..] | [169, 254, ..] | [172, 16..=31, ..] | [192, 168, ..]
    )
}

/// "`::`, `::1`, in fc00::/7 or fe80::/10, or an IPv4-mapped one (::ffff:0:0/96) of such an IPv4
/// address".
fn is_private_ipv6(address: std::net::Ipv6Addr) -> bool {
    let [first, .., last] = address.segments();
    let zeros_before_last = address.segments()[..7].iter().all(|group| *group == 0);
    (zeros_before_last && last <= 1)
        || first & 0xFE00 == 0xFC00
        || first & 0xFFC0 == 0xFE80
        || address.to_ipv4_mapped().is_some_and(is_private_ipv4)
}

fn split_at_first(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// `iauthority = [ iuserinfo "@" ] ihost [ ":" port ]`, without the first part, and with a host.
fn is_authority(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        let Some((literal, after)) = rest.split_once(']') else { return false };
        let port = match after.strip_prefix(':') {
            Some(port) => port,
            None if after.is_empty() => "",
            None => return false,
        };
        return (is_ipv6(literal) || is_ip_future(literal)) && is_port(port);
    }
    let (host, port) = split_at_first(authority, ':');
    is_host_name(host) && port.is_none_or(is_port) && !is_scheme_pasted_twice(host, port)
}

/// "the host is not `http` or `https`, in any case of letters, with an empty port (a scheme pasted
/// twice)".
fn is_scheme_pasted_twice(host: &str, port: Option<&str>) -> bool {
    (host.eq_ignore_ascii_case("http") || host.eq_ignore_ascii_case("https")) && port == Some("")
}

/// `port = *DIGIT`, "empty or 0–65535".
fn is_port(port: &str) -> bool {
    if !port.chars().all(|character| character.is_ascii_digit()) {
        return false;
    }
    let significant = port.trim_start_matches('0');
    significant.len() <= 5 && significant.parse::<u32>().unwrap_or(0) <= 65535
}

/// `ireg-name = *( iunreserved / pct-encoded / sub-delims )`, not empty; every IPv4address is
/// one as well. It "holds none of U+2010–U+2015, U+2212 and U+FFFD".
fn is_host_name(host: &str) -> bool {
    let is_dash = |character: char| matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FFFD}');
    let is_allowed = |character: char| is_iunreserved(character) || is_sub_delim(character);
    !host.is_empty() && each(host, |character| is_allowed(character) && !is_dash(character))
}

/// `ipath-abempty = *( "/" isegment )`, `isegment = *ipchar`
fn is_path(path: &str) -> bool {
    (path.is_empty() || path.starts_with('/'))
        && each(path, |character| is_ipchar(character) || is_unescaped(character) || character == '/')
}

/// `iquery = *( ipchar / iprivate / "/" / "?" )`
fn is_query(query: &str) -> bool {
    let is_allowed = |character: char| is_ipchar(character) || is_iprivate(character) || "/?".contains(character);
    each(query, |character| is_allowed(character) || is_unescaped(character))
}

/// `ifragment = *( ipchar / "/" / "?" )`
fn is_fragment(fragment: &str) -> bool {
    each(fragment, |character| is_ipchar(character) || is_unescaped(character) || "/?".contains(character))
}

/// True where every character is allowed, or begins `pct-encoded = "%" HEXDIG HEXDIG`.
fn each(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let is_hex = |index: usize| characters.get(index).is_some_and(char::is_ascii_hexdigit);
    (0..characters.len()).all(|index| match characters[index] {
        '%' => is_hex(index + 1) && is_hex(index + 2),
        character => allowed(character),
    })
}

/// `ipchar = iunreserved / pct-encoded / sub-delims / ":" / "@"`
fn is_ipchar(character: char) -> bool {
    is_iunreserved(character) || is_sub_delim(character) || ":@".contains(character)
}

/// `iunreserved = ALPHA / DIGIT / "-" / "." / "_" / "~" / ucschar`
fn is_iunreserved(character: char) -> bool {
    is_unreserved(character) || is_ucschar(character)
}

fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~".contains(character)
}

fn is_sub_delim(character: char) -> bool {
    "!$&'()*+,;=".contains(character)
}

fn is_ucschar(character: char) -> bool {
    matches!(character as u32,
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF
        | 0x10000..=0x1FFFD | 0x20000..=0x2FFFD | 0x30000..=0x3FFFD
        | 0x40000..=0x4FFFD | 0x50000..=0x5FFFD | 0x60000..=0x6FFFD
        | 0x70000..=0x7FFFD | 0x80000..=0x8FFFD | 0x90000..=0x9FFFD
        | 0xA0000..=0xAFFFD | 0xB0000..=0xBFFFD | 0xC0000..=0xCFFFD
        | 0xD0000..=0xDFFFD | 0xE1000..=0xEFFFD)
}

fn is_iprivate(character: char) -> bool {
    matches!(character as u32, 0xE000..=0xF8FF | 0xF0000..=0xFFFFD | 0x100000..=0x10FFFD)
}

/// `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`
fn is_ip_future(literal: &str) -> bool {
    let Some(rest) = literal.strip_prefix(['v', 'V']) else { return false };
    let Some((version, address)) = rest.split_once('.') else { return false };
    let allowed = |character| is_unreserved(character) || is_sub_delim(character) || character == ':';
    !version.is_empty()
        && version.chars().all(|character| character.is_ascii_hexdigit())
        && !address.is_empty()
        && address.chars().all(allowed)
}

/// `IPv6address`: the grammar's nine lines. Without `::` there are eight groups; with it `n`
/// groups after and at most `7 - n` before.
fn is_ipv6(literal: &str) -> bool {
    match literal.split_once("::") {
        None => groups(literal, true) == Some(8),
        Some((before, after)) => {
            let before = if before.is_empty() { Some(0) } else { groups(before, false) };
            let after = if after.is_empty() { Some(0) } else { groups(after, true) };
            matches!((before, after), (Some(before), Some(after)) if before + after <= 7)
        }
    }
}

/// How many groups of 16 bits: h16 each, and an IPv4 address (two groups) if it may end in one.
fn groups(text: &str, may_end_in_ipv4: bool) -> Option<usize> {
    let parts: Vec<&str> = text.split(':').collect();
    let mut count = 0;
    for (index, part) in parts.iter().enumerate() {
        if is_h16(part) {
            count += 1;
        } else if may_end_in_ipv4 && index + 1 == parts.len() && is_ipv4(part) {
            count += 2;
        } else {
            return None;
        }
    }
    Some(count)
}

/// `h16 = 1*4HEXDIG`
fn is_h16(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.chars().all(|character| character.is_ascii_hexdigit())
}

/// `IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet`
fn is_ipv4(text: &str) -> bool {
    let octets: Vec<&str> = text.split('.').collect();
    octets.len() == 4 && octets.into_iter().all(is_dec_octet)
}

/// `dec-octet`: 0 to 255 without leading zeros.
fn is_dec_octet(text: &str) -> bool {
    (0..=255).any(|octet: u32| octet.to_string() == text)
}
