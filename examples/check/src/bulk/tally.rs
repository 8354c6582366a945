//! The sums of a run: numbers and places, no word of any request.

use super::Names;
use crate::mend::MOST;
use crate::report::count;
use outgoing_to_device::{Code, Outcome};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The number of places of each kind that are shown.
const PLACES: usize = 3;

/// A place in an input: which one, the line, the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) source: usize,
    pub(super) line: u64,
    pub(super) column: u32,
}

/// A number, and the first places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Count {
    number: u64,
    first: Vec<Place>,
}

impl Count {
    fn add(&mut self, place: Place) {
        self.number += 1;
        if self.first.len() < PLACES {
            self.first.push(place);
        }
    }

    /// Adds those that came later.
    fn merge(&mut self, later: &Count) {
        self.number += later.number;
        let missing = PLACES - self.first.len();
        self.first.extend(later.first.iter().take(missing));
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ByChannel {
    accepted: u64,
    rejected: Count,
}

/// The sums of a block, or of all blocks so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) requests: u64,
    pub(super) rejected: u64,
    pub(super) warned: u64,
    pub(super) bytes: u64,
    codes: BTreeMap<Code, Count>,
    fixes: BTreeMap<Code, Count>,
    /// Requests that have more fixes than are applied.
    stopped: Count,
    /// By the policy's name for it; the empty name is for rejected requests whose diagnostics name none.
    channels: Vec<(String, ByChannel)>,
}

impl Tally {
    /// Counts the diagnostics of the request at a line. `column` turns offsets into columns.
    pub(super) fn add(&mut self, outcome: &Outcome<'_>, source: usize, line: u64, mut column: impl FnMut(u32) -> u32) {
        self.requests += 1;
        for diagnostic in outcome.violations().chain(outcome.warnings()) {
            let place = Place { source, line, column: column(diagnostic.offset()) };
            self.codes.entry(diagnostic.code()).or_default().add(place);
        }
        self.warned += u64::from(outcome.warnings().len() > 0);
        match outcome {
            Outcome::Accepted(accepted) => self.channel(accepted.request.channel_type()).accepted += 1,
            Outcome::Rejected(_) => {
                let named =
                    outcome.violations().chain(outcome.warnings()).find_map(|diagnostic| diagnostic.params().channel);
                self.reject(named.unwrap_or(""), Place { source, line, column: 1 });
            }
        }
    }

    /// Counts a fix that was applied.
    pub(super) fn add_fix(&mut self, code: Code, place: Place) {
        self.fixes.entry(code).or_default().add(place);
    }

    /// Counts a request that has more fixes.
    pub(super) fn add_stopped(&mut self, place: Place) {
        self.stopped.add(place);
    }

    /// The number of fixes that were applied.
    pub(super) fn fixes(&self) -> u64 {
        self.fixes.values().map(|count| count.number).sum()
    }

    /// Counts a line that is longer than any body.
    pub(super) fn add_too_long(&mut self, place: Place) {
        self.requests += 1;
        self.codes.entry(Code::BodyTooLarge).or_default().add(place);
        self.reject("", place);
    }

    fn reject(&mut self, channel: &str, place: Place) {
        self.rejected += 1;
        self.channel(channel).rejected.add(place);
    }

    fn channel(&mut self, name: &str) -> &mut ByChannel {
        let index = self.channels.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.channels.push((name.to_owned(), ByChannel::default()));
            self.channels.len() - 1
        });
        &mut self.channels[index].1
    }

    /// Adds the sums of a later block.
    pub(super) fn merge(&mut self, later: &Tally) {
        self.requests += later.requests;
        self.rejected += later.rejected;
        self.warned += later.warned;
        self.bytes += later.bytes;
        for (sums, counts) in [(&mut self.codes, &later.codes), (&mut self.fixes, &later.fixes)] {
            for (code, count) in counts {
                sums.entry(*code).or_default().merge(count);
            }
        }
        self.stopped.merge(&later.stopped);
        for (name, by_channel) in &later.channels {
            let sum = self.channel(name);
            sum.accepted += by_channel.accepted;
            sum.rejected.merge(&by_channel.rejected);
        }
    }

    /// Writes the tables by code and by channel.
    pub(super) fn write(&self, out: &mut dyn Write, names: &Names) -> io::Result<()> {
        for (counts, what) in [(&self.fixes, "fixes"), (&self.codes, "diagnostics")] {
            if !counts.is_empty() {
                writeln!(out, "\n{:24} {what:>11}  first places", "code")?;
            }
            for (code, count) in counts {
                writeln!(out, "{:24} {:>11}  {}", code.as_str(), count.number, places(&count.first, names))?;
            }
        }
        if self.stopped.number > 0 {
            let (requests, places) = (count(self.stopped.number, "request"), places(&self.stopped.first, names));
            writeln!(out, "\nstopped after {MOST} fixes in {requests}; run it again: {places}")?;
        }
        if !self.channels.is_empty() {
            writeln!(out, "\n{:24} {:>10} {:>10}  first rejected", "channel", "accepted", "rejected")?;
        }
        let mut channels: Vec<_> = self.channels.iter().collect();
        channels.sort_unstable_by_key(|(name, _)| (name.is_empty(), name));
        for (name, ByChannel { accepted, rejected }) in channels {
            let name = if name.is_empty() { "(no diagnostic names one)" } else { name };
            let row = format!("{name:24} {accepted:>10} {:>10}  {}", rejected.number, places(&rejected.first, names));
            writeln!(out, "{}", row.trim_end())?;
        }
        Ok(())
    }
}

fn places(places: &[Place], names: &Names) -> String {
    let shown = places.iter().map(|place| format!("{}:{}:{}", names.shown(place.source), place.line, place.column));
    shown.collect::<Vec<_>>().join("  ")
}
