//! `otd-check`: what the library says of request bodies, HTTP messages and files full of requests.

mod args;
mod bulk;
mod http;
mod input;
mod json;
mod print;
mod report;
mod single;
mod snippet;

use args::{Args, Command, Format, Kind};
use outgoing_to_device::{Checker, OutOfMemory, Policy};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::process::ExitCode;

/// Why there is no verdict.
enum Failure {
    /// A call or an input that cannot be used; the message says which and why.
    Unusable(String),
    /// The policy file has faults, and they have been shown.
    Policy,
    /// What there is to say could not be written.
    Output(io::Error),
    /// Ctrl-C.
    Interrupted,
    Memory,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<OutOfMemory> for Failure {
    fn from(OutOfMemory: OutOfMemory) -> Failure {
        Failure::Memory
    }
}

const ACCEPTED: u8 = 0;
const REFUSED: u8 = 1;
const MISUSE: u8 = 2;
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let code = match run() {
        Ok(true) => ACCEPTED,
        Ok(false) => REFUSED,
        Err(Failure::Policy) => MISUSE,
        Err(Failure::Interrupted) => INTERRUPTED,
        // Whoever closed the pipe has read enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => MISUSE,
        Err(failure) => {
            let why = match failure {
                Failure::Unusable(why) => why,
                Failure::Output(error) => format!("cannot write: {error}"),
                _ => OutOfMemory.to_string(),
            };
            let _ = writeln!(anstream::stderr(), "otd-check: {}", snippet::visible(&why));
            MISUSE
        }
    };
    ExitCode::from(code)
}

/// Does what the command line says; whether everything was accepted.
fn run() -> Result<bool, Failure> {
    let args = match args::parse() {
        Ok(Command::Run(args)) => args,
        Ok(Command::Say(what)) => {
            io::stdout().write_all(what.as_bytes())?;
            return Ok(true);
        }
        Err(error) => return Err(Failure::Unusable(error.to_string())),
    };
    args.color.write_global();
    let mut out = anstream::stdout();
    let policy = match &args.policy {
        Some(file) => read_policy(&mut out, file.as_os_str(), args.format)?,
        None => Policy::default(),
    };
    if let Some(what) = args.print {
        print::print(&mut out, what, &policy)?;
        return Ok(true);
    }
    let kinds = kinds(&args)?;
    if kinds.contains(&Kind::Ndjson) {
        return bulk::run(args, policy);
    }
    let mut accepted = true;
    for (input, kind) in args.inputs.iter().zip(kinds) {
        accepted &= single::run(&mut out, &policy, input, kind, args.format)?;
    }
    Ok(accepted)
}

/// What each input holds. Requests by the line are summed up, others shown: not both in one call.
fn kinds(args: &Args) -> Result<Vec<Kind>, Failure> {
    let kind = |input: &OsStr| {
        args.input.or_else(|| input::kind(input)).ok_or_else(|| {
            let name = input::name(input);
            Failure::Unusable(format!("{name}: its name does not tell what it holds; say --input body, http or ndjson"))
        })
    };
    let kinds = args.inputs.iter().map(|input| kind(input)).collect::<Result<Vec<Kind>, Failure>>()?;
    let bulk = kinds.iter().filter(|kind| **kind == Kind::Ndjson).count();
    if bulk != 0 && bulk != kinds.len() {
        return Err(Failure::Unusable("files of requests and single requests need a call each".to_owned()));
    }
    let only_bulk = args.accepted.is_some() || args.rejected.is_some() || args.jobs.is_some();
    if bulk == 0 && only_bulk {
        return Err(Failure::Unusable("--accepted, --rejected and --jobs are for files of requests".to_owned()));
    }
    Ok(kinds)
}

/// Reads a policy file; its faults are shown in the way of a body's.
fn read_policy(out: &mut dyn Write, file: &OsStr, format: Format) -> Result<Policy, Failure> {
    let name = input::name(file);
    let bytes = input::read(file).map_err(|error| Failure::Unusable(format!("{name}: {error}")))?;
    let mut checker = Checker::new();
    match checker.try_policy(&bytes)? {
        Ok(policy) => Ok(policy),
        Err(rejected) => {
            match format {
                Format::Json => json::policy_faults(out, &name, &rejected)?,
                Format::Text => {
                    let count = report::count(rejected.violations().len(), "violation");
                    writeln!(out, "{}: not a policy, {count}", snippet::visible(&name))?;
                    report::findings(out, &name, &bytes, rejected.violations())?;
                }
            }
            Err(Failure::Policy)
        }
    }
}
