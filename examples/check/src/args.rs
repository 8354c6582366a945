//! The command line.

use crate::explain;
use lexopt::prelude::*;
use outgoing_to_device::{Code, Group, Schema};
use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Checks requests of edna Chat Center's outgoing-to-device endpoint.

Usage: otd-check [OPTIONS] FILE...
       otd-check --print WHAT [--policy FILE]

A FILE is, by its name, a body (.json), a whole HTTP message (.http), or requests, one a line
(.ndjson, .jsonl, .gz, .zst); `-` is the standard input, a body unless --input says otherwise.
Bodies and messages are reported one by one: every diagnostic with its line in the file, then the
normalized body. Requests by the line are checked on all cores and summed up, without a word of their
content; blank lines are passed over; gzip and zstd are recognized by their first bytes.

Options:
      --policy FILE      check by this policy instead of the default one
      --input KIND       the inputs are: body, http or ndjson
      --format FORMAT    text, or json: one line for each request, {\"id\":...,\"outcome\":{...}},
                         with places in the body
      --deny CODE        reject requests with this warning; as often as needed
      --fix              apply the fixes of each input, one at a time with a check between, and write
                         the result beside it: x.json to x.fixed.json
      --in-place         with --fix: write it to the input itself
      --accepted FILE    with ndjson: write the accepted requests there, normalized
      --rejected FILE    with ndjson: write the rejected ones there with their diagnostics; the file
                         holds messages
      --jobs N           with ndjson: threads that check (default: one for each core)
      --ids              with ndjson: a line is an id, a tab and a request; in JSON the id takes the place of
                         FILE:LINE
      --exit-zero        exit with 0 even if some are rejected
      --color WHEN       auto, always or never (auto heeds NO_COLOR and the terminal)
      --explain CODE     print the contract's part on a code, with examples
      --print WHAT       print codes (all that there are), or the rules in effect: policy (as a file),
                         schema (JSON Schema of normalized requests), input-schema (of all that are
                         accepted) or openapi
  -h, --help             print this
  -V, --version          print the version

Every file that is written takes its name when it is whole; until then, and if the run does not come to
its end, it is in FILE.*.part, and a file that had the name stays as it was. No file that is read is
written to, but with --in-place.

Exit status: 0 accepted (with --fix: now), 1 rejected, 2 misuse or a file that cannot be used, 130 interrupted.
";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

/// The place of fixed inputs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fix {
    Beside,
    InPlace,
}

/// The kind of an input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Body,
    Http,
    Ndjson,
}

/// The subject of `--print`.
#[derive(Clone, Copy)]
pub(crate) enum Print {
    Codes,
    Policy,
    Document(Schema),
}

pub(crate) struct Args {
    pub(crate) inputs: Vec<OsString>,
    pub(crate) policy: Option<PathBuf>,
    pub(crate) input: Option<Kind>,
    pub(crate) format: Format,
    pub(crate) accepted: Option<PathBuf>,
    pub(crate) rejected: Option<PathBuf>,
    pub(crate) jobs: Option<usize>,
    pub(crate) ids: bool,
    pub(crate) exit_zero: bool,
    pub(crate) deny: Vec<Code>,
    pub(crate) fix: Option<Fix>,
    pub(crate) color: anstream::ColorChoice,
    pub(crate) print: Option<Print>,
}

pub(crate) enum Command {
    Run(Args),
    Say(String),
}

pub(crate) fn parse() -> Result<Command, lexopt::Error> {
    let mut args = Args {
        inputs: Vec::new(),
        policy: None,
        input: None,
        format: Format::Text,
        accepted: None,
        rejected: None,
        jobs: None,
        ids: false,
        exit_zero: false,
        deny: Vec::new(),
        fix: None,
        color: anstream::ColorChoice::Auto,
        print: None,
    };
    let (mut fix, mut in_place) = (false, false);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Say(HELP.to_owned())),
            Short('V') | Long("version") => {
                return Ok(Command::Say(concat!("otd-check ", env!("CARGO_PKG_VERSION"), "\n").to_owned()));
            }
            Long("policy") => args.policy = Some(parser.value()?.into()),
            Long("accepted") => args.accepted = Some(parser.value()?.into()),
            Long("rejected") => args.rejected = Some(parser.value()?.into()),
            Long("jobs") => {
                let jobs = parser.value()?.parse()?;
                if !(1..=1024).contains(&jobs) {
                    return Err("--jobs takes a number from 1 to 1024".into());
                }
                args.jobs = Some(jobs);
            }
            Long("ids") => args.ids = true,
            Long("exit-zero") => args.exit_zero = true,
            Long("deny") => args.deny.push(warning(&mut parser)?),
            Long("explain") => return Ok(Command::Say(explain::explain(code(&mut parser)?))),
            Long("fix") => fix = true,
            Long("in-place") => in_place = true,
            Long("input") => {
                let kinds = [("body", Kind::Body), ("http", Kind::Http), ("ndjson", Kind::Ndjson)];
                args.input = Some(word(&mut parser, &kinds)?);
            }
            Long("format") => args.format = word(&mut parser, &[("text", Format::Text), ("json", Format::Json)])?,
            Long("color") => {
                use anstream::ColorChoice::{Always, Auto, Never};
                args.color = word(&mut parser, &[("auto", Auto), ("always", Always), ("never", Never)])?;
            }
            Long("print") => {
                let mut words = vec![("codes", Print::Codes), ("policy", Print::Policy)];
                words.extend(Schema::ALL.map(|schema| (schema.as_str(), Print::Document(schema))));
                args.print = Some(word(&mut parser, &words)?);
            }
            Value(input) => args.inputs.push(input),
            other => return Err(other.unexpected()),
        }
    }
    args.fix = match (fix, in_place) {
        (false, true) => return Err("--in-place is said with --fix".into()),
        (true, true) => Some(Fix::InPlace),
        (true, false) => Some(Fix::Beside),
        (false, false) => None,
    };
    if fix && args.inputs.iter().any(|input| input == "-") {
        return Err("--fix takes files; the standard input has no name to write beside".into());
    }
    if fix && args.ids {
        return Err("--ids does not go with --fix".into());
    }
    match (&args.print, args.inputs.is_empty()) {
        (None, true) => Err("no FILE is named; --help says how to use this".into()),
        (Some(_), false) => Err("--print takes no FILE".into()),
        _ => Ok(Command::Run(args)),
    }
}

/// The code that the option's value names.
fn code(parser: &mut lexopt::Parser) -> Result<Code, lexopt::Error> {
    let value = parser.value()?;
    let code = value.to_str().and_then(Code::parse);
    code.ok_or_else(|| format!("{value:?} is no code; --print codes lists them").into())
}

/// The code of a warning that the option's value names.
fn warning(parser: &mut lexopt::Parser) -> Result<Code, lexopt::Error> {
    let code = code(parser)?;
    if code.group() == Group::Warning { Ok(code) } else { Err(format!("{code} is no warning").into()) }
}

/// The meaning of the option's value among those that it can have.
fn word<T: Copy>(parser: &mut lexopt::Parser, words: &[(&str, T)]) -> Result<T, lexopt::Error> {
    let value = parser.value()?;
    let meaning = words.iter().find(|(word, _)| value == *word).map(|(_, meaning)| *meaning);
    meaning.ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("{value:?} is none of: {}", words.join(", ")).into()
    })
}
