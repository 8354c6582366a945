//! The name of a request in what is written as JSON.

use crate::{Failure, json};

/// The most bytes of an id in front of a request.
pub(super) const MOST: usize = 1024;

pub(super) enum Id<'a> {
    /// The input and the line that it was read from.
    Place(&'a str, u64),
    /// The bytes in front of it.
    Given(&'a [u8]),
}

impl Id<'_> {
    /// Begins the line of a request.
    pub(super) fn open(&self, out: &mut Vec<u8>) -> Result<(), Failure> {
        match self {
            Id::Place(name, line) => json::open(out, &format!("{name}:{line}")),
            Id::Given(bytes) => json::open(out, &String::from_utf8_lossy(bytes)),
        }
    }
}

/// The id and the request of a line; with `given` ids it is an id, a tab and a request.
pub(super) fn split<'a>(
    given: bool,
    line: &'a [u8],
    name: &'a str,
    number: u64,
) -> Result<(Id<'a>, &'a [u8]), Failure> {
    if !given {
        return Ok((Id::Place(name, number), line));
    }
    match memchr::memchr(b'\t', &line[..line.len().min(MOST + 1)]) {
        Some(tab) => Ok((Id::Given(&line[..tab]), &line[tab + 1..])),
        None => Err(Failure::Unusable(format!(
            "{name}:{number}: with --ids a line is an id of at most {MOST} bytes, a tab and a request"
        ))),
    }
}
