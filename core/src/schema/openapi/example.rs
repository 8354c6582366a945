//! Examples: what the library itself says and writes of the documented messages, and of some that
//! it refuses. Never inlined, as the rules would be with them.

use super::super::node::{Node, Parts};
use crate::checker::Checker;
use crate::http::head::{HeadRejection, PATH, check_head};
use crate::http::response::ResponseRef;
use crate::memory::OutOfMemory;
use crate::policy::Policy;
use crate::report::outcome::Outcome;
use alloc::vec::Vec;

/// The documented requests, normalized.
pub(super) const REQUESTS: [(&str, &[u8]); 2] = [
    (
        "whatsapp",
        br#"{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}"#,
    ),
    (
        "mobile",
        br#"{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"MOBILE","clientId":"012-3456-7890-12","appMarker":"myApp","deviceAddress":"wsfck62auiv00gz14vedivwptm09ahmrhz"}}"#,
    ),
];

/// Adds those that the policy accepts, as it normalizes them.
#[cold]
#[inline(never)]
pub(super) fn requests(policy: &Policy, examples: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let mut checker = Checker::new();
    for (name, body) in REQUESTS {
        if let Outcome::Accepted(accepted) = checker.try_check(policy, body)? {
            let mut normalized = Vec::new();
            accepted.request.write(&mut normalized)?;
            examples.member(name, Node::Object(&[("value", Node::Json(&normalized))]))?;
        }
    }
    Ok(())
}

/// The documented response.
#[cold]
#[inline(never)]
pub(super) fn response(out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    ResponseRef { id: 1, thread_id: 2, client_id: 1, client_external_id: None, agent_id: 3 }.write(out)
}

/// The problem document of a body that no policy accepts.
#[cold]
#[inline(never)]
pub(super) fn rejected_body(policy: &Policy, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    match Checker::new().try_check(policy, b"{\"text\": 1}")? {
        Outcome::Rejected(rejected) => rejected.write_problem(out),
        Outcome::Accepted(_) => Ok(()),
    }
}

/// The rejection of a head that gets this status.
#[cold]
#[inline(never)]
pub(super) fn rejected_head(policy: &Policy, status: u16) -> Option<HeadRejection> {
    let authorization: (&[u8], &[u8]) = (b"Authorization", b"Bearer abc");
    let content_type: (&[u8], &[u8]) = (b"Content-Type", b"application/json");
    let length: (&[u8], &[u8]) = (b"Content-Length", b"4294967296");
    let (method, target, fields): (&[u8], _, _) = match status {
        401 => (b"POST", PATH, [content_type, content_type]),
        404 => (b"POST", "/", [authorization, content_type]),
        405 => (b"GET", PATH, [authorization, content_type]),
        413 => (b"POST", PATH, [authorization, content_type]),
        _ => (b"POST", PATH, [authorization, (b"Content-Type", b"text/plain")]),
    };
    let fields = fields.into_iter().chain((status == 413).then_some(length));
    check_head(policy.limits(), PATH, method, target.as_bytes(), fields).err()
}
