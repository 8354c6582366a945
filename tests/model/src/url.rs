//! IRIs, straight from the grammar of RFC 3987 (and of RFC 3986 for IP literals).

/// "an IRI (RFC 3987) with scheme `http` or `https` (in any case, not rewritten) and a host; a
/// fragment may stand; port empty or 0–65535; no `@` in the authority; none of U+200E, U+200F,
/// U+202A–U+202E, U+2066–U+2069".
pub(crate) fn is_valid(text: &str) -> bool {
    if text.chars().any(is_bidi_mark) {
        return false;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return false;
    }
    // IRI = scheme ":" ihier-part [ "?" iquery ] [ "#" ifragment ]
    let (rest, fragment) = split_at_first(rest, '#');
    let (hierarchy, query) = split_at_first(rest, '?');
    // ihier-part = "//" iauthority ipath-abempty; the other forms have no host.
    let Some(hierarchy) = hierarchy.strip_prefix("//") else { return false };
    let slash = hierarchy.find('/').unwrap_or(hierarchy.len());
    let (authority, path) = hierarchy.split_at(slash);
    is_authority(authority) && is_path(path) && query.is_none_or(is_query) && fragment.is_none_or(is_fragment)
}

/// "plain `http` warns `insecure_url`".
pub(crate) fn is_insecure(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("http"))
}

fn is_bidi_mark(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
    is_host_name(host) && port.is_none_or(is_port)
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
/// one as well.
fn is_host_name(host: &str) -> bool {
    !host.is_empty() && each(host, |character| is_iunreserved(character) || is_sub_delim(character))
}

/// `ipath-abempty = *( "/" isegment )`, `isegment = *ipchar`
fn is_path(path: &str) -> bool {
    (path.is_empty() || path.starts_with('/')) && each(path, |character| is_ipchar(character) || character == '/')
}

/// `iquery = *( ipchar / iprivate / "/" / "?" )`
fn is_query(query: &str) -> bool {
    each(query, |character| is_ipchar(character) || is_iprivate(character) || "/?".contains(character))
}

/// `ifragment = *( ipchar / "/" / "?" )`
fn is_fragment(fragment: &str) -> bool {
    each(fragment, |character| is_ipchar(character) || "/?".contains(character))
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
