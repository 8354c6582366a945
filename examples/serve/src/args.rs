//! The command line.

use lexopt::prelude::*;
use outgoing_to_device::Policy;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

const HELP: &str = "\
The outgoing-to-device endpoint: checks requests, assigns ids and answers; nothing is sent on.

Usage: OUTGOING_TO_DEVICE_TOKEN=TOKEN serve [OPTIONS]

Options:
      --listen ADDRESS   where to listen (default: 127.0.0.1:8080; port 0 takes a free one)
      --policy FILE      check by this policy instead of the default one
      --store FILE       keep the ids there (default: in memory, so a restart starts over)
      --patience SECONDS how long a head or a body may take to arrive, and a client not to read its
                         answer (default: 30)
      --connections N    the most at a time; others wait for theirs (default: 1024)
  -h, --help             print this

The integrator's token stands in the environment, so that no list of processes shows it.
";

pub(crate) struct Args {
    pub(crate) listen: String,
    pub(crate) policy: Option<PathBuf>,
    pub(crate) store: Option<PathBuf>,
    pub(crate) patience: Duration,
    pub(crate) connections: usize,
}

/// The arguments, or nothing if only help was asked for.
pub(crate) fn parse() -> Result<Option<Args>, String> {
    read().map_err(|error| error.to_string())
}

fn read() -> Result<Option<Args>, lexopt::Error> {
    let mut args = Args {
        listen: "127.0.0.1:8080".to_owned(),
        policy: None,
        store: None,
        patience: Duration::from_secs(30),
        connections: 1024,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("listen") => args.listen = parser.value()?.string()?,
            Long("policy") => args.policy = Some(parser.value()?.into()),
            Long("store") => args.store = Some(parser.value()?.into()),
            Long("patience") => args.patience = Duration::from_secs(parser.value()?.parse::<u32>()?.into()),
            Long("connections") => {
                args.connections = parser.value()?.parse()?;
                if !(1..=1_000_000).contains(&args.connections) {
                    return Err("--connections takes a number from 1 to 1000000".into());
                }
            }
            Short('h') | Long("help") => {
                // The reader of a closed pipe has read enough.
                let _ = io::stdout().write_all(HELP.as_bytes());
                return Ok(None);
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(args))
}

impl Args {
    /// The policy that the file holds; every fault of it stops the start.
    pub(crate) fn policy(&self) -> Result<Policy, String> {
        let Some(file) = &self.policy else { return Ok(Policy::default()) };
        let json = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        Policy::from_json(&json).map_err(|faults| format!("{} is not a policy:\n{faults}", file.display()))
    }
}
