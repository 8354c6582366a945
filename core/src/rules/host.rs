//! Hosts that only machines nearby can reach (contract §3, `private_host`). A lint for mistakes, no
//! defence: a name can lead anywhere.

use super::iri;
use crate::word::is_same_word;

/// Whether a host, as it stands in a valid URL, is private.
#[inline]
pub(crate) fn is_private(host: &[u8]) -> bool {
    if let [b'[', literal @ .., b']'] = host {
        return iri::ipv6(literal).is_some_and(is_private_v6);
    }
    let name = host.strip_suffix(b".").unwrap_or(host);
    let Some(dot) = name.iter().rposition(|byte| *byte == b'.') else {
        return true;
    };
    let (before, last) = name.split_at_checked(dot).unwrap_or_default();
    let last = last.get(1..).unwrap_or_default();
    match last {
        [b'0'..=b'9', ..] if is_number(last) => iri::ipv4(name).is_none_or(is_private_v4),
        _ => is_private_label(before, last),
    }
}

/// Whether readers take a name with this last label for an address.
fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => label.iter().all(u8::is_ascii_digit),
    }
}

#[inline]
fn is_private_label(before: &[u8], last: &[u8]) -> bool {
    let is = |label: &str| is_same_word(last, label.as_bytes());
    match last.len() {
        3 => is("lan"),
        4 => is("corp") || is("home") || is("test") || (is("arpa") && is_home(before)),
        5 => is("local"),
        7 => is("private") || is("invalid"),
        8 => is("internal") || is("intranet"),
        9 => is("localhost"),
        11 => is("localdomain"),
        _ => false,
    }
}

/// Whether the last label is `home`.
fn is_home(name: &[u8]) -> bool {
    name.rsplit(|byte| *byte == b'.').next().is_some_and(|label| is_same_word(label, b"home"))
}

fn is_private_v4(address: u32) -> bool {
    let [a, b, ..] = address.to_be_bytes();
    match a {
        0 | 10 | 127 => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => b == 168,
        _ => false,
    }
}

fn is_private_v6(address: u128) -> bool {
    let first = (address >> 112) as u16;
    let is_mapped = address >> 32 == 0xFFFF;
    address <= 1                                              // :: and ::1
        || first & 0xFE00 == 0xFC00                           // fc00::/7
        || first & 0xFFC0 == 0xFE80                           // fe80::/10
        || (is_mapped && is_private_v4(address as u32))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use proptest::prelude::*;
    use std::string::String;

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn private() {
        for host in [
            "localhost", "LocalHost", "localhost.", "cdn", "CDN.", ".", "пример", "a.localhost", "a.LOCALDOMAIN", "a.local", "a.b.internal",
            "a.intranet.", "a.private", "a.corp", "a.lan", "a.home", "shop.test", "a.invalid", "home.arpa", "a.Home.ARPA.", "a-b_c%20",
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.0.0.1.",
            "127.255.255.255", "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
            "127.1", "0x7f.0.0.1", "2130706433", "8.8.8.0x", "8.8.8.0X1F", "8.8.8", "8.8.8.8.8", "08.8.8.8", "8.8.8.08", "8.8.8.256",
            "999.2.3.4", "a.1", "8.8.8.0xfe", "1.0x.", ".1",
            "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::0.0.0.1]", "[fc00::]", "[FDFF:ffff::1]", "[fe80::1]", "[febf::]", "[::ffff:10.1.2.3]",
            "[::FFFF:7f00:1]", "[0:0:0:0:0:ffff:192.168.0.1]",
        ] {
            assert!(is_private(host.as_bytes()), "{host:?}");
        }
    }

    #[test]
    #[rustfmt::skip] // a list of short cases
    fn public() {
        for host in [
            "a.ru", "cdn.example.com.", "пример.рф", "localhost.ru", "a.locals", "a.lan.ru", "a.arpa", "a.home.arpa.ru", "xhome.arpa",
            "home.a.arpa", "localhost..", "a..", "a.0x7g", "a.1x", "a.x1", "a.1\u{3002}", "a.1a", "a.١",
            "1.0.0.0", "8.8.8.8", "8.8.8.8.", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "255.255.255.255",
            "[::2]", "[1::]", "[fbff::]", "[fe00::1]", "[fe7f::]", "[fec0::]", "[::ffff:8.8.8.8]", "[::fffe:10.0.0.1]", "[::10.0.0.1]",
            "[1::ffff:10.0.0.1]", "[2001:db8::1]", "[v1.a]", "[v1.local]",
        ] {
            assert!(!is_private(host.as_bytes()), "{host:?}");
        }
    }

    proptest! {
        #[test]
        fn ipv4_as_core_has_it(address: u32) {
            let ip = Ipv4Addr::from(address);
            let [a, b, ..] = ip.octets();
            let private = ip.is_private() || ip.is_loopback() || ip.is_link_local() || a == 0 || (a == 100 && b & 0xC0 == 64);
            prop_assert_eq!(is_private(std::format!("{ip}").as_bytes()), private);
            prop_assert_eq!(is_private(std::format!("[::ffff:{ip}]").as_bytes()), private);
            let [high, low] = [address >> 16, address & 0xFFFF];
            prop_assert_eq!(is_private(std::format!("[::ffff:{high:x}:{low:x}]").as_bytes()), private);
        }

        #[test]
        fn ipv6_as_core_has_it(address: u128, first in prop::sample::select(std::vec![0xFB_u128, 0xFC, 0xFD, 0xFE, 0xFF])) {
            let ip = Ipv6Addr::from(first << 120 | address >> 8);
            let private = ip.is_unique_local() || ip.is_unicast_link_local();
            prop_assert_eq!(is_private(std::format!("[{ip}]").as_bytes()), private);
        }

        #[test]
        fn letters_may_be_of_any_case(host in "([a-cA-C]{1,3}\\.){0,2}([lL][oO]cal|[hH]omE|arpa|[oO]rg|0[xX]f?)\\.?") {
            let host: String = host;
            prop_assert_eq!(is_private(host.as_bytes()), is_private(host.to_ascii_lowercase().as_bytes()));
        }

        #[test]
        fn total_on_bytes(host in proptest::collection::vec(any::<u8>(), 0..24), start in "(\\[|a\\.)?", end in "\\]?") {
            is_private(&[start.as_bytes(), &host, end.as_bytes()].concat());
        }
    }
}
