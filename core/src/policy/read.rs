//! Reading a policy file (contract §5): what it names changes the default, and all of its faults
//! are reported with their places.

use super::index::Index;
use super::{Policy, UnknownFields};
use crate::code::{Code, Severity, Warnings};
use crate::field::FieldSet;
use crate::findings::{Detail, Findings};
use crate::json::cursor::{Array, Member, Object};
use crate::json::document;
use crate::json::members::Names;
use crate::json::number::{self, Integer};
use crate::json::reader::Reader;
use crate::json::scan;
use crate::json::stop::Read;
use crate::json::string::{Form, Token};
use crate::limits::{Limit, Limits, Range, TEXT_RANGE};
use crate::memory::{self, OutOfMemory};
use crate::path::Step;
use crate::policy::channel::{self, REQUIRABLE, Row};
use crate::rules::address::{AddressKind, Kinds, MOST_NATIONAL, National, NationalRules};
use crate::rules::channel_name::Name;
use crate::rules::suggest;
use alloc::vec::Vec;
use core::mem;

/// The members of a policy.
#[derive(Clone, Copy)]
enum PolicyMember {
    UnknownFields,
    Refuse,
    Limits,
    Channels,
}

const POLICY: Names<PolicyMember, 4> = Names::new([
    ("unknownFields", PolicyMember::UnknownFields),
    ("refuse", PolicyMember::Refuse),
    ("limits", PolicyMember::Limits),
    ("channels", PolicyMember::Channels),
]);

const LIMITS: Names<Limit, 7> = Names::new(Limits::ROWS);

/// The members of a channel.
#[derive(Clone, Copy)]
enum ChannelMember {
    Requires,
    Address,
    Text,
    TextWarning,
    CaptionWarning,
    National,
}

const CHANNEL: Names<ChannelMember, 6> = Names::new([
    ("requires", ChannelMember::Requires),
    ("address", ChannelMember::Address),
    ("text", ChannelMember::Text),
    ("textWarning", ChannelMember::TextWarning),
    ("captionWarning", ChannelMember::CaptionWarning),
    ("national", ChannelMember::National),
]);

const CHANNEL_MEMBERS: usize = CHANNEL.names().len();

/// The members of a national rule.
#[derive(Clone, Copy)]
enum NationalMember {
    Prefix,
    Country,
    Length,
}

const NATIONAL: Names<NationalMember, 3> = Names::new([
    ("prefix", NationalMember::Prefix),
    ("country", NationalMember::Country),
    ("length", NationalMember::Length),
]);

/// As long as the longest name of a channel; words are shorter.
const SHORT: usize = crate::rules::channel_name::MAX_NAME;

/// What is said of an item that its list has already.
const ONCE: Detail = Detail::Expected("named once");

/// Reads the policy in `json`; none if there is a fault, and then `findings` has them all.
pub(crate) fn read(json: &[u8], findings: &mut Findings) -> Result<Option<Policy>, OutOfMemory> {
    let mut policy = Policy::try_default()?;
    let mut names = Spoken { keys: Vec::new(), new: Index::new(), invalid: Vec::new(), too_many: false };
    memory::put(&mut names.keys, &[Key::NONE; channel::TABLE.len()])?;
    document::read(json, &Limits::DEFAULT, Warnings::NONE, findings, |reader, at| {
        let mut file = File { reader, policy: &mut policy, names: &mut names };
        let result = file.policy(at);
        (file.reader, result)
    })?;
    if findings.rejected() {
        return Ok(None);
    }
    if !names.new.is_empty() {
        policy.rows = names.new.sorted(&policy.rows, channel::TABLE.len())?;
    }
    Ok(Some(policy))
}

/// The names of channels that the file has spoken of.
struct Spoken {
    /// Where each row was first named.
    keys: Vec<Key>,
    /// The rows behind those of the table.
    new: Index,
    /// Keys that no channel can have.
    invalid: Vec<Token>,
    /// There was one channel too many: all that follows is only read.
    too_many: bool,
}

/// Where the key of a channel stands: at 0 if the file does not name it.
#[derive(Clone, Copy)]
struct Key {
    at: u32,
    length: u32,
}

impl Key {
    const NONE: Key = Key { at: 0, length: 0 };

    fn of(token: &Token) -> Key {
        let at = token.start.wrapping_sub(1);
        Key { at, length: token.end.wrapping_add(1).wrapping_sub(at) }
    }
}

struct File<'b, 'p, 'f> {
    reader: Reader<'b, 'f>,
    policy: &'p mut Policy,
    names: &'p mut Spoken,
}

/// The value, none if it has a fault; and the place after it.
type Value<T> = Read<(Option<T>, u32)>;

impl File<'_, '_, '_> {
    fn policy(&mut self, at: u32) -> Read<u32> {
        let mut object = self.object(at, "object")?;
        while let Some((member, _, value)) = self.member(&mut object, &POLICY)? {
            object.after = match member {
                PolicyMember::UnknownFields => {
                    let (unknown_fields, end) = self.word(value, "reject, drop or keep", UnknownFields::parse)?;
                    self.policy.unknown_fields = unknown_fields.unwrap_or_default();
                    end
                }
                PolicyMember::Refuse => {
                    let (refuses, end) = self.refuse(value)?;
                    self.policy.refuses = refuses.unwrap_or_default();
                    end
                }
                PolicyMember::Limits => self.limits(value)?,
                PolicyMember::Channels => self.channels(value)?,
            };
        }
        Ok(object.after)
    }

    fn limits(&mut self, at: u32) -> Read<u32> {
        let mut object = self.object(at, "object")?;
        while let Some((limit, _, value)) = self.member(&mut object, &LIMITS)? {
            let number;
            (number, object.after) = self.integer(value, limit.range, "integer")?;
            if let Some(number) = number {
                *(limit.of)(&mut self.policy.limits) = number;
            }
        }
        Ok(object.after)
    }

    fn channels(&mut self, at: u32) -> Read<u32> {
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let faults = self.reader.findings.violations();
        let mut object = Object::new(at);
        // Any name can be a channel's.
        while let Some(member) = object.next(&mut self.reader, &[])? {
            object.after = match member {
                Member::Known(_, _, value) => value,
                Member::Other(key, value) => self.channel_member(key, value)?,
            };
        }
        let end = object.after;
        self.report_unknown_channels()?;
        // A full list can't grow, but then nothing that stands here gets into it.
        let faultless = self.reader.findings.violations() == faults;
        if faultless && self.policy.rows.iter().all(|row| row.removed) {
            let detail = Detail::Expected("at least one channel");
            self.reader.report(Code::PolicyConflict, at, end.wrapping_sub(at), detail)?;
        }
        Ok(end)
    }

    /// Reads a channel under the name that it is given.
    fn channel_member(&mut self, token: Token, value: u32) -> Read<u32> {
        if self.names.too_many {
            return self.reader.pass_over(value);
        }
        let key = Key::of(&token);
        let name = self.short(&token, &mut [0; SHORT]).and_then(Name::parse);
        let number = name.and_then(|name| {
            let is_it = |row: &Row| row.name == name;
            let table = self.policy.rows.iter().take(channel::TABLE.len()).position(is_it);
            table.or_else(|| self.names.new.find(&self.policy.rows, &name))
        });
        if let Some(first) = self.first(&token, name, number) {
            return self.reader.repeated(key.at, first, value);
        }
        let (number, mut row) = match (number, name) {
            // A channel of the table; it has not been spoken of before.
            (Some(number), _) => {
                if let Some(to) = self.names.keys.get_mut(number) {
                    *to = key;
                }
                (Some(number), self.policy.rows.get(number).copied().unwrap_or(Row::new(Name::EMPTY)))
            }
            (None, Some(_)) if self.policy.rows.len() >= channel::MOST => {
                self.names.too_many = true;
                let detail = Detail::Limit(channel::MOST as u64);
                self.reader.report(Code::TooManyItems, key.at, key.length, detail)?;
                return self.reader.pass_over(value);
            }
            (None, Some(name)) => {
                let number = self.policy.rows.len();
                memory::put(&mut self.policy.rows, &[Row::new(name)])?;
                memory::put(&mut self.names.keys, &[key])?;
                self.names.new.add(&self.policy.rows, number as u32)?;
                (Some(number), Row::new(name))
            }
            (None, None) => {
                // More than can be reported need not be remembered.
                if self.names.invalid.len() < Limits::DEFAULT.violations as usize {
                    memory::put(&mut self.names.invalid, &[token])?;
                }
                let detail = Detail::Expected("a capital, then capitals, digits or _, at most 64 in all");
                self.reader.report(Code::OutOfRange, key.at, key.length, detail)?;
                (None, Row::new(Name::EMPTY))
            }
        };
        let end = if self.reader.is_null(value) {
            row.removed = true;
            value.wrapping_add(4)
        } else {
            self.channel(value, &mut row)?
        };
        if let Some(to) = number.and_then(|number| self.policy.rows.get_mut(number)) {
            *to = row;
        }
        Ok(end)
    }

    /// Reports the channels that are taken away but do not exist. That waits until all channels are
    /// known, for one that the file adds may be meant.
    fn report_unknown_channels(&mut self) -> Read<()> {
        let is_unknown = |(row, _): &(&Row, &Key)| row.removed;
        let added = |rows| Iterator::zip(rows, &self.names.keys).skip(channel::TABLE.len());
        if !added(self.policy.rows.iter()).any(|named| is_unknown(&named)) {
            return Ok(());
        }
        // The policy is none, so nobody else needs the index.
        let new = mem::replace(&mut self.names.new, Index::new());
        let sorted = new.sorted(&self.policy.rows, channel::TABLE.len())?;
        let channels = || sorted.iter().filter(|row| !row.removed);
        for (row, key) in added(self.policy.rows.iter()).filter(is_unknown) {
            let nearest = suggest::channel(row.name.as_str(), channels().map(|row| row.name.as_bytes()));
            let detail = match nearest.and_then(|index| channels().nth(index)) {
                Some(channel) => self.reader.findings.suggested_name(channel.name)?,
                None => Detail::None,
            };
            self.reader.path.enter();
            self.reader.path.set(Step::key(key.at));
            self.reader.report(Code::UnknownChannel, key.at, key.length, detail)?;
            self.reader.path.leave();
        }
        Ok(())
    }

    /// The text of a string in Latin-1, if it is no longer than names and words are.
    fn short<'t>(&self, token: &Token, buffer: &'t mut [u8; SHORT]) -> Option<&'t [u8]> {
        let mut len = 0_usize;
        for c in self.reader.scalars(token) {
            *buffer.get_mut(len)? = u8::try_from(c).ok()?;
            len = len.wrapping_add(1);
        }
        buffer.get(..len)
    }

    /// The first key of this name, if this is not it.
    fn first(&self, token: &Token, name: Option<Name>, number: Option<usize>) -> Option<u32> {
        if name.is_some() {
            return self.names.keys.get(number?).map(|key| key.at).filter(|at| *at != 0);
        }
        let same = |earlier: &&Token| self.reader.scalars(earlier).eq(self.reader.scalars(token));
        self.names.invalid.iter().find(same).map(|first| first.start.wrapping_sub(1))
    }

    fn channel(&mut self, at: u32, row: &mut Row) -> Read<u32> {
        let mut settings = [Setting::ABSENT; CHANNEL_MEMBERS];
        let mut writes_none = false;
        let mut object = self.object(at, "object or null")?;
        while let Some((member, key, value)) = self.member(&mut object, &CHANNEL)? {
            let (accepted, end) = match member {
                ChannelMember::Requires => set(&mut row.requires, self.requires(value)?),
                ChannelMember::Address => set(&mut row.kinds, self.kinds(value)?),
                ChannelMember::Text => set(&mut row.text, self.integer(value, TEXT_RANGE, "integer")?),
                ChannelMember::TextWarning => set(&mut row.text_warning, self.warning_length(value)?),
                ChannelMember::CaptionWarning => set(&mut row.caption_warning, self.warning_length(value)?),
                ChannelMember::National => self.national(value, &mut row.national, &mut writes_none)?,
            };
            if let Some(to) = settings.get_mut(member as usize) {
                *to = Setting { key, at: value, end, accepted };
            }
            object.after = end;
        }
        self.conflicts(row, &settings, writes_none)?;
        Ok(object.after)
    }

    /// Judges settings that are good by themselves. `writes_none` says that the only national rule, without
    /// an array around it, would write no number.
    fn conflicts(&mut self, row: &mut Row, settings: &[Setting; CHANNEL_MEMBERS], writes_none: bool) -> Read<()> {
        let [_, address, text, text_warning, caption_warning, national] = settings;
        let lengths = [
            (&mut row.text_warning, text_warning, "textWarning below text"),
            (&mut row.caption_warning, caption_warning, "captionWarning below text"),
        ];
        let mut said_of_text = false;
        for (length, setting, expected) in lengths {
            if !text.accepted || !setting.accepted || length.is_none_or(|length| length < row.text) {
                continue;
            }
            let later = text.later(setting);
            if !setting.is_named() {
                // The file has not asked for it.
                *length = None;
            } else if !said_of_text || later.at != text.at {
                self.conflict(later, expected)?;
                // A value has at most one violation.
                said_of_text |= later.at == text.at;
            }
        }
        let has_rules = !row.national.as_slice().is_empty();
        let elsewhere = has_rules && address.accepted && national.accepted && !row.kinds.has(AddressKind::Phone);
        if elsewhere {
            self.conflict(address.later(national), "national only with phone")?;
        }
        if writes_none && !(elsewhere && address.later(national).at == national.at) {
            self.conflict(national, WRITES_A_NUMBER)?;
        }
        Ok(())
    }

    fn conflict(&mut self, setting: &Setting, expected: &'static str) -> Read<()> {
        self.reader.path.enter();
        self.reader.path.set(setting.key);
        let length = setting.end.wrapping_sub(setting.at);
        self.reader.report(Code::PolicyConflict, setting.at, length, Detail::Expected(expected))?;
        self.reader.path.leave();
        Ok(())
    }

    fn refuse(&mut self, at: u32) -> Value<Warnings> {
        let mut refuses = Warnings::NONE;
        let (accepted, end) = self.words(at, "the code of a warning", &mut |word| {
            let is_warning = |code: &Code| code.severity() == Severity::Warning;
            let code = Code::parse(core::str::from_utf8(word).ok()?).filter(is_warning)?;
            let is_new = !refuses.has(code);
            refuses = refuses.with(Warnings::of(code));
            Some(is_new)
        })?;
        Ok((accepted.then_some(refuses), end))
    }

    fn requires(&mut self, at: u32) -> Value<FieldSet> {
        let mut requires = FieldSet::default();
        let (accepted, end) = self.words(at, "clientId, unauthorizedClientId or appMarker", &mut |word| {
            let field = REQUIRABLE.into_iter().find(|field| field.name().as_bytes() == word)?;
            let is_new = !requires.has(field);
            requires = requires.and(field);
            Some(is_new)
        })?;
        Ok((accepted.then_some(requires), end))
    }

    /// Reads an array of words; `add` takes each that it knows, and says whether it is new. Returns whether
    /// all were accepted, and the place after the array.
    fn words(
        &mut self,
        at: u32,
        expected: &'static str,
        add: &mut dyn FnMut(&[u8]) -> Option<bool>,
    ) -> Read<(bool, u32)> {
        if self.reader.byte(at) != b'[' {
            return Ok((false, self.reader.type_mismatch(at, "array")?));
        }
        let mut accepted = true;
        let mut array = Array::new(at);
        while let Some((_, at)) = array.next(&mut self.reader, u32::MAX)? {
            let (is_new, end) = self.word(at, expected, &mut *add)?;
            if is_new == Some(false) {
                self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), ONCE)?;
            }
            accepted &= is_new == Some(true);
            array.after = end;
        }
        Ok((accepted, array.after))
    }

    /// Reads one address kind, or an array of them.
    fn kinds(&mut self, at: u32) -> Value<Kinds> {
        match self.reader.byte(at) {
            b'"' => {
                let (kind, end) = self.kind(at)?;
                return Ok((kind.map(Kinds::one), end));
            }
            b'[' => {}
            _ => return Ok((None, self.reader.type_mismatch(at, "string or array")?)),
        }
        let (mut kinds, mut accepted, mut is_empty) = (None::<Kinds>, true, true);
        let most = Kinds::MOST as u32;
        let mut array = Array::new(at);
        while let Some((index, at)) = array.next(&mut self.reader, most.wrapping_add(1))? {
            is_empty = false;
            if index == most {
                accepted = false;
                array.after = self.too_many(at, most)?;
                continue;
            }
            let (kind, end) = self.kind(at)?;
            match (kinds, kind) {
                (None, Some(kind)) => kinds = Some(Kinds::one(kind)),
                (Some(list), Some(kind)) => match list.and(kind) {
                    Some(longer) => kinds = Some(longer),
                    None => {
                        self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), ONCE)?;
                        accepted = false;
                    }
                },
                (_, None) => accepted = false,
            }
            array.after = end;
        }
        let end = array.after;
        if is_empty {
            let detail = Detail::Expected("at least one address kind");
            self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), detail)?;
        }
        Ok((kinds.filter(|_| accepted), end))
    }

    fn kind(&mut self, at: u32) -> Value<AddressKind> {
        self.word(at, AddressKind::WORDS, AddressKind::parse)
    }

    /// Reports an item too many.
    fn too_many(&mut self, at: u32, most: u32) -> Read<u32> {
        let (_, end) = self.reader.skip(at)?;
        self.reader.report(Code::TooManyItems, at, end.wrapping_sub(at), Detail::Limit(u64::from(most)))?;
        Ok(end)
    }

    /// Reads a length from which a channel warns.
    fn warning_length(&mut self, at: u32) -> Value<Option<u32>> {
        if self.reader.is_null(at) {
            return Ok((Some(None), at.wrapping_add(4)));
        }
        let (length, end) = self.integer(at, TEXT_RANGE, "integer or null")?;
        Ok((length.map(Some), end))
    }

    /// Reads national rules: an array of them, one, or null for none. Sets `writes_none` if it is one that
    /// would write no number: with the other conflicts that is reported, for it stands at the same place.
    /// Returns whether they were accepted, and the place after them.
    fn national(&mut self, at: u32, rules: &mut NationalRules, writes_none: &mut bool) -> Read<(bool, u32)> {
        *rules = NationalRules::new(National::NONE);
        if self.reader.is_null(at) {
            return Ok((true, at.wrapping_add(4)));
        }
        if self.reader.byte(at) != b'[' {
            let (rule, end) = self.national_rule(at, "object, array or null")?;
            *writes_none = rule == Some(Rule::WritesNone);
            return Ok((rule.and_then(|rule| rules.push(rule.or_none())).is_some(), end));
        }
        let mut accepted = true;
        let most = MOST_NATIONAL as u32;
        let mut array = Array::new(at);
        while let Some((index, at)) = array.next(&mut self.reader, most.wrapping_add(1))? {
            if index == most {
                accepted = false;
                array.after = self.too_many(at, most)?;
                continue;
            }
            let (rule, end) = self.national_rule(at, "object")?;
            if rule == Some(Rule::WritesNone) {
                let detail = Detail::Expected(WRITES_A_NUMBER);
                self.reader.report(Code::PolicyConflict, at, end.wrapping_sub(at), detail)?;
            }
            accepted &= rule.and_then(|rule| rules.push(rule.or_none())).is_some();
            array.after = end;
        }
        Ok((accepted, array.after))
    }

    fn national_rule(&mut self, at: u32, expected: &'static str) -> Value<Rule> {
        if self.reader.byte(at) != b'{' {
            return Ok((None, self.reader.type_mismatch(at, expected)?));
        }
        let (mut prefix, mut country, mut length) = (None, None, None);
        let mut object = Object::new(at);
        while let Some((member, _, value)) = self.member(&mut object, &NATIONAL)? {
            match member {
                NationalMember::Prefix => {
                    let words = "0 to 3 digits, not beginning with 00";
                    (prefix, object.after) = self.word(value, words, National::read_prefix)?;
                }
                NationalMember::Country => {
                    let words = "1 to 4 digits that begin with a country code";
                    (country, object.after) = self.word(value, words, National::read_country)?;
                }
                NationalMember::Length => {
                    (length, object.after) = self.integer(value, National::LENGTHS, "integer")?;
                }
            }
        }
        object.report_missing(&mut self.reader, at, NATIONAL.names())?;
        let rule = match (prefix, country, length) {
            (Some(prefix), Some(country), Some(length)) => {
                Some(National::from_parts(prefix, country, length as u8).map_or(Rule::WritesNone, Rule::Writes))
            }
            _ => None,
        };
        Ok((rule, object.after))
    }

    /// The object that opens at `at`. What else stands there is reported, and has no members.
    fn object(&mut self, at: u32, expected: &'static str) -> Read<Object> {
        Ok(match self.reader.byte(at) {
            b'{' => Object::new(at),
            _ => Object::none(self.reader.type_mismatch(at, expected)?),
        })
    }

    /// The next member of an object that has these, with its key and the place of its value; any other is unknown.
    fn member<F: Copy, const N: usize>(
        &mut self,
        object: &mut Object,
        names: &'static Names<F, N>,
    ) -> Read<Option<(F, Step, u32)>> {
        const { assert!(N <= Object::MOST) };
        let known = self.known_member(object, names.names())?;
        Ok(known.and_then(|(row, key, value)| Some((names.field(row)?, key, value))))
    }

    fn known_member(
        &mut self,
        object: &mut Object,
        names: &'static [&'static str],
    ) -> Read<Option<(usize, Step, u32)>> {
        while let Some(member) = object.next(&mut self.reader, names)? {
            match member {
                Member::Known(row, key, value) => return Ok(Some((row, key, value))),
                Member::Other(key, value) => {
                    let Key { at, length } = Key::of(&key);
                    self.reader.report(Code::UnknownField, at, length, Detail::PolicyName(names))?;
                    object.after = self.reader.pass_over(value)?;
                }
            }
        }
        Ok(None)
    }

    /// Reads a string that `parse` knows; `expected` says which those are.
    fn word<T>(&mut self, at: u32, expected: &'static str, mut parse: impl FnMut(&[u8]) -> Option<T>) -> Value<T> {
        let mut known = None;
        let end = self.word_known_to(at, expected, &mut |word| {
            known = parse(word);
            known.is_some()
        })?;
        Ok((known, end))
    }

    /// The same, for whichever type is made of it: `knows` says whether it is one of them.
    fn word_known_to(&mut self, at: u32, expected: &'static str, knows: &mut dyn FnMut(&[u8]) -> bool) -> Read<u32> {
        if self.reader.byte(at) != b'"' {
            return self.reader.type_mismatch(at, "string");
        }
        let (token, end) = self.reader.pass_string(at)?;
        if token.form == Form::Broken {
            self.reader.report_broken(&token)?;
        } else if !self.short(&token, &mut [0; SHORT]).is_some_and(knows) {
            self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), Detail::Expected(expected))?;
        }
        Ok(end)
    }

    fn integer(&mut self, at: u32, range: Range, expected: &'static str) -> Value<u32> {
        if !matches!(self.reader.byte(at), b'-' | b'0'..=b'9') {
            return Ok((None, self.reader.type_mismatch(at, expected)?));
        }
        let end = self.reader.number(at)?;
        let limit = match number::parse(scan::slice(self.reader.body, at, end), u64::from(range.max)) {
            Integer::Value(value) if value >= u64::from(range.min) => return Ok((Some(value as u32), end)),
            Integer::Value(_) | Integer::Below => range.min,
            Integer::Above => range.max,
            Integer::Fraction => return Ok((None, self.reader.type_mismatch(at, expected)?)),
        };
        let detail = Detail::Bound { limit, expected: range.words };
        self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), detail)?;
        Ok((None, end))
    }
}

/// What the rules of a conflict are told.
const WRITES_A_NUMBER: &str = "a rewritten number of 7 to 15 digits that does not read as national";

/// A national rule whose parts are good by themselves.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    Writes(National),
    WritesNone,
}

impl Rule {
    fn or_none(self) -> National {
        match self {
            Rule::Writes(rule) => rule,
            Rule::WritesNone => National::NONE,
        }
    }
}

/// Where a member of a channel stands.
#[derive(Clone, Copy)]
struct Setting {
    key: Step,
    /// At 0 if the file does not name it.
    at: u32,
    end: u32,
    /// It has no fault of its own.
    accepted: bool,
}

impl Setting {
    const ABSENT: Setting = Setting { key: Step::key(0), at: 0, end: 0, accepted: true };

    fn is_named(&self) -> bool {
        self.at != 0
    }

    /// The one that the file names later, or at all.
    fn later<'s>(&'s self, other: &'s Setting) -> &'s Setting {
        if other.at > self.at { other } else { self }
    }
}

/// Sets what was accepted; says whether it was.
fn set<T>(to: &mut T, (value, end): (Option<T>, u32)) -> (bool, u32) {
    let accepted = value.is_some();
    if let Some(value) = value {
        *to = value;
    }
    (accepted, end)
}
