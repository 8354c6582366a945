//! Diagnostics: their codes, places, order, and the JSON form of the conformance lines.

use crate::json::{Key, Kind, Value, quote};
use crate::literal::{Content, Edit, Letter};
use crate::policy::Policy;

/// "Codes, in order."
const CODES: [&str; 40] = [
    "empty_body",
    "body_too_large",
    "invalid_utf8",
    "invalid_json",
    "nesting_too_deep",
    "type_mismatch",
    "missing_field",
    "unknown_field",
    "duplicate_field",
    "invalid_unicode",
    "blank",
    "control_character",
    "too_long",
    "too_many_items",
    "out_of_range",
    "empty_message",
    "unknown_channel",
    "required_by_channel",
    "invalid_address",
    "invalid_url",
    "invalid_media_type",
    "invalid_name",
    "alias_field",
    "national_number",
    "unlikely_address",
    "unlikely_identifier",
    "garbled_text",
    "attachment_kind_unknown",
    "insecure_url",
    "unescaped_url",
    "private_host",
    "long_text",
    "dropped_field",
    "kept_field",
    "not_found",
    "method_not_allowed",
    "unauthorized",
    "unsupported_media_type",
    "invalid_head",
    "policy_conflict",
];

/// The group of warnings, in order.
pub(crate) const WARNINGS: [&str; 12] = [
    "alias_field",
    "national_number",
    "unlikely_address",
    "unlikely_identifier",
    "garbled_text",
    "attachment_kind_unknown",
    "insecure_url",
    "unescaped_url",
    "private_host",
    "long_text",
    "dropped_field",
    "kept_field",
];

/// What was found: a length or a count, or a JSON type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actual {
    /// A length or a count.
    Number(u64),
    /// The name of a JSON type.
    Type(&'static str),
}

/// One finding: code, place and the parameters of its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code, from the contract's list.
    pub code: &'static str,
    /// RFC 6901, keys as the body spells them.
    pub pointer: String,
    /// Where it begins, in bytes.
    pub offset: usize,
    /// How long it is, in bytes.
    pub length: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode scalar values, from 1.
    pub column: usize,
    /// Offset and length of a second place: the first key, or the character that spoils a value.
    pub related: Option<(usize, usize)>,
    /// The bound that was crossed.
    pub limit: Option<u64>,
    /// What was found.
    pub actual: Option<Actual>,
    /// What was expected.
    pub expected: Option<String>,
    /// The channel, as the policy spells it.
    pub channel: Option<String>,
    /// The nearest known name.
    pub suggestion: Option<String>,
    /// The object, or the sibling endpoint, that a name belongs to.
    pub belongs_to: Option<&'static str>,
    /// "edits of the body that mend it".
    pub fix: Option<Vec<Edit>>,
    /// The field's place in the order of §7, for ties.
    pub(crate) rank: usize,
}

impl Diagnostic {
    pub(crate) fn new(code: &'static str) -> Diagnostic {
        Diagnostic {
            code,
            pointer: String::new(),
            offset: 0,
            length: 0,
            line: 0,
            column: 0,
            related: None,
            limit: None,
            actual: None,
            expected: None,
            channel: None,
            suggestion: None,
            belongs_to: None,
            fix: None,
            rank: 0,
        }
    }

    pub(crate) fn at(mut self, pointer: &str, start: usize, end: usize) -> Diagnostic {
        self.pointer = pointer.to_owned();
        self.offset = start;
        self.length = end - start;
        self
    }

    /// "The place is the whole value, quotes included."
    pub(crate) fn at_value(self, pointer: &str, value: &Value) -> Diagnostic {
        self.at(pointer, value.start, value.end)
    }

    pub(crate) fn at_key(self, pointer: &str, key: &Key) -> Diagnostic {
        self.at(pointer, key.start, key.end)
    }

    pub(crate) fn rank(mut self, rank: usize) -> Diagnostic {
        self.rank = rank;
        self
    }

    pub(crate) fn related(mut self, key: &Key) -> Diagnostic {
        self.related = Some((key.start, key.end - key.start));
        self
    }

    /// "of a value that one character spoils, the first such character as it stands in the body (an
    /// escape whole, of two surrogates both)".
    pub(crate) fn spoiled_by(mut self, letter: Option<Letter>) -> Diagnostic {
        self.related = letter.map(|letter| (letter.start, letter.end - letter.start));
        self
    }

    pub(crate) fn fix(mut self, fix: Option<Vec<Edit>>) -> Diagnostic {
        self.fix = fix;
        self
    }

    pub(crate) fn limit(mut self, limit: u64) -> Diagnostic {
        self.limit = Some(limit);
        self
    }

    pub(crate) fn count(mut self, count: u64) -> Diagnostic {
        self.actual = Some(Actual::Number(count));
        self
    }

    pub(crate) fn expected(mut self, expected: &str) -> Diagnostic {
        self.expected = Some(expected.to_owned());
        self
    }

    pub(crate) fn channel(mut self, channel: &str) -> Diagnostic {
        self.channel = Some(channel.to_owned());
        self
    }

    pub(crate) fn suggestion(mut self, suggestion: Option<String>) -> Diagnostic {
        self.suggestion = suggestion;
        self
    }

    /// "`type_mismatch`, saying what was expected and what was found."
    pub(crate) fn mismatch(expected: &str, pointer: &str, value: &Value) -> Diagnostic {
        let mut diagnostic = Diagnostic::new("type_mismatch").expected(expected).at_value(pointer, value);
        diagnostic.actual = Some(Actual::Type(value.type_name()));
        diagnostic
    }

    /// A lone surrogate in a string or a key that stands at `start..end`.
    pub(crate) fn lone_surrogate(body: &[u8], pointer: &str, start: usize, end: usize) -> Diagnostic {
        let content = Content::of(body, start, end);
        Diagnostic::new("invalid_unicode").at(pointer, start, end).spoiled_by(content.first_lone())
    }

    /// "Order: by offset, then by the code list of §6, then by the field order of §7."
    fn order(&self) -> (usize, usize, usize) {
        let code = CODES.iter().position(|code| *code == self.code);
        (self.offset, code.expect("every code is listed"), self.rank)
    }

    /// "line and column: 1-based; only LF ends a line, a column counts Unicode scalar values, a
    /// byte order mark has none."
    fn locate(&mut self, body: &[u8]) {
        let before = std::str::from_utf8(&body[..self.offset]).expect("a fault stands before what is no UTF-8");
        let before = before.strip_prefix('\u{FEFF}').unwrap_or(before);
        self.line = 1 + before.matches('\n').count();
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        self.column = 1 + last_line.chars().count();
    }

    /// The diagnostic as a compact JSON object.
    pub fn to_json(&self) -> String {
        let mut members = vec![
            format!("\"code\":{}", quote(self.code)),
            format!("\"pointer\":{}", quote(&self.pointer)),
            format!("\"offset\":{}", self.offset),
            format!("\"length\":{}", self.length),
            format!("\"line\":{}", self.line),
            format!("\"column\":{}", self.column),
        ];
        if let Some((offset, length)) = self.related {
            members.push(format!("\"related\":{{\"offset\":{offset},\"length\":{length}}}"));
        }
        if let Some(limit) = self.limit {
            members.push(format!("\"limit\":{limit}"));
        }
        match &self.actual {
            Some(Actual::Number(number)) => members.push(format!("\"actual\":{number}")),
            Some(Actual::Type(name)) => members.push(format!("\"actual\":{}", quote(name))),
            None => {}
        }
        let belongs_to = self.belongs_to.map(str::to_owned);
        let words = [
            ("expected", &self.expected),
            ("channel", &self.channel),
            ("suggestion", &self.suggestion),
            ("belongs_to", &belongs_to),
        ];
        for (name, word) in words {
            if let Some(word) = word {
                members.push(format!("\"{name}\":{}", quote(word)));
            }
        }
        if let Some(fix) = &self.fix {
            let edits: Vec<String> = fix.iter().map(edit_to_json).collect();
            members.push(format!("\"fix\":[{}]", edits.join(",")));
        }
        format!("{{{}}}", members.join(","))
    }
}

fn edit_to_json(edit: &Edit) -> String {
    let Edit { offset, length, text } = edit;
    format!("{{\"offset\":{offset},\"length\":{length},\"text\":{}}}", quote(text))
}

/// More than this many findings are cut to the first ones, to bound memory on hostile bodies.
const PRUNE_AT: usize = 4000;

/// What was found so far.
pub(crate) struct Report<'a> {
    body: &'a [u8],
    refuse: &'a [String],
    /// Whether to keep no more than what may be reported.
    prune: bool,
    violations: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    /// All violations ever added, pruned ones too.
    pub(crate) violation_count: usize,
}

/// A report that is sorted, capped and has lines and columns.
pub(crate) struct Findings {
    pub(crate) violations: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) truncated: bool,
}

impl<'a> Report<'a> {
    pub(crate) fn new(policy: &'a Policy, body: &'a [u8], prune: bool) -> Report<'a> {
        let refuse = &policy.refuse;
        Report { body, refuse, prune, violations: Vec::new(), warnings: Vec::new(), violation_count: 0 }
    }

    /// "`refuse` names warnings that are violations under this policy: they stand in the violations'
    /// list, order and cap."
    fn is_warning(&self, code: &str) -> bool {
        WARNINGS.contains(&code) && !self.refuse.iter().any(|refused| refused == code)
    }

    pub(crate) fn add(&mut self, diagnostic: Diagnostic) {
        let list = if self.is_warning(diagnostic.code) {
            &mut self.warnings
        } else {
            self.violation_count += 1;
            &mut self.violations
        };
        list.push(diagnostic);
        if self.prune && list.len() > PRUNE_AT {
            list.sort_by_key(Diagnostic::order);
            // One more than the largest cap (1,000), so that `truncated` stays right.
            list.truncate(1001);
        }
    }

    /// Everything, in no order, without lines and columns.
    pub(crate) fn everything(self) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        (self.violations, self.warnings)
    }

    /// "The first 64 violations and the first 64 warnings in that order are reported;
    /// `truncated` says that there were more of either."
    pub(crate) fn finish(mut self, violations: u64, warnings: u64) -> Findings {
        let mut truncated = false;
        for (list, cap) in [(&mut self.violations, violations), (&mut self.warnings, warnings)] {
            list.sort_by_key(Diagnostic::order);
            truncated |= list.len() as u64 > cap;
            list.truncate(cap as usize);
            list.iter_mut().for_each(|diagnostic| diagnostic.locate(self.body));
        }
        Findings { violations: self.violations, warnings: self.warnings, truncated }
    }

    /// A value that is only read: "every string that has a lone surrogate, wherever it stands,
    /// gets its own `invalid_unicode`".
    pub(crate) fn read_only(&mut self, pointer: &Pointer, value: &Value) {
        if !has_lone_surrogate(value) {
            return;
        }
        if let Kind::String(_) = value.kind {
            self.add(Diagnostic::lone_surrogate(self.body, &pointer.text, value.start, value.end));
        }
        self.read_inside(pointer, value);
    }

    /// The same, but not for the value itself: "unless the string itself is a `type_mismatch`
    /// or `too_many_items`".
    pub(crate) fn read_inside(&mut self, pointer: &Pointer, value: &Value) {
        match &value.kind {
            Kind::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.read_only(&pointer.index(index), element);
                }
            }
            Kind::Object(members) => {
                for member in members {
                    if member.key.text().is_none() {
                        self.lone_key(pointer, &member.key, &member.value);
                    } else {
                        self.read_only(&pointer.key(&member.key), &member.value);
                    }
                }
            }
            _ => {}
        }
    }

    /// "A key with one gets nothing else, and its pointer, like those of what is below it,
    /// stops at its object."
    pub(crate) fn lone_key(&mut self, object: &Pointer, key: &Key, value: &Value) {
        self.add(Diagnostic::lone_surrogate(self.body, &object.text, key.start, key.end));
        self.read_only(&object.stopped(), value);
    }
}

/// True where the value, or a string or key inside it, has a lone surrogate.
fn has_lone_surrogate(value: &Value) -> bool {
    match &value.kind {
        Kind::String(units) => String::from_utf16(units).is_err(),
        Kind::Array(elements) => elements.iter().any(has_lone_surrogate),
        Kind::Object(members) => {
            members.iter().any(|member| member.key.text().is_none() || has_lone_surrogate(&member.value))
        }
        _ => false,
    }
}

/// A JSON Pointer that grows downwards, until it is stopped.
#[derive(Clone)]
pub(crate) struct Pointer {
    pub(crate) text: String,
    stopped: bool,
}

impl Pointer {
    pub(crate) fn root() -> Pointer {
        Pointer { text: String::new(), stopped: false }
    }

    pub(crate) fn stopped(&self) -> Pointer {
        Pointer { text: self.text.clone(), stopped: true }
    }

    pub(crate) fn index(&self, index: usize) -> Pointer {
        self.name(&index.to_string())
    }

    pub(crate) fn key(&self, key: &Key) -> Pointer {
        self.name(&cut(&key.units))
    }

    /// RFC 6901: `~` becomes `~0`, `/` becomes `~1`.
    pub(crate) fn name(&self, name: &str) -> Pointer {
        if self.stopped {
            return self.clone();
        }
        let escaped = name.replace('~', "~0").replace('/', "~1");
        Pointer { text: format!("{}/{escaped}", self.text), stopped: false }
    }
}

/// "A name over 64 UTF-16 units is cut after at most 64, never inside a surrogate pair, and
/// ends in `…` (before escaping)."
fn cut(units: &[u16]) -> String {
    if units.len() <= 64 {
        return String::from_utf16_lossy(units);
    }
    let in_a_pair = String::from_utf16(&units[..64]).is_err();
    let kept = if in_a_pair { &units[..63] } else { &units[..64] };
    String::from_utf16_lossy(kept) + "…"
}
