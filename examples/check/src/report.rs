//! Findings as people read them: what, where, and the line with a mark under the place.

use crate::snippet::{Snippet, visible};
use anstyle::{AnsiColor, Style};
use outgoing_to_device::{Code, Diagnostics, Lines, Severity, Span};
use std::fmt::Display;
use std::io::{self, Write};

const VIOLATION: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const FRAME: Style = AnsiColor::Blue.on_default().bold();
const BOLD: Style = Style::new().bold();

/// Writes `code: message`, as every finding begins.
pub(crate) fn title(out: &mut dyn Write, code: Code, message: impl Display) -> io::Result<()> {
    let (style, word) = match code.severity() {
        Severity::Violation => (VIOLATION, "violation"),
        Severity::Warning => (WARNING, "warning"),
    };
    writeln!(out, "{style}{word}[{code}]{style:#}{BOLD}: {message}{BOLD:#}")
}

/// Writes findings, each with the line of `body` that it speaks of.
pub(crate) fn findings(out: &mut dyn Write, name: &str, body: &[u8], findings: Diagnostics<'_>) -> io::Result<()> {
    let mut lines = Lines::new(body);
    for finding in findings {
        title(out, finding.code(), finding.message())?;
        let place = Span { offset: finding.offset(), length: finding.length() };
        let position = lines.position(place.offset);
        let gutter = position.line.to_string().len();
        let pointer = finding.pointer().to_string();
        let (line, column) = (position.line, position.column);
        writeln!(out, "{:gutter$}{FRAME}-->{FRAME:#} {}:{line}:{column} {}", "", visible(name), visible(&pointer))?;
        // Of a body as a whole there is nothing to show.
        if matches!(finding.code(), Code::BodyTooLarge | Code::EmptyBody) {
            continue;
        }
        let style = if finding.severity() == Severity::Violation { VIOLATION } else { WARNING };
        draw(out, body, place, line, gutter, '^', style)?;
        if let Some(related) = finding.related() {
            let line = Lines::new(body).position(related.offset).line;
            writeln!(out, "{:gutter$} {FRAME}={FRAME:#} the first one:", "")?;
            draw(out, body, related, line, gutter, '~', FRAME)?;
        }
    }
    Ok(())
}

fn draw(
    out: &mut dyn Write,
    body: &[u8],
    place: Span,
    number: u32,
    gutter: usize,
    mark: char,
    style: Style,
) -> io::Result<()> {
    let Snippet { line, start, marks } = Snippet::new(body, place);
    let marks = mark.to_string().repeat(marks);
    writeln!(out, "{FRAME}{number:>gutter$} |{FRAME:#} {line}")?;
    writeln!(out, "{:gutter$} {FRAME}|{FRAME:#} {:start$}{style}{marks}{style:#}", "", "")
}

/// "1 violation", "2 violations".
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
