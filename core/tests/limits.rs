//! Bodies at the limits: none costs more stack than another, and each gives one clear violation.

mod support;

use outgoing_to_device::{Checker, Code, Policy};

const DOCUMENTED: &str = r#"{
  "text" : "message",
  "attachments" : [ ],
  "clientApplicationDescriptor" : {
    "channelType" : "WHATSAPP",
    "deviceAddress" : "89000000000"
  }
}"#;

/// The violations, as code, offset and length.
fn violations(policy: &Policy, body: &[u8]) -> Vec<(Code, u32, u32)> {
    let mut checker = Checker::new();
    let outcome = checker.check(policy, body);
    outcome.violations().map(|found| (found.code(), found.offset(), found.length())).collect()
}

#[test]
fn a_body_of_one_mebibyte_and_one_byte_is_too_large() {
    let policy = Policy::default();
    let mut body = DOCUMENTED.as_bytes().to_vec();
    body.resize(1_048_575, b' ');
    assert_eq!(violations(&policy, &body), []);
    body.push(b'\n');
    assert_eq!(violations(&policy, &body), []);
    body.push(b' ');
    assert_eq!(violations(&policy, &body), [(Code::BodyTooLarge, 0, 0)]);
    let policy = Policy::from_json(br#"{"limits": {"body": 16777216}}"#).unwrap();
    body.resize(16_777_216, b' ');
    assert_eq!(violations(&policy, &body), []);
    body.push(b' ');
    assert_eq!(violations(&policy, &body), [(Code::BodyTooLarge, 0, 0)]);
}

#[test]
fn every_cut_of_a_body_is_a_fault_at_its_end() {
    let policy = Policy::default();
    assert_eq!(violations(&policy, b""), [(Code::EmptyBody, 0, 0)]);
    for end in 1..DOCUMENTED.len() {
        assert_eq!(violations(&policy, &DOCUMENTED.as_bytes()[..end]), [(Code::InvalidJson, end as u32, 0)]);
    }
}

#[test]
fn a_byte_that_is_no_utf8_is_found_wherever_it_stands() {
    let policy = Policy::default();
    for at in 0..DOCUMENTED.len() {
        let mut body = DOCUMENTED.as_bytes().to_vec();
        body[at] = 0xFF;
        assert_eq!(violations(&policy, &body), [(Code::InvalidUtf8, at as u32, 1)]);
        let mut body = DOCUMENTED.as_bytes().to_vec();
        body.insert(at, 0xC3);
        assert_eq!(violations(&policy, &body), [(Code::InvalidUtf8, at as u32, 1)]);
    }
}

#[test]
fn numbers_on_both_sides_of_every_limit() {
    // (what is limited, its policy key, its default, a body with so many of it)
    let descriptor = |member: &str| {
        format!(r#"{{"text":"m","clientApplicationDescriptor":{{"channelType":"WEB",{member}"deviceAddress":"d"}}}}"#)
    };
    let attachment = |member: &str| {
        format!(
            r#"{{"text":"m","attachments":[{{{member}}}],"clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"d"}}}}"#
        )
    };
    type Body<'a> = Box<dyn Fn(usize) -> String + 'a>;
    let limits: [(&str, usize, Code, Body<'_>); 9] = [
        (
            "text",
            2_000,
            Code::TooLong,
            Box::new(|n| descriptor("").replace("\"m\"", &format!("\"{}\"", "x".repeat(n)))),
        ),
        ("clientId", 255, Code::TooLong, Box::new(|n| descriptor(&format!(r#""clientId":"{}","#, "x".repeat(n))))),
        (
            "unauthorizedClientId",
            255,
            Code::TooLong,
            Box::new(|n| descriptor(&format!(r#""unauthorizedClientId":"{}","#, "x".repeat(n)))),
        ),
        ("appMarker", 255, Code::TooLong, Box::new(|n| descriptor(&format!(r#""appMarker":"{}","#, "x".repeat(n))))),
        (
            "deviceAddress",
            1_024,
            Code::TooLong,
            Box::new(|n| descriptor("").replace("\"d\"", &format!("\"{}\"", "x".repeat(n)))),
        ),
        (
            "url",
            4_000,
            Code::TooLong,
            Box::new(|n| attachment(&format!(r#""url":"https://a/{}""#, "x".repeat(n - 10)))),
        ),
        (
            "name",
            1_000,
            Code::TooLong,
            Box::new(|n| attachment(&format!(r#""url":"https://a/","name":"{}""#, "x".repeat(n)))),
        ),
        (
            "type",
            256,
            Code::TooLong,
            Box::new(|n| attachment(&format!(r#""url":"https://a/","type":"a/{}""#, "x".repeat(n - 2)))),
        ),
        ("depth", 64, Code::NestingTooDeep, Box::new(|n| "[".repeat(n))),
    ];
    let policy = Policy::default();
    for (name, limit, code, body) in &limits {
        for n in [limit - 1, *limit, limit + 1] {
            let found = violations(&policy, body(n).as_bytes()).iter().any(|(found, ..)| found == code);
            assert_eq!(found, n > *limit, "{name} of {n}");
        }
    }
}

/// The places of everything that a large body reports are right, far into it too.
#[test]
fn offsets_far_into_a_body() {
    let policy = Policy::default();
    for space in [0, 1, 63, 64, 65, 127, 128, 129, 255, 256, 65_535, 65_536, 1_000_000] {
        let body = format!("{{{}\"text\":1}}", " ".repeat(space));
        let expected = [(Code::MissingField, 0, 1), (Code::TypeMismatch, space as u32 + 8, 1)];
        assert_eq!(violations(&policy, body.as_bytes()), expected);
    }
}

/// The stack that a check needs does not grow with the body: the deepest one that passes, and far
/// deeper ones that don't, on a thread with 64 KiB.
#[test]
fn the_deepest_body_passes_on_a_small_stack() {
    let deep = |open: &str, inner: &str, close: &str, n: usize| {
        format!(r#"{{"x":{}{inner}{}}}"#, open.repeat(n), close.repeat(n))
    };
    let bodies = [
        deep("[", "", "]", 63),
        deep(r#"{"a":"#, "1", "}", 63),
        deep("[", r#""\ud800""#, "]", 63),
        deep("[", "", "]", 100_000),
        deep(r#"{"a":"#, "1", "}", 100_000),
        "[".repeat(100_000),
        r#"{"text":"#.repeat(100_000),
        r#"{"attachments":["#.repeat(50_000),
        format!("\"{}\"", r"\ud800".repeat(100_000)),
        DOCUMENTED.to_owned(),
    ];
    let check = move || {
        let policy = Policy::default();
        let mut checker = Checker::new();
        let mut out = Vec::new();
        let counts = bodies.each_ref().map(|body| {
            let outcome = checker.check(&policy, body.as_bytes());
            outcome.write_json(&mut out).expect("memory");
            outcome.violations().map(|violation| violation.code()).last()
        });
        use Code::{InvalidUnicode, NestingTooDeep, TypeMismatch, UnknownField};
        let (deep, unknown) = (Some(NestingTooDeep), Some(UnknownField));
        let expected = [unknown, unknown, Some(InvalidUnicode), deep, deep, deep, deep, deep, Some(TypeMismatch), None];
        assert_eq!(counts, expected);
    };
    std::thread::Builder::new().stack_size(64 << 10).spawn(check).expect("a thread").join().expect("no overflow");
}
