//! `serve`: the endpoint as its documentation describes it, on axum. It checks a request, gives the
//! message, its thread and its client their ids, and answers; it sends nothing to anybody.
//!
//! This file is the service. The check and its answers are those of `outgoing-to-device-axum`.

mod args;
mod deadline;
mod log;
mod server;
mod store;
mod token;

use axum::extract::{FromRef, State};
use axum::{Router, middleware};
use outgoing_to_device::{Policy, Response};
use outgoing_to_device_axum::{Checked, CheckedRejection, Sent};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use token::Token;

/// The state that every request needs.
#[derive(Clone)]
struct App {
    policy: Arc<Policy>,
    store: Store,
}

impl FromRef<App> for Arc<Policy> {
    fn from_ref(app: &App) -> Arc<Policy> {
        app.policy.clone()
    }
}

/// Answers a request that passed the check: no other gets here.
async fn send(State(app): State<App>, Checked(accepted): Checked) -> Result<Sent, CheckedRejection> {
    let request = &accepted.request;
    let ids = app.store.assign(request).await.ok_or(CheckedRejection::Unavailable)?;
    Ok(Sent(Response {
        id: ids.message,
        thread_id: ids.thread,
        client_id: ids.client,
        client_external_id: request.client_id().map(str::to_owned),
        agent_id: ids.agent,
    }))
}

/// Every path and method leads to the check, which answers for the wrong ones as well.
fn router(app: App, token: Token, patience: Duration) -> Router {
    Router::new()
        .fallback(send)
        .layer(middleware::map_request(move |request| deadline::limit(request, patience)))
        .layer(middleware::map_request_with_state(Arc::new(token), token::take_wrong_ones_away))
        .layer(middleware::from_fn(log::log))
        .with_state(app)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // If nobody can read this, the exit status remains.
            let _ = writeln!(std::io::stderr(), "serve: {why}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn run() -> Result<(), String> {
    let Some(args) = args::parse()? else { return Ok(()) };
    let policy = Arc::new(args.policy()?);
    let token = Token::from_environment()?;
    let store = Store::open(args.store).map_err(|error| format!("the store cannot be opened: {error}"))?;
    let _log = log::start();
    let router = router(App { policy, store }, token, args.patience);
    server::serve(&args.listen, router, args.patience, args.connections).await.map_err(|error| error.to_string())
}
