//! The integrator's token.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use std::sync::Arc;
use subtle::ConstantTimeEq;

const VARIABLE: &str = "OUTGOING_TO_DEVICE_TOKEN";

/// The token that requests must carry. It is never shown.
pub(crate) struct Token(Vec<u8>);

impl Token {
    pub(crate) fn from_environment() -> Result<Token, String> {
        match std::env::var(VARIABLE) {
            Ok(token) if !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()) => Ok(Token(token.into())),
            _ => Err(format!("{VARIABLE} must hold the integrator's token, visible ASCII characters")),
        }
    }

    /// Whether the value is `Bearer` and this token. The time it takes does not depend on how much
    /// of the token is right.
    fn is_in(&self, value: &[u8]) -> bool {
        let Some((scheme, token)) = value.split_at_checked(b"Bearer ".len()) else { return false };
        scheme.eq_ignore_ascii_case(b"Bearer ") && token.ct_eq(&self.0).into()
    }
}

/// Empties every `Authorization` field without the right token, so that the check finds the request
/// unauthorized. The field itself stays: two of them are a violation, whatever they hold.
pub(crate) async fn take_wrong_ones_away<B>(State(token): State<Arc<Token>>, mut request: Request<B>) -> Request<B> {
    if let axum::http::header::Entry::Occupied(mut fields) = request.headers_mut().entry(AUTHORIZATION) {
        for value in fields.iter_mut().filter(|value| !token.is_in(value.as_bytes())) {
            *value = HeaderValue::from_static("");
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_counts() {
        let token = Token(b"<integrator_token>".to_vec());
        for (value, right) in [
            ("Bearer <integrator_token>", true),
            ("bEARER <integrator_token>", true),
            ("Bearer <integrator_token", false),
            ("Bearer <integrator_token>>", false),
            ("Bearer  <integrator_token>", false),
            ("Basic <integrator_token>", false),
            ("Bearer", false),
            ("", false),
        ] {
            assert_eq!(token.is_in(value.as_bytes()), right, "{value}");
        }
    }
}
