//! The outcome as data: lines as the conformance hosts print them.

use crate::Failure;
use crate::out::Out;
use outgoing_to_device::{Actual, Code, DiagnosticBuf, HeadRejection, Outcome, Rejection, Severity};
use serde::Serialize;

/// Writes `{"id":…,"outcome":…}`, before the outcome the fixes and the head's faults if there are any.
pub(crate) fn outcome(
    out: &mut Out,
    id: &str,
    fixes: Option<&Fixes>,
    head: Option<&HeadRejection>,
    outcome: &Outcome<'_>,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    open(&mut line, id)?;
    if let Some(fixes) = fixes {
        put_fixes(&mut line, fixes)?;
    }
    if let Some(rejection) = head {
        put_head(&mut line, rejection)?;
    }
    line.extend_from_slice(b",\"outcome\":");
    outcome.write_json(&mut line)?;
    line.extend_from_slice(b"}\n");
    Ok(out.json(&line)?)
}

/// Writes `{"id":…,"head_faults":…}`, for a body whose end is uncertain.
pub(crate) fn head(out: &mut Out, id: &str, rejection: &HeadRejection) -> Result<(), Failure> {
    let mut line = Vec::new();
    open(&mut line, id)?;
    put_head(&mut line, rejection)?;
    line.extend_from_slice(b"}\n");
    Ok(out.json(&line)?)
}

/// Writes `{"id":…,"policy_faults":…}`.
pub(crate) fn policy_faults(out: &mut Out, id: &str, rejected: &Rejection<'_>) -> Result<(), Failure> {
    let mut line = Vec::new();
    open(&mut line, id)?;
    line.extend_from_slice(b",\"policy_faults\":");
    rejected.write_diagnostics_json(Severity::Violation, &mut line)?;
    line.extend_from_slice(b"}\n");
    Ok(out.json(&line)?)
}

/// The fixes that were applied to a body.
#[derive(Default)]
pub(crate) struct Fixes {
    pub(crate) applied: Vec<DiagnosticBuf>,
    /// Whether there were more.
    pub(crate) stopped: bool,
    /// The file that has them.
    pub(crate) written: Option<String>,
}

/// Appends the fixes that were applied: for each the diagnostic, with its place in the body as it was
/// at that point, and the edits.
pub(crate) fn put_fixes(line: &mut Vec<u8>, Fixes { applied, stopped, written }: &Fixes) -> Result<(), Failure> {
    line.extend_from_slice(b",\"fixes\":");
    serde_json::to_writer(&mut *line, applied).map_err(|error| Failure::Output(error.into()))?;
    if *stopped {
        line.extend_from_slice(b",\"stopped\":true");
    }
    if let Some(written) = written {
        line.extend_from_slice(b",\"written\":");
        string(line, written)?;
    }
    Ok(())
}

/// Begins a line: its id.
pub(crate) fn open(line: &mut Vec<u8>, id: &str) -> Result<(), Failure> {
    line.extend_from_slice(b"{\"id\":");
    string(line, id)
}

/// Appends a JSON string.
pub(crate) fn string(line: &mut Vec<u8>, text: &str) -> Result<(), Failure> {
    serde_json::to_writer(line, text).map_err(|error| Failure::Output(error.into()))
}

/// A fault of a head as data; its parameters are those of a diagnostic.
#[derive(Serialize)]
struct Fault<'a> {
    code: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<Actual>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
}

fn put_head(line: &mut Vec<u8>, rejection: &HeadRejection) -> Result<(), Failure> {
    let faults: Vec<Fault<'_>> = rejection
        .faults()
        .map(|fault| {
            let params = fault.params();
            Fault { code: fault.code(), limit: params.limit, actual: params.actual, expected: params.expected }
        })
        .collect();
    line.extend_from_slice(b",\"head_faults\":");
    serde_json::to_writer(line, &faults).map_err(|error| Failure::Output(error.into()))
}
