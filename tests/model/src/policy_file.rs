//! A policy is read by the same reader under the default limits, with the same diagnostics.

use std::collections::{BTreeMap, BTreeSet};

use crate::country;
use crate::diagnostic::{Diagnostic, Pointer, Report, WARNINGS};
use crate::hint::{channel as nearest_channel, nearest, spelled_otherwise};
use crate::json::{Key, Kind, Member, Value, parse};
use crate::number::{Integer, integer, within};
use crate::policy::{Channel, National, Policy, TABLE, UnknownFields};

const POLICY: [&str; 4] = ["unknownFields", "refuse", "limits", "channels"];
const LIMITS: [&str; 7] = ["body", "depth", "attachments", "identifier", "address", "violations", "warnings"];
const CHANNEL: [&str; 6] = ["requires", "address", "text", "textWarning", "captionWarning", "national"];
const NATIONAL: [&str; 3] = ["prefix", "country", "length"];
const ADDRESSES: [&str; 6] = ["phone", "bsuid", "token", "email", "numeric", "opaque"];
const REQUIRABLE: [&str; 3] = ["clientId", "unauthorizedClientId", "appMarker"];

/// "at most 256 channels in all", "1 to 4 kinds", "1 to 8 rules".
const MAX_CHANNELS: usize = 256;
const MAX_ADDRESSES: usize = 4;
const MAX_NATIONAL: usize = 8;

/// The words for `expected`.
const UNKNOWN_FIELDS_WORDS: &str = "reject, drop or keep";
const REFUSE_WORDS: &str = "the code of a warning";
const ADDRESS_WORDS: &str = "phone, bsuid, token, email, numeric or opaque";
const REQUIRES_WORDS: &str = "clientId, unauthorizedClientId or appMarker";
const NAME_WORDS: &str = "a capital, then capitals, digits or _, at most 64 in all";
const PREFIX_WORDS: &str = "0 to 3 digits, not beginning with 00";
const COUNTRY_WORDS: &str = "1 to 4 digits that begin with a country code";
const ONCE: &str = "named once";
const ONE_ADDRESS: &str = "at least one address kind";
const TEXT_WARNING_BELOW: &str = "textWarning below text";
const CAPTION_WARNING_BELOW: &str = "captionWarning below text";
const NATIONAL_WITH_PHONE: &str = "national only with phone";
const REWRITTEN: &str = "a rewritten number of 7 to 15 digits that does not read as national";
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
        let default = Policy::default();
        let mut report = Report::new(&default, bytes, true);
        if bytes.len() as u64 > limits.body {
            let fault = Diagnostic::new("body_too_large").limit(limits.body);
            report.add(fault.count(bytes.len() as u64));
        } else {
            match parse(bytes, limits.depth) {
                Err(fault) => report.add(fault.diagnostic(bytes)),
                Ok(value) => File { body: bytes, report: &mut report, rules: Vec::new() }.policy(&value, &mut policy),
            }
        }
        let mut findings = report.finish(limits.violations, limits.warnings);
        // "no fixes".
        findings.violations.iter_mut().for_each(|fault| fault.fix = None);
        if findings.violations.is_empty() { Ok(policy) } else { Err(findings.violations) }
    }
}

struct File<'a, 'b> {
    body: &'a [u8],
    report: &'b mut Report<'a>,
    /// The national rules without a fault of the channel that is being read, and where they stand.
    rules: Vec<(Pointer, Value, National)>,
}

/// The members of an object that count: the first one of every known name.
type Known<'a> = BTreeMap<&'static str, &'a Member>;

impl File<'_, '_> {
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
        if let Some(member) = known.get("refuse")
            && let Some(codes) = self.words(&member.value, &root.key(&member.key), &WARNINGS, REFUSE_WORDS)
        {
            policy.refuse = codes;
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
        let mut counted: BTreeSet<String> = TABLE.into_iter().map(str::to_owned).collect();
        let mut not_there = Vec::new();
        for (index, member) in members.iter().enumerate() {
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
            // "at most 256 channels in all, those taken away counted, bad names not
            // (`too_many_items`, at the key of the first one too many; the rest is only read)".
            if is_channel_name(&name) {
                counted.insert(name.clone());
            }
            if counted.len() > MAX_CHANNELS {
                let fault = Diagnostic::new("too_many_items").limit(MAX_CHANNELS as u64);
                self.report.add(fault.at_key(&below.text, &member.key));
                self.report.read_only(&below, &member.value);
                self.only_read(&members[index + 1..], pointer);
                break;
            }
            if matches!(member.value.kind, Kind::Null) && is_channel_name(&name) && !TABLE.contains(&name.as_str()) {
                not_there.push((name, member));
                continue;
            }
            self.channel(&name, member, &below, policy);
        }
        let (mut table, mut new): (Vec<Channel>, Vec<Channel>) =
            policy.channels.drain(..).partition(|channel| TABLE.contains(&channel.name.as_str()));
        table.sort_by_key(|channel| TABLE.iter().position(|name| *name == channel.name));
        new.sort_by_key(|channel| channel.name.clone());
        table.append(&mut new);
        policy.channels = table;
        // "a channel that is taken away but does not exist `unknown_channel`"; "hints as for fields
        // and channels (over the names of the policy that the file makes)".
        let names: Vec<&str> = policy.channels.iter().map(|channel| channel.name.as_str()).collect();
        let names: Vec<&str> = names.into_iter().filter(|name| is_channel_name(name)).collect();
        for (name, member) in not_there {
            let fault = Diagnostic::new("unknown_channel").suggestion(nearest_channel(&name, &names));
            self.report.add(fault.at_key(&pointer.key(&member.key).text, &member.key));
        }
        // "no channel left (at `channels`)", judged only if there is no other fault inside.
        if self.report.violation_count == faults_before && policy.channels.is_empty() {
            self.conflict(ONE_CHANNEL, &pointer.text, value, 0);
        }
    }

    fn only_read(&mut self, members: &[Member], pointer: &Pointer) {
        for member in members {
            match member.key.text() {
                None => self.report.lone_key(pointer, &member.key, &member.value),
                Some(_) => self.report.read_only(&pointer.key(&member.key), &member.value),
            }
        }
    }

    fn channel(&mut self, name: &str, member: &Member, pointer: &Pointer, policy: &mut Policy) {
        if !is_channel_name(name) {
            let fault = Diagnostic::new("out_of_range").expected(NAME_WORDS);
            self.report.add(fault.at_key(&pointer.text, &member.key));
        }
        if matches!(member.value.kind, Kind::Null) {
            // "`"VIBER": null` takes a channel away".
            policy.channels.retain(|channel| channel.name != name);
            return;
        }
        let old = policy.channels.iter().find(|channel| channel.name == name).cloned();
        let mut channel = old.unwrap_or_else(|| Channel::new(name, &["opaque"]));
        let Some(members) = self.object(&member.value, pointer, "object or null") else {
            // It is none, but hints are over names, and the file has this one.
            policy.channels.retain(|channel| channel.name != name);
            policy.channels.push(channel);
            return;
        };
        let known = self.known(members, pointer, &CHANNEL);
        self.rules.clear();
        let accepted = self.channel_members(&known, pointer, &mut channel);
        self.conflicts(&mut channel, &known, &accepted, pointer);
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
                "requires" => {
                    self.words(value, &below, &REQUIRABLE, REQUIRES_WORDS).map(|list| channel.requires = list)
                }
                "address" => self.address(value, &below).map(|kinds| channel.address = kinds),
                "text" => self.number(value, &below, "integer", 1, 100_000).map(|limit| channel.text = limit),
                "textWarning" => self.warning_length(value, &below).map(|limit| channel.text_warning = limit),
                "captionWarning" => self.warning_length(value, &below).map(|limit| channel.caption_warning = limit),
                _ if is_null => {
                    channel.national = Vec::new();
                    Some(())
                }
                _ => self.national(value, &below).map(|rules| channel.national = rules),
            };
            if good.is_none() {
                accepted.remove(name);
            }
        }
        accepted
    }

    /// "`textWarning` and `captionWarning` 1–100,000"; null means none.
    fn warning_length(&mut self, value: &Value, pointer: &Pointer) -> Option<Option<u64>> {
        if matches!(value.kind, Kind::Null) {
            return Some(None);
        }
        self.number(value, pointer, "integer or null", 1, 100_000).map(Some)
    }

    /// "`requires`: only clientId, unauthorizedClientId, appMarker", "`refuse`: codes of the group of
    /// warnings", "each once (`out_of_range` at the later one)"; given in the words' order.
    fn words(
        &mut self,
        value: &Value,
        pointer: &Pointer,
        words: &[&'static str],
        expected: &str,
    ) -> Option<Vec<String>> {
        let Kind::Array(elements) = &value.kind else {
            self.mismatch("array", pointer, value);
            return None;
        };
        let found = self.elements(elements, pointer, words, expected)?;
        let listed = words.iter().filter(|word| found.iter().any(|other| other == *word));
        Some(listed.map(|word| (*word).to_owned()).collect())
    }

    /// Every element a word, and each once.
    fn elements(
        &mut self,
        elements: &[Value],
        pointer: &Pointer,
        words: &[&'static str],
        expected: &str,
    ) -> Option<Vec<String>> {
        let mut found: Vec<String> = Vec::new();
        let mut good = true;
        for (index, element) in elements.iter().enumerate() {
            let pointer = pointer.index(index);
            match self.word(element, &pointer, words, expected) {
                Some(word) if found.contains(&word) => {
                    self.bad_word(ONCE, &pointer, element);
                    good = false;
                }
                Some(word) => found.push(word),
                None => good = false,
            }
        }
        good.then_some(found)
    }

    /// "`address` may be one kind without the array"; "1 to 4 kinds"; "a kind too many
    /// `too_many_items`"; "`out_of_range` at an empty `address`".
    fn address(&mut self, value: &Value, pointer: &Pointer) -> Option<Vec<String>> {
        match &value.kind {
            Kind::String(_) => Some(vec![self.word(value, pointer, &ADDRESSES, ADDRESS_WORDS)?]),
            Kind::Array(elements) if elements.is_empty() => {
                self.bad_word(ONE_ADDRESS, pointer, value);
                None
            }
            Kind::Array(elements) => {
                let few = self.too_many(elements, pointer, MAX_ADDRESSES);
                let found = self.elements(few, pointer, &ADDRESSES, ADDRESS_WORDS)?;
                (few.len() == elements.len()).then_some(found)
            }
            _ => {
                self.mismatch("string or array", pointer, value);
                None
            }
        }
    }

    /// The elements that count: those behind the first one too many are only read.
    fn too_many<'b>(&mut self, elements: &'b [Value], pointer: &Pointer, most: usize) -> &'b [Value] {
        for (index, element) in elements.iter().enumerate().skip(most) {
            let pointer = pointer.index(index);
            if index == most {
                let fault = Diagnostic::new("too_many_items").limit(most as u64);
                self.report.add(fault.at_value(&pointer.text, element));
                self.report.read_inside(&pointer, element);
            } else {
                self.report.read_only(&pointer, element);
            }
        }
        &elements[..elements.len().min(most)]
    }

    /// "`national` one rule without the array", "1 to 8 rules (an empty array: none)".
    fn national(&mut self, value: &Value, pointer: &Pointer) -> Option<Vec<National>> {
        match &value.kind {
            Kind::Object(_) => Some(vec![self.rule(value, pointer)?]),
            Kind::Array(elements) => {
                let few = self.too_many(elements, pointer, MAX_NATIONAL);
                let rules: Vec<Option<National>> =
                    few.iter().enumerate().map(|(index, rule)| self.rule(rule, &pointer.index(index))).collect();
                if few.len() < elements.len() { None } else { rules.into_iter().collect() }
            }
            _ => {
                self.mismatch("object, array or null", pointer, value);
                None
            }
        }
    }

    /// "each with all three members; prefix 0–3 digits, not beginning with 00; country 1–4 digits that
    /// begin with an assigned country code; length 4–15".
    fn rule(&mut self, value: &Value, pointer: &Pointer) -> Option<National> {
        let members = self.object(value, pointer, "object")?;
        let known = self.known(members, pointer, &NATIONAL);
        let is_prefix = |text: &str| text.len() <= 3 && !text.starts_with("00");
        let is_country = |text: &str| (1..=4).contains(&text.len()) && country::code(text).is_some();
        let prefix = self
            .required(&known, "prefix", value, pointer)
            .and_then(|member| self.digits(&member.value, &pointer.key(&member.key), &is_prefix, PREFIX_WORDS));
        let country = self
            .required(&known, "country", value, pointer)
            .and_then(|member| self.digits(&member.value, &pointer.key(&member.key), &is_country, COUNTRY_WORDS));
        let length = self
            .required(&known, "length", value, pointer)
            .and_then(|member| self.number(&member.value, &pointer.key(&member.key), "integer", 4, 15));
        let rule = National { prefix: prefix?, country: country?, length: length? };
        self.rules.push((pointer.clone(), value.clone(), rule.clone()));
        Some(rule)
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

    fn digits(
        &mut self,
        value: &Value,
        pointer: &Pointer,
        is_good: &dyn Fn(&str) -> bool,
        words: &str,
    ) -> Option<String> {
        let text = self.string(value, pointer)?;
        let good = text.chars().all(|character| character.is_ascii_digit()) && is_good(&text);
        if !good {
            self.bad_word(words, pointer, value);
        }
        good.then_some(text)
    }

    /// "`policy_conflict` (between members that have no fault of their own): `textWarning` or
    /// `captionWarning` not below `text`, and `national` without `phone` (at the later of the two where
    /// the file names both, else at the one it names), a rule whose result is not 7–15 digits long, or is
    /// 11 digits long and begins with 87 (at the rule)."
    fn conflicts(
        &mut self,
        channel: &mut Channel,
        known: &Known<'_>,
        accepted: &BTreeSet<&'static str>,
        pointer: &Pointer,
    ) {
        let both = |left, right| accepted.contains(left) && accepted.contains(right);
        let warnings = [
            ("textWarning", TEXT_WARNING_BELOW, &mut channel.text_warning),
            ("captionWarning", CAPTION_WARNING_BELOW, &mut channel.caption_warning),
        ];
        // One value has one violation, though it may be in two conflicts.
        let mut at_text = false;
        for (name, expected, length) in warnings {
            if !both("text", name) || length.is_none_or(|length| length < channel.text) {
                continue;
            }
            // "A warning length that comes from the default table and is not below the `text` that the
            // file names is none."
            if !known.contains_key(name) {
                *length = None;
                continue;
            }
            let Some(member) = later(known, "text", name) else { continue };
            let is_text = member.key.text().as_deref() == Some("text");
            if !(is_text && at_text) {
                self.conflict(expected, &pointer.key(&member.key).text, &member.value, 0);
            }
            at_text |= is_text;
        }
        let mut without_phone = None;
        if both("address", "national")
            && !channel.national.is_empty()
            && !channel.address.iter().any(|kind| kind == "phone")
            && let Some(member) = later(known, "address", "national")
        {
            self.conflict(NATIONAL_WITH_PHONE, &pointer.key(&member.key).text, &member.value, 0);
            without_phone = Some(member.value.start);
        }
        for (pointer, value, rule) in std::mem::take(&mut self.rules) {
            let length = rule.length + rule.country.len() as u64 - rule.prefix.len() as u64;
            let reads_as_national = length == 11 && rule.country.starts_with("87");
            if (7..=15).contains(&length) && !reads_as_national {
                continue;
            }
            // A value has at most one violation.
            if without_phone != Some(value.start) {
                self.conflict(REWRITTEN, &pointer.text, &value, 1);
            }
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
                // "hints as for fields and channels".
                let spelled = || spelled_otherwise(&text, names).map(str::to_owned);
                let fault = Diagnostic::new("unknown_field").suggestion(nearest(&text, names).or_else(spelled));
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
            self.report.add(Diagnostic::lone_surrogate(self.body, &pointer.text, value.start, value.end));
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
                // "A number out of its range has `expected`, the range as `MIN to MAX`."
                let fault = Diagnostic::new("out_of_range").limit(bound).expected(&format!("{low} to {high}"));
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
