//! What all fields share: sorting an object's members, and the steps of a string field.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Walk;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::hint::{ALIAS, CANONICAL};
use crate::hint::{Object, rank};
use crate::json::{Key, Kind, Member, Value};
use crate::literal::{Content, Edit, Letter, in_order};
use crate::policy::UnknownFields;
use crate::text::{is_control, units};

/// "at most 64 in a body; the 65th gets `too_many_items` at its key".
const KEPT: u64 = 64;

/// What an object's members were sorted into so far.
pub(crate) struct Sorted<'a> {
    object: Object,
    /// The names of all of the object's members.
    names: BTreeSet<String>,
    /// The first one of every known field.
    pub(crate) fields: BTreeMap<&'static str, &'a Member>,
    /// The unknown keys that were kept, or were the 65th.
    counted: BTreeMap<String, &'a Member>,
    /// The kept members, as they stand in the body.
    pub(crate) kept: Vec<String>,
}

impl<'a> Sorted<'a> {
    pub(crate) fn new(object: Object, members: &'a [Member]) -> Sorted<'a> {
        let names = members.iter().filter_map(|member| member.key.text()).collect();
        Sorted { object, names, fields: BTreeMap::new(), counted: BTreeMap::new(), kept: Vec::new() }
    }

    /// "`unknown_field`, `dropped_field`, `kept_field` with a `suggestion` that does not stand in the
    /// object (for the descriptor under neither name): the key".
    fn renamed(&self, key: &Key, suggestion: &str) -> Option<Vec<Edit>> {
        let taken = self.names.contains(suggestion) || (suggestion == CANONICAL && self.names.contains(ALIAS));
        if taken { None } else { Some(vec![content_replaced(key.start, key.end, suggestion)]) }
    }
}

/// A field in its object: where its value, or its absence, is reported.
#[derive(Clone)]
pub(crate) struct Slot<'a> {
    pub(crate) name: &'static str,
    /// The value, if the key stands there.
    pub(crate) value: Option<&'a Value>,
    pub(crate) pointer: Pointer,
    /// The object's `{`.
    pub(crate) brace: usize,
}

/// What a string field holds.
pub(crate) enum Field {
    /// Not there, or null.
    Absent,
    /// "blank means empty when trimmed".
    Blank,
    /// It has a violation, which is reported.
    Refused,
    /// The normalized value.
    Good(String),
}

impl Field {
    /// "blank = absent".
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Field::Absent | Field::Blank)
    }

    pub(crate) fn value(self) -> Option<String> {
        if let Field::Good(value) = self { Some(value) } else { None }
    }
}

/// A rule that normalizes a trimmed value, or says why it can't.
pub(crate) type Syntax<'a> = &'a dyn Fn(&Content) -> Result<String, Diagnostic>;

/// "Of a key or value that is replaced, the whole content between its quotes gives way."
pub(crate) fn content_replaced(start: usize, end: usize, text: &str) -> Edit {
    Edit { offset: start + 1, length: end - start - 2, text: text.to_owned() }
}

/// "`control_character`: these characters taken away (of the trimmed value), unless one of them is
/// U+0080–U+009F (half of a letter that can still be saved) or, alone or in a row of them, stands
/// between two digits (Word's dash)".
pub(crate) fn without_control(letters: &[Letter], is_control: fn(char) -> bool) -> Option<Vec<Edit>> {
    let is = |letter: &Letter| letter.character.is_some_and(is_control);
    let mut edits = Vec::new();
    for (index, letter) in letters.iter().enumerate().filter(|(_, letter)| is(letter)) {
        let before = letters[..index].iter().rev().find(|other| !is(other));
        let behind = letters[index..].iter().find(|other| !is(other));
        let between_digits = before.is_some_and(Letter::is_digit) && behind.is_some_and(Letter::is_digit);
        if between_digits || letter.character >= Some('\u{80}') {
            return None;
        }
        edits.push(letter.removed());
    }
    in_order(edits)
}

impl<'a> Sorted<'a> {
    pub(crate) fn slot(&self, name: &'static str, object: &Pointer, brace: usize) -> Slot<'a> {
        let member = self.fields.get(name).copied();
        // "The pointer spells keys as the body does; that of an absent field says where it
        // belongs."
        let pointer = match member {
            Some(member) => object.key(&member.key),
            None => object.name(name),
        };
        Slot { name, value: member.map(|member| &member.value), pointer, brace }
    }
}

impl Slot<'_> {
    /// "for an absent field the null or blank value if one stands there, else its object's `{`
    /// (length 1)".
    pub(crate) fn absence(&self, diagnostic: Diagnostic) -> Diagnostic {
        let diagnostic = diagnostic.rank(rank(self.name));
        match self.value {
            Some(value) => diagnostic.at_value(&self.pointer.text, value),
            None => diagnostic.at(&self.pointer.text, self.brace, self.brace + 1),
        }
    }

    /// The value, where "explicit `null` of a known field is absence".
    pub(crate) fn present(&self) -> Option<&Value> {
        self.value.filter(|value| !matches!(value.kind, Kind::Null))
    }
}

impl Walk<'_> {
    /// Puts a member in its place. Gives the field's name if it is the first one of a field;
    /// every other member is dealt with here.
    pub(crate) fn sort<'a>(
        &mut self,
        sorted: &mut Sorted<'a>,
        member: &'a Member,
        pointer: &Pointer,
    ) -> Option<&'static str> {
        let Some(name) = member.key.text() else {
            self.report.lone_key(pointer, &member.key, &member.value);
            return None;
        };
        let below = pointer.key(&member.key);
        let Some(field) = sorted.object.field(&name) else {
            self.unknown(sorted, member, &name, &below);
            self.report.read_only(&below, &member.value);
            return None;
        };
        if let Some(first) = sorted.fields.get(field) {
            // "`duplicate_field` at every later one, `related` the first … the later ones are
            // only read."
            self.duplicate(member, first, &below, rank(field));
            self.report.read_only(&below, &member.value);
            return None;
        }
        sorted.fields.insert(field, member);
        Some(field)
    }

    /// Its fix: "`duplicate_field` whose value is, byte for byte, the first one's: the member taken away,
    /// from the comma before its key to the end of its value".
    fn duplicate(&mut self, member: &Member, first: &Member, pointer: &Pointer, rank: usize) {
        let raw = |value: &Value| &self.body[value.start..value.end];
        let comma = self.body[..member.key.start].iter().rposition(|&byte| byte == b',').expect("one comes before");
        let removed = Edit { offset: comma, length: member.value.end - comma, text: String::new() };
        let fix = (raw(&member.value) == raw(&first.value)).then(|| vec![removed]);
        let fault = Diagnostic::new("duplicate_field").related(&first.key).rank(rank).fix(fix);
        self.report.add(fault.at_key(&pointer.text, &member.key));
    }

    /// "An unknown field is a violation, `unknown_field`, with a hint … The policy may `drop`
    /// unknown fields or `keep` them."
    fn unknown<'a>(&mut self, sorted: &mut Sorted<'a>, member: &'a Member, name: &str, pointer: &Pointer) {
        let code = match self.policy.unknown_fields {
            UnknownFields::Reject => "unknown_field",
            UnknownFields::Drop => "dropped_field",
            UnknownFields::Keep => {
                if let Some(first) = sorted.counted.get(name) {
                    self.duplicate(member, first, pointer, usize::MAX);
                    return;
                }
                self.unknown_keys += 1;
                if self.unknown_keys > KEPT + 1 && self.bounded {
                    return;
                }
                sorted.counted.insert(name.to_owned(), member);
                if self.unknown_keys > KEPT && self.bounded {
                    let fault = Diagnostic::new("too_many_items").limit(KEPT);
                    self.report.add(fault.at_key(&pointer.text, &member.key));
                    return;
                }
                sorted.kept.push(self.as_it_stands(member));
                "kept_field"
            }
        };
        let mut diagnostic = Diagnostic::new(code).suggestion(sorted.object.suggestion(name));
        match &diagnostic.suggestion {
            Some(suggestion) => diagnostic.fix = sorted.renamed(&member.key, suggestion),
            None => diagnostic.belongs_to = sorted.object.belongs_to(name),
        }
        self.report.add(diagnostic.at_key(&pointer.text, &member.key));
    }

    /// "key, `:` and value as they stand in the body".
    fn as_it_stands(&self, member: &Member) -> String {
        let raw = |start, end| String::from_utf8_lossy(&self.body[start..end]).into_owned();
        let Member { key, value } = member;
        format!("{}:{}", raw(key.start, key.end), raw(value.start, value.end))
    }

    /// The string, or none where it is absent (`Some(Absent)` inside `Err`) or refused.
    pub(crate) fn raw_string(&mut self, slot: &Slot<'_>) -> Result<String, Field> {
        let Some(value) = slot.present() else { return Err(Field::Absent) };
        let Kind::String(units) = &value.kind else {
            let fault = Diagnostic::mismatch("string", &slot.pointer.text, value).fix(self.quoted(value));
            self.report.add(fault.rank(rank(slot.name)));
            self.report.read_inside(&slot.pointer, value);
            return Err(Field::Refused);
        };
        String::from_utf16(units).map_err(|_| {
            let fault = Diagnostic::lone_surrogate(self.body, &slot.pointer.text, value.start, value.end);
            self.report.add(fault.rank(rank(slot.name)));
            Field::Refused
        })
    }

    /// "`type_mismatch` of a number written as an optional `-` and digits where a string belongs: quotes
    /// around it".
    fn quoted(&self, value: &Value) -> Option<Vec<Edit>> {
        let Kind::Number(raw) = &value.kind else { return None };
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        let quote = |offset| Edit { offset, length: 0, text: "\"".to_owned() };
        let is_whole = digits.chars().all(|character| character.is_ascii_digit());
        is_whole.then(|| vec![quote(value.start), quote(value.end)])
    }

    /// What stands in a field that holds a string.
    pub(crate) fn content(&self, slot: &Slot<'_>) -> Content {
        let value = slot.value.expect("a string");
        Content::of(self.body, value.start, value.end)
    }

    /// The steps of every string field but `text`: "A value has at most one violation, the
    /// first of: `type_mismatch`, `invalid_unicode`, `blank`, `control_character`, `too_long`,
    /// then its own syntax."
    pub(crate) fn string_field(&mut self, slot: &Slot<'_>, limit: Option<u64>, syntax: Syntax<'_>) -> Field {
        if let Err(field) = self.raw_string(slot) {
            return field;
        }
        let content = self.content(slot).trimmed();
        let text = content.text();
        if text.is_empty() {
            return Field::Blank;
        }
        if let Some(first) = content.first(is_control) {
            let fix = without_control(&content.letters, is_control);
            self.violation(slot, Diagnostic::new("control_character").spoiled_by(Some(first)).fix(fix));
            return Field::Refused;
        }
        let result = syntax(&content);
        // "of the normalized value if every other rule passes, else of the trimmed one".
        let length = units(result.as_ref().unwrap_or(&text));
        if let Some(limit) = limit.filter(|limit| length > *limit) {
            self.violation(slot, Diagnostic::new("too_long").limit(limit).count(length));
            return Field::Refused;
        }
        match result {
            Ok(normalized) => Field::Good(normalized),
            Err(diagnostic) => {
                self.violation(slot, diagnostic);
                Field::Refused
            }
        }
    }

    /// The same, where absence is `missing_field` and "a required string that is blank is
    /// `blank`".
    pub(crate) fn required_string(&mut self, slot: &Slot<'_>, limit: Option<u64>, syntax: Syntax<'_>) -> Field {
        let field = self.string_field(slot, limit, syntax);
        match field {
            Field::Absent => self.report.add(slot.absence(Diagnostic::new("missing_field"))),
            Field::Blank => self.report.add(slot.absence(Diagnostic::new("blank"))),
            _ => {}
        }
        field
    }

    /// A finding about a value that stands there.
    pub(crate) fn violation(&mut self, slot: &Slot<'_>, diagnostic: Diagnostic) {
        self.report.add(slot.absence(diagnostic));
    }
}
