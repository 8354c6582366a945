//! Requests that are built: they say what one with the same values says that was read.

use outgoing_to_device::{AttachmentRef, Checker, Code, Policy, RequestBuf, RequestRef};

const BODY: &str = r#"{"text":"Ready \"now\"","attachments":[{"url":"https://cdn.example/a.pdf","name":"a.pdf","type":"Application/PDF","size":1024},{"url":"https://cdn.example/b.png"}],"clientApplicationDescriptor":{"channelType":"mobile","clientId":"client-1","unauthorizedClientId":"guest-2","appMarker":"shop","deviceAddress":"token_3"}}"#;

#[test]
fn every_value_is_written_and_checked() {
    let policy = Policy::default();
    let built = RequestBuf::builder("mobile", "token_3")
        .text("Ready \"now\"")
        .client_id("client-1")
        .unauthorized_client_id("guest-2")
        .app_marker("shop")
        .attachment(
            AttachmentRef::new("https://cdn.example/a.pdf").name("a.pdf").media_type("Application/PDF").size(1024),
        )
        .attachment(AttachmentRef::new("https://cdn.example/b.png"))
        .build(&policy)
        .unwrap()
        .request;
    let read = RequestBuf::from_json(&policy, BODY.as_bytes()).unwrap();
    assert_eq!(built.to_json(), read.to_json());
    assert_eq!((built.text(), built.channel_type(), built.device_address()), ("Ready \"now\"", "MOBILE", "token_3"));
    assert_eq!((built.client_id(), built.unauthorized_client_id()), (Some("client-1"), Some("guest-2")));
    assert_eq!(built.app_marker(), Some("shop"));
    let names: Vec<_> = built.attachments().map(|attachment| attachment.name().map(str::to_owned)).collect();
    assert_eq!(names, [Some("a.pdf".to_owned()), None]);
}

#[test]
fn what_is_written_is_the_body_as_it_is_sent() {
    let attachments = [
        AttachmentRef::new("https://cdn.example/a.pdf").name("a.pdf").media_type("Application/PDF").size(1024),
        AttachmentRef::new("https://cdn.example/b.png"),
    ];
    let request = RequestRef {
        text: Some("Ready \"now\""),
        attachments: attachments.iter().copied(),
        channel_type: "mobile",
        client_id: Some("client-1"),
        unauthorized_client_id: Some("guest-2"),
        app_marker: Some("shop"),
        device_address: "token_3",
    };
    let mut body = Vec::new();
    request.write(&mut body).unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), BODY);
    let mut shortest = Vec::new();
    RequestRef::new("WEB", "a1").write(&mut shortest).unwrap();
    let shortest = String::from_utf8(shortest).unwrap();
    assert_eq!(shortest, r#"{"clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"a1"}}"#);
}

#[test]
fn a_rejection_has_pointers_and_no_places() {
    let rejection = RequestBuf::builder("VIBR", "12").build(&Policy::default()).unwrap_err();
    let codes: Vec<_> =
        rejection.violations.iter().map(|violation| (violation.code, violation.pointer.as_str())).collect();
    let channel = (Code::UnknownChannel, "/clientApplicationDescriptor/channelType");
    assert_eq!(codes, [(Code::MissingField, "/text"), channel]);
    for violation in &rejection.violations {
        assert!(!violation.has_place() && violation.offset == 0 && violation.line == 0 && violation.fix.is_empty());
    }
    let shown = rejection.violations[1].to_string();
    assert_eq!(shown, "/clientApplicationDescriptor/channelType: The policy has no such channel; did you mean VIBER?");
    let read = Checker::new().check(&Policy::default(), b"{}").into_result().unwrap_err().to_owned();
    assert!(read.violations[0].has_place() && read.violations[0].to_string().starts_with("1:1: "), "{read:?}");
}

#[test]
fn no_value_is_shown() {
    let attachment = AttachmentRef::new("PRIVATE").name("PRIVATE");
    let builder = RequestBuf::builder("PRIVATE", "PRIVATE").text("PRIVATE").attachment(attachment);
    let request = RequestRef { text: Some("PRIVATE"), ..RequestRef::new("PRIVATE", "PRIVATE") };
    let shown = format!("{attachment:?} {builder:?} {request:?}");
    assert_eq!(shown, "AttachmentRef { .. } RequestBuilder { attachments: 1, .. } RequestRef { .. }");
}

#[test]
fn a_policy_goes_back_to_its_builder() {
    let changed = br#"{"unknownFields":"drop","refuse":["insecure_url"],"limits":{"attachments":10,"body":2048},
        "channels":{"VIBERPA":null,"SMS":{"requires":["clientId"],"address":["phone","bsuid"],"text":500,"textWarning":70,
        "captionWarning":60,"national":[{"prefix":"8","country":"7","length":11},{"prefix":"0","country":"380","length":10}]}}}"#;
    for policy in [Policy::default(), Policy::from_json(changed).unwrap()] {
        assert_eq!(policy.to_builder().build().unwrap(), policy);
    }
}
