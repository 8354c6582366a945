//! What a contender is, and ours.

use outgoing_to_device::{Checker, Diagnostics, Outcome, Policy};
use std::io::Write as _;
use std::rc::Rc;

/// Reads, judges and writes one body after another in buffers of its own.
pub trait Contender {
    /// Whether the body is accepted. `body` is followed by at least [`PADDING`] readable bytes.
    fn run(&mut self, body: &[u8]) -> bool;
    /// After an acceptance: the normalized request.
    fn output(&self) -> &[u8];
    /// The findings as lines (see [`crate::judge::Report`]).
    fn findings(&self) -> &[u8];
}

/// What simdjson wants to be able to read behind a body.
pub const PADDING: usize = 64;

/// Ours: checks, writes what was accepted, and reads code and pointer of every finding.
pub struct Ours {
    pub policy: Rc<Policy>,
    pub checker: Checker,
    pub out: Vec<u8>,
    pub findings: Vec<u8>,
}

impl Ours {
    pub fn new(policy: &Rc<Policy>) -> Ours {
        Ours { policy: policy.clone(), checker: Checker::new(), out: Vec::new(), findings: Vec::new() }
    }
}

fn list(findings: &mut Vec<u8>, diagnostics: Diagnostics<'_>) {
    for diagnostic in diagnostics {
        findings.push(diagnostic.code() as u8);
        let _ = write!(findings, "{}", diagnostic.pointer());
        findings.push(b'\n');
    }
}

impl Contender for Ours {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        self.findings.clear();
        self.out.clear();
        match self.checker.check(&self.policy, body) {
            Outcome::Accepted(accepted) => {
                let _ = accepted.request.write(&mut self.out);
                list(&mut self.findings, accepted.warnings());
                true
            }
            Outcome::Rejected(rejected) => {
                list(&mut self.findings, rejected.violations());
                list(&mut self.findings, rejected.warnings());
                false
            }
        }
    }

    fn output(&self) -> &[u8] {
        &self.out
    }

    fn findings(&self) -> &[u8] {
        &self.findings
    }
}

/// Ours, and only whether the body is accepted.
pub struct CheckOnly(pub Ours);

impl Contender for CheckOnly {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        self.0.checker.check(&self.0.policy, body).is_accepted()
    }

    fn output(&self) -> &[u8] {
        &[]
    }

    fn findings(&self) -> &[u8] {
        &[]
    }
}
