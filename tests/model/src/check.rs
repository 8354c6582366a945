//! `check(policy, body)`: the body's object, its text and its attachments.

use crate::diagnostic::{Diagnostic, Pointer, Report};
use crate::fields::{Field, Slot, Sorted, content_replaced, without_control};
use crate::file_name;
use crate::hint::{ALIAS, CANONICAL, Object, rank};
use crate::json::{Kind, Member, Value, parse, quote};
use crate::literal::{Content, Edit};
use crate::media_type;
use crate::number::{Integer, integer, within};
use crate::policy::{Channel, Policy};
use crate::promise;
use crate::text::{is_control_of_text, is_garbled, trimmed, with_lf};
use crate::url;

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
    let mut walk = Walk::new(policy, body, true);
    let (_, normalized) = walk.body(&value);
    let limits = &policy.limits;
    let mut findings = walk.report.finish(limits.violations, limits.warnings);
    promise::keep(policy, body, findings.violations.iter_mut().chain(&mut findings.warnings));
    Outcome {
        request: normalized.filter(|_| findings.violations.is_empty()).map(String::into_bytes),
        violations: findings.violations,
        warnings: findings.warnings,
        truncated: findings.truncated,
    }
}

/// "The five body codes come alone, warnings discarded too."
fn body_fault(policy: &Policy, body: &[u8], fault: Diagnostic) -> Outcome {
    let mut report = Report::new(policy, body, true);
    report.add(fault);
    let findings = report.finish(policy.limits.violations, policy.limits.warnings);
    Outcome { request: None, violations: findings.violations, warnings: Vec::new(), truncated: false }
}

/// Everything that is to be said of a body, "before the caps", "the body limit and the bound on kept
/// fields apart".
pub(crate) struct Survey {
    pub(crate) violations: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
    /// Whether there is a channel to ask.
    pub(crate) channel: bool,
}

/// None where the body is not JSON.
pub(crate) fn survey(policy: &Policy, body: &[u8]) -> Option<Survey> {
    let value = parse(body, policy.limits.depth).ok()?;
    let mut walk = Walk::new(policy, body, false);
    let (channel, _) = walk.body(&value);
    let (violations, warnings) = walk.report.everything();
    Some(Survey { violations, warnings, channel: channel.is_some() })
}

/// One body on its way through the rules.
pub(crate) struct Walk<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) body: &'a [u8],
    pub(crate) report: Report<'a>,
    /// Whether the number of reports and of kept fields is bounded.
    pub(crate) bounded: bool,
    /// Unknown keys so far, where the policy keeps them.
    pub(crate) unknown_keys: u64,
}

/// Adds `"name":"value"` for a value that is there.
pub(crate) fn string_member(parts: &mut Vec<String>, name: &str, value: Option<String>) {
    if let Some(value) = value {
        parts.push(format!("{}:{}", quote(name), quote(&value)));
    }
}

impl<'a> Walk<'a> {
    fn new(policy: &'a Policy, body: &'a [u8], bounded: bool) -> Walk<'a> {
        Walk { policy, body, report: Report::new(policy, body, bounded), bounded, unknown_keys: 0 }
    }

    /// The whole body: its channel, and the normalized form, which is of use only if there is no
    /// violation.
    fn body(&mut self, value: &Value) -> (Option<Channel>, Option<String>) {
        let root = Pointer::root();
        let Kind::Object(members) = &value.kind else {
            // "A top-level value that is not an object, `null` too, is one `type_mismatch`."
            self.report.add(Diagnostic::mismatch("object", "", value));
            self.report.read_inside(&root, value);
            return (None, None);
        };
        let mut sorted = Sorted::new(Object::Body, members);
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
        let text = self.text(&slot, channel.as_ref(), !no_attachments);
        let mut parts = Vec::new();
        string_member(&mut parts, "text", text);
        parts.push(format!("\"attachments\":[{}]", attachments.join(",")));
        parts.push(format!("\"{CANONICAL}\":{}", descriptor.unwrap_or_default()));
        parts.extend(sorted.kept);
        (channel, Some(format!("{{{}}}", parts.join(","))))
    }

    /// "`applicationDescriptor` is accepted in its place and warns `alias_field` (not where
    /// both stand, nor where it is null or mistyped)".
    fn alias(&mut self, members: &[Member], member: &Member, pointer: &Pointer) {
        let stands = |name: &str| members.iter().any(|member| member.key.text().as_deref() == Some(name));
        if member.key.text().as_deref() == Some(ALIAS) && !stands(CANONICAL) {
            let warning = Diagnostic::new("alias_field").rank(rank(CANONICAL));
            let renamed = content_replaced(member.key.start, member.key.end, CANONICAL);
            let warning = warning.suggestion(Some(CANONICAL.to_owned())).fix(Some(vec![renamed]));
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

    /// `text`: "where `attachments` is absent, null or an empty array, absent or null is `missing_field`
    /// and blank is `empty_message`; where `attachments` is anything else, absent and null count as `""`,
    /// and blank may stand".
    fn text(&mut self, slot: &Slot<'_>, channel: Option<&Channel>, with_attachments: bool) -> Option<String> {
        let raw = match self.raw_string(slot) {
            Ok(raw) => raw,
            Err(Field::Absent) if with_attachments => return Some(String::new()),
            Err(Field::Absent) => {
                self.report.add(slot.absence(Diagnostic::new("missing_field")));
                return None;
            }
            Err(_) => return None,
        };
        // "`text` is not trimmed for any rule but `empty_message`."
        let content = self.content(slot);
        if let Some(first) = content.first(is_control_of_text) {
            let fix = without_control(&content.letters, is_control_of_text);
            self.violation(slot, Diagnostic::new("control_character").spoiled_by(Some(first)).fix(fix));
            return None;
        }
        let text = with_lf(&raw);
        if let Some(fault) = self.text_too_long(&text, channel) {
            self.violation(slot, fault);
            return None;
        }
        // "`empty_message` last".
        if trimmed(&raw).is_empty() && !with_attachments {
            self.violation(slot, Diagnostic::new("empty_message"));
            return None;
        }
        if let Some(first) = content.first(is_garbled) {
            self.violation(slot, Diagnostic::new("garbled_text").spoiled_by(Some(first)));
        }
        if let Some(warning) = self.text_long(&text, channel, with_attachments) {
            self.violation(slot, warning);
        }
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
        let mut sorted = Sorted::new(Object::Attachment, members);
        for member in members {
            self.sort(&mut sorted, member, pointer);
        }
        let url = self.url(&sorted.slot("url", pointer, brace));
        let name = self.name(&sorted.slot("name", pointer, brace));
        let media_type = self.media_type(&sorted.slot("type", pointer, brace));
        let size = self.size(&sorted.slot("size", pointer, brace));
        // "`type` absent or, whatever its parameters, `application/octet-stream` or
        // `binary/octet-stream`, and `name` absent or without an extension, neither of them refused".
        let no_extension = match &name {
            Field::Good(name) => !file_name::has_extension(name),
            field => field.is_absent(),
        };
        let no_kind = match &media_type {
            Field::Good(text) => media_type::read(text).is_some_and(|read| {
                ["application/octet-stream", "binary/octet-stream"].contains(&read.essence.as_str())
            }),
            field => field.is_absent(),
        };
        if no_kind && no_extension {
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

    /// "at most 4,000; an IRI …; warns `unescaped_url`; plain `http` warns `insecure_url`; a host that
    /// only machines nearby can reach warns `private_host`".
    fn url(&mut self, slot: &Slot<'_>) -> Option<String> {
        let syntax = |content: &Content| match url::is_valid(&content.text()) {
            true => Ok(content.text()),
            false => Err(Diagnostic::new("invalid_url").spoiled_by(url::spoiler(content)).fix(url::fix(content))),
        };
        let url = self.required_string(slot, Some(url::MAX), &syntax).value()?;
        let content = self.content(slot).trimmed();
        if let Some(first) = url::unescaped(&content) {
            let warning = Diagnostic::new("unescaped_url").spoiled_by(Some(first));
            self.violation(slot, warning.fix(url::fix(&content)));
        }
        if url::is_insecure(&url) {
            self.violation(slot, Diagnostic::new("insecure_url"));
        }
        if url::is_private(&url) {
            self.violation(slot, Diagnostic::new("private_host"));
        }
        Some(url)
    }

    /// "1,000; no `/` or `\`, none of U+202A–U+202E and U+2066–U+2069 (`invalid_name`)".
    fn name(&mut self, slot: &Slot<'_>) -> Field {
        let syntax = |content: &Content| match content.first(file_name::spoils) {
            None => Ok(content.text()),
            first => Err(Diagnostic::new("invalid_name").spoiled_by(first).fix(file_name::fix(content))),
        };
        let field = self.string_field(slot, Some(MAX_NAME), &syntax);
        if let Field::Good(name) = &field
            && file_name::is_garbled(name)
        {
            let lost = self.content(slot).trimmed().first(|character| character == '\u{FFFD}');
            self.violation(slot, Diagnostic::new("garbled_text").spoiled_by(lost));
        }
        field
    }

    /// "256; media type".
    fn media_type(&mut self, slot: &Slot<'_>) -> Field {
        let syntax = |content: &Content| match media_type::read(&content.text()) {
            Some(read) => Ok(read.normalized),
            None => Err(Diagnostic::new("invalid_media_type")),
        };
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
            let fault = Diagnostic::mismatch("integer", &slot.pointer.text, value).fix(self.unquoted(value));
            self.report.add(fault.rank(rank(slot.name)));
            self.report.read_inside(&slot.pointer, value);
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

    /// "`type_mismatch` of a string of 1 to 15 digits, the first of several no 0, where an integer
    /// belongs: without its quotes".
    fn unquoted(&self, value: &Value) -> Option<Vec<Edit>> {
        let Kind::String(_) = &value.kind else { return None };
        let digits = &self.body[value.start + 1..value.end - 1];
        let is_number = (1..=15).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && (digits.len() == 1 || digits[0] != b'0');
        let removed = |offset| Edit { offset, length: 1, text: String::new() };
        is_number.then(|| vec![removed(value.start), removed(value.end - 1)])
    }
}
