//! Answers conformance lines from the standard input on the standard output.

use std::io::{BufRead, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let mut output = stdout().lock();
    for line in stdin().lock().split(b'\n') {
        // A line that is not UTF-8 is not JSON either, and is answered so.
        let line = String::from_utf8(line?).unwrap_or_default();
        writeln!(output, "{}", model::answer(&line))?;
    }
    output.flush()
}
