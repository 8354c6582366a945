//! Inputs: what they hold, by their names, and their bytes.

use crate::args::Kind;
use crate::files::{self, Id};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a body or a message that are read: more than any policy allows.
const MAX_SINGLE: u64 = 64 << 20;

/// The kind of an input, by its name; `None` if the name does not tell.
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

/// The input's name in messages.
pub(crate) fn name(input: &OsStr) -> String {
    if input == "-" { "stdin".to_owned() } else { input.to_string_lossy().into_owned() }
}

/// The name of the fixed input: `x.fixed.json` for `x.json`. It is not packed.
pub(crate) fn fixed(input: &OsStr) -> PathBuf {
    let mut path = PathBuf::from(input);
    if path.extension().is_some_and(|packed| ["gz", "zst"].iter().any(|known| packed.eq_ignore_ascii_case(known))) {
        path.set_extension("");
        if path.extension().is_none() {
            path.set_extension("ndjson");
        }
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(".fixed");
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// The facts of an input before the work begins.
pub(crate) struct Seen {
    pub(crate) id: Option<Id>,
    /// The bytes that it has, if that is known.
    pub(crate) size: Option<u64>,
}

/// Makes sure that an input can be read. A regular file is opened and closed again, since there may be
/// thousands of them. A pipe is not opened: its writer would lose its reader.
pub(crate) fn look(input: &OsStr) -> io::Result<Seen> {
    if input == "-" {
        return Ok(Seen { id: files::stream_id(&io::stdin()), size: None });
    }
    let mut about = fs::metadata(input)?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if about.is_file() {
        about = File::open(input)?.metadata()?;
    }
    Ok(Seen { id: files::id(&about, Path::new(input)), size: about.is_file().then_some(about.len()) })
}

/// The input's bytes, to be read.
pub(crate) fn open(input: &OsStr) -> io::Result<Box<dyn Read + Send>> {
    Ok(if input == "-" { Box::new(io::stdin()) } else { Box::new(File::open(input)?) })
}

/// The whole of a body or a message.
pub(crate) fn read(input: &OsStr) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(input)?.take(MAX_SINGLE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SINGLE {
        return Err(io::Error::other(format!("more than {} MiB, which no policy allows", MAX_SINGLE >> 20)));
    }
    Ok(bytes)
}
