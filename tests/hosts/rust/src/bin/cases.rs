//! Prints conformance lines: those of vector files, `cases tests/vectors/*.jsonl`. With
//! `--expected` it prints what a host must answer to them; with `--marked` each body once for every
//! string value in it, which a marker is put into: it must not come out but in a request.

use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::Write;

const MARKER: &[u8] = b"PRIVATE";

/// Where the string values of a text end. Keys, which a colon follows, are not private.
fn string_values(body: &[u8]) -> Vec<usize> {
    let (mut ends, mut at) = (Vec::new(), 0);
    let mut in_string = false;
    while let Some(byte) = body.get(at) {
        match byte {
            b'\\' if in_string => at += 1,
            b'"' => {
                let next = body[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
                if in_string && next != Some(&b':') {
                    ends.push(at);
                }
                in_string = !in_string;
            }
            _ => {}
        }
        at += 1;
    }
    ends
}

fn marked(body: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    string_values(body).into_iter().map(|end| [&body[..end], MARKER, &body[end..]].concat())
}

fn main() -> std::io::Result<()> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mode = files.first().filter(|first| first.starts_with("--")).cloned();
    if mode.is_some() {
        files.remove(0);
    }
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for file in files {
        for line in std::fs::read_to_string(&file)?.lines() {
            let vector: HashMap<&str, &RawValue> = serde_json::from_str(line)?;
            // Heads, responses and the like are no cases of a body.
            let outcome =
                ["outcome", "policy_faults"].into_iter().find_map(|name| Some((name, vector.get(name)?.get())));
            let Some((name, outcome)) = outcome else { continue };
            let string = |name| vector.get(name).map(|raw| serde_json::from_str::<String>(raw.get())).transpose();
            let body = match string("body")? {
                Some(text) => text.into_bytes(),
                None => model::from_base64(&string("body_base64")?.unwrap_or_default()).unwrap_or_default(),
            };
            let id = vector.get("id").map_or("null", |id| id.get());
            let policy = vector.get("policy").map_or(String::new(), |policy| format!(",\"policy\":{}", policy.get()));
            let mut case =
                |body: &[u8]| writeln!(output, "{{\"id\":{id},\"body_base64\":\"{}\"{policy}}}", model::base64(body));
            match mode.as_deref() {
                None => case(&body)?,
                Some("--marked") => marked(&body).try_for_each(|body| case(&body))?,
                _ => writeln!(output, "{{\"id\":{id},\"{name}\":{outcome}}}")?,
            }
        }
    }
    output.flush()
}
