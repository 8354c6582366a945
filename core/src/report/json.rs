//! Outcomes as JSON, whole: for conformance runs and for hosts without types of their own.

use crate::code::Severity;
use crate::edit::Edit;
use crate::json::write::{escaped, quoted, unsigned};
use crate::memory::{OutOfMemory, put_bytes};
use crate::report::diagnostic::{Diagnostic, Diagnostics};
use crate::report::outcome::{Outcome, Rejection};
use crate::report::params::{Actual, Params};
use crate::report::position::{Lines, Position};
use alloc::vec::Vec;

impl Outcome<'_> {
    /// Appends the outcome as a compact JSON object, its keys in this order: `ok`, for an accepted
    /// request the normalized `request` as a string, for a rejected one the `violations`, then the
    /// `warnings` and `truncated`. A diagnostic has `code`, `pointer`, `offset`, `length`, `line`,
    /// `column`, and if there are any `related`, the parameters and the edits of the `fix`.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had; the buffer then holds a part.
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Policy};
    /// let (policy, mut checker, mut out) = (Policy::default(), Checker::new(), Vec::new());
    /// checker.check(&policy, b"[").write_json(&mut out)?;
    /// let json = r#"{"ok":false,"violations":[{"code":"invalid_json","pointer":"","offset":1,"length":0,"line":1,"column":2,"expected":"a value"}],"warnings":[],"truncated":false}"#;
    /// assert_eq!(String::from_utf8(out).unwrap(), json);
    /// # Ok::<(), outgoing_to_device::OutOfMemory>(())
    /// ```
    pub fn write_json(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        match self {
            Outcome::Accepted(accepted) => {
                put_bytes(out, b"{\"ok\":true,\"request\":")?;
                match accepted.request.as_normalized() {
                    Some(normalized) => quoted(out, normalized)?,
                    None => {
                        let mut normalized = Vec::new();
                        accepted.request.write(&mut normalized)?;
                        quoted(out, &normalized)?;
                    }
                }
            }
            Outcome::Rejected(rejected) => {
                put_bytes(out, b"{\"ok\":false,\"violations\":")?;
                rejected.write_diagnostics_json(Severity::Violation, out)?;
            }
        }
        put_bytes(out, b",\"warnings\":")?;
        diagnostics(out, self.warnings())?;
        put_bytes(out, if self.truncated() { b",\"truncated\":true}" } else { b",\"truncated\":false}" })
    }
}

impl Rejection<'_> {
    /// Appends the violations or the warnings as a compact JSON array; see
    /// [`Outcome::write_json`].
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn write_diagnostics_json(&self, severity: Severity, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        diagnostics(
            out,
            match severity {
                Severity::Violation => self.violations(),
                Severity::Warning => self.warnings(),
            },
        )
    }
}

fn diagnostics(out: &mut Vec<u8>, diagnostics: Diagnostics<'_>) -> Result<(), OutOfMemory> {
    array(out, diagnostics, |out, diagnostic, Position { line, column }| {
        put_bytes(out, b"{\"code\":\"")?;
        put_bytes(out, diagnostic.code().as_str().as_bytes())?;
        put_bytes(out, b"\",\"pointer\":\"")?;
        diagnostic.pointer().pieces(|piece| escaped(out, piece))?;
        put_bytes(out, b"\"")?;
        member(out, "offset", u64::from(diagnostic.offset()))?;
        member(out, "length", u64::from(diagnostic.length()))?;
        member(out, "line", u64::from(line))?;
        member(out, "column", u64::from(column))?;
        if let Some(related) = diagnostic.related() {
            put_bytes(out, b",\"related\":{\"offset\":")?;
            unsigned(out, u64::from(related.offset))?;
            member(out, "length", u64::from(related.length))?;
            put_bytes(out, b"}")?;
        }
        params(out, &diagnostic.params())?;
        if let Some(fix) = diagnostic.try_fix()? {
            let mut before: &[u8] = b",\"fix\":[";
            for Edit { offset, length, text } in fix.edits() {
                put_bytes(out, before)?;
                put_bytes(out, b"{\"offset\":")?;
                unsigned(out, u64::from(*offset))?;
                member(out, "length", u64::from(*length))?;
                put_bytes(out, b",\"text\":")?;
                quoted(out, text.as_bytes())?;
                put_bytes(out, b"}")?;
                before = b",";
            }
            put_bytes(out, b"]")?;
        }
        put_bytes(out, b"}")
    })
}

/// Appends an array of what `write` makes of each diagnostic and its position, which takes one pass
/// over the body.
pub(crate) fn array<'a>(
    out: &mut Vec<u8>,
    diagnostics: Diagnostics<'a>,
    mut write: impl FnMut(&mut Vec<u8>, Diagnostic<'a>, Position) -> Result<(), OutOfMemory>,
) -> Result<(), OutOfMemory> {
    let mut lines = Lines::new(diagnostics.body());
    let mut before: &[u8] = b"[";
    for diagnostic in diagnostics.clone() {
        put_bytes(out, before)?;
        write(out, diagnostic, lines.position(diagnostic.offset()))?;
        before = b",";
    }
    put_bytes(out, if diagnostics.len() == 0 { b"[]" } else { b"]" })
}

/// Appends the parameters that there are, each as a member that follows another.
pub(crate) fn params(out: &mut Vec<u8>, params: &Params<'_>) -> Result<(), OutOfMemory> {
    let Params { limit, actual, expected, channel, suggestion, belongs_to } = *params;
    if let Some(limit) = limit {
        member(out, "limit", limit)?;
    }
    let actual = match actual {
        Some(Actual::Number(number)) => {
            member(out, "actual", number)?;
            None
        }
        Some(Actual::Type(json_type)) => Some(json_type.as_str()),
        None => None,
    };
    for (name, value) in [
        ("actual", actual),
        ("expected", expected),
        ("channel", channel),
        ("suggestion", suggestion),
        ("belongs_to", belongs_to),
    ] {
        if let Some(value) = value {
            key(out, name)?;
            quoted(out, value.as_bytes())?;
        }
    }
    Ok(())
}

/// Appends the key of a member that follows another: a name that needs no escapes.
fn key(out: &mut Vec<u8>, name: &str) -> Result<(), OutOfMemory> {
    put_bytes(out, b",\"")?;
    put_bytes(out, name.as_bytes())?;
    put_bytes(out, b"\":")
}

/// Appends a number as a member that follows another.
pub(crate) fn member(out: &mut Vec<u8>, name: &str, number: u64) -> Result<(), OutOfMemory> {
    key(out, name)?;
    unsigned(out, number)
}

/// Appends what `value` shows as a JSON string.
#[cfg(feature = "schema")]
pub(crate) fn display(out: &mut Vec<u8>, value: &impl core::fmt::Display) -> Result<(), OutOfMemory> {
    use core::fmt::{self, Write};

    struct Text<'o>(&'o mut Vec<u8>);

    impl Write for Text<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            escaped(self.0, text.as_bytes()).map_err(|OutOfMemory| fmt::Error)
        }
    }

    put_bytes(out, b"\"")?;
    write!(Text(out), "{value}").map_err(|fmt::Error| OutOfMemory)?;
    put_bytes(out, b"\"")
}
