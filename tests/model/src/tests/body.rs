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
    let cases: [(&str, usize, usize, &str); 39] = [
        ("{", 1, 0, "a field name in double quotes"),
        ("{}x", 2, 1, "the end of the body"),
        ("{} {}", 3, 1, "the end of the body"),
        ("[1,]", 3, 1, "a value"),
        ("{\"a\":1,}", 7, 1, "a field name in double quotes"),
        ("{\"a\" 1}", 5, 1, "a colon"),
        ("{a}", 1, 1, "a field name in double quotes"),
        ("nul]", 3, 1, "null"),
        ("nul", 3, 0, "null"),
        ("truE", 3, 1, "true"),
        ("fa", 2, 0, "false"),
        ("01", 1, 1, "the end of the body"),
        ("[01]", 2, 1, "a comma or ]"),
        ("[1.}", 3, 1, "a digit"),
        ("-x", 1, 1, "a digit"),
        ("-", 1, 0, "a digit"),
        ("1e+", 3, 0, "a digit"),
        ("[1e]", 3, 1, "a digit"),
        ("+1", 0, 1, "a value"),
        (".5", 0, 1, "a value"),
        ("\"a", 2, 0, "a closing quote"),
        ("\"\\x\"", 2, 1, "an escape"),
        ("\"\\u12g4\"", 5, 1, "four hexadecimal digits"),
        ("\"\\u12", 5, 0, "four hexadecimal digits"),
        ("\"a\tb\"", 2, 1, "an escape"),
        ("\"\\", 2, 0, "an escape"),
        ("'a'", 0, 1, "a value"),
        ("[1 2]", 3, 1, "a comma or ]"),
        ("{\"a\":1 2}", 7, 1, "a comma or }"),
        ("\u{A0}{}", 0, 1, "a value"),
        (" \u{FEFF}{}", 1, 1, "a value"),
        ("\u{FEFF}\u{FEFF}{}", 3, 1, "a value"),
        ("NaN", 0, 1, "a value"),
        ("[", 1, 0, "a value"),
        ("{\"a\":", 5, 0, "a value"),
        ("[1,", 3, 0, "a value"),
        ("{\"a\":1,", 7, 0, "a field name in double quotes"),
        ("[1", 2, 0, "a comma or ]"),
        ("{\"a\"", 4, 0, "a colon"),
    ];
    for (body, offset, length, expected) in cases {
        let (code, at, size, _, _) = fault(body.as_bytes());
        assert_eq!((code, at, size), ("invalid_json", offset, length), "{body}");
        let outcome = check(&Policy::default(), body.as_bytes());
        assert_eq!(outcome.violations[0].expected.as_deref(), Some(expected), "{body}");
    }
    // Control characters that JSON does not allow raw, U+007F that it does.
    assert_eq!(fault(b"[\"\x7F\x1F\"]"), ("invalid_json", 3, 1, 1, 4));
}

#[test]
fn a_comma_before_a_closing_bracket_has_a_fix() {
    let fix = |body: &str| {
        let outcome = check(&Policy::default(), body.as_bytes());
        let fix = outcome.violations[0].fix.clone()?;
        let [edit] = &fix[..] else { panic!("one edit") };
        assert_eq!((edit.length, edit.text.as_str()), (1, ""));
        Some(edit.offset)
    };
    let with = [("[1,]", 2), ("{\"a\":1 , \n}", 7), ("[[1,{}\t,]", 7), ("{\"a\":[2,],}", 7)];
    for (body, offset) in with {
        assert_eq!(fix(body), Some(offset), "{body}");
    }
    for body in ["[,]", "{,}", "[1,,]", "[1,}", "{\"a\":1,]", "{\"a\":}", "[1,", "{\"a\":1,", "[]]", "[1:]"] {
        assert_eq!(fix(body), None, "{body}");
    }
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
            "invalid_unicode /0 «\"\\ud800\"» related «\\ud800»",
            "invalid_unicode /1 «\"\\udc00\"» related «\\udc00»",
            "invalid_unicode /1 «\"\\udc00\"» related «\\udc00»",
        ]
    );
}

#[test]
fn a_byte_order_mark_is_dropped() {
    let body = super::web("\"text\":\"t\"");
    assert_eq!(super::of(&format!("\u{FEFF} {body} ")), super::of(&body));
}
