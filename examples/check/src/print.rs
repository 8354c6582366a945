//! `--print`: codes, the policy, and documents made of it.

use crate::args::Print;
use crate::out::Out;
use outgoing_to_device::{Code, Policy};
use std::io::{self, Write};

pub(crate) fn print(out: &mut Out, what: Print, policy: &Policy) -> io::Result<()> {
    match what {
        Print::Codes => out.write_all(codes().as_bytes()),
        Print::Policy => out.json(format!("{}\n", policy.to_json()).as_bytes()),
        Print::Document(schema) => out.json(policy.schema(schema).as_bytes()),
    }
}

/// The registry as a table: code, group and meaning.
fn codes() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or(0);
    let row = |code: &Code| {
        let group = format!("{:?}", code.group()).to_lowercase();
        format!("{:width$}  {group:7}  {}\n", code.as_str(), code.meaning())
    };
    Code::ALL.iter().map(row).collect()
}
