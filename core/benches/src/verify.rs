//! Verdicts and outputs, compared with ours before anything is timed.

use crate::contender::Contender;

/// What a contender says of a body; the findings sorted.
#[derive(PartialEq, Debug)]
pub struct Answer {
    pub accepted: bool,
    output: Vec<u8>,
    findings: Vec<Vec<u8>>,
}

pub fn answer(contender: &mut dyn Contender, body: &[u8]) -> Answer {
    let accepted = contender.run(body);
    let lines = contender.findings().split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut findings: Vec<Vec<u8>> = lines.map(<[u8]>::to_vec).collect();
    findings.sort();
    let output = if accepted { contender.output().to_vec() } else { Vec::new() };
    Answer { accepted, output, findings }
}

impl Answer {
    /// As somebody reads it.
    pub fn show(&self) -> String {
        let code = |line: &[u8]| outgoing_to_device::Code::ALL[usize::from(line[0])].as_str();
        let lines = self.findings.iter().map(|line| format!("{} {}", code(line), String::from_utf8_lossy(&line[1..])));
        format!("{} {}", lines.collect::<Vec<_>>().join("; "), String::from_utf8_lossy(&self.output))
    }
}
