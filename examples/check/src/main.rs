//! `otd-check`: the library's verdict on request bodies, HTTP messages and files full of requests.

mod args;
mod bulk;
mod explain;
mod files;
mod http;
mod input;
mod json;
mod mend;
mod out;
mod output;
mod print;
mod report;
mod single;
mod snippet;

use args::{Args, Command, Fix, Format, Kind};
use files::Files;
use input::Seen;
use out::Out;
use outgoing_to_device::{Checker, Code, OutOfMemory, Policy};
use report::Source;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// The verdict on all that was checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Rejected,
}

/// Why there is no verdict.
enum Failure {
    /// A call or an input that cannot be used; the message says which and why.
    Unusable(String),
    /// The policy file has faults, and they have been shown.
    Policy,
    /// The report could not be written.
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
const REJECTED: u8 = 1;
const MISUSE: u8 = 2;
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let code = match run() {
        Ok(Verdict::Accepted) => ACCEPTED,
        Ok(Verdict::Rejected) => REJECTED,
        Err(Failure::Policy) => MISUSE,
        Err(Failure::Interrupted) => INTERRUPTED,
        // The reader of a closed pipe has read enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => MISUSE,
        Err(failure) => {
            let why = match failure {
                Failure::Unusable(why) => why,
                Failure::Output(error) => format!("cannot write: {error}"),
                _ => OutOfMemory.to_string(),
            };
            let _ = writeln!(io::stderr(), "otd-check: {}", snippet::visible(&why));
            MISUSE
        }
    };
    ExitCode::from(code)
}

/// Runs the command line.
fn run() -> Result<Verdict, Failure> {
    let args = match args::parse() {
        Ok(Command::Run(args)) => args,
        Ok(Command::Say(text)) => {
            io::stdout().write_all(text.as_bytes())?;
            return Ok(Verdict::Accepted);
        }
        Err(error) => return Err(Failure::Unusable(error.to_string())),
    };
    args.color.write_global();
    let exit_zero = args.exit_zero;
    let verdict = check(args)?;
    Ok(if exit_zero { Verdict::Accepted } else { verdict })
}

fn check(args: Args) -> Result<Verdict, Failure> {
    let mut out = Out::stdout();
    let mut files = Files::default();
    let kinds = if args.print.is_some() { Vec::new() } else { kinds(&args)? };
    // Before a byte is written: every input can be read, and none of them is an output.
    let policy = args.policy.as_deref().map(|path| open_policy(path, &mut files)).transpose()?;
    let seen = args.inputs.iter().map(|input| look(input, &mut files)).collect::<Result<Vec<Seen>, Failure>>()?;
    files.streams().map_err(Failure::Unusable)?;
    let fixed = args.inputs.iter().filter(|_| args.fix == Some(Fix::Beside)).map(|input| input::fixed(input));
    for path in args.accepted.iter().chain(&args.rejected).cloned().chain(fixed) {
        files.write(&path).map_err(Failure::Unusable)?;
    }
    let policy = match policy {
        Some((name, bytes)) => read_policy(&mut out, &name, &bytes, args.format)?,
        None => Policy::default(),
    };
    let policy = deny(policy, &args.deny)?;
    if let Some(what) = args.print {
        print::print(&mut out, what, &policy)?;
        return Ok(Verdict::Accepted);
    }
    if kinds.contains(&Kind::Ndjson) {
        return bulk::run(&mut out, args, policy, &seen);
    }
    let mut verdict = Verdict::Accepted;
    for (input, kind) in args.inputs.iter().zip(kinds) {
        if single::run(&mut out, &policy, input, kind, &args)? == Verdict::Rejected {
            verdict = Verdict::Rejected;
        }
    }
    Ok(verdict)
}

/// Looks at an input before anything is done.
fn look(input: &OsStr, files: &mut Files) -> Result<Seen, Failure> {
    let name = input::name(input);
    let seen = input::look(input).map_err(|error| Failure::Unusable(format!("{name}: {error}")))?;
    files.read(&name, seen.id.as_ref());
    Ok(seen)
}

/// The kind of each input. Requests by the line are summed up, others shown: not both in one call.
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
    let only_bulk = args.accepted.is_some() || args.rejected.is_some() || args.jobs.is_some() || args.ids;
    if bulk == 0 && only_bulk {
        return Err(Failure::Unusable("--accepted, --rejected, --jobs and --ids are for files of requests".to_owned()));
    }
    Ok(kinds)
}

/// The name and the bytes of a policy file.
fn open_policy(path: &Path, files: &mut Files) -> Result<(String, Vec<u8>), Failure> {
    let name = input::name(path.as_os_str());
    let unusable = |error: io::Error| Failure::Unusable(format!("{name}: {error}"));
    let seen = input::look(path.as_os_str()).map_err(unusable)?;
    files.read(&name, seen.id.as_ref());
    let bytes = input::read(path.as_os_str()).map_err(unusable)?;
    Ok((name, bytes))
}

/// The policy with further warnings that reject.
fn deny(policy: Policy, warnings: &[Code]) -> Result<Policy, Failure> {
    if warnings.is_empty() {
        return Ok(policy);
    }
    let refused = policy.refused_warnings().chain(warnings.iter().copied()).collect::<BTreeSet<Code>>();
    let faulty = |why: String| Failure::Unusable(format!("--deny: {why}"));
    let mut file: Value = serde_json::from_str(&policy.to_json()).map_err(|error| faulty(error.to_string()))?;
    file["refuse"] = refused.into_iter().map(Code::as_str).collect();
    Policy::from_json(file.to_string().as_bytes())
        .map_err(|rejection| faulty(rejection.to_string().replace('\n', "; ")))
}

/// The policy in a file; its faults are reported like those of a body.
fn read_policy(out: &mut Out, name: &str, bytes: &[u8], format: Format) -> Result<Policy, Failure> {
    let mut checker = Checker::new();
    match checker.try_policy(bytes)? {
        Ok(policy) => Ok(policy),
        Err(rejected) => {
            match format {
                Format::Json => json::policy_faults(out, name, &rejected)?,
                Format::Text => {
                    let count = report::count(rejected.violations().len() as u64, "violation");
                    writeln!(out, "{}: not a policy, {count}", snippet::visible(name))?;
                    report::diagnostics(out, &Source::whole(name, bytes), rejected.violations())?;
                }
            }
            Err(Failure::Policy)
        }
    }
}
