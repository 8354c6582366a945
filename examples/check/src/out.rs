//! The standard output and error: text for people, in colours if wanted, and data byte for byte.

use crate::snippet;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::io::{self, IsTerminal, Write};

/// A stream to write to. Styles are left out where they are not wanted, rather than filtered out of the
/// text: a pipe gets every byte.
pub(crate) struct Out {
    raw: Box<dyn Write>,
    terminal: bool,
    styles: Styles,
}

/// The styles of a report; of a stream without colours none has an effect.
#[derive(Clone, Copy, Default)]
pub(crate) struct Styles {
    pub(crate) violation: Style,
    pub(crate) warning: Style,
    pub(crate) removed: Style,
    pub(crate) added: Style,
    pub(crate) frame: Style,
    pub(crate) bold: Style,
}

const COLORED: Styles = Styles {
    violation: AnsiColor::Red.on_default().bold(),
    warning: AnsiColor::Yellow.on_default().bold(),
    removed: AnsiColor::Red.on_default(),
    added: AnsiColor::Green.on_default(),
    frame: AnsiColor::Blue.on_default().bold(),
    bold: Style::new().bold(),
};

impl Out {
    pub(crate) fn stdout() -> Out {
        let stdout = io::stdout();
        let (color, terminal) = (AutoStream::choice(&stdout), stdout.is_terminal());
        Out::new(Box::new(stdout), color, terminal)
    }

    pub(crate) fn stderr() -> Out {
        let stderr = io::stderr();
        let (color, terminal) = (AutoStream::choice(&stderr), stderr.is_terminal());
        Out::new(Box::new(stderr), color, terminal)
    }

    fn new(raw: Box<dyn Write>, color: ColorChoice, terminal: bool) -> Out {
        let styles = if color == ColorChoice::Never { Styles::default() } else { COLORED };
        Out { raw, terminal, styles }
    }

    pub(crate) fn styles(&self) -> Styles {
        self.styles
    }

    /// Writes JSON. Files and pipes get the bytes as they are. A terminal would obey some of them:
    /// there they are escaped, so that the JSON stays the same.
    pub(crate) fn json(&mut self, json: &[u8]) -> io::Result<()> {
        match std::str::from_utf8(json) {
            Ok(text) if self.terminal => self.raw.write_all(snippet::escaped(text).as_bytes()),
            _ => self.raw.write_all(json),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.raw.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.raw.flush()
    }
}
