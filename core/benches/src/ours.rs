//! Ours, from Rust and from C.

use crate::contender::Contender;
use crate::library::{open, symbol};
use outgoing_to_device::{Checker, Diagnostics, Outcome, Policy};
use std::ffi::{c_int, c_void};
use std::path::Path;

/// How much is asked of ours.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub enum Asked {
    /// Only whether the body is accepted.
    Verdict,
    /// The normalized request, too.
    Output,
    /// Code and pointer of every finding, too: what the others do.
    Findings,
    /// Line, column and English sentence of every finding, too.
    Words,
}

pub struct Ours {
    policy: Policy,
    checker: Checker,
    asked: Asked,
    out: Vec<u8>,
    findings: Vec<u8>,
}

impl Ours {
    pub fn new(asked: Asked) -> Ours {
        Ours { policy: Policy::default(), checker: Checker::new(), asked, out: Vec::new(), findings: Vec::new() }
    }
}

fn list(findings: &mut Vec<u8>, diagnostics: Diagnostics<'_>) {
    for diagnostic in diagnostics {
        findings.push(diagnostic.code().number());
        let _ = diagnostic.pointer().write(findings);
        findings.push(b'\n');
    }
}

impl Contender for Ours {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        self.findings.clear();
        self.out.clear();
        let outcome = self.checker.check(&self.policy, body);
        if self.asked >= Asked::Output
            && let Outcome::Accepted(accepted) = &outcome
        {
            let _ = accepted.request.write(&mut self.out);
        }
        if self.asked == Asked::Findings {
            list(&mut self.findings, outcome.violations());
            list(&mut self.findings, outcome.warnings());
        }
        outcome.is_accepted()
    }

    fn output(&self) -> &[u8] {
        &self.out
    }

    fn findings(&self) -> &[u8] {
        &self.findings
    }
}

type New = extern "C" fn() -> *mut c_void;
type Run = unsafe extern "C" fn(*mut c_void, *const u8, usize, c_int) -> c_int;
type Answer = unsafe extern "C" fn(*mut c_void, *mut usize) -> *const u8;

/// cpp/ours.c, linked with the archive.
pub struct OursInC {
    ours: *mut c_void,
    asked: Asked,
    run: Run,
    output: Answer,
    findings: Answer,
}

impl OursInC {
    /// # Panics
    /// If the library is none of ours.
    pub fn load(library: &Path, asked: Asked) -> OursInC {
        let library = open(library);
        // SAFETY: the symbols have the types that ours.c gives them.
        unsafe {
            let new = std::mem::transmute::<*mut c_void, New>(symbol(library, "ours_new"));
            OursInC {
                ours: new(),
                asked,
                run: std::mem::transmute::<*mut c_void, Run>(symbol(library, "ours_run")),
                output: std::mem::transmute::<*mut c_void, Answer>(symbol(library, "ours_output")),
                findings: std::mem::transmute::<*mut c_void, Answer>(symbol(library, "ours_findings")),
            }
        }
    }

    fn answer(&self, answer: Answer) -> &[u8] {
        let mut length = 0;
        // SAFETY: the answer lives in the checker until its next call.
        unsafe {
            let bytes = answer(self.ours, &mut length);
            if length == 0 { &[] } else { std::slice::from_raw_parts(bytes, length) }
        }
    }
}

impl Contender for OursInC {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let findings = match self.asked {
            Asked::Verdict | Asked::Output => 0,
            Asked::Findings => 1,
            Asked::Words => 2,
        };
        // SAFETY: the body can be read.
        unsafe { (self.run)(self.ours, body.as_ptr(), body.len(), findings) != 0 }
    }

    fn output(&self) -> &[u8] {
        self.answer(self.output)
    }

    fn findings(&self) -> &[u8] {
        self.answer(self.findings)
    }
}
