//! ajv, in a Node process that answers a line with a line.

use crate::validator::Verdict;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Ajv {
    node: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Ajv {
    pub(crate) fn start() -> Result<Ajv, Box<dyn Error>> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/web/ajv.mjs");
        let mut node = Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (to, from) = (node.stdin.take(), node.stdout.take().ok_or("no output")?);
        Ok(Ajv { node, to, from: BufReader::new(from) })
    }

    /// For each text, what each schema says of it.
    pub(crate) fn judge(&mut self, schemas: &[String], texts: &[&[u8]]) -> Result<Vec<Vec<Verdict>>, Box<dyn Error>> {
        let texts_in: Vec<String> = texts.iter().map(|text| model::base64(text)).collect();
        let line = serde_json::json!({ "schemas": schemas, "texts": texts_in });
        let mut to = self.to.as_ref().ok_or("closed")?;
        to.write_all(format!("{line}\n").as_bytes())?;
        to.flush()?;
        let mut answer = String::new();
        self.from.read_line(&mut answer)?;
        let answers: Vec<String> = serde_json::from_str(&answer)?;
        if answers.len() != texts.len() {
            return Err("ajv did not answer for every text".into());
        }
        let verdict = |letter| match letter {
            'a' => Ok(Verdict::Accepted),
            'r' => Ok(Verdict::Refused),
            'u' => Ok(Verdict::Unreadable),
            _ => Err("a letter that means nothing".into()),
        };
        answers.iter().map(|letters| letters.chars().map(verdict).collect()).collect()
    }
}

impl Drop for Ajv {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.to.take());
        let _ = self.node.wait();
    }
}

/// The bytes of standard base64.
pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let text = text.trim_end_matches('=');
    let bits = text.bytes().flat_map(|c| (0..6).rev().map(move |bit| digit(c) >> bit & 1)).collect::<Vec<_>>();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}
