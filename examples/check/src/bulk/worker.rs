//! Checks the requests of a block.

use super::Names;
use super::blocks::{self, Block, Line, TooLong};
use super::id;
use super::tally::{Place, Tally};
use crate::args::Format;
use crate::json::Fixes;
use crate::mend::mend;
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
    pub(super) fixed: bool,
    /// Whether each line begins with an id.
    pub(super) ids: bool,
}

/// The results of a block: whole lines for each output, and sums.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) json: Vec<u8>,
    pub(super) accepted: Vec<u8>,
    pub(super) rejected: Vec<u8>,
    /// All lines of the block, fixed or as they were.
    pub(super) fixed: Vec<u8>,
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
        for line in blocks::lines(block) {
            if !line.is_blank() {
                self.check_line(block.source, &line, &mut checked)?;
            } else if self.wanted.fixed {
                checked.fixed.extend_from_slice(line.text);
            }
            if self.wanted.fixed {
                checked.fixed.extend_from_slice(line.end);
            }
        }
        checked.tally.bytes = block.lines.len() as u64;
        if let Some(too_long) = &block.too_long {
            self.reject_too_long(block.source, block.first_line, too_long, &mut checked)?;
            checked.tally.bytes += too_long.length;
        }
        Ok(checked)
    }

    fn check_line(&mut self, source: usize, line: &Line<'_>, checked: &mut Checked) -> Result<(), Failure> {
        let (number, mut fixed, mut fixes) = (line.number, None, None);
        if self.wanted.fixed {
            let (body, applied) = self.fix(source, line, &mut checked.tally)?;
            checked.fixed.extend_from_slice(&body);
            (fixed, fixes) = (Some(body), Some(applied));
        }
        let line = fixed.as_deref().unwrap_or(line.text);
        let (id, body) = id::split(self.wanted.ids, line, self.names.get(source), number)?;
        let before = (line.len() - body.len()) as u32;
        let outcome = self.checker.try_check(&self.policy, body)?;
        let mut lines = outgoing_to_device::Lines::new(line);
        let column = |offset| {
            let Position { column, .. } = lines.position(before + offset);
            column
        };
        checked.tally.add(&outcome, source, number, column);
        if self.wanted.format == Format::Json {
            id.open(&mut checked.json)?;
            if let Some(fixes) = &fixes {
                json::put_fixes(&mut checked.json, fixes)?;
            }
            close(&mut checked.json, &outcome)?;
        }
        match &outcome {
            Outcome::Accepted(accepted) if self.wanted.accepted => {
                accepted.request.write(&mut checked.accepted)?;
                checked.accepted.push(b'\n');
            }
            Outcome::Rejected(_) if self.wanted.rejected => {
                let out = &mut checked.rejected;
                id.open(out)?;
                put_body(out, body)?;
                close(out, &outcome)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The line with all its fixes, and which they were.
    fn fix(&mut self, source: usize, line: &Line<'_>, tally: &mut Tally) -> Result<(Vec<u8>, Fixes), Failure> {
        let (mut body, mut fixes) = (line.text.to_vec(), Fixes::default());
        fixes.stopped = mend(&mut self.checker, &self.policy, &mut body, |_, diagnostic, _| {
            let place = Place { source, line: line.number, column: diagnostic.position().column };
            tally.add_fix(diagnostic.code(), place);
            if self.wanted.format == Format::Json {
                fixes.applied.push(diagnostic.to_owned());
            }
            Ok(())
        })?;
        if fixes.stopped {
            tally.add_stopped(Place { source, line: line.number, column: 1 });
        }
        Ok((body, fixes))
    }

    /// Rejects a line that is longer than any body, as the checker would if the line were at hand.
    fn reject_too_long(
        &self,
        source: usize,
        line: u64,
        TooLong { beginning, length }: &TooLong,
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        if self.wanted.fixed {
            let why = format!("line {line} is longer than any body; it can be neither fixed nor kept");
            return Err(Failure::Unusable(format!("{}: {why}", self.names.get(source))));
        }
        let (id, rest) = id::split(self.wanted.ids, beginning, self.names.get(source), line)?;
        let before = beginning.len() - rest.len();
        checked.tally.add_too_long(Place { source, line, column: before as u32 + 1 });
        let outcome = format!(
            r#","outcome":{{"ok":false,"violations":[{{"code":"body_too_large","pointer":"","offset":0,"length":0,"line":1,"column":1,"limit":{},"actual":{}}}],"warnings":[],"truncated":false}}}}"#,
            self.policy.limits().body,
            length - before as u64
        );
        for (out, wanted) in
            [(&mut checked.json, self.wanted.format == Format::Json), (&mut checked.rejected, self.wanted.rejected)]
        {
            if wanted {
                id.open(out)?;
                out.extend_from_slice(outcome.as_bytes());
                out.push(b'\n');
            }
        }
        Ok(())
    }
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
