//! Verdicts and outputs, compared with ours before anything is timed.

use crate::measure::Bodies;
use crate::workload::{self, Random};
use crate::{Entry, Role};
use benches::contender::Contender;
use outgoing_to_device::Code;

/// What a contender says of a body; the findings sorted.
#[derive(PartialEq)]
struct Answer {
    accepted: bool,
    output: Vec<u8>,
    findings: Vec<Vec<u8>>,
}

fn answer(contender: &mut dyn Contender, body: &[u8]) -> Answer {
    let accepted = contender.run(body);
    // A line feed in a name splits a line, for everybody in the same way.
    let mut findings: Vec<Vec<u8>> = contender.findings().split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    findings.sort();
    let output = if accepted { contender.output().to_vec() } else { Vec::new() };
    Answer { accepted, output, findings }
}

impl Answer {
    fn show(&self) -> String {
        let code =
            |line: &[u8]| Code::ALL.iter().find(|code| code.number() == line[0]).map_or("?", |code| code.as_str());
        let lines = self.findings.iter().filter(|line| !line.is_empty());
        let lines = lines.map(|line| format!("{} {}", code(line), String::from_utf8_lossy(&line[1..])));
        format!("{} {}", lines.collect::<Vec<_>>().join("; "), String::from_utf8_lossy(&self.output))
    }

    /// Where a body is not even JSON, the peers need not find out which fault of it comes first.
    fn is_not_json(&self) -> bool {
        const CODES: [u8; 2] = [Code::InvalidUtf8.number(), Code::InvalidJson.number()];
        matches!(self.findings.as_slice(), [end, line] if end.is_empty() && line.len() == 1 && CODES.contains(&line[0]))
    }

    fn agrees(&self, theirs: &Answer, role: Role) -> bool {
        if self.is_not_json() && theirs.is_not_json() {
            return true;
        }
        match role {
            Role::Whole => self == theirs,
            // Of what it refuses it says less.
            Role::Part => {
                self.accepted == theirs.accepted && self.output == theirs.output && (!self.accepted || self == theirs)
            }
            Role::Output => self.accepted == theirs.accepted && self.output == theirs.output,
            Role::Floor => true,
            Role::Verdict => self.accepted == theirs.accepted,
        }
    }
}

/// On a workload everybody must agree with ours, who stands first.
pub fn workload(entries: &mut [Entry], bodies: &Bodies) -> Result<(), String> {
    for body in bodies.iter() {
        let ours = answer(&mut *entries[0].contender, body);
        for entry in &mut entries[1..] {
            let theirs = answer(&mut *entry.contender, body);
            if !ours.agrees(&theirs, entry.role) {
                let body = String::from_utf8_lossy(body);
                return Err(format!("{}: {body}\nours:   {}\ntheirs: {}", entry.name, ours.show(), theirs.show()));
            }
        }
    }
    Ok(())
}

/// How often a contender says something else of a body with random mutations.
pub struct Disagreement {
    pub verdict: usize,
    pub any: usize,
    pub example: Option<String>,
}

pub fn mutants(entries: &mut [Entry], count: usize) -> Vec<Disagreement> {
    let mut random = Random(0x5EED_5EED_5EED_5EED);
    let mut seeds: Vec<Vec<u8>> = ["W1", "W2", "W4"].iter().flat_map(|name| workload::bodies(name)).collect();
    seeds.extend(workload::mixed(100_000).into_iter().filter(|body| body.len() < 2_000));
    let mut disagreements: Vec<_> =
        entries.iter().map(|_| Disagreement { verdict: 0, any: 0, example: None }).collect();
    for _ in 0..count {
        let mut body = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + random.below(3) {
            mutate(&mut random, &mut body);
        }
        let bodies = Bodies::new(&[body]);
        let Some(body) = bodies.iter().next() else { continue };
        let ours = answer(&mut *entries[0].contender, body);
        for (entry, disagreement) in entries.iter_mut().zip(&mut disagreements) {
            let theirs = answer(&mut *entry.contender, body);
            if !ours.agrees(&theirs, entry.role) {
                disagreement.any += 1;
                disagreement.verdict += usize::from(ours.accepted != theirs.accepted);
                disagreement.example.get_or_insert_with(|| {
                    let body = String::from_utf8_lossy(body);
                    format!("{}\n  ours:   {}\n  theirs: {}", body.escape_debug(), ours.show(), theirs.show())
                });
            }
        }
    }
    disagreements
}

fn mutate(random: &mut Random, body: &mut Vec<u8>) {
    const PIECES: [&[u8]; 32] = [
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b" ",
        b"\n",
        b"null",
        b"true",
        b"-",
        b"0",
        b"1",
        b".",
        b"e5",
        b"\\u0041",
        b"\\ud83d\\ude00",
        b"\\n",
        b"\\r\\n",
        b"\\/",
        b"\\u0001",
        b"\xD0\x96",
        b"\xE2\x82\xAC",
        b"\xFF",
        b"\x00",
        b"\"text\":",
        b"\"size\":256,",
        b"\"url\":\"http://x\"",
        b"applicationDescriptor",
        b"MOBILE",
    ];
    let piece = PIECES[random.below(PIECES.len())];
    let at = random.below(body.len() + 1);
    let end = (at + random.below(20)).min(body.len());
    match random.below(5) {
        0 => drop(body.splice(at..at, piece.iter().copied())),
        1 => drop(body.splice(at..(at + piece.len()).min(body.len()), piece.iter().copied())),
        2 => drop(body.drain(at..end)),
        3 => {
            let copy = body[at..end].to_vec();
            let to = random.below(body.len() + 1);
            drop(body.splice(to..to, copy));
        }
        _ => {
            if let Some(byte) = body.get_mut(at) {
                *byte = random.next() as u8;
            }
        }
    }
}
