//! The extractor: a handler that takes a [`Checked`] runs only for requests that passed the check.

use crate::App;
use crate::reply::Refused;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http_body_util::BodyExt;
use outgoing_to_device::{Checker, Outcome, PATH, RequestBuf, check_head};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// A request whose head and body are in order.
pub(crate) struct Checked(pub(crate) RequestBuf);

impl FromRequest<Arc<App>> for Checked {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Checked, Refused> {
        let (head, body) = request.into_parts();
        let limits = app.policy.limits();
        let (method, path) = (head.method.as_str().as_bytes(), head.uri.path().as_bytes());
        // The head decides before a byte of the body is read. Contradictory lengths do not get here:
        // hyper refuses them, or settles them as RFC 9112 has it, and closes the connection.
        check_head(limits, PATH, method, path, app.token.checked(&head.headers))?;
        let body = read(body, limits.body as usize, app.patience).await?;
        match Checker::new().check(&app.policy, &body) {
            Outcome::Accepted(accepted) => Ok(Checked(accepted.request.to_owned())),
            Outcome::Rejected(rejected) => Err(Refused::from(&rejected)),
        }
    }
}

/// Reads a body; of one that is too large no more than it takes to tell.
async fn read(mut body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let reading = async {
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Refused::broken())?.into_data() else { continue };
            let room = (limit + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(data.get(..room).unwrap_or(&data));
            if bytes.len() > limit {
                break;
            }
        }
        Ok(())
    };
    timeout(patience, reading).await.unwrap_or_else(|_| Err(Refused::slow()))?;
    Ok(bytes)
}
