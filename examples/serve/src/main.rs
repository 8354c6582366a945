//! `serve`: the endpoint as its documentation describes it, on axum. It checks a request, gives the
//! message, its thread and its client their ids, and answers; it sends nothing to anybody.
//!
//! This file is the service; [`checked`] and [`reply`] are what a service of yours would take over.

mod args;
mod checked;
mod log;
mod reply;
mod server;
mod store;
mod token;

use axum::extract::State;
use axum::{Router, middleware};
use checked::Checked;
use outgoing_to_device::{Policy, Response};
use reply::{Sent, Unavailable};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use token::Token;

/// What every request needs.
struct App {
    policy: Policy,
    token: Token,
    store: Store,
    /// How long a body may take to arrive.
    patience: Duration,
}

/// Answers a request that passed the check: no other gets here.
async fn send(State(app): State<Arc<App>>, Checked(request): Checked) -> Result<Sent, Unavailable> {
    tokio::task::spawn_blocking(move || {
        let request = request.as_request();
        let ids = app.store.assign(&request)?;
        Ok(Sent(Response {
            id: ids.message,
            thread_id: ids.thread,
            client_id: ids.client,
            client_external_id: request.client_id().map(str::to_owned),
            agent_id: ids.agent,
        }))
    })
    .await?
}

/// Every path and method leads to the check, which answers for the wrong ones as well.
fn router(app: App) -> Router {
    Router::new().fallback(send).layer(middleware::from_fn(log::log)).with_state(Arc::new(app))
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("serve: {why}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn run() -> Result<(), String> {
    let Some(args) = args::parse()? else { return Ok(()) };
    let app = App {
        policy: args.policy()?,
        token: Token::from_environment()?,
        store: Store::open(args.store.as_deref()).map_err(|error| format!("the store cannot be opened: {error}"))?,
        patience: args.patience,
    };
    server::serve(&args.listen, router(app), args.patience).await.map_err(|error| error.to_string())
}
