//! Problem documents (contract §8) and outcomes as JSON.

use outgoing_to_device::{Checker, Code, Limits, Outcome, PATH, Policy, Severity, check_head};
use serde_json::{Value, json};

fn problem(policy: &Policy, body: &[u8]) -> (u16, String) {
    let mut checker = Checker::new();
    let Outcome::Rejected(rejected) = checker.check(policy, body) else { panic!("accepted") };
    assert_eq!(rejected.header_fields(), [("content-type", "application/problem+json")]);
    let mut out = Vec::new();
    rejected.write_problem(&mut out).unwrap();
    (rejected.status(), String::from_utf8(out).unwrap())
}

#[test]
fn a_problem_says_everything() {
    let body = "{\"text\":\"hi\",\r\n \"ключ #%\\\"/~|\": 1, \"clientApplicationDescriptor\":{\"channelType\":\"VIBR\",\
                \"deviceAddress\":7}}";
    let (status, problem) = problem(&Policy::default(), body.as_bytes());
    assert_eq!(status, 400);
    assert_eq!(
        problem,
        concat!(
            r#"{"type":"urn:outgoing-to-device:problem:invalid-request","title":"The request is not valid.","status":400,"#,
            r#""detail":"Each of the errors says what is wrong, and where.","errors":["#,
            r##"{"code":"unknown_field","pointer":"#/%D0%BA%D0%BB%D1%8E%D1%87%20%23%25%22~1~0%7C","##,
            r#""detail":"No such field is known here.","line":2,"column":2},"#,
            r##"{"code":"unknown_channel","pointer":"#/clientApplicationDescriptor/channelType","##,
            r#""detail":"The policy has no such channel; did you mean VIBER?","line":2,"column":66,"suggestion":"VIBER"},"#,
            r##"{"code":"type_mismatch","pointer":"#/clientApplicationDescriptor/deviceAddress","##,
            r#""detail":"The value must be a string, not a number; put it in quotes.","line":2,"column":89,"#,
            r#""actual":"number","expected":"string"}]}"#
        )
    );
}

#[test]
fn warnings_and_truncation() {
    let policy = br#"{"unknownFields":"drop","limits":{"violations":1}}"#;
    let policy = Policy::from_json(policy).unwrap();
    let (_, problem) = problem(&policy, br#"{"x":1,"text":1}"#);
    let problem: Value = serde_json::from_str(&problem).unwrap();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(problem["warnings"][0]["code"], "dropped_field");
    assert_eq!(problem["truncated"], true);
    let keys: Vec<&String> = problem.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 7);
}

#[test]
fn faults_of_the_whole_body() {
    let (status, problem_text) = problem(&Policy::default(), b"\xEF\xBB\xBF{\n]");
    assert_eq!(status, 400);
    let value: Value = serde_json::from_str(&problem_text).unwrap();
    assert_eq!(
        value["errors"],
        json!([{"code":"invalid_json","pointer":"#","detail":"The body is not JSON (RFC 8259): expected a field name in double quotes.","line":2,"column":1,"expected":"a field name in double quotes"}])
    );
    let (status, problem_text) = problem(&Policy::default(), &vec![b' '; 1_048_577]);
    assert_eq!(status, 413);
    let value: Value = serde_json::from_str(&problem_text).unwrap();
    assert_eq!(value["type"], "urn:outgoing-to-device:problem:body-too-large");
    assert_eq!(value["title"], Code::BodyTooLarge.meaning());
    assert_eq!(value["status"], 413);
    assert_eq!((&value["errors"][0]["limit"], &value["errors"][0]["actual"]), (&json!(1_048_576), &json!(1_048_577)));
}

#[test]
fn a_rejection_that_is_kept_has_the_same_response() {
    let policy = Policy::from_json(br#"{"unknownFields":"drop"}"#).unwrap();
    for body in [&b"{}"[..], br#"{"x":1}"#, b"[", &vec![b' '; 1_048_577]] {
        let mut checker = Checker::new();
        let Outcome::Rejected(rejected) = checker.check(&policy, body) else { panic!("accepted") };
        let kept = rejected.to_owned();
        assert_eq!((kept.status(), kept.header_fields()), (rejected.status(), rejected.header_fields()));
        assert_eq!(kept.to_problem(), rejected.to_problem());
        let lines: Vec<_> =
            kept.violations.iter().map(|found| format!("{}: {}", found.pointer, found.message)).collect();
        assert_eq!(rejected.to_string(), lines.join("\n"));
    }
}

#[test]
fn heads() {
    let problem = |path: &str, method: &[u8], authorization: &str, media_type: &str, length: &str| {
        let fields = [("Authorization", authorization), ("Content-Type", media_type), ("Content-Length", length)];
        let fields = fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let rejection = check_head(&Limits::DEFAULT, path, method, PATH.as_bytes(), fields).unwrap_err();
        let mut out = Vec::new();
        rejection.write_problem(&mut out).unwrap();
        assert!(out.len() < 2_048);
        let fields = rejection.header_fields();
        assert_eq!(fields[0], ("content-type", "application/problem+json"));
        (rejection.status(), fields[1..].to_vec(), String::from_utf8(out).unwrap())
    };
    let json = "application/json";
    let (status, fields, text) = problem("/", b"GET", "", "", "x");
    assert_eq!((status, fields), (404, vec![]));
    assert_eq!(
        text,
        concat!(
            r#"{"type":"urn:outgoing-to-device:problem:not-found","title":"The request is for another path.","status":404,"#,
            r#""detail":"Each of the errors says what is wrong with the request head.","errors":["#,
            r#"{"code":"not_found","detail":"The request is for another path."},"#,
            r#"{"code":"method_not_allowed","detail":"The endpoint takes POST only.","expected":"POST"},"#,
            r#"{"code":"unauthorized","detail":"There is no single Authorization field with a Bearer token.","expected":"Bearer"},"#,
            r#"{"code":"unsupported_media_type","detail":"The Content-Type must say application/json in UTF-8, once.","expected":"application/json in UTF-8"},"#,
            r#"{"code":"invalid_head","detail":"The length of the body is malformed, repeated or contradictory."}]}"#
        )
    );
    let (status, fields, _) = problem(PATH, b"PUT", "", "", "1");
    assert_eq!((status, fields), (405, vec![("allow", "POST")]));
    let (status, fields, _) = problem(PATH, b"POST", "", "", "1");
    assert_eq!((status, fields), (401, vec![("www-authenticate", "Bearer")]));
    let (status, fields, _) = problem(PATH, b"POST", "Bearer x", "", "1");
    assert_eq!((status, fields), (415, vec![]));
    let (status, _, text) = problem(PATH, b"POST", "Bearer x", json, &"9".repeat(500));
    assert_eq!(status, 413);
    assert!(text.ends_with(r#""limit":1048576,"actual":18446744073709551615}]}"#), "{text}");
    assert!(text.contains("problem:body-too-large"));
    let (status, _, text) = problem(PATH, b"POST", "Bearer x", json, "1, 1");
    assert_eq!(status, 400);
    assert!(text.contains("problem:invalid-head"));
}

#[test]
fn a_problem_is_bounded() {
    // As deep as can be, each key as long as can be shown, and as wide as it can get.
    let key = "\u{20ac}".repeat(65);
    let mut body = String::from("{\"x\":");
    for _ in 0..62 {
        body += &format!("{{\"{key}\":");
    }
    body += "{\"\\ud800\":\"\\ud800\"}";
    body += &"}".repeat(63);
    let (_, problem) = problem(&Policy::default(), body.as_bytes());
    let value: Value = serde_json::from_str(&problem).unwrap();
    let errors = value["errors"].as_array().unwrap();
    assert!(errors.len() >= 4);
    assert!(problem.len() > 62 * 64 * 9 && problem.len() < errors.len() * 40 * 1024, "{}", problem.len());
}

fn outcome(policy: &Policy, body: &[u8]) -> String {
    let mut out = Vec::new();
    Checker::new().check(policy, body).write_json(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn outcomes() {
    let policy = Policy::default();
    let compact =
        r#"{"text":"\"","attachments":[],"clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"é"}}"#;
    let want = format!(r#"{{"ok":true,"request":{},"warnings":[],"truncated":false}}"#, json!(compact));
    assert_eq!(outcome(&policy, compact.as_bytes()), want);
    assert_eq!(outcome(&policy, compact.replace(',', ", ").as_bytes()), want);

    let body = "{\"text\":\"a\",\"text\":1,\n\"appMarker\\u0001\":0,\"applicationDescriptor\":{\"channelType\":\"MOBILE\",\
                \"deviceAddress\":\"a\"}}";
    assert_eq!(
        outcome(&policy, body.as_bytes()),
        concat!(
            r#"{"ok":false,"violations":["#,
            r#"{"code":"duplicate_field","pointer":"/text","offset":12,"length":6,"line":1,"column":13,"related":{"offset":1,"length":6}},"#,
            r#"{"code":"unknown_field","pointer":"/appMarker\u0001","offset":22,"length":17,"line":2,"column":1},"#,
            r#"{"code":"required_by_channel","pointer":"/applicationDescriptor/clientId","offset":66,"length":1,"line":2,"column":45,"channel":"MOBILE"},"#,
            r#"{"code":"required_by_channel","pointer":"/applicationDescriptor/appMarker","offset":66,"length":1,"line":2,"column":45,"channel":"MOBILE"}],"#,
            r#""warnings":[{"code":"alias_field","pointer":"/applicationDescriptor","offset":42,"length":23,"line":2,"column":21,"suggestion":"clientApplicationDescriptor","fix":[{"offset":43,"length":21,"text":"clientApplicationDescriptor"}]}],"#,
            r#""truncated":false}"#
        )
    );
}

#[test]
fn faults_of_a_policy_as_json() {
    let mut checker = Checker::new();
    let rejected = checker.try_policy(br#"{"limits":{"body":1}}"#).unwrap().unwrap_err();
    let mut out = Vec::new();
    rejected.write_diagnostics_json(Severity::Violation, &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        r#"[{"code":"out_of_range","pointer":"/limits/body","offset":18,"length":1,"line":1,"column":19,"limit":1024,"expected":"1024 to 16777216"}]"#
    );
    let mut out = Vec::new();
    rejected.write_diagnostics_json(Severity::Warning, &mut out).unwrap();
    assert_eq!(out, b"[]");
}
