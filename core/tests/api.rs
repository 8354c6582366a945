//! The public interface as a host uses it: getters, messages, and what `Debug` shows.

use outgoing_to_device::{
    Actual, AddressKind, Checker, Code, Group, Limits, Lines, National, Outcome, Policy, Position, RequestBuf,
    Severity, UnknownFields, max_normalized_len,
};

const FULL: &str = r#"{"text":"\u0041","attachments":[{"url":"https://a.example/f","name":"f.png","type":"image/png","size":2.56e2},{"url":"http://a.example/"}],
    "clientApplicationDescriptor":{"channelType":"mobile","clientId":"c","unauthorizedClientId":"u","appMarker":"a","deviceAddress":" t "}}"#;

#[test]
fn a_request_gives_its_parts() {
    let policy = Policy::default();
    let owned = RequestBuf::from_json(&policy, FULL.as_bytes()).unwrap();
    let request = owned.as_request();
    assert_eq!(request.text(), "A");
    assert_eq!(request.channel_type(), "MOBILE");
    assert_eq!(request.client_id(), Some("c"));
    assert_eq!(request.unauthorized_client_id(), Some("u"));
    assert_eq!(request.app_marker(), Some("a"));
    assert_eq!(request.device_address(), "t");
    let attachments: Vec<_> = request
        .attachments()
        .map(|attachment| (attachment.url(), attachment.name(), attachment.media_type(), attachment.size()))
        .collect();
    let first = ("https://a.example/f", Some("f.png"), Some("image/png"), Some(256));
    assert_eq!(attachments, [first, ("http://a.example/", None, None, None)]);

    assert_eq!(max_normalized_len(1_001), 1_565);

    let same = RequestBuf::from_json(&policy, &request.to_json()).unwrap();
    assert!(same == owned && same == same.clone());
    let other = RequestBuf::from_json(&policy, FULL.replace("0041", "0042").as_bytes()).unwrap();
    assert!(other != owned);

    // What Debug shows is no value of the request.
    let shown = format!("{request:?} {owned:?} {:?}", request.attachments().next().unwrap());
    assert_eq!(
        shown,
        "Request { attachments: 2, kept: 0, .. } Request { attachments: 2, kept: 0, .. } Attachment { .. }"
    );
}

#[test]
fn an_outcome_gives_its_parts() {
    let policy = Policy::from_json(br#"{"limits":{"warnings":1}}"#).unwrap();
    let mut checker = Checker::default();
    let outcome = checker.check(&policy, FULL.as_bytes());
    assert!(outcome.is_accepted() && outcome.truncated());
    assert_eq!(outcome.violations().len(), 0);
    assert_eq!(outcome.warnings().map(|warning| warning.severity()).collect::<Vec<_>>(), [Severity::Warning]);
    let Outcome::Accepted(accepted) = &outcome else { panic!("refused") };
    assert!(accepted.truncated());
    assert!(format!("{outcome:?}").starts_with("Accepted(Accepted { request: Request { attachments: 2,"));
    assert!(checker.truncated());
    let policy = Policy::default();
    let outcome = checker.check(&policy, FULL.as_bytes());
    let Outcome::Accepted(accepted) = &outcome else { panic!("refused") };
    assert!(!accepted.truncated() && !outcome.truncated());

    let policy = Policy::default();
    let body = br#"{"text":1,"text":2}"#;
    let outcome = checker.try_check(&policy, body).unwrap();
    let Outcome::Rejected(rejected) = &outcome else { panic!("accepted") };
    assert!(!rejected.truncated());
    let violations = rejected.violations();
    assert_eq!(violations.size_hint(), (3, Some(3)));
    let duplicate = violations.clone().nth(2).unwrap();
    assert_eq!((duplicate.code(), duplicate.related().map(|span| span.offset)), (Code::DuplicateField, Some(1)));
    assert_eq!(violations.clone().nth(3).map(|violation| violation.code()), None);
    let mut pointer = b"at ".to_vec();
    duplicate.pointer().write(&mut pointer).unwrap();
    assert_eq!(pointer, b"at /text");
    assert_eq!(duplicate.to_string(), "/text: The field stands more than once; readers disagree on which one counts.");
    assert_eq!(
        format!("{duplicate:?}"),
        "Diagnostic { code: DuplicateField, pointer: \"/text\", offset: 10, length: 6, \
         related: Some(Span { offset: 1, length: 6 }), params: Params { limit: None, actual: None, expected: None, \
         channel: None, suggestion: None, belongs_to: None } }"
    );
    let rejection = rejected.to_owned();
    assert_eq!(rejection.to_string().lines().count(), 3);
    assert_eq!(
        rejection.to_string().lines().last(),
        Some("1:11: /text: The field stands more than once; readers disagree on which one counts.")
    );

    let shown = format!("{outcome:?}");
    assert!(shown.starts_with("Rejected(Rejection { violations: [Diagnostic { code: MissingField,"), "{shown}");
    assert!(shown.ends_with("], warnings: [], truncated: false })"), "{shown}");
    let mismatch = violations.clone().nth(1).unwrap().params();
    assert_eq!((mismatch.actual.unwrap().to_string(), Actual::Number(7).to_string()), ("number".into(), "7".into()));

    // The checker tells of it after the call, too.
    let again = checker.rejected(Some(&policy), body).unwrap().to_owned();
    assert_eq!(again, rejection);
    assert_eq!(checker.diagnostics(Some(&policy), body, Severity::Warning).len(), 0);
    assert!(!checker.truncated());
}

#[test]
fn a_text_can_be_refused_by_its_length() {
    let mut checker = Checker::new();
    assert!(!checker.try_too_large(&Limits::DEFAULT, 1_048_576).unwrap());
    assert!(checker.rejected(None, b"").is_none());
    assert!(checker.try_too_large(&Limits::DEFAULT, 1_048_577).unwrap());
    let rejected = checker.rejected(None, b"").unwrap();
    assert_eq!(rejected.status(), 413);
    let violation = rejected.violations().next().unwrap();
    assert_eq!((violation.code(), violation.params().limit), (Code::BodyTooLarge, Some(1_048_576)));
    assert!(checker.try_too_large(&Limits::DEFAULT, usize::MAX).unwrap());
}

#[test]
fn a_policy_gives_its_parts() {
    let policy = Policy::from_json(
        br#"{"unknownFields":"drop","channels":{"VIBER":{"national":{"prefix":"8","country":"7","length":11}},"WEB":null}}"#,
    )
    .unwrap();
    assert_eq!(policy.unknown_fields(), UnknownFields::Drop);
    assert_eq!(*policy.limits(), Limits::default());
    assert_eq!(policy.channels().count(), 10);
    assert!(policy.channel("web").is_none());
    let viber = policy.channel("viber").unwrap();
    assert_eq!((viber.name(), viber.text_limit()), ("VIBER", 2_000));
    assert!(viber.addresses().eq([AddressKind::Phone]));
    assert_eq!((viber.text_warning(), viber.requires().count()), (Some(1_000), 0));
    let national = viber.national()[0];
    assert_eq!((national.prefix(), national.country(), national.length()), ("8", "7", 11));
    assert_eq!(National::new("8", "7", 11), Some(national));
    assert_eq!(
        format!("{viber:?}"),
        "Channel { name: \"VIBER\", requires: [], addresses: [Phone], text_limit: 2000, text_warning: Some(1000), \
         caption_warning: None, national: [National { prefix: \"8\", country: \"7\", length: 11 }] }"
    );
    assert!(format!("{policy:?}").starts_with("Policy { unknown_fields: Drop, limits: Limits { body: 1048576,"));
    assert_eq!(Policy::try_default().unwrap(), Policy::default());
    let words = [UnknownFields::Reject, UnknownFields::Drop, UnknownFields::Keep].map(UnknownFields::as_str);
    assert_eq!(words, ["reject", "drop", "keep"]);
    for kind in AddressKind::ALL {
        assert_eq!(AddressKind::parse(kind.as_str().as_bytes()), Some(*kind));
        assert_eq!(kind.to_string(), kind.as_str());
    }
}

#[test]
fn codes_are_a_registry() {
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    // The contract's list, §6: never renamed, never reordered.
    let contract = "empty_body body_too_large invalid_utf8 invalid_json nesting_too_deep type_mismatch missing_field \
        unknown_field duplicate_field invalid_unicode blank control_character too_long too_many_items out_of_range \
        empty_message unknown_channel required_by_channel invalid_address invalid_url invalid_media_type invalid_name \
        alias_field national_number unlikely_address unlikely_identifier garbled_text attachment_kind_unknown \
        insecure_url unescaped_url private_host long_text dropped_field kept_field not_found \
        method_not_allowed unauthorized unsupported_media_type invalid_head policy_conflict";
    assert_eq!(names, contract.split_whitespace().collect::<Vec<_>>());
    for (number, code) in Code::ALL.iter().enumerate() {
        assert_eq!(*code as usize, number);
        assert_eq!(Code::parse(code.as_str()), Some(*code));
        assert_eq!(code.to_string(), code.as_str());
        assert!(code.meaning().ends_with('.'), "{code}");
        let group = match number {
            0..5 => Group::Body,
            5..15 => Group::Shape,
            15..22 => Group::Meaning,
            22..34 => Group::Warning,
            34..39 => Group::Head,
            _ => Group::Policy,
        };
        assert_eq!(code.group(), group, "{code}");
        assert_eq!(code.severity() == Severity::Warning, group == Group::Warning);
    }
    assert_eq!(Code::parse("other"), None);
    assert_eq!([Severity::Violation, Severity::Warning].map(Severity::as_str), ["violation", "warning"]);
}

/// The messages of everything that is said of a body under a policy, or of the policy.
fn messages(policy: &str, body: &str) -> Vec<String> {
    let mut checker = Checker::new();
    let policy = match checker.try_policy(policy.as_bytes()).unwrap() {
        Ok(policy) => policy,
        Err(rejected) => return rejected.violations().map(|fault| fault.message().to_string()).collect(),
    };
    let outcome = checker.check(&policy, body.as_bytes());
    outcome.violations().chain(outcome.warnings()).map(|found| found.message().to_string()).collect()
}

#[test]
fn a_text_with_attachments_has_the_lower_of_two_warnings() {
    let files = r#","attachments":[{"url":"https://example.com/b"}]"#;
    for (text, caption, alone, with_files) in [(4, 3, 0, 1), (3, 4, 1, 1), (4, 4, 0, 0)] {
        let policy = format!(r#"{{"channels":{{"WEB":{{"textWarning":{text},"captionWarning":{caption}}}}}}}"#);
        for (files, count) in [("", alone), (files, with_files)] {
            let descriptor = r#""clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"a"}"#;
            let body = format!(r#"{{"text":"four"{files},{descriptor}}}"#);
            let said = messages(&policy, &body).iter().filter(|text| text.contains("UTF-16")).count();
            assert_eq!(said, count, "{policy} {body}");
        }
    }
}

#[test]
fn messages_are_sentences() {
    let descriptor = |channel: &str, address: &str| {
        format!(
            r#"{{"text":"m","clientApplicationDescriptor":{{"channelType":"{channel}","deviceAddress":"{address}"}}}}"#
        )
    };
    let with = |members: &str| {
        format!(r#"{{{members},"clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"d"}}}}"#)
    };
    let long = "x".repeat(2_001);
    for (policy, body, expected) in [
        ("{}", String::new(), "The body is empty, or holds only white space."),
        (
            r#"{"limits":{"body":1024}}"#,
            " ".repeat(1_025),
            "The body is too large: 1025, where at most 1024 bytes are allowed.",
        ),
        (
            r#"{"limits":{"depth":4}}"#,
            "[[[[[".to_owned(),
            "Arrays and objects are nested too deep: at most 4 levels are allowed.",
        ),
        ("{}", with(r#""text":5"#), "The value must be a string, not a number; put it in quotes."),
        ("{}", with(r#""text":[]"#), "The value must be a string, not an array."),
        (
            "{}",
            with(r#""text":"m","attachments":[{"url":"https://a.b/","name":"a.b","size":1.5}]"#),
            "The value must be an integer, not a number with a fraction.",
        ),
        (
            "{}",
            with(r#""text":"m","attachments":[{"url":"https://a.b/","name":"a.b","size":"1"}]"#),
            "The value must be an integer, not a string.",
        ),
        ("{}", with(r#""text":"m","tetx":1"#), "No such field is known here; did you mean text?"),
        ("{}", with(r#""text":"m","url":1"#), "No such field is known here; it belongs in attachments."),
        ("{}", with(r#""text":"m","login":1"#), "No such field is known here; it belongs to a sibling endpoint."),
        (
            "{}",
            with(r#""text":"m","attachments":[{"url":"https://a.b/","name":"a.b","text":1}]"#),
            "No such field is known here; it belongs in the body's object.",
        ),
        (
            r#"{"unknownFields":"drop"}"#,
            with(r#""text":"m","x":1"#),
            "No such field is known here, and it was left out.",
        ),
        (
            r#"{"unknownFields":"keep"}"#,
            with(r#""text":"m","x":1"#),
            "No such field is known here, and it was passed on as it stands.",
        ),
        (
            "{}",
            with(&format!(r#""text":"{long}""#)),
            "The string is too long for WEB: 2001, where at most 2000 UTF-16 code units are allowed.",
        ),
        (
            r#"{"limits":{"address":1}}"#,
            descriptor("WEB", "dd"),
            "The string is too long: 2, where at most 1 UTF-16 code units are allowed.",
        ),
        (
            r#"{"channels":{"WEB":{"textWarning":1}}}"#,
            with(r#""text":"ab""#),
            "WEB may cut or split a text of more than 1 UTF-16 code units; this one has 2.",
        ),
        (
            r#"{"limits":{"attachments":0}}"#,
            with(r#""text":"m","attachments":[1]"#),
            "There are too many items: at most 0 items are allowed.",
        ),
        (
            "{}",
            with(r#""text":"m","attachments":[{"url":"https://a.b/","name":"a.b","size":-1}]"#),
            "The number must not be below 0.",
        ),
        (
            "{}",
            with(r#""text":"m","attachments":[{"url":"https://a.b/","name":"a.b","size":1e400}]"#),
            "The number is out of range; its bound is 9007199254740991.",
        ),
        (r#"{"unknownFields":"x"}"#, String::new(), "The value must be reject, drop or keep."),
        ("{}", descriptor("VIBR", "d"), "The policy has no such channel; did you mean VIBER?"),
        ("{}", descriptor("PIGEON", "d"), "The policy has no such channel."),
        (r#"{"channels":{"WEB":{"requires":["clientId"]}}}"#, descriptor("WEB", "d"), "WEB requires this field."),
        (
            "{}",
            descriptor("WHATSAPP", "x"),
            "The device address is not a phone number of 7 to 15 digits, as WHATSAPP needs.",
        ),
        (
            r#"{"channels":{"WEB":{"address":"token"}}}"#,
            descriptor("WEB", "ж"),
            "The device address is not a token of visible ASCII characters, as WEB needs.",
        ),
        ("{}", descriptor("EMAIL", "x"), "The device address is not an e-mail address, as EMAIL needs."),
        (
            "{}",
            descriptor("TELEGRAM", "x"),
            "The device address is not a numeric identifier of up to 19 digits, as TELEGRAM needs.",
        ),
        (
            r#"{"channels":{"VIBER":{"text":1000,"textWarning":1000}}}"#,
            String::new(),
            "Two settings contradict each other: textWarning below text.",
        ),
        ("{}", with(r#""text":"""#), "The message has neither text nor attachments."),
    ] {
        assert_eq!(messages(policy, &body), [expected], "{policy} {body}");
    }
}

#[test]
fn positions_can_be_asked_for_in_any_order() {
    let body = "\u{FEFF}{\n \"ё\":\r\n1}";
    let position = |line, column| Position { line, column };
    let mut lines = Lines::new(body.as_bytes());
    for (offset, expected) in [
        (13, position(3, 1)),
        (6, position(2, 2)),
        (9, position(2, 4)),
        (9, position(2, 4)),
        (3, position(1, 1)),
        (0, position(1, 1)),
        (99, position(3, 3)),
        (14, position(3, 2)),
    ] {
        assert_eq!(lines.position(offset), expected, "{offset}");
        assert_eq!(Lines::new(body.as_bytes()).position(offset), expected, "{offset}, asked first");
    }
}

#[test]
fn a_pointer_is_written_as_it_is_shown() {
    let many = "{},".repeat(12);
    let many = many.trim_end_matches(',');
    let long = "é~/".repeat(40);
    let mut checker = Checker::new();
    for body in [
        format!(r#"{{"text":1,"attachments":[{many}],"clientApplicationDescriptor":{{"channelType":"MOBILE"}}}}"#),
        format!(
            r#"{{"textt":1,"{long}":[],"\u0061ttachments":[1,{{"url":2,"size":-1}}],"clientApplicationDescriptor":{{}}}}"#
        ),
        r#"{"client_application_descriptor":{"deviceAddress":1,"unauthorizedClientId":2}}"#.to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        r#"{"text":"a","text":"b"}"#.to_owned(),
    ] {
        let policy = Policy::default();
        let rejection = checker.check(&policy, body.as_bytes()).into_result().unwrap_err();
        for violation in rejection.violations() {
            let mut written = b"before".to_vec();
            violation.pointer().write(&mut written).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), format!("before{}", violation.pointer()));
        }
    }
}

#[test]
fn a_channel_is_suggested_whatever_white_space_is_around_and_none_to_a_long_name() {
    let white = "\\u0020\\t ".repeat(1000);
    let long = "VIBER".repeat(13);
    for (name, suggestion) in [
        ("VIBRE".to_string(), Some("VIBER")),
        (format!("{white}VIBRE{white}"), Some("VIBER")),
        (format!("{white}\\u0056IB\\u200BRE"), Some("VIBER")),
        (format!("{white}{long}{white}"), None),
        (format!("{}\\u0020{}", "V".repeat(40), "R".repeat(40)), None),
    ] {
        let descriptor = format!(r#"{{"channelType":"{name}","deviceAddress":"x"}}"#);
        let body = format!(r#"{{"text":"hi","attachments":[],"clientApplicationDescriptor":{descriptor}}}"#);
        let (policy, mut checker) = (Policy::default(), Checker::new());
        let outcome = checker.check(&policy, body.as_bytes());
        let unknown = outcome.violations().next().unwrap();
        assert_eq!((unknown.code(), unknown.params().suggestion), (Code::UnknownChannel, suggestion), "{name}");
    }
}
