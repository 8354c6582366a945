//! The page's exchanges, byte for byte, and the form of conformance lines.

use crate::{Policy, answer, base64, check, outcome_line};

const WHATSAPP: &str = "{\r\n  \"text\" : \"message\",\r\n  \"attachments\" : [ ],\r\n  \
    \"clientApplicationDescriptor\" : {\r\n    \"channelType\" : \"WHATSAPP\",\r\n    \
    \"deviceAddress\" : \"89000000000\"\r\n  }\r\n}";
const MOBILE: &str = "{\r\n  \"text\" : \"message\",\r\n  \"attachments\" : [ ],\r\n  \
    \"clientApplicationDescriptor\" : {\r\n    \"channelType\" : \"MOBILE\",\r\n    \
    \"clientId\" : \"012-3456-7890-12\",\r\n    \"appMarker\" : \"myApp\",\r\n    \
    \"deviceAddress\" : \"wsfck62auiv00gz14vedivwptm09ahmrhz\"\r\n  }\r\n}";

#[test]
fn the_documented_lengths() {
    assert_eq!((WHATSAPP.len(), MOBILE.len()), (163, 250));
}

#[test]
fn whatsapp_passes_unchanged_and_warns() {
    // Line 6 begins at 129; 4 spaces and `"deviceAddress" : ` (18 characters) come before.
    let expected = "{\"ok\":true,\"request\":\"{\\\"text\\\":\\\"message\\\",\\\"attachments\\\":[],\
        \\\"clientApplicationDescriptor\\\":{\\\"channelType\\\":\\\"WHATSAPP\\\",\
        \\\"deviceAddress\\\":\\\"89000000000\\\"}}\",\"warnings\":[{\"code\":\"national_number\",\
        \"pointer\":\"/clientApplicationDescriptor/deviceAddress\",\"offset\":142,\"length\":13,\
        \"line\":6,\"column\":23,\"channel\":\"WHATSAPP\"}],\"truncated\":false}";
    assert_eq!(outcome_line(&check(&Policy::default(), WHATSAPP.as_bytes())), expected);
}

#[test]
fn mobile_passes() {
    let outcome = check(&Policy::default(), MOBILE.as_bytes());
    assert!(outcome.warnings.is_empty() && outcome.violations.is_empty());
    let expected = "{\"text\":\"message\",\"attachments\":[],\"clientApplicationDescriptor\":\
        {\"channelType\":\"MOBILE\",\"clientId\":\"012-3456-7890-12\",\"appMarker\":\"myApp\",\
        \"deviceAddress\":\"wsfck62auiv00gz14vedivwptm09ahmrhz\"}}";
    assert_eq!(outcome.request.as_deref(), Some(expected.as_bytes()));
}

#[test]
fn unreadable_lines() {
    assert_eq!(answer("x"), "{\"id\":null,\"error\":\"not JSON\"}");
    assert_eq!(answer(&"[".repeat(100_000)), "{\"id\":null,\"error\":\"not JSON\"}");
    assert_eq!(answer(&"[".repeat(256)), "{\"id\":null,\"error\":\"not JSON\"}");
    assert_eq!(answer("[]"), "{\"id\":null,\"error\":\"not JSON\"}");
    assert_eq!(answer("{\"id\":1}"), "{\"id\":null,\"error\":\"no body_base64\"}");
    let bad = "{\"id\":\"a\\n\",\"body_base64\":\"e3\"}";
    assert_eq!(answer(bad), "{\"id\":\"a\\n\",\"error\":\"bad base64\"}");
}

#[test]
fn a_line_with_a_policy() {
    let refused = "{\"id\":\"p\",\"body_base64\":\"\",\"policy\": {\"x\":1}}";
    let faults = "{\"id\":\"p\",\"policy_faults\":[{\"code\":\"unknown_field\",\"pointer\":\"/x\",\
        \"offset\":1,\"length\":3,\"line\":1,\"column\":2}]}";
    assert_eq!(answer(refused), faults);
    let empty = "{\"id\":\"q\",\"body_base64\":\"\",\"policy\":{}}";
    let outcome = "{\"id\":\"q\",\"outcome\":{\"ok\":false,\"violations\":[{\"code\":\"empty_body\",\
        \"pointer\":\"\",\"offset\":0,\"length\":0,\"line\":1,\"column\":1}],\"warnings\":[],\
        \"truncated\":false}}";
    assert_eq!(answer(empty), outcome);
}

#[test]
fn base64_as_the_rfc_has_it() {
    let pairs = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
    for (length, expected) in pairs.into_iter().enumerate() {
        assert_eq!(base64(&b"foobar"[..length]), expected);
    }
}
