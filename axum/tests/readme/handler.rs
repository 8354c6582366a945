use axum::{Router, routing::any};
use outgoing_to_device::{AcceptedBuf, PATH, Policy, Response};
use outgoing_to_device_axum::{Checked, Sent};
use std::sync::Arc;

async fn send(Checked(AcceptedBuf { request, .. }): Checked) -> Sent {
    // Here your service sends `request.text()` to `request.device_address()`.
    let client_external_id = request.client_id().map(str::to_owned);
    Sent(Response { id: 1, thread_id: 2, client_id: 1, client_external_id, agent_id: 3 })
}

pub fn router(policy: Policy) -> Router {
    Router::new().route(PATH, any(send)).with_state(Arc::new(policy))
}
