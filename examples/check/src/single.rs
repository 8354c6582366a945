//! Bodies and messages, one by one.

use crate::args::{Format, Kind};
use crate::http::Message;
use crate::report::{count, findings, title};
use crate::snippet::visible;
use crate::{Failure, input, json};
use outgoing_to_device::{Checker, Code, HeadRejection, Outcome, PATH, Policy, check_head};
use std::ffi::OsStr;
use std::io::{IsTerminal, Write};

/// Checks one input and reports on it; whether it was accepted.
pub(crate) fn run(
    out: &mut dyn Write,
    policy: &Policy,
    input: &OsStr,
    kind: Kind,
    format: Format,
) -> Result<bool, Failure> {
    let name = input::name(input);
    let unusable = |why: String| Failure::Unusable(format!("{name}: {why}"));
    let mut body = input::read(input).map_err(|error| unusable(error.to_string()))?;
    let mut head = Ok(());
    if kind == Kind::Http {
        let message = Message::parse(&body).map_err(unusable)?;
        let fields = message.fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        head = check_head(policy.limits(), PATH, &message.method, &message.target, fields);
        body = match (message.body, &head) {
            (Ok(body), _) => body,
            // A body that has no certain length is not looked at; the head says why.
            (Err(_), Err(rejection)) if rejection.faults().any(|fault| fault.code() == Code::InvalidHead) => {
                report_head(out, &name, format, rejection)?;
                return Ok(false);
            }
            (Err(why), _) => return Err(unusable(why)),
        };
    }
    let mut checker = Checker::new();
    let outcome = checker.check(policy, &body);
    match format {
        Format::Json => json::outcome(out, &name, head.as_ref().err(), &outcome)?,
        Format::Text => text(out, &name, head.as_ref().err(), &body, &outcome)?,
    }
    Ok(head.is_ok() && outcome.is_accepted())
}

fn report_head(out: &mut dyn Write, name: &str, format: Format, rejection: &HeadRejection) -> Result<(), Failure> {
    match format {
        Format::Json => json::head(out, name, rejection)?,
        Format::Text => {
            let faults = count(rejection.faults().count(), "violation");
            writeln!(out, "{}: refused, {faults} in the head, and its body not looked at", visible(name))?;
            head_faults(out, name, rejection)?;
        }
    }
    Ok(())
}

fn text(
    out: &mut dyn Write,
    name: &str,
    head: Option<&HeadRejection>,
    body: &[u8],
    outcome: &Outcome<'_>,
) -> Result<(), Failure> {
    let head_count = head.map_or(0, |rejection| rejection.faults().count());
    let violations = head_count + outcome.violations().len();
    let verdict = match violations {
        0 => "accepted".to_owned(),
        _ => format!("refused, {}", count(violations, "violation")),
    };
    let warnings = match outcome.warnings().len() {
        0 => String::new(),
        warnings => format!(", {}", count(warnings, "warning")),
    };
    let more = if outcome.truncated() { ", and more than are listed" } else { "" };
    writeln!(out, "{}: {verdict}{warnings}{more}", visible(name))?;
    if let Some(rejection) = head {
        head_faults(out, name, rejection)?;
    }
    findings(out, name, body, outcome.violations())?;
    findings(out, name, body, outcome.warnings())?;
    if let (Outcome::Accepted(accepted), None) = (outcome, head) {
        let normalized = String::from_utf8(accepted.request.to_json()).map_err(|_| Failure::Memory)?;
        // Files and pipes get the bytes as they are; a terminal would obey some of them.
        let shown = if std::io::stdout().is_terminal() { visible(&normalized) } else { normalized.as_str().into() };
        writeln!(out, "{shown}")?;
    }
    Ok(())
}

fn head_faults(out: &mut dyn Write, name: &str, rejection: &HeadRejection) -> Result<(), Failure> {
    for fault in rejection.faults() {
        title(out, fault.code(), fault.message())?;
        writeln!(out, " --> {} (head)", visible(name))?;
    }
    Ok(())
}
