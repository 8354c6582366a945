//! Conformance lines: one JSON object in, one out.
//!
//! The line in is `{"id", "body_base64", "policy"?}`. The line out is `{"id", "outcome"}` with
//! `{"ok":true, "request", "warnings", "truncated"}` or `{"ok":false, "violations", "warnings",
//! "truncated"}`; `{"id", "policy_faults"}` where the policy is refused; `{"id", "error"}` where the
//! line can't be read. It is compact, its members stand in this order, and of its strings only `"`, `\`
//! and U+0000–U+001F are escaped: lines are compared as text.
//!
//! A diagnostic is an object with `code`, `pointer`, `offset`, `length`, `line` and `column`, then, in
//! this order and only if it has them, `related` (`{"offset", "length"}`), the parameters `limit`,
//! `actual`, `expected`, `channel`, `suggestion`, `belongs_to`, and `fix`: its edits in the order of
//! their offsets, each `{"offset", "length", "text"}`. Places are in bytes. The list in which it stands
//! says its severity.
//!
//! ```
//! let body = br#"{"text":"t","clientApplicationDescriptor":{"channelType":"VK","deviceAddress":"1"}}"#;
//! let line = format!(r#"{{"id":"a","body_base64":"{}"}}"#, model::base64(body));
//! assert_eq!(
//!     model::answer(&line),
//!     concat!(
//!         r#"{"id":"a","outcome":{"ok":false,"violations":[{"code":"unknown_channel","#,
//!         r#""pointer":"/clientApplicationDescriptor/channelType","offset":57,"length":4,"line":1,"column":58,"#,
//!         r#""suggestion":"VKONTAKTE","fix":[{"offset":58,"length":2,"text":"VKONTAKTE"}]}],"#,
//!         r#""warnings":[],"truncated":false}}"#,
//!     )
//! );
//! ```

use crate::check::{Outcome, check};
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Member, Value, parse, quote};
use crate::policy::Policy;

/// Deeper than any policy may nest, so that a policy that nests too deep is its own fault.
const LINE_DEPTH: u64 = 256;

fn array(diagnostics: &[Diagnostic]) -> String {
    let items: Vec<String> = diagnostics.iter().map(Diagnostic::to_json).collect();
    format!("[{}]", items.join(","))
}

/// The outcome as a compact JSON object.
pub fn outcome_line(outcome: &Outcome) -> String {
    let warnings = array(&outcome.warnings);
    let truncated = outcome.truncated;
    match &outcome.request {
        Some(request) => {
            let request = quote(&String::from_utf8_lossy(request));
            format!("{{\"ok\":true,\"request\":{request},\"warnings\":{warnings},\"truncated\":{truncated}}}")
        }
        None => {
            let violations = array(&outcome.violations);
            format!("{{\"ok\":false,\"violations\":{violations},\"warnings\":{warnings},\"truncated\":{truncated}}}")
        }
    }
}

/// Answers one line `{"id", "body_base64", "policy"?}`. It never fails: an unreadable line is
/// answered with its fault.
pub fn answer(line: &str) -> String {
    let (id, decision) = decide(line);
    written(id, &decision)
}

pub(crate) fn written(id: Option<String>, decision: &Decision) -> String {
    let id = id.map_or("null".to_owned(), |id| quote(&id));
    match decision {
        Decision::Outcome(outcome) => format!("{{\"id\":{id},\"outcome\":{}}}", outcome_line(outcome)),
        Decision::PolicyFaults(faults) => format!("{{\"id\":{id},\"policy_faults\":{}}}", array(faults)),
        Decision::Unreadable(error) => format!("{{\"id\":{id},\"error\":{}}}", quote(error)),
    }
}

/// What there is to answer to a line.
pub(crate) enum Decision {
    Outcome(Outcome),
    PolicyFaults(Vec<Diagnostic>),
    Unreadable(&'static str),
}

/// The line's id, if it has one, and what there is to answer.
pub(crate) fn decide(line: &str) -> (Option<String>, Decision) {
    let Ok(Value { kind: Kind::Object(members), .. }) = parse(line.as_bytes(), LINE_DEPTH) else {
        return (None, Decision::Unreadable("not JSON"));
    };
    let id = string(&members, "id");
    let Some(text) = string(&members, "body_base64") else {
        return (id, Decision::Unreadable("no body_base64"));
    };
    let Some(body) = from_base64(&text) else {
        return (id, Decision::Unreadable("bad base64"));
    };
    let policy = match member(&members, "policy") {
        None => Policy::default(),
        Some(value) => match Policy::from_json(&line.as_bytes()[value.start..value.end]) {
            Ok(policy) => policy,
            Err(faults) => return (id, Decision::PolicyFaults(faults)),
        },
    };
    (id, Decision::Outcome(check(&policy, &body)))
}

fn member<'a>(members: &'a [Member], name: &str) -> Option<&'a Value> {
    let found = members.iter().find(|member| member.key.text().as_deref() == Some(name))?;
    Some(&found.value)
}

fn string(members: &[Member], name: &str) -> Option<String> {
    match &member(members, name)?.kind {
        Kind::String(units) => String::from_utf16(units).ok(),
        _ => None,
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 of RFC 4648, with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let digit = group >> (18 - 6 * index) & 63;
            let padding = index > chunk.len();
            text.push(if padding { '=' } else { char::from(ALPHABET[digit as usize]) });
        }
    }
    text
}

/// The bytes; none where the text is not what [`base64`] writes.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut group = 0u32;
    let mut count = 0;
    for character in text.trim_end_matches('=').bytes() {
        let digit = ALPHABET.iter().position(|known| *known == character)?;
        group = group << 6 | digit as u32;
        count += 1;
        if count == 4 {
            bytes.extend([(group >> 16) as u8, (group >> 8) as u8, group as u8]);
            (group, count) = (0, 0);
        }
    }
    match count {
        0 => {}
        2 => bytes.push((group >> 4) as u8),
        3 => bytes.extend([(group >> 10) as u8, (group >> 2) as u8]),
        _ => return None,
    }
    (base64(&bytes) == text).then_some(bytes)
}
