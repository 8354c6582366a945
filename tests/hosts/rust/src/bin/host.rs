//! The Rust conformance host: answers lines of the standard input on the standard output.

use std::io::{BufRead, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let (mut input, mut output) = (stdin().lock(), std::io::BufWriter::new(stdout().lock()));
    let mut host = hosts::Host::default();
    let (mut line, mut answer) = (Vec::new(), Vec::new());
    while input.read_until(b'\n', &mut line)? > 0 {
        answer.clear();
        host.answer(line.strip_suffix(b"\n").unwrap_or(&line), &mut answer);
        answer.push(b'\n');
        output.write_all(&answer)?;
        line.clear();
    }
    output.flush()
}
