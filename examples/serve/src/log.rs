//! The log: a line for each request on the standard error, with nothing of its content.
//!
//! Requests do not wait for it. Lines go to a thread that writes them; if the standard error is full,
//! stalled or gone, lines are lost, and no answer is.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use outgoing_to_device_axum::Codes;
use std::io;
use std::time::Instant;
use tracing::field::display;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

/// The most lines that wait for the thread that writes them.
const LINES: usize = 10_000;

/// Starts the log; when the guard goes, the lines that wait are written.
pub(crate) fn start() -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES).finish(io::stderr());
    // Without this a failed write is reported by `eprintln!`, which panics if nobody reads it.
    tracing_subscriber::fmt().with_writer(writer).with_ansi(false).with_target(false).log_internal_errors(false).init();
    guard
}

/// Logs status, time taken and codes.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let response = next.run(request).await;
    let codes = response.extensions().get::<Codes>().filter(|codes| !codes.0.is_empty()).map(display);
    let (status, micros) = (response.status().as_u16(), started.elapsed().as_micros() as u64);
    tracing::info!(status, micros, codes, "request");
    response
}
