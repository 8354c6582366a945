//! The request head (contract §8).

use outgoing_to_device::{Actual, Code, Limits, PATH, check_head};

const FINE: [(&str, &str); 2] = [("Authorization", "Bearer <integrator_token>"), ("Content-Type", "application/json")];

fn codes(path: &str, method: &str, target: &str, fields: &[(&str, &str)]) -> Vec<&'static str> {
    let fields = fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    match check_head(&Limits::DEFAULT, path, method.as_bytes(), target.as_bytes(), fields) {
        Ok(()) => Vec::new(),
        Err(rejection) => {
            assert_eq!(rejection.faults().next(), Some(rejection.deciding()));
            rejection.faults().map(|fault| fault.code().as_str()).collect()
        }
    }
}

#[test]
fn the_documented_heads_pass() {
    // The two differ in the length of their bodies.
    for length in [" 163", " 250"] {
        let fields = [
            ("Content-Type", " application/json"),
            ("Authorization", " Bearer <integrator_token>"),
            ("Content-Length", length),
            ("Host", " localhost:8080"),
        ];
        assert_eq!(codes(PATH, "POST", "/api/v1/messages/outgoing-to-device", &fields), [""; 0]);
    }
}

#[test]
fn paths() {
    let own = "/mounted/here";
    for (path, target, fine) in [
        (PATH, PATH, true),
        (PATH, "/api/v1/messages/outgoing-to-device?", true),
        (PATH, "/api/v1/messages/outgoing-to-device?a=/b?c", true),
        (PATH, "http://host:8080/api/v1/messages/outgoing-to-device?a", true),
        (PATH, "HTTPS://u@[::1]/api/v1/messages/outgoing-to-device", true),
        (PATH, "ftp://host/api/v1/messages/outgoing-to-device", false),
        (PATH, "http://host?/api/v1/messages/outgoing-to-device", false),
        (PATH, "/api/v1/messages/outgoing-to-device/", false),
        (PATH, "/api/v1/messages/outgoing-to-devic%65", false),
        (PATH, "/API/v1/messages/outgoing-to-device", false),
        (PATH, "//api/v1/messages/outgoing-to-device", false),
        (PATH, "*", false),
        (PATH, "", false),
        ("/", "http://host", true),
        ("/", "http://host?a", true),
        (own, "/mounted/here?x", true),
        (own, PATH, false),
    ] {
        let want: &[&str] = if fine { &[] } else { &["not_found"] };
        assert_eq!(codes(path, "POST", target, &FINE), want, "{target}");
    }
}

#[test]
fn methods() {
    for method in ["GET", "post", "POST ", "", "OPTIONS"] {
        assert_eq!(codes(PATH, method, PATH, &FINE), ["method_not_allowed"], "{method}");
    }
}

#[test]
fn authorization() {
    for (value, fine) in [
        ("Bearer x", true),
        ("bEARER \t~!\"", false),
        ("bEARER ~!\"", true),
        ("\t Bearer x \t", true),
        ("Bearer", false),
        ("Bearer ", false),
        ("Bearer  x", false),
        ("Bearer x y", false),
        ("Bearer x\u{e9}", false),
        ("Bearerx", false),
        ("Basic x", false),
        ("Béarer x", false),
        ("", false),
    ] {
        let want: &[&str] = if fine { &[] } else { &["unauthorized"] };
        assert_eq!(codes(PATH, "POST", PATH, &[("AUTHORIZATION", value), FINE[1]]), want, "{value:?}");
    }
    assert_eq!(codes(PATH, "POST", PATH, &[FINE[0], FINE[1], FINE[0]]), ["unauthorized"]);
    assert_eq!(codes(PATH, "POST", PATH, &[FINE[1]]), ["unauthorized"]);
}

#[test]
fn content_type() {
    for (value, fine) in [
        ("application/json", true),
        (" Application/JSON ; charset=UTF-8", true),
        ("application/json;charset=\"utf-8\";q=1", true),
        ("application/json; charset=\"u\\tf-8\" ;", true),
        ("application/json;charset=utf-8;charset=latin1", false),
        ("application/json;charset=utf8", true),
        ("application/json;charset =\t\"UTF8\"\t; a=b,c d", true),
        ("application/json;charset=utf-16", false),
        ("application/json;charset=", false),
        ("application/json, application/json", false),
        ("application/problem+json", false),
        ("text/json", false),
        ("", false),
    ] {
        let want: &[&str] = if fine { &[] } else { &["unsupported_media_type"] };
        assert_eq!(codes(PATH, "POST", PATH, &[FINE[0], ("content-TYPE", value)]), want, "{value:?}");
    }
    assert_eq!(codes(PATH, "POST", PATH, &[FINE[1], FINE[0], FINE[1]]), ["unsupported_media_type"]);
    assert_eq!(codes(PATH, "POST", PATH, &[FINE[0]]), ["unsupported_media_type"]);
}

#[test]
fn content_encoding() {
    let codes = |fields: &[(&str, &str)]| codes(PATH, "POST", PATH, &[&FINE, fields].concat());
    for (value, fine) in [
        ("identity", true),
        ("\t IDENTITY ", true),
        ("identity, Identity", true),
        (", identity ,,", true),
        ("gzip", false),
        ("identity, gzip", false),
        ("gzip,identity", false),
        ("identity;q=1", false),
        ("\"identity\"", false),
        ("identity identity", false),
        ("ident\u{130}ty", false),
        ("", false),
        (" , ", false),
    ] {
        let want: &[&str] = if fine { &[] } else { &["unsupported_media_type"] };
        assert_eq!(codes(&[("CONTENT-encoding", value)]), want, "{value:?}");
    }
    // Another field whose name is as long.
    assert_eq!(codes(&[("X-Accept-Charset", "gzip")]), [""; 0]);
    // A repeated one counts as one list.
    assert_eq!(codes(&[("Content-Encoding", "identity"), ("content-encoding", "")]), [""; 0]);
    assert_eq!(codes(&[("Content-Encoding", "identity"), ("X", "gzip"), ("content-encoding", "identity")]), [""; 0]);
    assert_eq!(codes(&[("Content-Encoding", "identity"), ("content-encoding", "br")]), ["unsupported_media_type"]);
}

#[test]
fn length_of_the_body() {
    let code = |fields: &[(&str, &str)]| codes(PATH, "POST", PATH, &[&FINE, fields].concat());
    let chunked = ("transfer-encoding", "chunked");
    let long = "9".repeat(10_000);
    for (value, want) in [
        ("0", ""),
        (" 1048576\t", ""),
        ("00000000000000000000000000000005", ""),
        ("1048577", "body_too_large"),
        ("18446744073709551616", "body_too_large"),
        (&long, "body_too_large"),
        ("", "invalid_head"),
        ("-1", "invalid_head"),
        ("+5", "invalid_head"),
        ("5, 5", "invalid_head"),
        ("5.0", "invalid_head"),
        ("0x5", "invalid_head"),
        ("٣", "invalid_head"),
    ] {
        let want: Vec<&str> = want.split_whitespace().collect();
        assert_eq!(code(&[("Content-Length", value)]), want, "{value:.40}");
        assert_eq!(code(&[("Content-Length", value), chunked]), ["invalid_head"]);
        assert_eq!(code(&[chunked, ("content-length", value)]), ["invalid_head"]);
    }
    assert_eq!(code(&[chunked, chunked]), [""; 0]);
    assert_eq!(code(&[("Content-Length", "5"), ("content-length", "5")]), ["invalid_head"]);
}

#[test]
fn all_faults_in_their_order() {
    let fields = [
        ("Content-Length", "99999999999999999999"),
        ("Content-Encoding", "gzip"),
        ("Content-Type", "text/plain"),
        ("X", "y"),
    ];
    let fields = fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let rejection = check_head(&Limits::DEFAULT, PATH, b"GET", b"/", fields).unwrap_err();
    let codes: Vec<Code> = rejection.faults().map(|fault| fault.code()).collect();
    let media_type = Code::UnsupportedMediaType;
    let wanted =
        [Code::NotFound, Code::MethodNotAllowed, Code::Unauthorized, media_type, media_type, Code::BodyTooLarge];
    assert_eq!(codes, wanted);
    let expected: Vec<_> = rejection.faults().map(|fault| fault.params().expected).collect();
    let wanted = [None, Some("POST"), Some("Bearer"), Some("application/json in UTF-8"), Some("identity"), None];
    assert_eq!(expected, wanted);
    let length = rejection.faults().last().unwrap().params();
    assert_eq!((length.limit, length.actual), (Some(1_048_576), Some(Actual::Number(u64::MAX))));
    assert_eq!(rejection.to_string().lines().count(), 6);
}

#[test]
fn nothing_of_the_head_is_kept() {
    let fields: [(&[u8], &[u8]); 2] = [(b"authorization", b"Secret hush"), (b"content-type", b"secret/hush")];
    let rejection = check_head(&Limits::DEFAULT, PATH, b"HUSH", b"/hush", fields).unwrap_err();
    for shown in [format!("{rejection:?}"), rejection.to_string()] {
        assert!(!shown.to_lowercase().contains("hush"), "{shown}");
    }
}
