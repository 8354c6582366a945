//! Answers conformance lines from the standard input on the standard output. With `--tally` it says
//! at the end, on the standard error, how often each code was found, with a related place and with a fix.

use std::io::{BufRead, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let tallied = std::env::args().any(|argument| argument == "--tally");
    let mut tally = model::Tally::default();
    let mut output = std::io::BufWriter::new(stdout().lock());
    for line in stdin().lock().split(b'\n') {
        // A line that is not UTF-8 is not JSON either, and is answered so.
        let line = String::from_utf8(line?).unwrap_or_default();
        writeln!(output, "{}", tally.answer(&line))?;
    }
    output.flush()?;
    if tallied {
        eprint!("{tally}");
    }
    Ok(())
}
