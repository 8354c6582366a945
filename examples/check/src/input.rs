//! Inputs: what they hold, by their names, and their bytes.

use crate::args::Kind;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a body or a message that are read: more than any policy allows.
const MAX_SINGLE: u64 = 64 << 20;

/// What an input holds, by its name; `None` if the name does not tell.
pub(crate) fn kind(input: &OsStr) -> Option<Kind> {
    if input == "-" {
        return Some(Kind::Body);
    }
    match Path::new(input).extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "json" => Some(Kind::Body),
        "http" => Some(Kind::Http),
        "ndjson" | "jsonl" | "gz" | "zst" => Some(Kind::Ndjson),
        _ => None,
    }
}

/// The input's name as it is shown.
pub(crate) fn name(input: &OsStr) -> String {
    if input == "-" { "stdin".to_owned() } else { input.to_string_lossy().into_owned() }
}

/// The input's bytes, to be read, and how many they are if that is known.
pub(crate) fn open(input: &OsStr) -> io::Result<(Box<dyn Read + Send>, Option<u64>)> {
    if input == "-" {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(input)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    Ok((Box::new(file), about.is_file().then_some(about.len())))
}

/// The whole of a body or a message.
pub(crate) fn read(input: &OsStr) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(input)?.0.take(MAX_SINGLE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SINGLE {
        return Err(io::Error::other(format!("more than {} MiB, which no policy allows", MAX_SINGLE >> 20)));
    }
    Ok(bytes)
}
