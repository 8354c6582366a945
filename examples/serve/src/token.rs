//! The integrator's token.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
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

    /// The fields of a head for the check, in which a wrong token counts as none.
    pub(crate) fn checked<'h>(&self, fields: &'h HeaderMap) -> impl Iterator<Item = (&'h [u8], &'h [u8])> {
        fields.iter().map(|(name, value): (&HeaderName, &HeaderValue)| {
            let wrong = name == AUTHORIZATION && !self.is_in(value.as_bytes());
            (name.as_str().as_bytes(), if wrong { &[] } else { value.as_bytes() })
        })
    }

    /// Whether the value is `Bearer` and this token. The time it takes does not depend on how much
    /// of the token is right.
    fn is_in(&self, value: &[u8]) -> bool {
        let Some((scheme, token)) = value.split_at_checked(b"Bearer ".len()) else { return false };
        scheme.eq_ignore_ascii_case(b"Bearer ") && token.ct_eq(&self.0).into()
    }
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

    #[test]
    fn a_wrong_token_beside_the_right_one_stays_a_second_field() {
        let mut fields = HeaderMap::new();
        fields.append(AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        fields.append(AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        let checked: Vec<_> = Token(b"a".to_vec()).checked(&fields).map(|(_, value)| value.to_vec()).collect();
        assert_eq!(checked, [b"Bearer a".to_vec(), Vec::new()]);
    }
}
