//! `check(policy, body)`: the body's object, its text and its attachments.

use crate::diagnostic::{Diagnostic, Pointer, Report};
use crate::fields::{Field, Slot, Sorted};
use crate::hint::{ALIAS, CANONICAL, Object, rank};
use crate::json::{Kind, Member, Value, parse, quote};
use crate::media_type;
use crate::number::{Integer, integer, within};
use crate::policy::{Channel, Policy};
use crate::text::{text_has_control, trimmed, with_lf};
use crate::url;

const MAX_URL: u64 = 4000;
const MAX_NAME: u64 = 1000;
const MAX_TYPE: u64 = 256;
/// 2^53 - 1
const MAX_SIZE: u64 = 9_007_199_254_740_991;

/// What the library must decide about a body.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The normalized bytes; none where there is a violation.
    pub request: Option<Vec<u8>>,
    /// The violations, in order.
    pub violations: Vec<Diagnostic>,
    /// The warnings, in order.
    pub warnings: Vec<Diagnostic>,
    /// There were more of either.
    pub truncated: bool,
}

/// Checks a body: "either a request or a rejection, always complete".
pub fn check(policy: &Policy, body: &[u8]) -> Outcome {
    let size = body.len() as u64;
    // "`body_too_large` is decided first, by the length in bytes, at 0."
    if size > policy.limits.body {
        let fault = Diagnostic::new("body_too_large").limit(policy.limits.body).count(size);
        return body_fault(policy, body, fault);
    }
    let value = match parse(body, policy.limits.depth) {
        Ok(value) => value,
        Err(fault) => return body_fault(policy, body, fault.diagnostic(body)),
    };
    let mut walk = Walk { policy, body, report: Report::new(), unknown_keys: 0 };
    let normalized = walk.body(&value);
    let limits = &policy.limits;
    let findings = walk.report.finish(body, limits.violations, limits.warnings);
    Outcome {
        request: normalized.filter(|_| findings.violations.is_empty()).map(String::into_bytes),
        violations: findings.violations,
        warnings: findings.warnings,
        truncated: findings.truncated,
    }
}

/// "The five body codes come alone, warnings discarded too."
fn body_fault(policy: &Policy, body: &[u8], fault: Diagnostic) -> Outcome {
    let mut report = Report::new();
    report.add(fault);
    let findings = report.finish(body, policy.limits.violations, policy.limits.warnings);
    Outcome { request: None, violations: findings.violations, warnings: Vec::new(), truncated: false }
}

/// One body on its way through the rules.
pub(crate) struct Walk<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) body: &'a [u8],
    pub(crate) report: Report,
    /// Unknown keys so far, where the policy keeps them.
    pub(crate) unknown_keys: u64,
}

/// Adds `"name":"value"` for a value that is there.
pub(crate) fn string_member(parts: &mut Vec<String>, name: &str, value: Option<String>) {
    if let Some(value) = value {
        parts.push(format!("{}:{}", quote(name), quote(&value)));
    }
}

impl Walk<'_> {
    /// The whole body. The normalized form is of use only if there is no violation.
    fn body(&mut self, value: &Value) -> Option<String> {
        let root = Pointer::root();
        let Kind::Object(members) = &value.kind else {
            // "A top-level value that is not an object, `null` too, is one `type_mismatch`."
            self.report.add(Diagnostic::mismatch("object", "", value));
            self.report.read_inside(&root, value);
            return None;
        };
        let mut sorted = Sorted::new(Object::Body);
        let mut attachments = Vec::new();
        let mut channel = None;
        let mut descriptor = None;
        // In the body's order, because kept fields are numbered so.
        for member in members {
            let pointer = root.key(&member.key);
            match self.sort(&mut sorted, member, &root) {
                Some("attachments") => attachments = self.attachments(member, &pointer),
                Some(CANONICAL) => {
                    if let Some((found, normalized)) = self.descriptor_field(member, &pointer) {
                        self.alias(members, member, &pointer);
                        channel = found;
                        descriptor = Some(normalized);
                    }
                }
                _ => {}
            }
        }
        let slot = sorted.slot(CANONICAL, &root, value.start);
        if slot.present().is_none() {
            self.report.add(slot.absence(Diagnostic::new("missing_field")));
        }
        let no_attachments = match sorted.fields.get("attachments").map(|member| &member.value.kind) {
            None | Some(Kind::Null) => true,
            Some(Kind::Array(elements)) => elements.is_empty(),
            Some(_) => false,
        };
        let slot = sorted.slot("text", &root, value.start);
        let text = self.text(&slot, channel.as_ref(), no_attachments);
        let mut parts = Vec::new();
        string_member(&mut parts, "text", text);
        parts.push(format!("\"attachments\":[{}]", attachments.join(",")));
        parts.push(format!("\"{CANONICAL}\":{}", descriptor.unwrap_or_default()));
        parts.extend(sorted.kept);
        Some(format!("{{{}}}", parts.join(",")))
    }

    /// "`applicationDescriptor` is accepted in its place and warns `alias_field` (not where
    /// both stand, nor where it is null or mistyped)".
    fn alias(&mut self, members: &[Member], member: &Member, pointer: &Pointer) {
        let stands = |name: &str| members.iter().any(|member| member.key.text().as_deref() == Some(name));
        if member.key.text().as_deref() == Some(ALIAS) && !stands(CANONICAL) {
            let warning = Diagnostic::new("alias_field").rank(rank(CANONICAL));
            let warning = warning.suggestion(Some(CANONICAL.to_owned()));
            self.report.add(warning.at_key(&pointer.text, &member.key));
        }
    }

    /// The descriptor, if it is an object; null is dealt with as absence elsewhere.
    fn descriptor_field(&mut self, member: &Member, pointer: &Pointer) -> Option<(Option<Channel>, String)> {
        match &member.value.kind {
            Kind::Object(members) => Some(self.descriptor(members, pointer, member.value.start)),
            Kind::Null => None,
            _ => {
                let fault = Diagnostic::mismatch("object", &pointer.text, &member.value);
                self.report.add(fault.rank(rank(CANONICAL)));
                self.report.read_inside(pointer, &member.value);
                None
            }
        }
    }

    /// `text`: "it is not trimmed"; "CRLF and lone CR become LF"; "blank only if there is an
    /// attachment, else `empty_message`".
    fn text(&mut self, slot: &Slot<'_>, channel: Option<&Channel>, no_attachments: bool) -> Option<String> {
        let raw = match self.raw_string(slot) {
            Ok(raw) => raw,
            Err(field) => {
                if let Field::Absent = field {
                    self.report.add(slot.absence(Diagnostic::new("missing_field")));
                }
                return None;
            }
        };
        if text_has_control(&raw) {
            self.violation(slot, Diagnostic::new("control_character"));
            return None;
        }
        let text = with_lf(&raw);
        let limit = channel.map_or(2000, |channel| channel.text);
        let too_long = crate::text::units(&text) > limit;
        // "`empty_message` last".
        if !too_long && trimmed(&raw).is_empty() && no_attachments {
            self.violation(slot, Diagnostic::new("empty_message"));
            return None;
        }
        self.text_length(slot, &text, channel);
        Some(text)
    }

    /// "array of objects, optional; an element null or of another type: `type_mismatch`"; "100
    /// attachments (`too_many_items`, at the first one too many; the rest is only read)".
    fn attachments(&mut self, member: &Member, pointer: &Pointer) -> Vec<String> {
        let elements = match &member.value.kind {
            Kind::Array(elements) => elements,
            Kind::Null => return Vec::new(),
            _ => {
                let fault = Diagnostic::mismatch("array", &pointer.text, &member.value);
                self.report.add(fault.rank(rank("attachments")));
                self.report.read_inside(pointer, &member.value);
                return Vec::new();
            }
        };
        let limit = self.policy.limits.attachments;
        let mut normalized = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let pointer = pointer.index(index);
            let number = index as u64;
            if number > limit {
                self.report.read_only(&pointer, element);
            } else if number == limit {
                let fault = Diagnostic::new("too_many_items").limit(limit);
                self.report.add(fault.at_value(&pointer.text, element));
                self.report.read_inside(&pointer, element);
            } else if let Kind::Object(members) = &element.kind {
                normalized.push(self.attachment(members, &pointer, element.start));
            } else {
                self.report.add(Diagnostic::mismatch("object", &pointer.text, element));
                self.report.read_inside(&pointer, element);
            }
        }
        normalized
    }

    fn attachment(&mut self, members: &[Member], pointer: &Pointer, brace: usize) -> String {
        let mut sorted = Sorted::new(Object::Attachment);
        for member in members {
            self.sort(&mut sorted, member, pointer);
        }
        let url = self.url(&sorted.slot("url", pointer, brace));
        let name = self.name(&sorted.slot("name", pointer, brace));
        let media_type = self.media_type(&sorted.slot("type", pointer, brace));
        let size = self.size(&sorted.slot("size", pointer, brace));
        // "`type` absent, and `name` absent or without an extension, neither of them refused".
        let no_extension = match &name {
            Field::Good(name) => !has_extension(name),
            field => field.is_absent(),
        };
        if media_type.is_absent() && no_extension {
            let warning = Diagnostic::new("attachment_kind_unknown");
            self.report.add(warning.at(&pointer.text, brace, brace + 1));
        }
        let mut parts = Vec::new();
        string_member(&mut parts, "url", url);
        string_member(&mut parts, "name", name.value());
        string_member(&mut parts, "type", media_type.value());
        if let Some(size) = size {
            parts.push(format!("\"size\":{size}"));
        }
        parts.extend(sorted.kept);
        format!("{{{}}}", parts.join(","))
    }

    /// "at most 4,000; an IRI …; plain `http` warns `insecure_url`".
    fn url(&mut self, slot: &Slot<'_>) -> Option<String> {
        let syntax = |text: &str| match url::is_valid(text) {
            true => Ok(text.to_owned()),
            false => Err(Diagnostic::new("invalid_url")),
        };
        let url = self.required_string(slot, Some(MAX_URL), &syntax).value()?;
        if url::is_insecure(&url) {
            self.violation(slot, Diagnostic::new("insecure_url"));
        }
        Some(url)
    }

    /// "1,000; no `/` or `\` (`invalid_name`)".
    fn name(&mut self, slot: &Slot<'_>) -> Field {
        let syntax = |text: &str| match text.contains(['/', '\\']) {
            false => Ok(text.to_owned()),
            true => Err(Diagnostic::new("invalid_name")),
        };
        self.string_field(slot, Some(MAX_NAME), &syntax)
    }

    /// "256; media type".
    fn media_type(&mut self, slot: &Slot<'_>) -> Field {
        let syntax = |text: &str| media_type::normalized(text).ok_or_else(|| Diagnostic::new("invalid_media_type"));
        self.string_field(slot, Some(MAX_TYPE), &syntax)
    }

    /// "0 to 2^53 - 1 (`out_of_range`, also for `1e400`); a fraction or a string is
    /// `type_mismatch`".
    fn size(&mut self, slot: &Slot<'_>) -> Option<u64> {
        let value = slot.present()?;
        let number = match &value.kind {
            Kind::Number(raw) => integer(raw),
            _ => Integer::Fraction,
        };
        if number == Integer::Fraction {
            self.mismatch("integer", slot, value);
            return None;
        }
        match within(&number, 0, MAX_SIZE) {
            Ok(size) => Some(size),
            Err(bound) => {
                self.violation(slot, Diagnostic::new("out_of_range").limit(bound));
                None
            }
        }
    }
}

/// "an extension (a last `.` with a character before it and a letter or digit directly after
/// it)".
fn has_extension(name: &str) -> bool {
    let Some((before, after)) = name.rsplit_once('.') else { return false };
    !before.is_empty() && after.starts_with(|first: char| first.is_ascii_alphanumeric())
}
