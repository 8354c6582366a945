//! What a contender is.

/// Reads, judges and writes one body after another in buffers of its own.
pub trait Contender {
    /// Whether the body is accepted. `body` is followed by at least [`PADDING`] readable bytes.
    fn run(&mut self, body: &[u8]) -> bool;
    /// After an acceptance: the normalized request.
    fn output(&self) -> &[u8];
    /// The findings as lines (see [`crate::judge::Report`]).
    fn findings(&self) -> &[u8];
}

/// What simdjson wants to be able to read behind a body.
pub const PADDING: usize = 64;
