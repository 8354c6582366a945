//! Diagnostics for people: the message, the place, and the line with a mark under it.

use crate::out::{Out, Styles};
use crate::snippet::{Snippet, visible};
use anstyle::Style;
use outgoing_to_device::{Code, Diagnostic, Diagnostics, Fix, Lines, Position, Severity, Span};
use std::fmt::Display;
use std::io::{self, Write};
use std::ops::Range;

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

/// The most lines of a change that are shown.
const LINES: usize = 3;

/// Writes diagnostics, each with the line that it is about, and with its fix.
pub(crate) fn diagnostics(out: &mut Out, source: &Source<'_>, diagnostics: Diagnostics<'_>) -> io::Result<()> {
    let Styles { violation, warning, frame, .. } = out.styles();
    let mut lines = Lines::new(source.text);
    for diagnostic in diagnostics {
        title(out, diagnostic.severity(), diagnostic.code(), diagnostic.message())?;
        let place = source.place(diagnostic.offset(), diagnostic.length());
        let position = lines.position(place.offset);
        let (line, gutter) = (position.line, arrow(out, source, position, &diagnostic)?);
        // These concern the body as a whole: there is no line to show.
        if matches!(diagnostic.code(), Code::BodyTooLarge | Code::EmptyBody) {
            continue;
        }
        let style = if diagnostic.severity() == Severity::Violation { violation } else { warning };
        draw(out, source.text, place, line, gutter, '^', style)?;
        if let Some(related) = diagnostic.related() {
            let related = source.place(related.offset, related.length);
            let line = Lines::new(source.text).position(related.offset).line;
            // For a value, `related` is the character that spoils it.
            let what = if diagnostic.code() == Code::DuplicateField { "the first one" } else { "spoiled by" };
            writeln!(out, "{:gutter$} {frame}={frame:#} {what}:", "")?;
            draw(out, source.text, related, line, gutter, '~', frame)?;
        }
        if let Some(fix) = diagnostic.fix() {
            writeln!(out, "{:gutter$} {frame}={frame:#} fix:", "")?;
            change(out, source, &fix)?;
        }
    }
    Ok(())
}

/// Writes a fix that is applied: the diagnostic that it mends, and the lines before and after.
pub(crate) fn applied(
    out: &mut Out,
    source: &Source<'_>,
    diagnostic: &Diagnostic<'_>,
    fix: &Fix<'_>,
) -> io::Result<()> {
    let Styles { added, bold, .. } = out.styles();
    writeln!(out, "{added}fixed[{}]{added:#}{bold}: {}{bold:#}", diagnostic.code(), diagnostic.message())?;
    let place = source.place(diagnostic.offset(), diagnostic.length());
    arrow(out, source, Lines::new(source.text).position(place.offset), diagnostic)?;
    change(out, source, fix)
}

/// Writes a diagnostic's place; returns the width of the line's number.
fn arrow(out: &mut Out, source: &Source<'_>, at: Position, diagnostic: &Diagnostic<'_>) -> io::Result<usize> {
    let frame = out.styles().frame;
    let gutter = at.line.to_string().len();
    let (name, pointer) = (visible(source.name), diagnostic.pointer().to_string());
    let place = format!("{name}:{}:{} {}", at.line, at.column, visible(&pointer));
    writeln!(out, "{:gutter$}{frame}-->{frame:#} {}", "", place.trim_end())?;
    Ok(gutter)
}

/// Writes the lines that a fix changes, before and after.
fn change(out: &mut Out, source: &Source<'_>, fix: &Fix<'_>) -> io::Result<()> {
    let Styles { removed, added, .. } = out.styles();
    let text = source.text;
    let mut edits = fix.edits().iter().map(|edit| (source.place(edit.offset, edit.length), edit.text)).peekable();
    let mut lines = Lines::new(text);
    while let Some((place, replacement)) = edits.next() {
        // All edits that share a line are one change.
        let start = memchr::memrchr(b'\n', &text[..place.offset as usize]).map_or(0, |at| at + 1);
        let mut after = text[start..place.offset as usize].to_vec();
        let changed = after.len();
        after.extend_from_slice(replacement.as_bytes());
        let mut end = (place.offset + place.length) as usize;
        while let Some((next, replacement)) =
            edits.next_if(|(next, _)| !text[end..next.offset as usize].contains(&b'\n'))
        {
            after.extend_from_slice(&text[end..next.offset as usize]);
            after.extend_from_slice(replacement.as_bytes());
            end = (next.offset + next.length) as usize;
        }
        let changed = changed..after.len();
        let line_end = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |at| end + at);
        after.extend_from_slice(&text[end..line_end]);
        let number = lines.position(place.offset).line;
        let before = place.offset as usize - start..end - start;
        side(out, &text[start..line_end], before, number, '-', removed)?;
        side(out, &after, changed, number, '+', added)?;
    }
    Ok(())
}

/// Writes one side of a change: lines of text, with the changed part in their middle.
fn side(out: &mut Out, text: &[u8], changed: Range<usize>, number: u32, sign: char, style: Style) -> io::Result<()> {
    let mut offset = 0;
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if index == LINES {
            return writeln!(out, "…");
        }
        let (number, end) = (number as usize + index, offset + line.len());
        let (start, stop) = (changed.start.clamp(offset, end), changed.end.clamp(offset, end));
        let place = Span { offset: start as u32, length: (stop - start) as u32 };
        let Snippet { line, .. } = Snippet::new(text, place);
        writeln!(out, "{style}{number} {sign} {line}{style:#}")?;
        offset = end + 1;
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
    let plural = if what.ends_with('x') { "es" } else { "s" };
    format!("{number} {what}{}", if number == 1 { "" } else { plural })
}
