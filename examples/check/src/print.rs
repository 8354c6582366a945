//! What `--print` prints.

use crate::args::Print;
use outgoing_to_device::{Code, Policy};
use std::io::{self, Write};

pub(crate) fn print(out: &mut dyn Write, what: Print, policy: &Policy) -> io::Result<()> {
    match what {
        Print::Codes => codes(out),
        Print::Policy => writeln!(out, "{}", policy.to_json()),
        Print::Document(schema) => write!(out, "{}", policy.schema(schema)),
    }
}

/// The registry as a table: code, group and meaning.
fn codes(out: &mut dyn Write) -> io::Result<()> {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or(0);
    for code in Code::ALL {
        let group = format!("{:?}", code.group()).to_lowercase();
        writeln!(out, "{:width$}  {group:7}  {}", code.as_str(), code.meaning())?;
    }
    Ok(())
}
