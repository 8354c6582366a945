//! The log: a line for each request on the standard error, with nothing of what it says.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use outgoing_to_device::Code;
use std::fmt;
use std::time::Instant;

/// Why a request was refused; travels with the response, unseen by the client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes(pub(crate) Vec<Code>);

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|code| write!(f, " {code}"))
    }
}

/// Logs status, time taken and codes.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let response = next.run(request).await;
    let codes = response.extensions().get::<Codes>().cloned().unwrap_or_default();
    eprintln!("{} {} µs{codes}", response.status().as_u16(), started.elapsed().as_micros());
    response
}
