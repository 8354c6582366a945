//! §2: what is said of a whole body.

use crate::{Policy, check};

/// Code, offset, length, line and column of the only finding.
fn fault(body: &[u8]) -> (&'static str, usize, usize, usize, usize) {
    let outcome = check(&Policy::default(), body);
    assert_eq!((outcome.violations.len(), outcome.warnings.len()), (1, 0));
    assert!(!outcome.truncated && outcome.request.is_none());
    let found = &outcome.violations[0];
    assert_eq!(found.pointer, "");
    (found.code, found.offset, found.length, found.line, found.column)
}

#[test]
fn empty_bodies() {
    for body in [&b""[..], b" \r\n\t", b"\xEF\xBB\xBF", b"\xEF\xBB\xBF \n"] {
        assert_eq!(fault(body), ("empty_body", 0, 0, 1, 1));
    }
}

#[test]
fn too_large_is_decided_first() {
    assert_eq!(fault(&vec![0xFF; 1_048_577]), ("body_too_large", 0, 0, 1, 1));
    assert_eq!(fault(&vec![b' '; 1_048_576]), ("empty_body", 0, 0, 1, 1));
}

#[test]
fn places_of_invalid_json() {
    let cases: [(&str, usize, usize); 30] = [
        ("{", 1, 0),
        ("{}x", 2, 1),
        ("{} {}", 3, 1),
        ("[1,]", 3, 1),
        ("{\"a\":1,}", 7, 1),
        ("{\"a\" 1}", 5, 1),
        ("{a}", 1, 1),
        ("nul]", 3, 1),
        ("nul", 3, 0),
        ("truE", 3, 1),
        ("01", 1, 1),
        ("[1.}", 3, 1),
        ("-x", 1, 1),
        ("-", 1, 0),
        ("1e+", 3, 0),
        ("[1e]", 3, 1),
        ("+1", 0, 1),
        (".5", 0, 1),
        ("\"a", 2, 0),
        ("\"\\x\"", 2, 1),
        ("\"\\u12g4\"", 5, 1),
        ("\"\\u12", 5, 0),
        ("\"a\tb\"", 2, 1),
        ("\"\\", 2, 0),
        ("'a'", 0, 1),
        ("[1 2]", 3, 1),
        ("\u{A0}{}", 0, 1),
        (" \u{FEFF}{}", 1, 1),
        ("\u{FEFF}\u{FEFF}{}", 3, 1),
        ("NaN", 0, 1),
    ];
    for (body, offset, length) in cases {
        let (code, at, size, _, _) = fault(body.as_bytes());
        assert_eq!((code, at, size), ("invalid_json", offset, length), "{body}");
    }
    // Control characters that JSON does not allow raw, U+007F that it does.
    assert_eq!(fault(b"[\"\x7F\x1F\"]"), ("invalid_json", 3, 1, 1, 4));
}

#[test]
fn the_first_place_counts() {
    assert_eq!(fault(b"{\"a\":\xFF"), ("invalid_utf8", 5, 1, 1, 6));
    assert_eq!(fault(b"{x \xFF"), ("invalid_json", 1, 1, 1, 2));
    assert_eq!(fault(b"\n\xFFx"), ("invalid_utf8", 1, 1, 2, 1));
    assert_eq!(fault(b"{} \xE2\x82"), ("invalid_utf8", 3, 1, 1, 4));
    assert_eq!(fault(b"[\"\xED\xA0\x80\"]"), ("invalid_utf8", 2, 1, 1, 3));
    assert_eq!(fault(b"\xEF\xBB"), ("invalid_utf8", 0, 1, 1, 1));
    assert_eq!(fault(b" \xFF"), ("invalid_utf8", 1, 1, 1, 2));
}

#[test]
fn nesting() {
    let deep = |count: usize| format!("{}{}", "[".repeat(count), "]".repeat(count));
    assert_eq!(fault(deep(65).as_bytes()), ("nesting_too_deep", 64, 1, 1, 65));
    assert_eq!(super::of(&deep(64))[0].split(' ').next(), Some("type_mismatch"));
    // Brackets beside each other do not add up; unknown values count.
    let wide = format!("{{\"x\":[{}[]]}}", "[],".repeat(80));
    assert_eq!(super::of(&wide)[0].split(' ').next(), Some("missing_field"));
    assert_eq!(fault(b"[\xFF"), ("invalid_utf8", 1, 1, 1, 2));
}

#[test]
fn lines_and_columns() {
    // CR ends no line, a byte order mark has no column, é is one column and two bytes.
    assert_eq!(fault("\u{FEFF}\r \"é\"x".as_bytes()), ("invalid_json", 9, 1, 1, 6));
    assert_eq!(fault("\u{FEFF}x".as_bytes()), ("invalid_json", 3, 1, 1, 1));
    assert_eq!(fault("[\n\n\"😀\",]".as_bytes()), ("invalid_json", 10, 1, 3, 5));
}

#[test]
fn not_an_object() {
    assert_eq!(super::of("null"), ["type_mismatch  «null» actual:null expected:object"]);
    assert_eq!(super::of(" 1 "), ["type_mismatch  «1» actual:number expected:object"]);
    assert_eq!(super::of("\"\\ud800\""), ["type_mismatch  «\"\\ud800\"» actual:string expected:object"]);
    assert_eq!(
        super::of("[\"\\ud800\",{\"\\udc00\":[\"\\udc00\"]}]"),
        [
            "type_mismatch  «[\"\\ud800\",{\"\\udc00\":[\"\\udc00\"]}]» actual:array expected:object",
            "invalid_unicode /0 «\"\\ud800\"»",
            "invalid_unicode /1 «\"\\udc00\"»",
            "invalid_unicode /1 «\"\\udc00\"»",
        ]
    );
}

#[test]
fn a_byte_order_mark_is_dropped() {
    let body = super::web("\"text\":\"t\"");
    assert_eq!(super::of(&format!("\u{FEFF} {body} ")), super::of(&body));
}
