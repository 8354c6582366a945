//! Writes what the vectors hold as seeds for the fuzz targets: `seeds DIR tests/vectors/*.jsonl`.

use serde_json::value::RawValue;
use std::collections::HashMap;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or_else(|| std::io::Error::other("usage: seeds DIR FILE…"))?;
    let mut count = 0;
    let mut seed = |target: &str, bytes: &[&[u8]]| {
        let folder = Path::new(&folder).join(target);
        std::fs::create_dir_all(&folder)?;
        count += 1;
        std::fs::write(folder.join(format!("vector-{count}")), bytes.concat())
    };
    let mut last = Vec::new();
    for file in arguments {
        for line in std::fs::read_to_string(&file)?.lines() {
            let vector: HashMap<&str, &RawValue> = serde_json::from_str(line)?;
            let string = |name| vector.get(name).map(|raw| serde_json::from_str::<String>(raw.get())).transpose();
            let body = match (string("body")?, string("body_base64")?) {
                (Some(text), _) => text.into_bytes(),
                (None, Some(base64)) => hosts::from_base64(&base64).unwrap_or_default(),
                (None, None) => {
                    if let (Some(method), Some(target), Some(fields)) =
                        (string("method")?, string("target")?, vector.get("fields"))
                    {
                        let fields: Vec<[String; 2]> = serde_json::from_str(fields.get())?;
                        let fields: String =
                            fields.iter().map(|[name, value]| format!("{name}: {value}\r\n")).collect();
                        seed("http", &[format!("{method} {target} HTTP/1.1\r\n{fields}\r\n").as_bytes()])?;
                    }
                    continue;
                }
            };
            let policy = vector.get("policy").map_or("", |policy| policy.get());
            // The first byte chooses one of the targets' policies.
            let choice = if policy.contains("keep") {
                b"\x01"
            } else if policy.contains("drop") {
                b"\x02"
            } else {
                b"\x00"
            };
            seed("json", &[&body])?;
            for target in ["model", "normalize"] {
                seed(target, &[choice, &body])?;
            }
            // A policy, offsets of four bytes, no row before the first, and two rows.
            seed("batch", &[choice, b"\x00\x00", &last, b"\xFF", &body])?;
            if policy.is_empty() {
                seed("abi", &[b"\x00", &body])?;
            } else {
                seed("abi", &[b"\x81", policy.as_bytes(), b"\xFF", &body])?;
                seed("policy", &[policy.as_bytes()])?;
            }
            last = body;
        }
    }
    Ok(())
}
