//! What a gateway must do with a body, by the library itself: reads conformance lines on the standard input,
//! passes over those with a policy, and prints `{"id","body_base64","status","reply_base64"}` for each of the
//! others: 200 and the normalized request for the upstream, or the status and the problem document for the client.

use hosts::from_base64;
use model::base64;
use outgoing_to_device::{Checker, Outcome, Policy};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::{Error, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let (policy, mut checker) = (Policy::default(), Checker::new());
    let mut output = std::io::BufWriter::new(stdout().lock());
    for line in stdin().lines() {
        let line = line?;
        let case: HashMap<&str, &RawValue> = serde_json::from_str(&line)?;
        let (Some(id), Some(body), None) = (case.get("id"), case.get("body_base64"), case.get("policy")) else {
            continue;
        };
        let bytes = from_base64(serde_json::from_str(body.get())?).ok_or_else(|| Error::other("bad base64"))?;
        let (status, reply) = match checker.check(&policy, &bytes) {
            Outcome::Accepted(accepted) => (200, accepted.request.to_json()),
            Outcome::Rejected(rejection) => (rejection.status(), rejection.to_problem()),
        };
        let reply = base64(&reply);
        writeln!(output, "{{\"id\":{id},\"body_base64\":{body},\"status\":{status},\"reply_base64\":\"{reply}\"}}")?;
    }
    output.flush()
}
