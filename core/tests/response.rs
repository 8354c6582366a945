//! The success response (contract §8): written, and read back strictly.

use outgoing_to_device::{Response, ResponseRef};
use proptest::prelude::*;

fn response(client_external_id: Option<&str>) -> Response {
    let client_external_id = client_external_id.map(String::from);
    Response { id: 1, thread_id: 2, client_id: 1, client_external_id, agent_id: 3 }
}

#[test]
fn the_documented_response_reads() {
    let json = "{\r\n  \"id\" : 1,\r\n  \"threadId\" : 2,\r\n  \"clientId\" : 1,\r\n  \"clientExternalId\" : null,\r\n  \
                \"agentId\" : 3\r\n}";
    assert_eq!(json.len(), 102);
    assert_eq!(Response::from_json(json.as_bytes()).unwrap(), response(None));
}

#[test]
fn what_a_server_adds_is_passed_over() {
    let json = br#"{"status":{"id":1},"id":1.0,"status":2,"threadId":2e0,"clientId":10e-1,"clientExternalId":"\u00e9\ud83d\ude00","agentId":3}"#;
    assert_eq!(Response::from_json(json).unwrap(), response(Some("é😀")));
}

#[test]
fn ids_are_signed_and_have_64_bits() {
    for (id, want) in [
        ("0", Some(0)),
        ("-0", Some(0)),
        ("-0.0", Some(0)),
        ("-1", Some(-1)),
        ("-1e2", Some(-100)),
        ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775807.0", Some(i64::MAX)),
        ("9223372036854775808", None),
        ("-9223372036854775808", Some(i64::MIN)),
        ("-9223372036854775809", None),
        ("1e400", None),
        ("-1e400", None),
    ] {
        let json = format!(r#"{{"id":{id},"threadId":2,"clientId":1,"clientExternalId":null,"agentId":3}}"#);
        match (Response::from_json(json.as_bytes()), want) {
            (Ok(response), Some(want)) => assert_eq!(response.id, want, "{id}"),
            (Err(rejection), None) => {
                let [fault] = rejection.violations.as_slice() else { panic!("{rejection}") };
                assert_eq!((fault.code.as_str(), fault.pointer.as_str()), ("out_of_range", "/id"));
                assert_eq!(fault.expected.as_deref(), Some("a signed 64-bit integer"));
            }
            (result, want) => panic!("{id}: {result:?}, not {want:?}"),
        }
    }
}

#[test]
fn every_fault_has_its_place() {
    let faults = |json: &str| -> Vec<String> {
        let rejection = Response::from_json(json.as_bytes()).unwrap_err();
        let place = |offset: u32, length: u32| json[offset as usize..][..length as usize].to_owned();
        let line = |fault: &outgoing_to_device::DiagnosticBuf| {
            format!("{} {} {}", fault.code, fault.pointer, place(fault.offset, fault.length))
        };
        rejection.violations.iter().map(line).collect()
    };
    assert_eq!(faults(""), ["empty_body  "]);
    assert_eq!(faults("null"), ["type_mismatch  null"]);
    assert_eq!(faults(r#"{"id":1"#), ["invalid_json  "]);
    assert_eq!(
        faults("{}"),
        [
            "missing_field /id {",
            "missing_field /threadId {",
            "missing_field /clientId {",
            "missing_field /clientExternalId {",
            "missing_field /agentId {",
        ]
    );
    assert_eq!(
        faults(
            r#"{"id":null,"threadId":"2","clientId":1.5,"clientExternalId":7,"agentId":[],"id":"\ud800","x":"\ud800"}"#
        ),
        [
            "missing_field /id null",
            r#"type_mismatch /threadId "2""#,
            "type_mismatch /clientId 1.5",
            "type_mismatch /clientExternalId 7",
            "type_mismatch /agentId []",
            r#"duplicate_field /id "id""#,
            r#"invalid_unicode /id "\ud800""#,
            r#"invalid_unicode /x "\ud800""#,
        ]
    );
    let broken = r#"{"id":1,"threadId":2,"clientId":1,"clientExternalId":"a\udc00","agentId":3}"#;
    assert_eq!(faults(broken), [r#"invalid_unicode /clientExternalId "a\udc00""#]);
    assert!(Response::from_json(b"{\"clientExternalId\":\"\xff\"}").unwrap_err().to_string().contains("UTF-8"));
}

#[test]
fn no_identifier_of_a_person_is_shown() {
    let shown = format!("{:?}", response(Some("hush")));
    assert_eq!(shown, "Response { id: 1, thread_id: 2, .. }");
}

#[test]
fn header_fields() {
    let vary: Vec<&str> =
        Response::HEADER_FIELDS.iter().filter(|(name, _)| *name == "vary").map(|(_, value)| *value).collect();
    assert_eq!(vary, ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]);
    assert!(Response::HEADER_FIELDS.contains(&("content-type", "application/json")));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        id in any::<i64>(), thread_id in any::<i64>(), client_id in any::<i64>(), agent_id in any::<i64>(),
        client_external_id in proptest::option::of("(?s).{0,20}")
    ) {
        let response = Response { id, thread_id, client_id, client_external_id, agent_id };
        let json = response.to_json();
        prop_assert_eq!(&Response::from_json(&json).unwrap(), &response);
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(value["clientExternalId"].as_str(), response.client_external_id.as_deref());
        prop_assert_eq!(value["agentId"].as_i64(), Some(agent_id));
        let mut written = Vec::new();
        let client_external_id = response.client_external_id.as_deref();
        ResponseRef { id, thread_id, client_id, client_external_id, agent_id }.write(&mut written).unwrap();
        prop_assert_eq!(&written, &json);
        response.write(&mut written).unwrap();
        prop_assert_eq!(written, [&json[..], &json].concat());
    }
}
