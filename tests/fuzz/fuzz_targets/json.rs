//! What is JSON, and which keys are repeated: against serde_json and jiter.
#![no_main]

use outgoing_to_device::Code;
use outgoing_to_device_fuzz::{policy, with_checker};
use serde::de::IgnoredAny;

/// The policy that reports most, and how many attachments it allows.
const WIDE: u8 = 6;
const MOST_ATTACHMENTS: usize = 1000;

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let (first, duplicates) = with_checker(|checker| {
        let outcome = checker.check(policy(WIDE), body);
        let duplicates = outcome.violations().filter(|found| found.code() == Code::DuplicateField).count();
        (outcome.violations().next().map(|first| first.code()), duplicates)
    });
    if matches!(first, Some(Code::NestingTooDeep | Code::BodyTooLarge)) {
        return;
    }
    let refused = matches!(first, Some(Code::EmptyBody | Code::InvalidUtf8 | Code::InvalidJson));
    let json = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let serde = std::str::from_utf8(json).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    assert_eq!(serde, !refused, "serde_json");
    // jiter reads numbers into floats, and refuses lone surrogates; an escape may be one.
    let has_escape = json.windows(2).any(|pair| pair == br"\u");
    match jiter::JsonValue::parse(json, false) {
        Ok(_) => assert!(!refused, "jiter reads it"),
        Err(error) if error.error_type == jiter::JsonErrorType::NumberOutOfRange => {}
        Err(_) if has_escape => {}
        Err(error) => assert!(refused, "jiter does not read it: {error:?}"),
    }
    if let Ok(json) = serde_json::from_slice::<duplicates::Json>(json) {
        assert_eq!(duplicates::count(&json, MOST_ATTACHMENTS), duplicates, "repeated keys");
    }
});

#[path = "../../../core/tests/support/duplicates.rs"]
mod duplicates;
