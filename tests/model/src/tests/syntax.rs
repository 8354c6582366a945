//! URLs and media types.

use super::attachment;
use crate::json::quote;
use crate::{media_type, url};

#[test]
fn urls() {
    let good = [
        "http://h",
        "HTTPS://h",
        "https://h/",
        "https://h?",
        "https://h#",
        "https://h:/",
        "https://h:0",
        "https://h:65535",
        "https://h:00080/",
        "https://1.2.3.4",
        "https://999.1",
        "https://пример.рф/путь?з#я",
        "https://a%20b/%C3%A9?%00#%ff",
        "https://h/a@b:c/;=,",
        "https://h//..",
        "https://h?/?@:\u{E000}\u{10FFFD}",
        "https://h#/?@:",
        "https://_~!$&'()*+,;=",
        "https://[::]",
        "https://[::1]:8",
        "https://[1:2:3:4:5:6:7:8]/",
        "https://[1:2:3:4:5:6:7::]",
        "https://[::2:3:4:5:6:7:8]",
        "https://[1::3:4:5:6:7:8]",
        "https://[::1.2.3.4]",
        "https://[1:2:3:4:5:6:255.0.10.199]",
        "https://[1:2:3:4:5::1.2.3.4]",
        "https://[abcd::EF01]",
        "https://[v1.a:b]",
        "https://[VFf.~]",
        "https://h/\u{A1}\u{D7FF}\u{F900}\u{FDCF}\u{FDF0}\u{FFEF}\u{1FFFD}\u{E1000}",
        "https://h/\u{2010}?\u{2212}#\u{200C}",
        "https://h/[a]{b}|^`?[]{}|^`#[]{}|^`",
        "https://https/",
        "https://http:0/",
        "https://xhttp:/",
        "https://[::1]/[",
    ];
    for text in good {
        assert!(url::is_valid(text), "{text}");
    }
    let bad = [
        "",
        "h",
        "http",
        "http:",
        "http:h",
        "http:/h",
        "http://",
        "http:///h",
        "http://:8",
        "http://?q",
        "http://#f",
        "ftp://h",
        "httpss://h",
        " http://h",
        "//h",
        "http://u@h",
        "http://@h",
        "http://h@",
        "http://h:@",
        "http://h:65536",
        "http://h:1:2",
        "http://h:x",
        "http://h:-1",
        "http://h:٣",
        "http://h x",
        "http://h/ ",
        "http://h/\"",
        "http://h/<",
        "http://h/\\",
        "http://h##",
        "http://h/%",
        "http://h/%a",
        "http://h/%ag",
        "http://h%",
        "http://h/\u{E000}",
        "http://h#\u{E000}",
        "http://\u{E000}",
        "http://h/\u{FDD0}",
        "http://h/\u{FFF0}",
        "http://h/\u{FFFE}",
        "http://h/\u{1FFFE}",
        "http://h/\u{E0001}",
        "http://h/\u{9F}",
        "http://h/\u{7F}",
        "http://h?\u{FFFFE}",
        "http://http://h",
        "http://https:/",
        "https://HTTP:",
        "http://h\u{2010}i.x",
        "http://h\u{2015}",
        "http://h\u{2212}",
        "http://h\u{FFFD}",
        "http://h/\u{FFFD}",
        "http://h[/",
        "http://h|/",
        "http://{h}/",
        "http://h/\u{A0}",
        "http://h/\u{3000}",
        "http://h/\u{200B}",
        "http://h?\u{2060}",
        "http://h#\u{AD}",
        "http://h/\u{115F}",
        "http://h/\u{2800}",
        "http://h/\u{FEFF}",
        "http://h/\u{200E}",
        "http://h?\u{200F}",
        "http://h#\u{202A}",
        "http://\u{202E}",
        "http://h/\u{2066}",
        "http://h/\u{2069}",
        "http://[::1",
        "http://::1]",
        "http://[]",
        "http://[:]",
        "http://[:::]",
        "http://[1]",
        "http://[::g]",
        "http://[12345::]",
        "http://[1:2:3:4:5:6:7]",
        "http://[1:2:3:4:5:6:7:8:9]",
        "http://[1:2:3:4:5:6:7:8::]",
        "http://[1:2:3:4::5:6:7:8]",
        "http://[1::2::3]",
        "http://[1.2.3.4]",
        "http://[1.2.3.4::]",
        "http://[::1.2.3]",
        "http://[::01.2.3.4]",
        "http://[::256.1.1.1]",
        "http://[::1.2.3.4:5]",
        "http://[1:2:3:4:5:6:7:1.2.3.4]",
        "http://[::1%25eth0]",
        "http://[v.a]",
        "http://[v1.]",
        "http://[vg.a]",
        "http://[v1.é]",
        "http://[v1a]",
        "http://[::1]a",
        "http://a[::1]",
        "http://[::1]:x",
        "http://[::1]]",
        "http://[[::1]",
    ];
    for text in bad {
        assert!(!url::is_valid(text), "{text}");
    }
    assert!(url::is_insecure("HTTP://h") && !url::is_insecure("https://h/http://x"));
}

#[test]
fn media_types() {
    let good = [
        ("image/jpeg", "image/jpeg"),
        ("IMAGE/JPG", "image/jpeg"),
        ("image/jpg;Q=V ; W=\"X\\\"\"", "image/jpeg;q=V ; w=\"X\\\"\""),
        ("image/jpgx", "image/jpgx"),
        ("X-image/jpg", "x-image/jpg"),
        ("a/b;", "a/b;"),
        ("A/B ; ;; C=D;", "a/b ; ;; c=D;"),
        ("!#$%&'+-.^_`|~0/a", "!#$%&'+-.^_`|~0/a"),
        ("a/b;q=\"\"", "a/b;q=\"\""),
        ("a/b;q=\"é \\😀;=\"", "a/b;q=\"é \\😀;=\""),
        ("a/b ", "a/b "),
        ("a/b;c=", "a/b;c="),
        ("a/b; C = D ;E= \"f\" ;", "a/b; c = D ;e= \"f\" ;"),
        ("video/webm;codecs=vp9,opus", "video/webm;codecs=vp9,opus"),
        ("a/b;name=1234 56 é=.pdf; C=D", "a/b;name=1234 56 é=.pdf; c=D"),
        ("a/b;name*=UTF-8''x", "a/b;name*=UTF-8''x"),
        ("a/b;c==", "a/b;c=="),
    ];
    for (text, normalized) in good {
        assert_eq!(media_type::read(text).map(|read| read.normalized).as_deref(), Some(normalized), "{text}");
    }
    let bad = [
        "",
        "a",
        "a/",
        "/b",
        "a/b/c",
        "a /b",
        "a/ b",
        "a/b c",
        "a/b;c",
        "a/b;=d",
        "*/*",
        "a/*",
        "*/b",
        "a/b*",
        "a/b;\tc=d",
        "a/b\t;c=d",
        "a/b;c: d",
        "a/b;c=d\"",
        "a/b;c=d;e=f\"g",
        "a/b;\u{A0}c=d",
        "a/b, c/d",
        "a/b;c d=e",
        "a/b;c=\"",
        "a/b;c=\"\\",
        "a/b;c=\"\\\"",
        "a/b;c=\"d\"e",
        "a/b,c/d",
        "é/b",
        "a/é",
        "a/b;é=c",
        "a/b\u{A0};",
        "a/b;c=d\"e\"",
        "a/b;c=\"\u{7F}\"",
        "(/b",
    ];
    for text in bad {
        assert!(media_type::read(text).is_none(), "{text}");
    }
}

/// What is said of a URL: warnings, or what spoils it; then what its fix makes of it.
fn said(url: &str) -> Vec<String> {
    let mut all = attachment(&format!("\"type\":\"a/b\",\"url\":{}", quote(url)));
    if all[0].starts_with('{') {
        all.remove(0);
    }
    let rest = |line: String| line.replacen(&format!("/attachments/0/url «{}»", quote(url)), "", 1).replace("  ", " ");
    all.into_iter().map(rest).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn what_spoils_a_url() {
    for (url, expected) in [
        ("https://h.x/\\", "invalid_url related «\\\\» fix «\\\\» «/»"),
        ("https://h.x/a b", "invalid_url related « » fix « » «%20»"),
        ("https://h.x/%4", "invalid_url related «%» fix «%» «%25»"),
        ("https://h.x/a\u{200B}b", "invalid_url related «\u{200B}»"),
        ("https://h.x/a\u{A0}b", "invalid_url related «\u{A0}»"),
        ("https://h.x/\u{FFFD}", "invalid_url related «\u{FFFD}»"),
        ("ftp://h.x/", "invalid_url"),
        ("https://u@h.x/", "invalid_url"),
        ("https://h\u{2010}.x/", "invalid_url"),
        ("https://h.x/\u{E000}", "invalid_url"),
        ("https://h.x/#a#b", "invalid_url"),
        ("https://h.x/?[", "unescaped_url related «[» fix «[» «%5B»"),
        ("https://h.x/^#[", "unescaped_url related «^»"),
        ("https://h.x/#^[", "unescaped_url related «^» fix «^» «%5E» fix «[» «%5B»"),
        ("https://[2a00::1]/#]", "unescaped_url related «]» fix «]» «%5D»"),
    ] {
        assert_eq!(said(url), [expected], "{url}");
    }
}

#[test]
fn fixes_of_urls() {
    let fix = |url: &str| {
        let line = said(url).remove(0);
        line.find(" fix ").map(|at| line[at + 5..].replace(" fix ", " "))
    };
    let encoded = "« » «%20» «\\\"» «%22» «<» «%3C» «>» «%3E» «[» «%5B» «]» «%5D» «{» «%7B» «}» «%7D» «|» «%7C» \
                   «^» «%5E» «`» «%60» «%» «%25» «\\\\» «/»";
    assert_eq!(fix("https://h.x/ \"<>[]{}|^`%\\").as_deref(), Some(encoded));
    assert_eq!(fix("https://h.x/%%20%g0").as_deref(), Some("«%» «%25» «%» «%25»"));
    assert_eq!(fix("https:\\\\h.x\\a").as_deref(), Some("«\\\\» «/» «\\\\» «/» «\\\\» «/»"));
    // Inside the authority nothing is touched.
    assert_eq!(fix("https://h.x\\a"), None);
    assert_eq!(fix("https://h .x/a"), None);
    // A `#` behind, a `%u` with four digits, and what no edit mends.
    assert_eq!(fix("https://h.x/a b#c"), None);
    assert_eq!(fix("https://h.x/a#b c").as_deref(), Some("« » «%20»"));
    assert_eq!(fix("https://h.x/%u0421"), None);
    assert_eq!(fix("https://h.x/%U04aF/a b"), None);
    assert_eq!(fix("https://h.x/%u042").as_deref(), Some("«%» «%25»"));
    assert_eq!(fix("https://h.x/a b\u{200B}c"), None);
    assert_eq!(fix("ftp://h.x/a b"), None);
    // At most 64 edits, and 4,000 units in all.
    assert!(fix(&format!("https://h.x/{}a", " ".repeat(64))).is_some());
    assert_eq!(fix(&format!("https://h.x/{}a", " ".repeat(65))), None);
    assert!(fix(&format!("https://h.x/ {}", "a".repeat(3985))).is_some());
    assert_eq!(fix(&format!("https://h.x/ {}", "a".repeat(3986))), None);
    assert_eq!(fix(&format!("https://h.x/[{}", "a".repeat(3986))), None);
}

#[test]
fn private_hosts() {
    let private = [
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "169.254.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "127.0.0.1.",
        "[::]",
        "[::1]",
        "[0:0::0:1]",
        "[fc00::]",
        "[FDff::1]",
        "[fe80::1]",
        "[febf::]",
        "[::ffff:10.0.0.1]",
        "[::FFFF:7f00:1]",
        "localhost",
        "LOCALHOST.",
        "cdn",
        "h",
        "a.localhost",
        "a.localdomain",
        "a.local",
        "a.b.Internal",
        "a.intranet",
        "a.private",
        "a.corp",
        "a.lan",
        "a.home",
        "a.test.",
        "a.invalid",
        "home.arpa",
        "x.Home.ARPA",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "a.0x",
        "a.0XAf",
        "a.7",
        "1.2.3.0x4",
    ];
    for host in private {
        assert_eq!(said(&format!("https://{host}/")), ["private_host"], "{host}");
        assert_eq!(said(&format!("http://{host}:8080")), ["insecure_url", "private_host"], "{host}");
    }
    let public = [
        "8.8.8.8",
        "100.63.0.1",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "11.0.0.1",
        "169.253.1.1",
        "8.8.8.8.",
        "[::2]",
        "[2001:db8::1]",
        "[fe00::1]",
        "[fec0::1]",
        "[::ffff:8.8.8.8]",
        "[::10.0.0.1]",
        "[v1.a]",
        "example.com",
        "h.x",
        "localhost.x",
        "arpa.x",
        "a.arpa",
        "homes.arpa.x",
        "a.locals",
        "a.0xg",
        "a.1b",
        "a..",
        "a\u{3002}local.x",
        "a.т",
    ];
    for host in public {
        assert_eq!(said(&format!("https://{host}/")), [""; 0], "{host}");
    }
}

#[test]
fn names() {
    let name = |name: &str| {
        let name = quote(name);
        let all = attachment(&format!("\"type\":\"a/b\",\"url\":\"https://h.x\",\"name\":{name}"));
        let line = all.last().cloned().unwrap_or_default();
        if line.starts_with('{') {
            String::new()
        } else {
            line.replacen(&format!("/attachments/0/name «{name}»"), "", 1)
        }
    };
    for (text, expected) in [
        ("a/b", "related «/» fix «/» «_»"),
        ("a/b/c.d", "related «/» fix «/» «_» fix «/» «_»"),
        ("/a/b", "related «/» fix «/a/» «»"),
        ("./a/b", "related «/» fix «./a/» «»"),
        ("c:/a/b", "related «/» fix «c:/a/» «»"),
        ("ж:/a", "related «/» fix «/» «_»"),
        ("a\\b/c\\d", "related «\\\\» fix «a\\\\b/c\\\\» «»"),
        ("a/", "related «/» fix «/» «_»"),
        ("a\\", "related «\\\\» fix «a\\\\» «»"),
        ("a\u{202E}b\u{2066}\u{2069}c", "related «\u{202E}» fix «\u{202E}» «» fix «\u{2066}\u{2069}» «»"),
        ("\u{2068}a\u{2069}.b\u{202C}", "related «\u{2069}» fix «\u{2069}» «»"),
        ("a\\\u{202A}b/\u{202D}c", "related «\\\\» fix «a\\\\\u{202A}b/\u{202D}» «»"),
        ("a/\u{202A}b", "related «/» fix «/» «_» fix «\u{202A}» «»"),
        (".a\u{202A}b", "related «\u{202A}» fix «\u{202A}» «»"),
    ] {
        assert_eq!(name(text), format!("invalid_name  {expected}"), "{text}");
    }
    for text in [
        "a\u{200E}b",
        "a:b",
        "a\u{2044}b",
        "a\u{2065}b",
        "..",
        "=?a?b?c?",
        "=?a?x?b?=",
        "=??b?c?=",
        "=?a?b??=",
        "x =?a?b?c?=",
        "=?a?b?c?==?a?b?c?=",
        "=?a?b?c d?=",
        "=?a?b?c?d?=",
        "%7F%7F",
        "%d0x%9f",
        "%8",
        "%d0%7f",
    ] {
        assert_eq!(name(text), "", "{text}");
    }
    for text in ["=?UTF-8?B?eA?=", "=?a?q?c?= \u{3000}=?b?Q?=x?=", "x%D0%9f.y", "%80%80"] {
        assert_eq!(name(text), "garbled_text ", "{text}");
    }
    for text in ["a\u{FFFD}\u{FFFD}b", "%D0%9F\u{FFFD}"] {
        assert_eq!(name(text), "garbled_text  related «\u{FFFD}»", "{text}");
    }
    // At most 64 edits.
    assert!(name(&"a/".repeat(64)).contains("fix"));
    assert!(!name(&"a/".repeat(65)).contains("fix"));
}
