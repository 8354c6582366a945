//! Bodies and messages, one by one.

use crate::args::{Format, Kind};
use crate::http::{Body, Message};
use crate::out::Out;
use crate::report::{Source, count, diagnostics, title};
use crate::snippet::visible;
use crate::{Failure, Verdict, input, json};
use outgoing_to_device::{Checker, Code, HeadRejection, Outcome, PATH, Policy, check_head};
use std::ffi::OsStr;
use std::io::Write;

/// Checks one input and reports on it.
pub(crate) fn run(
    out: &mut Out,
    policy: &Policy,
    input: &OsStr,
    kind: Kind,
    format: Format,
) -> Result<Verdict, Failure> {
    let name = input::name(input);
    let unusable = |why: String| Failure::Unusable(format!("{name}: {why}"));
    let file = input::read(input).map_err(|error| unusable(error.to_string()))?;
    let mut head = Ok(());
    let mut message = None;
    if kind == Kind::Http {
        let Message { method, target, fields, body } = Message::parse(&file).map_err(unusable)?;
        let fields = fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        head = check_head(policy.limits(), PATH, &method, &target, fields);
        message = match (body, &head) {
            (Ok(body), _) => Some(body),
            // A body of no certain length is not looked at; the head says why.
            (Err(_), Err(rejection)) if rejection.faults().any(|fault| fault.code() == Code::InvalidHead) => {
                report_head(out, &name, format, rejection)?;
                return Ok(Verdict::Rejected);
            }
            (Err(why), _) => return Err(unusable(why)),
        };
    }
    let (body, source) = match &message {
        Some(Body { bytes, parts }) => (bytes, Source { name: &name, text: &file, parts }),
        None => (&file, Source::whole(&name, &file)),
    };
    let mut checker = Checker::new();
    let outcome = checker.try_check(policy, body)?;
    match format {
        Format::Json => json::outcome(out, &name, head.as_ref().err(), &outcome)?,
        Format::Text => text(out, &source, head.as_ref().err(), &outcome)?,
    }
    Ok(if head.is_ok() && outcome.is_accepted() { Verdict::Accepted } else { Verdict::Rejected })
}

fn report_head(out: &mut Out, name: &str, format: Format, rejection: &HeadRejection) -> Result<(), Failure> {
    match format {
        Format::Json => json::head(out, name, rejection)?,
        Format::Text => {
            let faults = count(rejection.faults().count() as u64, "violation");
            writeln!(out, "{}: rejected, {faults} in the head; its body was not checked", visible(name))?;
            head_faults(out, name, rejection)?;
        }
    }
    Ok(())
}

fn text(
    out: &mut Out,
    source: &Source<'_>,
    head: Option<&HeadRejection>,
    outcome: &Outcome<'_>,
) -> Result<(), Failure> {
    let head_count = head.map_or(0, |rejection| rejection.faults().count());
    let violations = head_count + outcome.violations().len();
    let verdict = match violations {
        0 => "accepted".to_owned(),
        _ => format!("rejected, {}", count(violations as u64, "violation")),
    };
    let warnings = match outcome.warnings().len() {
        0 => String::new(),
        warnings => format!(", {}", count(warnings as u64, "warning")),
    };
    let more = if outcome.truncated() { ", and more than are listed" } else { "" };
    writeln!(out, "{}: {verdict}{warnings}{more}", visible(source.name))?;
    if let Some(rejection) = head {
        head_faults(out, source.name, rejection)?;
    }
    diagnostics(out, source, outcome.violations())?;
    diagnostics(out, source, outcome.warnings())?;
    if let (Outcome::Accepted(accepted), None) = (outcome, head) {
        let mut normalized = accepted.request.to_json();
        normalized.push(b'\n');
        out.json(&normalized)?;
    }
    Ok(())
}

fn head_faults(out: &mut Out, name: &str, rejection: &HeadRejection) -> Result<(), Failure> {
    for fault in rejection.faults() {
        title(out, fault.code().severity(), fault.code(), fault.message())?;
        writeln!(out, " --> {} (head)", visible(name))?;
    }
    Ok(())
}
