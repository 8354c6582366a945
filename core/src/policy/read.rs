//! Reading a policy file (contract §5): what it names changes the default, and all of its faults
//! are reported with their places.

use super::index::Index;
use super::{Policy, UnknownFields};
use crate::code::{Code, Severity, Warnings};
use crate::field::FieldSet;
use crate::findings::{Detail, Findings};
use crate::json::document;
use crate::json::members::{Names, ReadParts, Seen};
use crate::json::number::{self, Integer};
use crate::json::reader::Reader;
use crate::json::scan;
use crate::json::stop::Read;
use crate::json::string::{Discard, Form, Token};
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

impl<'b, 'f> ReadParts<'b, 'f> for File<'b, '_, 'f> {
    #[inline(always)]
    fn reader(&mut self) -> &mut Reader<'b, 'f> {
        &mut self.reader
    }
}

/// The value, none if it has a fault; and the place after it.
type Value<T> = Read<(Option<T>, u32)>;

impl File<'_, '_, '_> {
    fn policy(&mut self, at: u32) -> Read<u32> {
        self.object(at, "object", &POLICY, |file, member, _, value| match member {
            PolicyMember::UnknownFields => {
                let (unknown_fields, end) = file.word(value, "reject, drop or keep", UnknownFields::parse)?;
                file.policy.unknown_fields = unknown_fields.unwrap_or_default();
                Ok(end)
            }
            PolicyMember::Refuse => {
                let (refuses, end) = file.refuse(value)?;
                file.policy.refuses = refuses.unwrap_or_default();
                Ok(end)
            }
            PolicyMember::Limits => file.limits(value),
            PolicyMember::Channels => file.channels(value),
        })
        .map(|(_, end)| end)
    }

    fn limits(&mut self, at: u32) -> Read<u32> {
        self.object(at, "object", &LIMITS, |file, limit, _, value| {
            let (number, end) = file.integer(value, limit.range, "integer")?;
            if let Some(number) = number {
                *(limit.of)(&mut file.policy.limits) = number;
            }
            Ok(end)
        })
        .map(|(_, end)| end)
    }

    fn channels(&mut self, at: u32) -> Read<u32> {
        if self.reader.byte(at) != b'{' {
            return self.reader.type_mismatch(at, "object");
        }
        let faults = self.reader.findings.violations();
        let (end, _) = self.members(
            at,
            const { &Names::<(), 0>::new([]) },
            |_, (), _, value| Ok(value),
            |file, key, value| file.channel_member(key, value),
        )?;
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
            let nearest = suggest::channel(row.name.as_str(), channels().map(|row| row.name.as_str()));
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
        let mut members = [Member::ABSENT; CHANNEL_MEMBERS];
        let mut writes_none = false;
        let (_, end) = self.object(at, "object or null", &CHANNEL, |file, member, key, value| {
            let (accepted, end) = match member {
                ChannelMember::Requires => set(&mut row.requires, file.requires(value)?),
                ChannelMember::Address => set(&mut row.kinds, file.kinds(value)?),
                ChannelMember::Text => set(&mut row.text, file.integer(value, TEXT_RANGE, "integer")?),
                ChannelMember::TextWarning => set(&mut row.text_warning, file.warning_length(value)?),
                ChannelMember::CaptionWarning => set(&mut row.caption_warning, file.warning_length(value)?),
                ChannelMember::National => {
                    let (rules, end) = file.national(value, &mut writes_none)?;
                    set(&mut row.national, (rules, end))
                }
            };
            if let Some(to) = members.get_mut(member as usize) {
                *to = Member { key, at: value, end, accepted };
            }
            Ok(end)
        })?;
        self.conflicts(row, &members, writes_none)?;
        Ok(end)
    }

    /// Judges settings that are good by themselves. `writes_none` says that the only national rule, without
    /// an array around it, would write no number.
    fn conflicts(&mut self, row: &mut Row, members: &[Member; CHANNEL_MEMBERS], writes_none: bool) -> Read<()> {
        let [_, address, text, text_warning, caption_warning, national] = members;
        let lengths = [
            (&mut row.text_warning, text_warning, "textWarning below text"),
            (&mut row.caption_warning, caption_warning, "captionWarning below text"),
        ];
        let mut said_of_text = false;
        for (length, member, expected) in lengths {
            if !text.accepted || !member.accepted || length.is_none_or(|length| length < row.text) {
                continue;
            }
            let later = text.later(member);
            if !member.is_named() {
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

    fn conflict(&mut self, member: &Member, expected: &'static str) -> Read<()> {
        self.reader.path.enter();
        self.reader.path.set(member.key);
        let length = member.end.wrapping_sub(member.at);
        self.reader.report(Code::PolicyConflict, member.at, length, Detail::Expected(expected))?;
        self.reader.path.leave();
        Ok(())
    }

    fn refuse(&mut self, at: u32) -> Value<Warnings> {
        let mut refuses = Warnings::NONE;
        let is_warning = |code: &Code| code.severity() == Severity::Warning;
        let parse = |word: &[u8]| Code::parse(core::str::from_utf8(word).ok()?).filter(is_warning);
        let (accepted, end) = self.words(at, "the code of a warning", parse, |code| {
            let is_new = !refuses.has(code);
            refuses = refuses.with(Warnings::of(code));
            is_new
        })?;
        Ok((accepted.then_some(refuses), end))
    }

    fn requires(&mut self, at: u32) -> Value<FieldSet> {
        let mut requires = FieldSet::default();
        let parse = |word: &[u8]| REQUIRABLE.into_iter().find(|field| field.name().as_bytes() == word);
        let (accepted, end) = self.words(at, "clientId, unauthorizedClientId or appMarker", parse, |field| {
            let is_new = !requires.has(field);
            requires = requires.and(field);
            is_new
        })?;
        Ok((accepted.then_some(requires), end))
    }

    /// Reads an array of words that `parse` knows; `add` takes each, and says whether it is new. Returns
    /// whether all were accepted, and the place after the array.
    fn words<T>(
        &mut self,
        at: u32,
        expected: &'static str,
        parse: impl Fn(&[u8]) -> Option<T>,
        mut add: impl FnMut(T) -> bool,
    ) -> Read<(bool, u32)> {
        if self.reader.byte(at) != b'[' {
            return Ok((false, self.reader.type_mismatch(at, "array")?));
        }
        let mut accepted = true;
        let end = self.elements(at, u32::MAX, |file, at, _| {
            let (word, end) = file.word(at, expected, &parse)?;
            match word.map(&mut add) {
                Some(true) => {}
                Some(false) => {
                    file.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), ONCE)?;
                    accepted = false;
                }
                None => accepted = false,
            }
            Ok(end)
        })?;
        Ok((accepted, end))
    }

    /// Reads one address kind, or an array of them.
    fn kinds(&mut self, at: u32) -> Value<Kinds> {
        let kind = |file: &mut Self, at| file.word(at, AddressKind::WORDS, AddressKind::parse);
        match self.reader.byte(at) {
            b'"' => {
                let (kind, end) = kind(self, at)?;
                return Ok((kind.map(Kinds::one), end));
            }
            b'[' => {}
            _ => return Ok((None, self.reader.type_mismatch(at, "string or array")?)),
        }
        let (mut kinds, mut accepted, mut is_empty) = (None::<Kinds>, true, true);
        let most = Kinds::MOST as u32;
        let end = self.elements(at, most.wrapping_add(1), |file, at, index| {
            is_empty = false;
            if index == most {
                accepted = false;
                return file.too_many(at, most);
            }
            let (kind, end) = kind(file, at)?;
            match (kinds, kind) {
                (None, Some(kind)) => kinds = Some(Kinds::one(kind)),
                (Some(list), Some(kind)) => match list.and(kind) {
                    Some(longer) => kinds = Some(longer),
                    None => {
                        file.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), ONCE)?;
                        accepted = false;
                    }
                },
                (_, None) => accepted = false,
            }
            Ok(end)
        })?;
        if is_empty {
            let detail = Detail::Expected("at least one address kind");
            self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), detail)?;
        }
        Ok((kinds.filter(|_| accepted), end))
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
    fn national(&mut self, at: u32, writes_none: &mut bool) -> Value<NationalRules> {
        let mut rules = NationalRules::new(National::NONE);
        if self.reader.is_null(at) {
            return Ok((Some(rules), at.wrapping_add(4)));
        }
        if self.reader.byte(at) != b'[' {
            let (rule, end) = self.national_rule(at, "object, array or null")?;
            *writes_none = rule == Some(Rule::WritesNone);
            return Ok((rule.map(|rule| NationalRules::one(rule.or_none())), end));
        }
        let mut accepted = true;
        let most = MOST_NATIONAL as u32;
        let end = self.elements(at, most.wrapping_add(1), |file, at, index| {
            if index == most {
                accepted = false;
                return file.too_many(at, most);
            }
            let (rule, end) = file.national_rule(at, "object")?;
            if rule == Some(Rule::WritesNone) {
                let detail = Detail::Expected(WRITES_A_NUMBER);
                file.reader.report(Code::PolicyConflict, at, end.wrapping_sub(at), detail)?;
            }
            match rule {
                Some(rule) => accepted &= rules.push(rule.or_none()).is_some(),
                None => accepted = false,
            }
            Ok(end)
        })?;
        Ok((Some(rules).filter(|_| accepted), end))
    }

    fn national_rule(&mut self, at: u32, expected: &'static str) -> Value<Rule> {
        let (mut prefix, mut country, mut length) = (None, None, None);
        let (seen, end) = self.object(at, expected, &NATIONAL, |file, member, _, value| {
            let end;
            match member {
                NationalMember::Prefix => {
                    let words = "0 to 3 digits, not beginning with 00";
                    (prefix, end) = file.word(value, words, National::read_prefix)?;
                }
                NationalMember::Country => {
                    let words = "1 to 4 digits that begin with a country code";
                    (country, end) = file.word(value, words, National::read_country)?;
                }
                NationalMember::Length => (length, end) = file.integer(value, National::LENGTHS, "integer")?,
            }
            Ok(end)
        })?;
        if let Some(seen) = seen {
            for (row, name) in NATIONAL.names().iter().enumerate() {
                if !seen.has(row) {
                    self.reader.report_absent(Code::MissingField, at, name, Detail::None)?;
                }
            }
        }
        let rule = match (prefix, country, length) {
            (Some(prefix), Some(country), Some(length)) => {
                Some(National::from_parts(prefix, country, length as u8).map_or(Rule::WritesNone, Rule::Writes))
            }
            _ => None,
        };
        Ok((rule, end))
    }

    /// Reads an object with these members; any other is unknown. Returns which of them stood there, if it
    /// is an object, and the place after it.
    fn object<F: Copy, const N: usize>(
        &mut self,
        at: u32,
        expected: &'static str,
        names: &'static Names<F, N>,
        known: impl FnMut(&mut Self, F, Step, u32) -> Read<u32>,
    ) -> Read<(Option<Seen>, u32)> {
        if self.reader.byte(at) != b'{' {
            return Ok((None, self.reader.type_mismatch(at, expected)?));
        }
        let (end, seen) = self.members(at, names, known, |file, key, value| {
            let offset = key.start.wrapping_sub(1);
            let length = key.end.wrapping_add(1).wrapping_sub(offset);
            file.reader.report(Code::UnknownField, offset, length, Detail::PolicyName(names.names()))?;
            file.reader.pass_over(value)
        })?;
        Ok((Some(seen), end))
    }

    /// Reads a string that `parse` knows; `expected` says which those are.
    fn word<T>(&mut self, at: u32, expected: &'static str, parse: impl Fn(&[u8]) -> Option<T>) -> Value<T> {
        if self.reader.byte(at) != b'"' {
            return Ok((None, self.reader.type_mismatch(at, "string")?));
        }
        let (token, end) = self.reader.string(at, &mut Discard)?;
        if token.form == Form::Broken {
            self.reader.report_broken(&token)?;
            return Ok((None, end));
        }
        let word = self.short(&token, &mut [0; SHORT]).and_then(parse);
        if word.is_none() {
            self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), Detail::Expected(expected))?;
        }
        Ok((word, end))
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
struct Member {
    key: Step,
    /// At 0 if the file does not name it.
    at: u32,
    end: u32,
    /// It has no fault of its own.
    accepted: bool,
}

impl Member {
    const ABSENT: Member = Member { key: Step::key(0), at: 0, end: 0, accepted: true };

    fn is_named(&self) -> bool {
        self.at != 0
    }

    /// The one that the file names later, or at all.
    fn later<'m>(&'m self, other: &'m Member) -> &'m Member {
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
