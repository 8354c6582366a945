//! What was found, in numbers, and what must not be.

use crate::validator::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// A body and what the library says of it.
pub(crate) struct Case {
    pub(crate) body: Vec<u8>,
    /// None if it is refused.
    pub(crate) normalized: Option<Vec<u8>>,
    /// The codes of its violations.
    pub(crate) codes: BTreeSet<&'static str>,
}

const SCHEMAS: [&str; 2] = ["normalized", "input"];
/// Failures that are shown, and how much of each.
const SHOWN: usize = 20;
const SHOWN_BYTES: usize = 600;

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) bodies: usize,
    pub(crate) batches: usize,
    pub(crate) failures: usize,
    counts: BTreeMap<(&'static str, String), usize>,
    /// How often a code was the only one, and so the reason that a schema accepts a refused body.
    alone: BTreeMap<(&'static str, &'static str), usize>,
}

impl Tally {
    /// `verdicts` are of every body and then of every normalized request, one for each schema.
    pub(crate) fn add(
        &mut self,
        validator: &'static str,
        policy: &str,
        cases: &[Case],
        verdicts: &[Vec<Verdict>],
        unsaid: &[BTreeSet<&str>],
    ) {
        let (of_bodies, of_normalized) = verdicts.split_at(cases.len());
        let mut of_normalized = of_normalized.iter();
        for (case, verdicts) in cases.iter().zip(of_bodies) {
            if let Some(normalized) = &case.normalized {
                self.count(validator, "accepted bodies");
                self.must(
                    verdicts[1] == Verdict::Accepted,
                    validator,
                    "input, of an accepted body",
                    policy,
                    &case.body,
                );
                let verdicts = of_normalized.next().expect("one for each");
                for (schema, verdict) in SCHEMAS.into_iter().zip(verdicts) {
                    let what = format!("{schema}, of a normalized request");
                    self.must(*verdict == Verdict::Accepted, validator, &what, policy, normalized);
                }
                continue;
            }
            self.count(validator, "refused bodies");
            if verdicts[0] == Verdict::Unreadable {
                self.count(validator, "refused bodies that are no JSON to its reader");
                continue;
            }
            for ((schema, verdict), unsaid) in SCHEMAS.into_iter().zip(verdicts).zip(unsaid) {
                if *verdict == Verdict::Refused {
                    self.count(validator, &format!("refused bodies that the {schema} schema refuses too"));
                    continue;
                }
                // A reader that drops a repeated field drops what the library says of it.
                let listed =
                    case.codes.contains("duplicate_field") || case.codes.iter().all(|code| unsaid.contains(code));
                let what = format!("{schema}, of a refused body ({:?})", case.codes);
                self.must(listed, validator, &what, policy, &case.body);
                if let (Some(code), 1) = (case.codes.first(), case.codes.len()) {
                    *self.alone.entry((schema, code)).or_default() += 1;
                }
            }
        }
    }

    fn count(&mut self, validator: &'static str, what: &str) {
        *self.counts.entry((validator, what.to_owned())).or_default() += 1;
    }

    fn must(&mut self, holds: bool, validator: &str, what: &str, policy: &str, text: &[u8]) {
        if holds {
            return;
        }
        self.failures += 1;
        if self.failures <= SHOWN {
            let start = text.get(..SHOWN_BYTES).unwrap_or(text);
            println!("WRONG: {validator}, {what}\n  policy {policy}\n  {}", start.escape_ascii());
        }
    }

    pub(crate) fn print(&self, of_vectors: usize) {
        println!("{} bodies ({of_vectors} of the vectors) in {} batches", self.bodies, self.batches);
        for ((validator, what), count) in &self.counts {
            println!("{validator:10} {count:8} {what}");
        }
        println!("accepted by a schema and refused for one code alone, by both validators together:");
        for ((schema, code), count) in &self.alone {
            println!("{schema:10} {count:8} {code}");
        }
        println!("{} disagreements", self.failures);
    }
}
