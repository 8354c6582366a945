//! Diagnostics as people read them: what, where, and the line with a mark under the place.

use crate::out::{Out, Styles};
use crate::snippet::{Snippet, visible};
use anstyle::Style;
use outgoing_to_device::{Code, Diagnostics, Lines, Severity, Span};
use std::fmt::Display;
use std::io::{self, Write};

/// Writes `violation[code]: message`, as every diagnostic begins.
pub(crate) fn title(out: &mut Out, severity: Severity, code: Code, message: impl Display) -> io::Result<()> {
    let Styles { violation, warning, bold, .. } = out.styles();
    let (style, word) = match severity {
        Severity::Violation => (violation, "violation"),
        Severity::Warning => (warning, "warning"),
    };
    writeln!(out, "{style}{word}[{code}]{style:#}{bold}: {message}{bold:#}")
}

/// The text in which places are shown.
pub(crate) struct Source<'a> {
    /// The input's name.
    pub(crate) name: &'a str,
    pub(crate) text: &'a [u8],
    /// Where in the text the body begins, and each further part of it, as offsets in the body and in
    /// the text.
    pub(crate) parts: &'a [(usize, usize)],
}

impl<'a> Source<'a> {
    /// A body that is all of its file.
    pub(crate) fn whole(name: &'a str, text: &'a [u8]) -> Source<'a> {
        Source { name, text, parts: &[(0, 0)] }
    }

    /// The place in the text of a place in the body.
    fn place(&self, offset: u32, length: u32) -> Span {
        let start = self.offset(offset as usize);
        let end = match length {
            0 => start,
            _ => self.offset((offset + length - 1) as usize) + 1,
        };
        Span { offset: start as u32, length: (end - start) as u32 }
    }

    fn offset(&self, offset: usize) -> usize {
        let after = self.parts.partition_point(|(body, _)| *body <= offset);
        let (body, text) = self.parts.get(after.saturating_sub(1)).copied().unwrap_or((0, 0));
        text + offset.saturating_sub(body)
    }
}

/// Writes diagnostics, each with the line that it is about.
pub(crate) fn diagnostics(out: &mut Out, source: &Source<'_>, diagnostics: Diagnostics<'_>) -> io::Result<()> {
    let Styles { violation, warning, frame, .. } = out.styles();
    let mut lines = Lines::new(source.text);
    for diagnostic in diagnostics {
        title(out, diagnostic.severity(), diagnostic.code(), diagnostic.message())?;
        let place = source.place(diagnostic.offset(), diagnostic.length());
        let position = lines.position(place.offset);
        let gutter = position.line.to_string().len();
        let (name, pointer) = (visible(source.name), diagnostic.pointer().to_string());
        let (line, column) = (position.line, position.column);
        writeln!(out, "{:gutter$}{frame}-->{frame:#} {name}:{line}:{column} {}", "", visible(&pointer))?;
        // Of a body as a whole there is nothing to show.
        if matches!(diagnostic.code(), Code::BodyTooLarge | Code::EmptyBody) {
            continue;
        }
        let style = if diagnostic.severity() == Severity::Violation { violation } else { warning };
        draw(out, source.text, place, line, gutter, '^', style)?;
        if let Some(related) = diagnostic.related() {
            let related = source.place(related.offset, related.length);
            let line = Lines::new(source.text).position(related.offset).line;
            writeln!(out, "{:gutter$} {frame}={frame:#} the first one:", "")?;
            draw(out, source.text, related, line, gutter, '~', frame)?;
        }
    }
    Ok(())
}

fn draw(
    out: &mut Out,
    text: &[u8],
    place: Span,
    number: u32,
    gutter: usize,
    mark: char,
    style: Style,
) -> io::Result<()> {
    let frame = out.styles().frame;
    let Snippet { line, start, marks } = Snippet::new(text, place);
    let marks = mark.to_string().repeat(marks);
    writeln!(out, "{frame}{number:>gutter$} |{frame:#} {line}")?;
    writeln!(out, "{:gutter$} {frame}|{frame:#} {:start$}{style}{marks}{style:#}", "", "")
}

/// "1 violation", "2 violations".
pub(crate) fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
