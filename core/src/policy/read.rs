//! Reading a policy file (contract §5): what it names changes the default, and all of its faults
//! are reported with their places.

use super::index::Index;
use super::{Policy, UnknownFields};
use crate::code::{Code, Warnings};
use crate::few::Few;
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
use crate::policy::channel::{self, Name, REQUIRABLE, Requires, Row};
use crate::rules::address::{AddressKind, Digits, Kinds, National};
use crate::rules::suggest;
use alloc::vec::Vec;

/// The members of a policy.
#[derive(Clone, Copy)]
enum PolicyMember {
    UnknownFields,
    Limits,
    Channels,
}

const POLICY: Names<PolicyMember, 3> = Names::new([
    ("unknownFields", PolicyMember::UnknownFields),
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
    National,
}

const CHANNEL: Names<ChannelMember, 5> = Names::new([
    ("requires", ChannelMember::Requires),
    ("address", ChannelMember::Address),
    ("text", ChannelMember::Text),
    ("textWarning", ChannelMember::TextWarning),
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
const SHORT: usize = channel::MAX_NAME;

const LENGTH_RANGE: Range = (7, 15);

/// Reads the policy in `json`; none if there is a fault, and then `findings` has them all.
pub(crate) fn read(json: &[u8], findings: &mut Findings) -> Result<Option<Policy>, OutOfMemory> {
    let mut policy = Policy::try_default()?;
    let mut names = Spoken { keys: Vec::new(), new: Index::new(), refused: Vec::new() };
    memory::put(&mut names.keys, &[0; channel::TABLE.len()])?;
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
    /// Where each row was first named; 0 where it was not.
    keys: Vec<u32>,
    /// The rows behind those of the table.
    new: Index,
    /// Keys that no channel can have.
    refused: Vec<Token>,
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

/// What was read, none if it was refused; and the place after it.
type Value<T> = Read<(Option<T>, u32)>;

impl File<'_, '_, '_> {
    fn policy(&mut self, at: u32) -> Read<u32> {
        self.object(at, "object", &POLICY, |file, member, _, value| match member {
            PolicyMember::UnknownFields => {
                let (unknown_fields, end) = file.word(value, "reject, drop or keep", UnknownFields::parse)?;
                file.policy.unknown_fields = unknown_fields.unwrap_or_default();
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
        // A full list can't grow, but then nothing that stands here gets into it.
        let faultless = self.reader.findings.violations() == faults;
        if faultless && self.policy.rows.iter().all(|row| row.removed) {
            let detail = Detail::Expected("at least one channel");
            self.reader.report(Code::PolicyConflict, at, end.wrapping_sub(at), detail)?;
        }
        Ok(end)
    }

    /// Reads a channel under the name that it is given.
    fn channel_member(&mut self, key: Token, value: u32) -> Read<u32> {
        let at = key.start.wrapping_sub(1);
        let name = self.short(&key, &mut [0; SHORT]).and_then(Name::parse);
        let number = name.and_then(|name| {
            let is_it = |row: &Row| row.name == name;
            let table = self.policy.rows.iter().take(channel::TABLE.len()).position(is_it);
            table.or_else(|| self.names.new.find(&self.policy.rows, &name))
        });
        if let Some(first) = self.first(&key, name, number) {
            return self.reader.repeated(at, first, value);
        }
        let length = key.end.wrapping_add(1).wrapping_sub(at);
        let (number, mut row) = match (number, name) {
            // A channel of the table; it has not been spoken of before.
            (Some(number), _) => {
                if let Some(key) = self.names.keys.get_mut(number) {
                    *key = at;
                }
                (Some(number), self.policy.rows.get(number).copied().unwrap_or(Row::new(Name::EMPTY)))
            }
            (None, Some(name)) => {
                let number = self.policy.rows.len();
                memory::put(&mut self.policy.rows, &[Row::new(name)])?;
                memory::put(&mut self.names.keys, &[at])?;
                self.names.new.add(&self.policy.rows, number as u32)?;
                (Some(number), Row::new(name))
            }
            (None, None) => {
                // More than can be reported need not be remembered.
                if self.names.refused.len() < Limits::DEFAULT.violations as usize {
                    memory::put(&mut self.names.refused, &[key])?;
                }
                let detail = Detail::Expected("a capital, then capitals, digits or _, at most 64 in all");
                self.reader.report(Code::OutOfRange, at, length, detail)?;
                (None, Row::new(Name::EMPTY))
            }
        };
        let end = if self.reader.is_null(value) {
            if number.is_some_and(|number| number >= channel::TABLE.len()) {
                let table = || (&channel::TABLE as &'static [Row]).iter().map(|row| row.name.as_str());
                let nearest = suggest::nearest(row.name.as_str(), table()).and_then(|index| table().nth(index));
                let detail = nearest.map_or(Detail::None, Detail::Suggestion);
                self.reader.report(Code::UnknownChannel, at, length, detail)?;
            }
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
    fn first(&self, key: &Token, name: Option<Name>, number: Option<usize>) -> Option<u32> {
        if name.is_some() {
            return self.names.keys.get(number?).copied().filter(|key| *key != 0);
        }
        let same = |earlier: &&Token| self.reader.scalars(earlier).eq(self.reader.scalars(key));
        self.names.refused.iter().find(same).map(|first| first.start.wrapping_sub(1))
    }

    fn channel(&mut self, at: u32, row: &mut Row) -> Read<u32> {
        let mut members = [Member::ABSENT; CHANNEL_MEMBERS];
        let mut rewrites = true;
        let (_, end) = self.object(at, "object or null", &CHANNEL, |file, member, key, value| {
            let (accepted, end) = match member {
                ChannelMember::Requires => set(&mut row.requires, file.requires(value)?),
                ChannelMember::Address => {
                    let (kind, end) = file.word(value, AddressKind::WORDS, AddressKind::parse)?;
                    set(&mut row.kinds, (kind.map(Kinds::one), end))
                }
                ChannelMember::Text => set(&mut row.text, file.integer(value, TEXT_RANGE, "integer")?),
                ChannelMember::TextWarning => {
                    let read = |file: &mut Self, at| file.integer(at, TEXT_RANGE, "integer or null");
                    set(&mut row.text_warning, file.or_null(value, read)?)
                }
                ChannelMember::National => {
                    let (rule, end) = file.or_null(value, Self::national)?;
                    rewrites = rule != Some(Some(None));
                    let rules = |rule: Option<National>| rule.map_or(Few::new(National::NONE), Few::one);
                    set(&mut row.national, (rule.map(|rule| rules(rule.flatten())), end))
                }
            };
            if let Some(to) = members.get_mut(member as usize) {
                *to = Member { key, at: value, end, refused: !accepted };
            }
            Ok(end)
        })?;
        self.conflicts(row, &members, rewrites)?;
        Ok(end)
    }

    /// Judges settings that are good by themselves; `rewrites` is false where the file's national
    /// rule would write numbers that are none.
    fn conflicts(&mut self, row: &Row, members: &[Member; CHANNEL_MEMBERS], rewrites: bool) -> Read<()> {
        let [_, address, text, text_warning, national] = members;
        if !text.refused && !text_warning.refused && row.text_warning.is_some_and(|warning| warning >= row.text) {
            self.conflict(text.later(text_warning), "textWarning below text")?;
        }
        let has_rule = !row.national.as_slice().is_empty() || !rewrites;
        let elsewhere = has_rule && !address.refused && !national.refused && !row.kinds.has(AddressKind::Phone);
        if elsewhere {
            self.conflict(address.later(national), "national only with phone")?;
        }
        // A value has at most one violation.
        let told = elsewhere && national.key.offset() > address.key.offset();
        if !rewrites && !told {
            self.conflict(national, "a rewritten number of 7 to 15 digits")?;
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

    fn requires(&mut self, at: u32) -> Value<Requires> {
        if self.reader.byte(at) != b'[' {
            return Ok((None, self.reader.type_mismatch(at, "array")?));
        }
        let mut requires = Some(Requires::default());
        let end = self.elements(at, u32::MAX, |file, at, _| {
            let words = "clientId, unauthorizedClientId or appMarker";
            let parse = |word: &[u8]| REQUIRABLE.iter().position(|field| field.name().as_bytes() == word);
            let (index, end) = file.word(at, words, parse)?;
            match index {
                Some(index) => requires.iter_mut().for_each(|requires| requires.add(index)),
                None => requires = None,
            }
            Ok(end)
        })?;
        Ok((requires, end))
    }

    /// Reads a national rule; the inner answer is none where its parts are good, but what it would
    /// write is no number.
    fn national(&mut self, at: u32) -> Value<Option<National>> {
        let (mut prefix, mut country, mut length) = (None, None, None);
        let (seen, end) = self.object(at, "object or null", &NATIONAL, |file, member, _, value| {
            let end;
            match member {
                NationalMember::Prefix => {
                    let words = "1 to 3 digits, not beginning with 00";
                    (prefix, end) = file.word(value, words, National::read_prefix)?;
                }
                NationalMember::Country => {
                    let words = "1 to 3 digits, not beginning with 0";
                    (country, end) = file.word(value, words, National::read_country)?;
                }
                NationalMember::Length => (length, end) = file.integer(value, LENGTH_RANGE, "integer")?,
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
        let rule = |prefix: Digits, country, length: u32| National::from_parts(prefix, country, length as u8);
        let rule = match (prefix, country, length) {
            (Some(prefix), Some(country), Some(length)) => Some(rule(prefix, country, length)),
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

    /// Reads what may be null.
    fn or_null<T>(&mut self, at: u32, read: impl FnOnce(&mut Self, u32) -> Value<T>) -> Value<Option<T>> {
        if self.reader.is_null(at) {
            return Ok((Some(None), at.wrapping_add(4)));
        }
        let (value, end) = read(self, at)?;
        Ok((value.map(Some), end))
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

    fn integer(&mut self, at: u32, (min, max): Range, expected: &'static str) -> Value<u32> {
        if !matches!(self.reader.byte(at), b'-' | b'0'..=b'9') {
            return Ok((None, self.reader.type_mismatch(at, expected)?));
        }
        let end = self.reader.number(at)?;
        let bound = match number::parse(scan::slice(self.reader.body, at, end), u64::from(max)) {
            Integer::Value(value) if value >= u64::from(min) => return Ok((Some(value as u32), end)),
            Integer::Value(_) | Integer::Below => min,
            Integer::Above => max,
            Integer::Fraction => return Ok((None, self.reader.type_mismatch(at, expected)?)),
        };
        self.reader.report(Code::OutOfRange, at, end.wrapping_sub(at), Detail::Limit(u64::from(bound)))?;
        Ok((None, end))
    }
}

/// Where a member of a channel stands.
#[derive(Clone, Copy)]
struct Member {
    /// At 0 where the file does not name it.
    key: Step,
    at: u32,
    end: u32,
    refused: bool,
}

impl Member {
    const ABSENT: Member = Member { key: Step::key(0), at: 0, end: 0, refused: false };

    /// The one that the file names later, or at all.
    fn later<'m>(&'m self, other: &'m Member) -> &'m Member {
        if other.key.offset() > self.key.offset() { other } else { self }
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
