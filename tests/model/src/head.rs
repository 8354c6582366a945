//! The request head (§8).

use crate::diagnostic::Actual;
use crate::media_type;
use crate::policy::Limits;

/// "Head faults have code, detail and parameters, no place."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadFault {
    /// The code, from the contract's list.
    pub code: &'static str,
    /// The bound that was crossed.
    pub limit: Option<u64>,
    /// What was found.
    pub actual: Option<Actual>,
    /// What was expected.
    pub expected: Option<&'static str>,
}

impl HeadFault {
    fn new(code: &'static str) -> HeadFault {
        HeadFault { code, limit: None, actual: None, expected: None }
    }

    fn expected(code: &'static str, expected: &'static str) -> HeadFault {
        HeadFault { expected: Some(expected), ..HeadFault::new(code) }
    }

    /// "the first fault decides the status".
    pub fn status(&self) -> u16 {
        match self.code {
            "not_found" => 404,
            "method_not_allowed" => 405,
            "unauthorized" => 401,
            "unsupported_media_type" => 415,
            "body_too_large" => 413,
            _ => 400,
        }
    }
}

/// Checks a request head: its faults, in order; none where it is accepted.
pub fn check_head(
    limits: &Limits,
    path: &str,
    method: &str,
    target: &str,
    fields: &[(String, String)],
) -> Vec<HeadFault> {
    let values = |wanted: &str| -> Vec<&str> {
        let named = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named.map(|(_, value)| value.trim_matches([' ', '\t'])).collect()
    };
    let mut faults = Vec::new();
    // "path, compared without its query".
    if target.split('?').next() != Some(path) {
        faults.push(HeadFault::new("not_found"));
    }
    if method != "POST" {
        faults.push(HeadFault::expected("method_not_allowed", "POST"));
    }
    // "A repeated `Authorization` or `Content-Type` has that field's own fault."
    if !matches!(values("Authorization")[..], [value] if is_bearer(value)) {
        faults.push(HeadFault::expected("unauthorized", "Bearer"));
    }
    if !matches!(values("Content-Type")[..], [value] if is_json_in_utf8(value)) {
        faults.push(HeadFault::expected("unsupported_media_type", "application/json in UTF-8"));
    }
    // "`Content-Encoding`, if there is one, `identity` and nothing else, in any case of letters, as often
    // as it likes; a repeated one counts as one list".
    let encodings = values("Content-Encoding").join(",");
    let is_identity = |one: &str| one.trim_matches([' ', '\t']).eq_ignore_ascii_case("identity");
    if !values("Content-Encoding").is_empty() && !encodings.split(',').all(is_identity) {
        faults.push(HeadFault::expected("unsupported_media_type", "identity"));
    }
    match values("Content-Length")[..] {
        [] => {}
        [value] if values("Transfer-Encoding").is_empty() && is_number(value) => {
            // "digits of any size count".
            let length = value.parse().unwrap_or(u64::MAX);
            if length > limits.body {
                let (limit, actual) = (Some(limits.body), Some(Actual::Number(length)));
                faults.push(HeadFault { limit, actual, ..HeadFault::new("body_too_large") });
            }
        }
        // "a malformed or repeated one, or one beside `Transfer-Encoding`: `invalid_head`".
        _ => faults.push(HeadFault::new("invalid_head")),
    }
    faults
}

/// "scheme Bearer in any case, a space, one or more visible ASCII characters".
fn is_bearer(value: &str) -> bool {
    let Some((scheme, token)) = value.split_once(' ') else { return false };
    let is_visible = |character: char| matches!(character, '!'..='~');
    scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() && token.chars().all(is_visible)
}

/// "`application/json` with no charset or UTF-8": "its syntax is read as that of `type` in §3 with a tab
/// as a space, its every charset must be `utf-8` or `utf8`, quoted or not, in any case, other media type
/// parameters are ignored".
fn is_json_in_utf8(value: &str) -> bool {
    let Some(read) = media_type::read(&value.replace('\t', " ")) else { return false };
    let is_utf8 = |charset: &str| charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8");
    read.essence == "application/json"
        && read.parameters.iter().all(|(name, value)| name != "charset" || is_utf8(value))
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|character| character.is_ascii_digit())
}
