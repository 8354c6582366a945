//! Request heads as httparse reads them, and responses that httparse must read as one message.
#![no_main]

use outgoing_to_device::{Limits, PATH, Response, check_head};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    head(data);
    response(data);
});

/// The verdict on a head is that of a few plain lines.
fn head(data: &[u8]) {
    let mut fields = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut fields);
    if !matches!(request.parse(data), Ok(httparse::Status::Complete(_))) {
        return;
    }
    let (method, target) = (request.method.unwrap_or(""), request.path.unwrap_or(""));
    let fields = || request.headers.iter().map(|field| (field.name.as_bytes(), field.value));
    let found = check_head(&Limits::DEFAULT, PATH, method.as_bytes(), target.as_bytes(), fields());
    let all = |name: &str| -> Vec<&[u8]> {
        request.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value).collect()
    };
    let authorized = matches!(all("authorization")[..], [value] if {
        let text = String::from_utf8_lossy(value);
        let text = text.trim_matches([' ', '\t']);
        text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "))
            && text.len() > 7
            && text[7..].bytes().all(|byte| byte.is_ascii_graphic())
    });
    let path = target.split('?').next().unwrap_or("");
    let statuses = |code: u16| found.as_ref().is_err_and(|rejection| rejection.status() == code);
    if target.starts_with('/') {
        assert_eq!(statuses(404), path != PATH);
    }
    if path == PATH {
        assert_eq!(statuses(405), method != "POST");
        if method == "POST" {
            assert_eq!(statuses(401), !authorized);
        }
    }
    if let Err(rejection) = found {
        let mut problem = Vec::new();
        rejection.write_problem(&mut problem).expect("memory");
        one_message(rejection.status(), rejection.header_fields(), &problem);
        // Nothing of the head is shown.
        let shown = format!("{rejection} {rejection:?} {}", String::from_utf8_lossy(&problem));
        for (_, value) in fields() {
            let value = String::from_utf8_lossy(value);
            assert!(value.len() < 24 || !shown.contains(&*value));
        }
    } else {
        assert!(all("transfer-encoding").is_empty() || all("content-length").is_empty());
        assert!(all("content-type").len() == 1 && all("content-length").len() <= 1);
    }
}

/// Any identifier goes out and comes back, in one message.
fn response(data: &[u8]) {
    let id = data.iter().fold(0_i64, |id, byte| id.wrapping_mul(257).wrapping_add(i64::from(*byte)));
    let response = Response {
        id,
        thread_id: id.wrapping_neg(),
        client_id: id >> 7,
        client_external_id: std::str::from_utf8(data).ok().map(str::to_owned),
        agent_id: !id,
    };
    let json = response.to_json();
    assert_eq!(Response::from_json(&json).as_ref(), Ok(&response));
    let value: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(value["clientExternalId"].as_str(), response.client_external_id.as_deref());
    one_message(Response::STATUS, Response::HEADER_FIELDS, &json);
    let _ = Response::from_json(data);
}

/// A parser that is not ours sees one response, with these fields and this body.
fn one_message(status: u16, fields: &[(&str, &str)], body: &[u8]) {
    let mut message = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in fields {
        assert!(!name.bytes().chain(value.bytes()).any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
        message += &format!("{name}: {value}\r\n");
    }
    let mut message = (message + "\r\n").into_bytes();
    let head = message.len();
    message.extend(body);
    let mut parsed = [httparse::EMPTY_HEADER; 8];
    let mut response = httparse::Response::new(&mut parsed);
    assert_eq!(response.parse(&message), Ok(httparse::Status::Complete(head)));
    assert_eq!(response.code, Some(status));
    assert_eq!(response.headers.len(), fields.len() + 1);
}
