//! Prints conformance lines: those of vector files, `cases tests/vectors/*.jsonl`. With
//! `--expected` it prints what a host must answer to them.

use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let expected = files.first().is_some_and(|first| first == "--expected");
    if expected {
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
                Some(text) => model::base64(text.as_bytes()),
                None => string("body_base64")?.unwrap_or_default(),
            };
            let id = vector.get("id").map_or("null", |id| id.get());
            if expected {
                writeln!(output, "{{\"id\":{id},\"{name}\":{outcome}}}")?;
            } else {
                let policy =
                    vector.get("policy").map_or(String::new(), |policy| format!(",\"policy\":{}", policy.get()));
                writeln!(output, "{{\"id\":{id},\"body_base64\":\"{body}\"{policy}}}")?;
            }
        }
    }
    output.flush()
}
