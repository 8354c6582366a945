//! The line that a request gets in the log: codes and JSON Pointers, and never a value.

use outgoing_to_device::{Code, HeadRejection, Outcome};
use proxy_wasm::hostcalls;
use proxy_wasm::types::{Bytes, LogLevel};
use std::fmt::Write;

/// The bytes after which a line is cut: a body can have a hundred diagnostics with long names.
const LINE: usize = 1400;

/// What was found in a request, as text; empty if there was nothing.
#[derive(Default)]
pub(crate) struct Findings {
    id: String,
    text: String,
    rejected: bool,
}

impl Findings {
    /// Keeps the request's id: once the head has gone on, Envoy does not give it any more.
    pub(crate) fn belong_to(&mut self, head: &[(String, Bytes)]) {
        if let Some((_, id)) = head.iter().find(|(name, id)| name == "x-request-id" && is_uuid(id)) {
            self.id = String::from_utf8_lossy(id).into_owned();
        }
    }

    pub(crate) fn add_head(&mut self, rejection: &HeadRejection) {
        self.rejected = true;
        for fault in rejection.faults() {
            self.add(fault.code(), "");
        }
    }

    pub(crate) fn add_body(&mut self, outcome: &Outcome<'_>) {
        self.rejected |= !outcome.is_accepted();
        for diagnostic in outcome.violations().chain(outcome.warnings()) {
            self.add(diagnostic.code(), &diagnostic.pointer().to_string());
        }
    }

    fn add(&mut self, code: Code, pointer: &str) {
        if self.text.len() > LINE {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(", ");
        }
        self.text.push_str(code.as_str());
        if !pointer.is_empty() {
            self.text.push(' ');
            self.text.push_str(&escaped(pointer));
        }
    }

    /// Logs a rejection as a warning, and what is only to be looked at as information.
    pub(crate) fn log(&mut self, report_only: bool) {
        let (level, verdict) = match (self.rejected, report_only) {
            (true, true) => (LogLevel::Warn, "would be rejected"),
            (true, false) => (LogLevel::Warn, "rejected"),
            (false, _) => (LogLevel::Info, "accepted"),
        };
        if self.text.is_empty() || hostcalls::get_log_level().is_ok_and(|least| (level as u32) < least as u32) {
            return;
        }
        if self.text.len() > LINE {
            self.text.truncate(LINE);
            self.text.push_str("...");
        }
        write(level, &format!("request {} {verdict}: {}", self.id, self.text));
    }
}

/// A pointer is made of names that somebody wrote, so all but plain ASCII is escaped.
pub(crate) fn escaped(pointer: &str) -> String {
    let mut text = String::new();
    for byte in pointer.bytes() {
        match byte {
            b'"' | b'\\' | ..0x20 | 0x7F.. => _ = write!(text, "\\x{byte:02x}"),
            _ => text.push(char::from(byte)),
        }
    }
    text
}

/// Whether it is an id as Envoy makes them: whatever else a client has sent is not logged.
fn is_uuid(id: &[u8]) -> bool {
    id.len() == 36 && id.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

pub(crate) fn write(level: LogLevel, text: &str) {
    // There is nobody to tell that nothing can be told.
    let _ = hostcalls::log(level, text);
}
