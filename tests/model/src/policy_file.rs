//! A policy is read by the same reader under the default limits, with the same diagnostics.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Pointer, Report};
use crate::hint::nearest;
use crate::json::{Key, Kind, Member, Value, parse};
use crate::number::{Integer, integer, within};
use crate::policy::{Channel, National, Policy, TABLE, UnknownFields};

const POLICY: [&str; 3] = ["unknownFields", "limits", "channels"];
const LIMITS: [&str; 7] = ["body", "depth", "attachments", "identifier", "address", "violations", "warnings"];
const CHANNEL: [&str; 5] = ["requires", "address", "text", "textWarning", "national"];
const NATIONAL: [&str; 3] = ["prefix", "country", "length"];
const ADDRESSES: [&str; 5] = ["phone", "token", "email", "numeric", "opaque"];
const REQUIRABLE: [&str; 3] = ["clientId", "unauthorizedClientId", "appMarker"];

/// The words for `expected`.
const UNKNOWN_FIELDS_WORDS: &str = "reject, drop or keep";
const ADDRESS_WORDS: &str = "phone, token, email, numeric or opaque";
const REQUIRES_WORDS: &str = "clientId, unauthorizedClientId or appMarker";
const NAME_WORDS: &str = "a capital, then capitals, digits or _, at most 64 in all";
const PREFIX_WORDS: &str = "1 to 3 digits, not beginning with 00";
const COUNTRY_WORDS: &str = "1 to 3 digits, not beginning with 0";
const WARNING_BELOW_TEXT: &str = "textWarning below text";
const NATIONAL_WITH_PHONE: &str = "national only with phone";
const REWRITTEN_LENGTH: &str = "a rewritten number of 7 to 15 digits";
const ONE_CHANNEL: &str = "at least one channel";

impl Policy {
    /// Reads a policy: "what a file names changes the default, the rest stays".
    ///
    /// # Errors
    ///
    /// "A policy with any fault is refused whole, with every fault and its place."
    pub fn from_json(bytes: &[u8]) -> Result<Policy, Vec<Diagnostic>> {
        let mut policy = Policy::default();
        let limits = policy.limits.clone();
        let mut report = Report::new();
        if bytes.len() as u64 > limits.body {
            let fault = Diagnostic::new("body_too_large").limit(limits.body);
            report.add(fault.count(bytes.len() as u64));
        } else {
            match parse(bytes, limits.depth) {
                Err(fault) => report.add(fault.diagnostic(bytes)),
                Ok(value) => File { report: &mut report }.policy(&value, &mut policy),
            }
        }
        let findings = report.finish(bytes, limits.violations, limits.warnings);
        if findings.violations.is_empty() { Ok(policy) } else { Err(findings.violations) }
    }
}

struct File<'a> {
    report: &'a mut Report,
}

/// The members of an object that count: the first one of every known name.
type Known<'a> = BTreeMap<&'static str, &'a Member>;

impl File<'_> {
    fn policy(&mut self, value: &Value, policy: &mut Policy) {
        let root = Pointer::root();
        let Some(members) = self.object(value, &root, "object") else { return };
        let known = self.known(members, &root, &POLICY);
        if let Some(member) = known.get("unknownFields") {
            let pointer = root.key(&member.key);
            let words = ["reject", "drop", "keep"];
            match self.word(&member.value, &pointer, &words, UNKNOWN_FIELDS_WORDS).as_deref() {
                Some("drop") => policy.unknown_fields = UnknownFields::Drop,
                Some("keep") => policy.unknown_fields = UnknownFields::Keep,
                _ => policy.unknown_fields = UnknownFields::Reject,
            }
        }
        if let Some(member) = known.get("limits") {
            self.limits(&member.value, &root.key(&member.key), policy);
        }
        if let Some(member) = known.get("channels") {
            self.channels(&member.value, &root.key(&member.key), policy);
        }
    }

    /// "Ranges: body 1 KiB–16 MiB, depth 4–64, attachments 0–1,000, identifier and address
    /// 1–4,096, violations and warnings 1–1,000."
    fn limits(&mut self, value: &Value, pointer: &Pointer, policy: &mut Policy) {
        let Some(members) = self.object(value, pointer, "object") else { return };
        for (name, member) in self.known(members, pointer, &LIMITS) {
            let limits = &mut policy.limits;
            let (limit, low, high) = match name {
                "body" => (&mut limits.body, 1024, 16 * 1024 * 1024),
                "depth" => (&mut limits.depth, 4, 64),
                "attachments" => (&mut limits.attachments, 0, 1000),
                "identifier" => (&mut limits.identifier, 1, 4096),
                "address" => (&mut limits.address, 1, 4096),
                "violations" => (&mut limits.violations, 1, 1000),
                _ => (&mut limits.warnings, 1, 1000),
            };
            let pointer = pointer.key(&member.key);
            if let Some(number) = self.number(&member.value, &pointer, "integer", low, high) {
                *limit = number;
            }
        }
    }

    fn channels(&mut self, value: &Value, pointer: &Pointer, policy: &mut Policy) {
        let faults_before = self.report.violation_count;
        let Some(members) = self.object(value, pointer, "object") else { return };
        let mut names: BTreeMap<String, &Key> = BTreeMap::new();
        for member in members {
            let Some(name) = member.key.text() else {
                self.report.lone_key(pointer, &member.key, &member.value);
                continue;
            };
            let below = pointer.key(&member.key);
            // "repeated keys are refused everywhere".
            if let Some(first) = names.get(&name) {
                self.duplicate(&below, member, first);
                continue;
            }
            names.insert(name.clone(), &member.key);
            self.channel(&name, member, &below, policy);
        }
        let (mut table, mut new): (Vec<Channel>, Vec<Channel>) =
            policy.channels.drain(..).partition(|channel| TABLE.contains(&channel.name.as_str()));
        table.sort_by_key(|channel| TABLE.iter().position(|name| *name == channel.name));
        new.sort_by_key(|channel| channel.name.clone());
        table.append(&mut new);
        policy.channels = table;
        // "no channel left (at `channels`)", judged only if there is no other fault inside.
        if self.report.violation_count == faults_before && policy.channels.is_empty() {
            self.conflict(ONE_CHANNEL, &pointer.text, value, 0);
        }
    }

    fn channel(&mut self, name: &str, member: &Member, pointer: &Pointer, policy: &mut Policy) {
        let valid_name = is_channel_name(name);
        if !valid_name {
            let fault = Diagnostic::new("out_of_range").expected(NAME_WORDS);
            self.report.add(fault.at_key(&pointer.text, &member.key));
        }
        if matches!(member.value.kind, Kind::Null) {
            // "`"VIBER": null` takes a channel away".
            if valid_name && !TABLE.contains(&name) {
                let fault = Diagnostic::new("unknown_channel").suggestion(nearest(name, &TABLE));
                self.report.add(fault.at_key(&pointer.text, &member.key));
            }
            policy.channels.retain(|channel| channel.name != name);
            return;
        }
        let Some(members) = self.object(&member.value, pointer, "object or null") else { return };
        let known = self.known(members, pointer, &CHANNEL);
        let old = policy.channels.iter().find(|channel| channel.name == name).cloned();
        let mut channel = old.unwrap_or_else(|| Channel::new(name, "opaque"));
        let accepted = self.channel_members(&known, pointer, &mut channel);
        self.conflicts(&channel, &known, &accepted, pointer);
        policy.channels.retain(|channel| channel.name != name);
        policy.channels.push(channel);
    }

    /// Reads what the file names into the channel; gives the names whose values are accepted.
    fn channel_members(
        &mut self,
        known: &Known<'_>,
        pointer: &Pointer,
        channel: &mut Channel,
    ) -> BTreeSet<&'static str> {
        let mut accepted: BTreeSet<&'static str> = CHANNEL.into_iter().collect();
        for (&name, member) in known {
            let below = pointer.key(&member.key);
            let value = &member.value;
            let is_null = matches!(value.kind, Kind::Null);
            let good = match name {
                "requires" => self.requires(value, &below).map(|list| channel.requires = list),
                "address" => self.word(value, &below, &ADDRESSES, ADDRESS_WORDS).map(|word| channel.address = word),
                "text" => self.number(value, &below, "integer", 1, 100_000).map(|limit| channel.text = limit),
                "textWarning" if is_null => {
                    channel.text_warning = None;
                    Some(())
                }
                "textWarning" => self
                    .number(value, &below, "integer or null", 1, 100_000)
                    .map(|limit| channel.text_warning = Some(limit)),
                _ if is_null => {
                    channel.national = None;
                    Some(())
                }
                _ => self.national(value, &below).map(|rule| channel.national = Some(rule)),
            };
            if good.is_none() {
                accepted.remove(name);
            }
        }
        accepted
    }

    /// "`requires`: only clientId, unauthorizedClientId, appMarker."
    fn requires(&mut self, value: &Value, pointer: &Pointer) -> Option<Vec<String>> {
        let Kind::Array(elements) = &value.kind else {
            self.mismatch("array", pointer, value);
            return None;
        };
        let mut words = BTreeSet::new();
        let mut good = true;
        for (index, element) in elements.iter().enumerate() {
            match self.word(element, &pointer.index(index), &REQUIRABLE, REQUIRES_WORDS) {
                Some(word) => {
                    words.insert(word);
                }
                None => good = false,
            }
        }
        let listed = REQUIRABLE.into_iter().filter(|word| words.contains(*word));
        good.then(|| listed.map(str::to_owned).collect())
    }

    /// "`national`: … all three or none; prefix and country 1–3 digits, country not beginning
    /// with 0, prefix not with 00; length 7–15."
    fn national(&mut self, value: &Value, pointer: &Pointer) -> Option<National> {
        let members = self.object(value, pointer, "object or null")?;
        let known = self.known(members, pointer, &NATIONAL);
        let prefix = self
            .required(&known, "prefix", value, pointer)
            .and_then(|member| self.digits(&member.value, &pointer.key(&member.key), "00", PREFIX_WORDS));
        let country = self
            .required(&known, "country", value, pointer)
            .and_then(|member| self.digits(&member.value, &pointer.key(&member.key), "0", COUNTRY_WORDS));
        let length = self
            .required(&known, "length", value, pointer)
            .and_then(|member| self.number(&member.value, &pointer.key(&member.key), "integer", 7, 15));
        Some(National { prefix: prefix?, country: country?, length: length? })
    }

    /// "an absent member of `national` `missing_field`".
    fn required<'b>(
        &mut self,
        known: &Known<'b>,
        name: &'static str,
        object: &Value,
        pointer: &Pointer,
    ) -> Option<&'b Member> {
        if !known.contains_key(name) {
            let rank = NATIONAL.iter().position(|other| *other == name).unwrap_or_default();
            let fault = Diagnostic::new("missing_field").rank(rank);
            let pointer = pointer.name(name);
            self.report.add(fault.at(&pointer.text, object.start, object.start + 1));
        }
        known.get(name).copied()
    }

    fn digits(&mut self, value: &Value, pointer: &Pointer, not_beginning_with: &str, words: &str) -> Option<String> {
        let text = self.string(value, pointer)?;
        let good = (1..=3).contains(&text.len())
            && text.chars().all(|character| character.is_ascii_digit())
            && !text.starts_with(not_beginning_with);
        if !good {
            self.bad_word(words, pointer, value);
        }
        good.then_some(text)
    }

    /// "`policy_conflict`: `textWarning` not below `text` and `national` on another kind (at
    /// the later of the two where the file names both, else at the one it names), a rewriting
    /// whose result is not 7–15 digits long (at `national`)."
    fn conflicts(
        &mut self,
        channel: &Channel,
        known: &Known<'_>,
        accepted: &BTreeSet<&'static str>,
        pointer: &Pointer,
    ) {
        let both = |left, right| accepted.contains(left) && accepted.contains(right);
        if both("text", "textWarning")
            && channel.text_warning.is_some_and(|warning| warning >= channel.text)
            && let Some(member) = later(known, "text", "textWarning")
        {
            let pointer = pointer.key(&member.key);
            self.conflict(WARNING_BELOW_TEXT, &pointer.text, &member.value, 0);
        }
        let Some(rule) = &channel.national else { return };
        let mut at_national = false;
        if both("address", "national")
            && channel.address != "phone"
            && let Some(member) = later(known, "address", "national")
        {
            let place = pointer.key(&member.key);
            self.conflict(NATIONAL_WITH_PHONE, &place.text, &member.value, 0);
            at_national = member.key.text().as_deref() == Some("national");
        }
        let rewritten = rule.length + rule.country.len() as u64 - rule.prefix.len() as u64;
        // A value has at most one violation.
        if !(7..=15).contains(&rewritten)
            && !at_national
            && accepted.contains("national")
            && let Some(member) = known.get("national")
        {
            let pointer = pointer.key(&member.key);
            self.conflict(REWRITTEN_LENGTH, &pointer.text, &member.value, 1);
        }
    }

    fn conflict(&mut self, expected: &str, pointer: &str, value: &Value, rank: usize) {
        let fault = Diagnostic::new("policy_conflict").expected(expected).rank(rank);
        self.report.add(fault.at_value(pointer, value));
    }

    fn mismatch(&mut self, expected: &str, pointer: &Pointer, value: &Value) {
        self.report.add(Diagnostic::mismatch(expected, &pointer.text, value));
        self.report.read_inside(pointer, value);
    }

    fn duplicate(&mut self, pointer: &Pointer, member: &Member, first: &Key) {
        let fault = Diagnostic::new("duplicate_field").related(first);
        self.report.add(fault.at_key(&pointer.text, &member.key));
        self.report.read_only(pointer, &member.value);
    }

    fn bad_word(&mut self, expected: &str, pointer: &Pointer, value: &Value) {
        let fault = Diagnostic::new("out_of_range").expected(expected);
        self.report.add(fault.at_value(&pointer.text, value));
    }

    fn object<'b>(&mut self, value: &'b Value, pointer: &Pointer, expected: &str) -> Option<&'b [Member]> {
        if let Kind::Object(members) = &value.kind {
            return Some(members);
        }
        self.mismatch(expected, pointer, value);
        None
    }

    /// Sorts an object's members; unknown, repeated and broken keys are reported.
    fn known<'b>(&mut self, members: &'b [Member], pointer: &Pointer, names: &[&'static str]) -> Known<'b> {
        let mut known = Known::new();
        for member in members {
            let Some(text) = member.key.text() else {
                self.report.lone_key(pointer, &member.key, &member.value);
                continue;
            };
            let below = pointer.key(&member.key);
            let Some(name) = names.iter().find(|name| **name == text) else {
                let fault = Diagnostic::new("unknown_field").suggestion(nearest(&text, names));
                self.report.add(fault.at_key(&below.text, &member.key));
                self.report.read_only(&below, &member.value);
                continue;
            };
            match known.get(name) {
                Some(first) => self.duplicate(&below, member, &first.key),
                None => {
                    known.insert(name, member);
                }
            }
        }
        known
    }

    /// A string; policy strings are not trimmed.
    fn string(&mut self, value: &Value, pointer: &Pointer) -> Option<String> {
        let Kind::String(units) = &value.kind else {
            self.mismatch("string", pointer, value);
            return None;
        };
        let text = String::from_utf16(units).ok();
        if text.is_none() {
            self.report.add(Diagnostic::new("invalid_unicode").at_value(&pointer.text, value));
        }
        text
    }

    /// "A bad word … is `out_of_range`."
    fn word(&mut self, value: &Value, pointer: &Pointer, words: &[&str], expected: &str) -> Option<String> {
        let text = self.string(value, pointer)?;
        if words.contains(&text.as_str()) {
            return Some(text);
        }
        self.bad_word(expected, pointer, value);
        None
    }

    fn number(&mut self, value: &Value, pointer: &Pointer, expected: &str, low: u64, high: u64) -> Option<u64> {
        let number = match &value.kind {
            Kind::Number(raw) => integer(raw),
            _ => Integer::Fraction,
        };
        if number == Integer::Fraction {
            self.mismatch(expected, pointer, value);
            return None;
        }
        match within(&number, low, high) {
            Ok(number) => Some(number),
            Err(bound) => {
                let fault = Diagnostic::new("out_of_range").limit(bound);
                self.report.add(fault.at_value(&pointer.text, value));
                None
            }
        }
    }
}

/// "Channel names: a capital, then capitals, digits, `_`, at most 64."
fn is_channel_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_uppercase())
        && characters.all(|character| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_')
        && name.len() <= 64
}

/// "at the later of the two where the file names both, else at the one it names".
fn later<'a>(known: &Known<'a>, left: &str, right: &str) -> Option<&'a Member> {
    let named = [known.get(left), known.get(right)];
    named.into_iter().flatten().copied().max_by_key(|member| member.key.start)
}
