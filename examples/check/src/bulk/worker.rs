//! Checks the requests of a block.

use super::Names;
use super::blocks::{self, Block};
use super::tally::{Place, Tally};
use crate::args::Format;
use crate::{Failure, json};
use base64::Engine;
use outgoing_to_device::{Checker, Outcome, Policy, Position};
use std::sync::Arc;

/// Which lines are wanted of each request.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) format: Format,
    pub(super) accepted: bool,
    pub(super) rejected: bool,
}

/// The results of a block: whole lines for each output, and sums.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) json: Vec<u8>,
    pub(super) accepted: Vec<u8>,
    pub(super) rejected: Vec<u8>,
    pub(super) tally: Tally,
}

/// A thread's own checker and what all threads share.
pub(super) struct Worker {
    pub(super) policy: Arc<Policy>,
    pub(super) names: Arc<Names>,
    pub(super) wanted: Wanted,
    pub(super) checker: Checker,
}

impl Worker {
    pub(super) fn check(&mut self, block: &Block) -> Result<Checked, Failure> {
        let mut checked = Checked::default();
        for (number, line) in blocks::lines(block) {
            self.check_line(block.source, number, line, &mut checked)?;
        }
        if let Some(length) = block.too_long {
            self.reject_too_long(block.source, block.first_line, length, &mut checked)?;
        }
        checked.tally.bytes = block.lines.len() as u64 + block.too_long.unwrap_or(0);
        Ok(checked)
    }

    fn check_line(&mut self, source: usize, number: u64, line: &[u8], checked: &mut Checked) -> Result<(), Failure> {
        let outcome = self.checker.try_check(&self.policy, line)?;
        let mut lines = outgoing_to_device::Lines::new(line);
        let column = |offset| {
            let Position { column, .. } = lines.position(offset);
            column
        };
        checked.tally.add(&outcome, source, number, column);
        let name = self.names.get(source);
        if self.wanted.format == Format::Json {
            open(&mut checked.json, name, number)?;
            close(&mut checked.json, &outcome)?;
        }
        match &outcome {
            Outcome::Accepted(accepted) if self.wanted.accepted => {
                accepted.request.write(&mut checked.accepted)?;
                checked.accepted.push(b'\n');
            }
            Outcome::Rejected(_) if self.wanted.rejected => {
                let out = &mut checked.rejected;
                open(out, name, number)?;
                put_body(out, line)?;
                close(out, &outcome)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Rejects a line that is longer than any body, as the checker would if the line were at hand.
    fn reject_too_long(&self, source: usize, line: u64, length: u64, checked: &mut Checked) -> Result<(), Failure> {
        checked.tally.add_too_long(Place { source, line, column: 1 });
        let outcome = format!(
            r#","outcome":{{"ok":false,"violations":[{{"code":"body_too_large","pointer":"","offset":0,"length":0,"line":1,"column":1,"limit":{},"actual":{length}}}],"warnings":[],"truncated":false}}}}"#,
            self.policy.limits().body
        );
        for (out, wanted) in
            [(&mut checked.json, self.wanted.format == Format::Json), (&mut checked.rejected, self.wanted.rejected)]
        {
            if wanted {
                open(out, self.names.get(source), line)?;
                out.extend_from_slice(outcome.as_bytes());
                out.push(b'\n');
            }
        }
        Ok(())
    }
}

/// Begins the line of a request: its id is the place that it was read from.
fn open(out: &mut Vec<u8>, name: &str, line: u64) -> Result<(), Failure> {
    json::open(out, &format!("{name}:{line}"))
}

/// The body as text, or in base64 if it is not text, as the test vectors have it.
fn put_body(out: &mut Vec<u8>, body: &[u8]) -> Result<(), Failure> {
    match std::str::from_utf8(body) {
        Ok(text) => {
            out.extend_from_slice(b",\"body\":");
            json::string(out, text)
        }
        Err(_) => {
            out.extend_from_slice(b",\"body_base64\":\"");
            out.extend_from_slice(base64::engine::general_purpose::STANDARD.encode(body).as_bytes());
            out.push(b'"');
            Ok(())
        }
    }
}

fn close(out: &mut Vec<u8>, outcome: &Outcome<'_>) -> Result<(), Failure> {
    out.extend_from_slice(b",\"outcome\":");
    outcome.write_json(out)?;
    out.extend_from_slice(b"}\n");
    Ok(())
}
