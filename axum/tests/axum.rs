//! The extractor and the responder in a router, without a connection.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRef, State};
use axum::http::{Request, StatusCode};
use axum::routing::{any, post};
use axum::{Router, response::Response as Reply};
use futures_util::StreamExt;
use outgoing_to_device::{Code, PATH, Policy, Response};
use outgoing_to_device_axum::{Checked, CheckedRejection, Codes, Sent};
use serde_json::Value;
use std::io;
use std::sync::Arc;
use tower::ServiceExt;

const GOOD: &str = r#"{"text":"a","clientApplicationDescriptor":{"channelType":"web","deviceAddress":" b "}}"#;

async fn send(Checked(accepted): Checked) -> Sent {
    let request = &accepted.request;
    assert_eq!((request.channel_type(), request.device_address()), ("WEB", "b"));
    assert_eq!(accepted.warnings.len(), 0);
    Sent(Response { id: 1, thread_id: 2, client_id: 3, client_external_id: None, agent_id: 4 })
}

fn service() -> Router {
    Router::new().fallback(send).with_state(Arc::new(Policy::default()))
}

fn request(path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header("Authorization", "Bearer t").header("Content-Type", "application/json");
    request.body(body.into()).unwrap()
}

async fn ask(router: Router, request: Request<Body>) -> Reply {
    router.oneshot(request).await.unwrap()
}

async fn problem(reply: Reply) -> Value {
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    serde_json::from_slice(&to_bytes(reply.into_body(), 100_000).await.unwrap()).unwrap()
}

#[tokio::test]
async fn an_accepted_request_is_answered_as_documented() {
    let reply = ask(service(), request(PATH, GOOD)).await;
    assert_eq!(
        (reply.status(), &reply.headers()["content-type"]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    assert_eq!(reply.headers().get_all("vary").iter().count(), 3);
    let body = to_bytes(reply.into_body(), 1_000).await.unwrap();
    assert_eq!(Response::from_json(&body).unwrap().client_id, 3);
}

#[tokio::test]
async fn a_rejected_request_is_a_problem_and_its_codes_are_for_the_log() {
    let reply = ask(service(), request(PATH, "{}")).await;
    let codes = reply.extensions().get::<Codes>().unwrap().clone();
    assert_eq!(codes.to_string(), "missing_field missing_field");
    let problem = problem(reply).await;
    assert_eq!((&problem["status"], &problem["errors"][0]["code"]), (&400.into(), &"missing_field".into()));
}

#[tokio::test]
async fn the_head_decides_before_the_body() {
    let never = || {
        let read = futures_util::stream::once(async { panic!("the body is read") });
        Body::from_stream(read.map(|()| Ok::<_, io::Error>(Bytes::new())))
    };
    for (method, path, kind, status, code) in [
        ("POST", "/elsewhere", "application/json", 404, Code::NotFound),
        ("GET", PATH, "application/json", 405, Code::MethodNotAllowed),
        ("POST", PATH, "text/plain", 415, Code::UnsupportedMediaType),
    ] {
        let request = Request::builder().method(method).uri(path).header("Authorization", "Bearer t");
        let reply = ask(service(), request.header("Content-Type", kind).body(never()).unwrap()).await;
        assert_eq!(reply.status(), status);
        assert_eq!(reply.extensions().get::<Codes>().unwrap().0, [code]);
        assert_eq!(reply.headers().get("allow").is_some(), status == 405);
    }
}

#[tokio::test]
async fn a_route_decides_about_the_path_and_any_state_holds_the_policy() {
    #[derive(Clone)]
    struct App {
        policy: Arc<Policy>,
        id: i64,
    }
    impl FromRef<App> for Arc<Policy> {
        fn from_ref(app: &App) -> Arc<Policy> {
            app.policy.clone()
        }
    }
    async fn send(
        State(app): State<App>,
        checked: Result<Checked, CheckedRejection>,
    ) -> Result<Sent, CheckedRejection> {
        let codes = checked.as_ref().err().map(CheckedRejection::codes).unwrap_or_default();
        assert_eq!(codes.0.first(), (app.id == 8).then_some(&Code::UnknownChannel));
        checked?;
        Ok(Sent(Response { id: app.id, thread_id: 2, client_id: 3, client_external_id: None, agent_id: 4 }))
    }
    let policy = Arc::new(Policy::from_json(br#"{"channels": {"SMS": {}}}"#).unwrap());
    let router = |id| Router::new().route("/mine", post(send)).with_state(App { policy: policy.clone(), id });
    let sms = GOOD.replace("web", "SMS");
    assert_eq!(ask(router(7), request("/mine", sms.clone())).await.status(), 200);
    let reply = ask(router(8), request("/mine", sms.replace("SMS", "FAX"))).await;
    assert_eq!(reply.extensions().get::<Codes>().unwrap().0, [Code::UnknownChannel]);
    // The policy's own path means nothing there.
    assert_eq!(ask(router(7), request(PATH, sms)).await.status(), 404);
}

#[tokio::test]
async fn the_policy_limits_the_body_whether_its_length_is_told_or_not() {
    let policy = Arc::new(Policy::from_json(br#"{"limits": {"body": 1024}}"#).unwrap());
    let router = || Router::new().route(PATH, any(send)).with_state(policy.clone());
    let frames = |sizes: &[usize]| {
        let frames: Vec<_> = sizes.iter().map(|size| Ok::<_, io::Error>(Bytes::from(vec![b' '; *size]))).collect();
        Body::from_stream(futures_util::stream::iter(frames))
    };
    for (sizes, code) in [
        (&[1024][..], Code::EmptyBody),
        (&[1025], Code::BodyTooLarge),
        (&[1000, 24], Code::EmptyBody),
        (&[1000, 24, 1], Code::BodyTooLarge),
        (&[1, 1 << 20, 1 << 20], Code::BodyTooLarge),
    ] {
        let reply = ask(router(), request(PATH, frames(sizes))).await;
        assert_eq!(reply.extensions().get::<Codes>().unwrap().0, [code], "{sizes:?}");
        assert_eq!(reply.status(), if code == Code::BodyTooLarge { 413 } else { 400 });
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_verdict() {
    for (kind, status) in [(io::ErrorKind::TimedOut, 408), (io::ErrorKind::ConnectionReset, 400)] {
        let frames = [Ok(Bytes::from_static(b"{")), Err(io::Error::from(kind))];
        let reply = ask(service(), request(PATH, Body::from_stream(futures_util::stream::iter(frames)))).await;
        assert_eq!(reply.extensions().get::<Codes>().unwrap().0, []);
        assert_eq!(problem(reply).await["status"], status);
    }
}
