//! Bodies that must have arrived by a certain time.

use axum::BoxError;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body::{Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

struct Deadline {
    body: Body,
    end: Pin<Box<Sleep>>,
}

/// Gives a request's body as a whole `patience` to arrive; a limit on each part would let a client go on
/// for ever, byte by byte.
pub(crate) async fn limit(request: Request, patience: Duration) -> Request {
    request.map(|body| Body::new(Deadline { body, end: Box::pin(sleep(patience)) }))
}

impl http_body::Body for Deadline {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Pending if self.end.as_mut().poll(cx).is_ready() => {
                Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
            }
            frame => frame.map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
