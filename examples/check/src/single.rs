//! Bodies and messages, one by one.

use crate::args::{Args, Fix, Format, Kind};
use crate::http::{Body, Message};
use crate::json::Fixes;
use crate::mend::{MOST, mend};
use crate::out::Out;
use crate::output::Output;
use crate::report::{Source, applied, count, diagnostics, title};
use crate::snippet::visible;
use crate::{Failure, Verdict, input, json};
use outgoing_to_device::{Checker, Code, HeadRejection, Outcome, PATH, Policy, check_head};
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

/// Checks one input, fixed before if that is wanted, and reports on it.
pub(crate) fn run(out: &mut Out, policy: &Policy, input: &OsStr, kind: Kind, args: &Args) -> Result<Verdict, Failure> {
    let name = input::name(input);
    let unusable = |why: String| Failure::Unusable(format!("{name}: {why}"));
    let file = input::read(input).map_err(|error| unusable(error.to_string()))?;
    let mut head = Ok(());
    let mut text = Text { name, body: file.clone(), file, framed: None };
    if kind == Kind::Http {
        let Message { method, target, fields, body } = Message::parse(&text.file).map_err(|why| text.unusable(why))?;
        let fields = fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        head = check_head(policy.limits(), PATH, &method, &target, fields);
        match (body, &head) {
            (Ok(body), _) => {
                text.body = body.bytes.clone();
                text.framed = Some(body);
            }
            // A body of no certain length is not looked at; the head says why.
            (Err(_), Err(rejection)) if rejection.faults().any(|fault| fault.code() == Code::InvalidHead) => {
                report_head(out, &text.name, args.format, rejection)?;
                return Ok(Verdict::Rejected);
            }
            (Err(why), _) => return Err(text.unusable(why)),
        }
    }
    let fixes = match args.fix {
        Some(fix) => text.fix(out, policy, input, fix, args.format)?,
        None => None,
    };
    let mut checker = Checker::new();
    let outcome = checker.try_check(policy, &text.body)?;
    match args.format {
        Format::Json => json::outcome(out, &input::name(input), fixes.as_ref(), head.as_ref().err(), &outcome)?,
        Format::Text => report(out, &text.source(), head.as_ref().err(), &outcome)?,
    }
    Ok(if head.is_ok() && outcome.is_accepted() { Verdict::Accepted } else { Verdict::Rejected })
}

/// A file and the body in it.
struct Text {
    name: String,
    file: Vec<u8>,
    body: Vec<u8>,
    /// The frame in which a message holds it.
    framed: Option<Body>,
}

impl Text {
    fn unusable(&self, why: String) -> Failure {
        Failure::Unusable(format!("{}: {why}", self.name))
    }

    fn source(&self) -> Source<'_> {
        match &self.framed {
            Some(body) => Source { name: &self.name, text: &self.file, parts: &body.parts },
            None => Source::whole(&self.name, &self.file),
        }
    }

    /// Fixes the body, writes the file with it, and takes that file's place. Tells about each fix.
    fn fix(
        &mut self,
        out: &mut Out,
        policy: &Policy,
        input: &OsStr,
        fix: Fix,
        format: Format,
    ) -> Result<Option<Fixes>, Failure> {
        let mut fixes = Fixes::default();
        let mut body = self.body.clone();
        fixes.stopped = mend(&mut Checker::new(), policy, &mut body, |body, diagnostic, fix| {
            let (file, start) = self.with(body);
            if format == Format::Text {
                let source = Source { name: &self.name, text: &file, parts: &[(0, start)] };
                applied(out, &source, diagnostic, fix)?;
            }
            fixes.applied.push(diagnostic.to_owned());
            Ok(())
        })?;
        if fixes.applied.is_empty() {
            return Ok(Some(fixes));
        }
        let output = match fix {
            Fix::Beside => Output::create(&input::fixed(input)),
            Fix::InPlace => Output::in_place(Path::new(input)),
        };
        let mut output = output.map_err(Failure::Unusable)?;
        let (file, start) = self.with(&body);
        let written = output.name().to_owned();
        output.write(&file).and_then(|()| output.publish()).map_err(Failure::Unusable)?;
        if format == Format::Text {
            let applied = count(fixes.applied.len() as u64, "fix");
            let stopped = if fixes.stopped { format!("; stopped after {MOST}, run it again") } else { String::new() };
            writeln!(out, "{}: {applied}, written to {}{stopped}", visible(&self.name), visible(&written))?;
        }
        if let Some(framed) = &mut self.framed {
            framed.parts = vec![(0, start)];
        }
        fixes.written = Some(written.clone());
        (self.name, self.file, self.body) = (written, file, body);
        Ok(Some(fixes))
    }

    /// The file with another body, and where that begins.
    fn with(&self, body: &[u8]) -> (Vec<u8>, usize) {
        match &self.framed {
            Some(framed) => Message::with_body(&self.file, framed, body),
            None => (body.to_vec(), 0),
        }
    }
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

fn report(
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
