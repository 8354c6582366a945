//! Responses and heads as the `http` crate has them (feature `http`).
#![cfg(feature = "http")]

use outgoing_to_device::{Checker, Limits, PATH, Policy, Response, check_parts};

type Sent = http::Response<Vec<u8>>;

fn fields(response: &Sent) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

fn expected(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_rejection_is_a_problem_document() {
    let (policy, mut checker) = (Policy::default(), Checker::new());
    let rejection = checker.check(&policy, b"{}").into_result().unwrap_err();
    let owned = rejection.to_owned();
    let sent: Sent = rejection.to_response();
    assert_eq!(sent.status(), 400);
    assert_eq!(sent.body(), &rejection.to_problem());
    assert_eq!(fields(&sent), expected(rejection.header_fields()));
    let sent_owned: Sent = owned.to_response();
    assert_eq!((sent_owned.status(), sent_owned.body()), (sent.status(), sent.body()));
}

#[test]
fn a_success_has_every_field() {
    let response = Response { id: 1, thread_id: 2, client_id: 3, client_external_id: Some("4".into()), agent_id: 5 };
    let sent: Sent = response.to_response();
    assert_eq!(sent.status(), 200);
    assert_eq!(sent.body(), &response.to_json());
    assert_eq!(sent.headers().get_all("vary").iter().count(), 3);
    assert_eq!(fields(&sent).len(), Response::HEADER_FIELDS.len());
}

#[test]
fn a_head_is_checked_as_it_came() {
    let head = |method: &str, content_type: &str| {
        let request =
            http::Request::builder().method(method).uri("https://chat.example/api/v1/messages/outgoing-to-device");
        let request = request.header("authorization", "Bearer abc").header("content-type", content_type);
        request.body(()).unwrap().into_parts().0
    };
    assert!(check_parts(&Limits::DEFAULT, PATH, &head("POST", "application/json")).is_ok());
    for (method, content_type, path, status) in [
        ("GET", "application/json", PATH, 405),
        ("POST", "text/plain", PATH, 415),
        ("POST", "application/json", "/elsewhere", 404),
    ] {
        let rejection = check_parts(&Limits::DEFAULT, path, &head(method, content_type)).unwrap_err();
        let sent: Sent = rejection.to_response();
        assert_eq!(sent.status(), status, "{method} {content_type} {path}");
        assert_eq!(sent.body(), &rejection.to_problem());
    }
}
