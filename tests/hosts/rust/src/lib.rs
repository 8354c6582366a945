//! Conformance lines in and out, for the Rust host and the programs beside it.

use outgoing_to_device::{Checker, Policy, Severity};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A case as it comes: one line, one object.
#[derive(Deserialize)]
struct Case<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body_base64: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    policy: Option<&'a RawValue>,
}

/// A policy that is null is not a policy that is absent.
fn even_null<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

fn string(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

/// A conformance host: it answers line by line, and keeps its buffers and the last policy.
#[derive(Debug, Default)]
pub struct Host {
    checker: Checker,
    policy: Policy,
    policy_text: String,
}

impl Host {
    /// Appends the answer to `line`, without a line end.
    pub fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let case = std::str::from_utf8(line).ok().and_then(|line| serde_json::from_str::<Case<'_>>(line).ok());
        let id = case.as_ref().and_then(|case| string(case.id));
        let id = id.map_or("null".to_owned(), |id| serde_json::to_string(&id).expect("a string"));
        out.extend(format!("{{\"id\":{id},").bytes());
        if let Err(error) = self.decide(case, out) {
            out.extend(format!("\"error\":\"{error}\"").bytes());
        }
        out.push(b'}');
    }

    fn decide(&mut self, case: Option<Case<'_>>, out: &mut Vec<u8>) -> Result<(), &'static str> {
        let case = case.ok_or("not JSON")?;
        let body = string(case.body_base64).ok_or("no body_base64")?;
        let body = from_base64(&body).ok_or("bad base64")?;
        let text = case.policy.map_or("{}", RawValue::get);
        if text != self.policy_text {
            match self.checker.try_policy(text.as_bytes()).expect("memory") {
                Ok(policy) => (self.policy, self.policy_text) = (policy, text.to_owned()),
                Err(rejected) => {
                    out.extend(b"\"policy_faults\":");
                    rejected.write_diagnostics_json(Severity::Violation, out).expect("memory");
                    return Ok(());
                }
            }
        }
        out.extend(b"\"outcome\":");
        self.checker.check(&self.policy, &body).write_json(out).expect("memory");
        Ok(())
    }
}

/// The bytes of standard base64 with padding (RFC 4648, section 4).
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let padding = text.len() - text.trim_end_matches('=').len();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let digits = &text.as_bytes()[..text.len() - padding];
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for c in group {
            bits = bits << 6 | u32::from(digit(*c)?);
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend(&bits.to_be_bytes()[1..group.len()]);
        // What does not make a byte must be 0.
        if bits & ((1 << (8 * (4 - group.len()))) - 1) != 0 {
            return None;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_there_and_back() {
        for text in ["", "a", "ab", "abc", "abcd", "\u{FFFD}ж"] {
            assert_eq!(from_base64(&model::base64(text.as_bytes())).as_deref(), Some(text.as_bytes()));
        }
        for text in ["a", "ab", "abc", "ab==", "a===", "====", "a=bc", "ab=c", "YQ", "YR==", "Y Q=", "YQ==\n"] {
            assert_eq!(from_base64(text), None, "{text:?}");
        }
    }

    #[test]
    fn unreadable_lines_are_answered() {
        let mut host = Host::default();
        for (line, answer) in [
            (&b"{"[..], r#"{"id":null,"error":"not JSON"}"#),
            (b"\xFF", r#"{"id":null,"error":"not JSON"}"#),
            (br#"{"id":"\u00e9"}"#, r#"{"id":"é","error":"no body_base64"}"#),
            (br#"{"id":1,"body_base64":"?"}"#, r#"{"id":null,"error":"bad base64"}"#),
        ] {
            let mut out = Vec::new();
            host.answer(line, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), answer);
        }
    }
}

/// The examples of the repository's README are compiled and run; the core's package cannot hold it.
#[cfg(doctest)]
#[doc = include_str!("../../../../README.md")]
struct Readme;
