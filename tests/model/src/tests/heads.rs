//! §8: the request head.

use crate::{Actual, HeadFault, Policy, check_head};

const PATH: &str = "/api/v1/messages/outgoing-to-device";

/// The codes of a head's faults, each with what it expects.
fn faults(method: &str, target: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let faults = check_head(&Policy::default().limits, PATH, method, target, &fields);
    let say = |fault: &HeadFault| match fault.expected {
        Some(expected) => format!("{} {}: {expected}", fault.status(), fault.code),
        None => format!("{} {}", fault.status(), fault.code),
    };
    faults.iter().map(say).collect()
}

/// Those of a good head with these fields beside Authorization and Content-Type.
fn beside(fields: &[(&str, &str)]) -> Vec<String> {
    let good = [("authorization", "bEARER t"), ("CONTENT-TYPE", "application/json")];
    faults("POST", PATH, &[&good[..], fields].concat())
}

const TYPE: &str = "415 unsupported_media_type: application/json in UTF-8";
const ENCODING: &str = "415 unsupported_media_type: identity";

#[test]
fn faults_stand_in_order() {
    assert_eq!(
        faults("post", "/x", &[("Content-Encoding", "gzip"), ("Content-Length", "x")]),
        [
            "404 not_found",
            "405 method_not_allowed: POST",
            "401 unauthorized: Bearer",
            TYPE,
            ENCODING,
            "400 invalid_head",
        ]
    );
    assert_eq!(beside(&[]), [""; 0]);
    let good = [("Authorization", "Bearer <t>"), ("Content-Type", "application/json")];
    for target in [&format!("{PATH}?"), &format!("{PATH}?a?b")] {
        assert_eq!(faults("POST", target, &good), [""; 0]);
    }
    assert_eq!(faults("POST", &format!("{PATH}/"), &good), ["404 not_found"]);
}

#[test]
fn authorization() {
    let of =
        |value: &str| faults("POST", PATH, &[("Authorization", value), ("Content-Type", "application/json")]).len();
    for good in ["Bearer t", " \tBearer !~ \t", "bearer a,b"] {
        assert_eq!(of(good), 0, "{good}");
    }
    for bad in ["Bearer", "Bearer ", "Bearer  t", "Bearer\tt", "Bearer a b", "Bearer é", "Basic t", "Bearert", ""] {
        assert_eq!(of(bad), 1, "{bad}");
    }
    assert_eq!(beside(&[("Authorization", "Bearer t")]), ["401 unauthorized: Bearer"]);
}

#[test]
fn content_types() {
    let of = |value: &str| faults("POST", PATH, &[("Authorization", "Bearer t"), ("Content-Type", value)]);
    for good in [
        "application/json",
        "Application/JSON;",
        "application/json;charset=utf-8",
        "application/json\t;\tCharset\t=\tUTF8\t",
        "application/json; charset=\"Utf-8\"; charset=utf8",
        "application/json; charset=\"\\u\\t\\f8\"",
        "application/json; a=b; c=\"d\"; e=f g; h=",
    ] {
        assert_eq!(of(good), [""; 0], "{good}");
    }
    for bad in [
        "",
        "text/json",
        "application/problem+json",
        "application/*",
        "application/json; charset",
        "application/json; charset=",
        "application/json; charset=latin1",
        "application/json; charset=utf-16; charset=utf-8",
        "application/json; charset=utf-8, application/json",
        "application/json, application/json",
        "application/json; charset=\"utf-8",
    ] {
        assert_eq!(of(bad), [TYPE], "{bad}");
    }
    assert_eq!(beside(&[("Content-Type", "application/json")]), [TYPE]);
}

#[test]
fn content_encodings() {
    for good in [&["identity"][..], &["IDENTITY"], &["identity, Identity\t,identity"], &["identity", "identity"]] {
        let fields: Vec<(&str, &str)> = good.iter().map(|value| ("Content-Encoding", *value)).collect();
        assert_eq!(beside(&fields), [""; 0], "{good:?}");
    }
    for bad in [&["gzip"][..], &[""], &["identity,"], &["identity, gzip"], &["identity", "br"], &["identity;q=1"]] {
        let fields: Vec<(&str, &str)> = bad.iter().map(|value| ("content-encoding", *value)).collect();
        assert_eq!(beside(&fields), [ENCODING], "{bad:?}");
    }
}

#[test]
fn content_lengths() {
    for good in ["0", "1048576", "0000000000000000000000000000000001"] {
        assert_eq!(beside(&[("Content-Length", good)]), [""; 0]);
    }
    for bad in ["", "+1", "-1", "0x1", "1, 1", "1.0", "٣"] {
        assert_eq!(beside(&[("Content-Length", bad)]), ["400 invalid_head"], "{bad}");
    }
    assert_eq!(beside(&[("Content-Length", "1"), ("content-length", "1")]), ["400 invalid_head"]);
    assert_eq!(beside(&[("Content-Length", "1"), ("Transfer-Encoding", "chunked")]), ["400 invalid_head"]);
    assert_eq!(beside(&[("Transfer-Encoding", "chunked")]), [""; 0]);
    let fields = [
        ("Authorization", "Bearer t"),
        ("Content-Type", "application/json"),
        ("Content-Length", "99999999999999999999"),
    ];
    let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let found = check_head(&Policy::default().limits, PATH, "POST", PATH, &fields);
    let expected = HeadFault {
        code: "body_too_large",
        limit: Some(1_048_576),
        actual: Some(Actual::Number(u64::MAX)),
        expected: None,
    };
    assert_eq!(found, [expected]);
    assert_eq!(found[0].status(), 413);
}
