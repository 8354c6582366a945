//! The handler of the README, run.

#[path = "readme/handler.rs"]
#[allow(missing_docs, unreachable_pub, reason = "it stands in the README as it is")]
mod handler;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use outgoing_to_device::{PATH, Policy};
use tower::ServiceExt;

#[tokio::test]
async fn the_readme_has_one_handler_and_it_works() {
    let block = format!("```rust\n{}```\n", include_str!("readme/handler.rs"));
    assert!(include_str!("../README.md").contains(&block));
    for (method, body, status, kind, fields) in [
        (
            "POST",
            r#"{"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"b"}}"#,
            200,
            "application/json",
            3,
        ),
        ("POST", "{}", 400, "application/problem+json", 0),
        ("PUT", "", 405, "application/problem+json", 0),
    ] {
        let request = Request::builder().method(method).uri(PATH).header("Authorization", "Bearer t");
        let request = request.header("Content-Type", "application/json").body(Body::from(body)).unwrap();
        let reply = handler::router(Policy::default()).oneshot(request).await.unwrap();
        assert_eq!((reply.status().as_u16(), reply.headers()["content-type"].to_str().unwrap()), (status, kind));
        assert_eq!(reply.headers().get_all("vary").iter().count(), fields);
        let body = to_bytes(reply.into_body(), 10_000).await.unwrap();
        if status == 200 {
            assert_eq!(body, r#"{"id":1,"threadId":2,"clientId":1,"clientExternalId":null,"agentId":3}"#);
        }
    }
}
