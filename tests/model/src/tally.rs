//! Counts of what was found, to see whether generated cases reach every rule.

use std::collections::BTreeMap;
use std::fmt;

use crate::check::Outcome;
use crate::conformance::{Decision, decide, written};
use crate::diagnostic::Diagnostic;

/// How often each code was found, with a related place and with a fix.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    accepted: usize,
    rejected: usize,
    codes: BTreeMap<&'static str, Counts>,
    policy_codes: BTreeMap<&'static str, Counts>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    found: usize,
    related: usize,
    fixes: usize,
}

impl Tally {
    /// Answers a conformance line, and counts what is in the answer.
    pub fn answer(&mut self, line: &str) -> String {
        let (id, decision) = decide(line);
        match &decision {
            Decision::Outcome(outcome) => self.outcome(outcome),
            Decision::PolicyFaults(faults) => count(&mut self.policy_codes, faults),
            Decision::Unreadable(_) => {}
        }
        written(id, &decision)
    }

    /// Counts an outcome.
    pub fn outcome(&mut self, outcome: &Outcome) {
        match outcome.request {
            Some(_) => self.accepted += 1,
            None => self.rejected += 1,
        }
        count(&mut self.codes, &outcome.violations);
        count(&mut self.codes, &outcome.warnings);
    }

    /// How often a code was found, with a related place, and with a fix.
    pub fn of(&self, code: &str) -> (usize, usize, usize) {
        let Counts { found, related, fixes } = self.codes.get(code).copied().unwrap_or_default();
        (found, related, fixes)
    }

    /// The codes that were found in bodies.
    pub fn codes(&self) -> Vec<&'static str> {
        self.codes.keys().copied().collect()
    }
}

fn count(codes: &mut BTreeMap<&'static str, Counts>, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let counts = codes.entry(diagnostic.code).or_default();
        counts.found += 1;
        counts.related += usize::from(diagnostic.related.is_some());
        counts.fixes += usize::from(diagnostic.fix.is_some());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { accepted, rejected, codes, policy_codes } = self;
        writeln!(formatter, "{accepted} bodies accepted, {rejected} rejected; found, related, fixes:")?;
        for (place, codes) in [("", codes), (" of a policy", policy_codes)] {
            for (code, Counts { found, related, fixes }) in codes {
                writeln!(formatter, "{found:8} {related:7} {fixes:7}  {code}{place}")?;
            }
        }
        Ok(())
    }
}
