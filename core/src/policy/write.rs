//! Writing a policy file (contract §5): complete, so that it says all by itself.

use super::{Limits, Policy};
use crate::code::Code;
use crate::json::write::{List, integer, quoted};
use crate::memory::or_abort;
use crate::memory::{OutOfMemory, put};
use crate::policy::channel::Row;
use crate::rules::address::{AddressKind, National};
use alloc::string::String;
use alloc::vec::Vec;

impl Policy {
    /// Appends the policy as a file of its own: compact JSON with every setting, the table's
    /// channels (those taken away as null) and then new ones by name. It reads back equal.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    ///
    /// ```
    /// use outgoing_to_device::Policy;
    /// let mut file = Vec::new();
    /// Policy::default().write(&mut file)?;
    /// assert!(file.starts_with(br#"{"unknownFields":"reject","refuse":[],"limits":{"body":1048576,"#));
    /// # Ok::<(), outgoing_to_device::OutOfMemory>(())
    /// ```
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let Policy { unknown_fields, limits, refuses, rows } = self;
        let mut policy = List::object(out)?;
        quoted(policy.key("unknownFields")?, unknown_fields.as_str().as_bytes())?;
        refuse(policy.key("refuse")?, refuses.codes())?;
        self::limits(policy.key("limits")?, limits)?;
        let mut channels = List::object(policy.key("channels")?)?;
        for row in rows {
            let out = channels.key(row.name.as_str())?;
            if row.removed { null(out)? } else { channel(out, row)? }
        }
        channels.end()?;
        policy.end()
    }

    /// The policy as a file of its own; see [`Policy::write`].
    ///
    /// ```
    /// use outgoing_to_device::Policy;
    /// let policy = Policy::from_json(br#"{"unknownFields": "drop", "channels": {"WEB": null}}"#)?;
    /// assert_eq!(Policy::from_json(policy.to_json().as_bytes())?, policy);
    /// # Ok::<(), outgoing_to_device::RejectionBuf>(())
    /// ```
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        or_abort(self.write(&mut out));
        // Names and numbers are ASCII.
        String::from_utf8(out).unwrap_or_default()
    }
}

pub(super) fn limits(out: &mut Vec<u8>, limits: &Limits) -> Result<(), OutOfMemory> {
    let mut list = List::object(out)?;
    for (name, limit) in Limits::KEYS.into_iter().zip(limits.all()) {
        integer(list.key(name)?, i64::from(limit))?;
    }
    list.end()
}

fn channel(out: &mut Vec<u8>, row: &Row) -> Result<(), OutOfMemory> {
    let Row { name: _, requires: required, kinds, text, text_warning, caption_warning, national: rules, removed: _ } =
        row;
    let mut channel = List::object(out)?;
    requires(channel.key("requires")?, required.names())?;
    addresses(channel.key("address")?, kinds.iter())?;
    integer(channel.key("text")?, i64::from(*text))?;
    warning_length(channel.key("textWarning")?, *text_warning)?;
    warning_length(channel.key("captionWarning")?, *caption_warning)?;
    national(channel.key("national")?, rules.as_slice())?;
    channel.end()
}

pub(super) fn refuse(out: &mut Vec<u8>, warnings: impl Iterator<Item = Code>) -> Result<(), OutOfMemory> {
    let mut list = List::array(out)?;
    for code in warnings {
        quoted(list.next()?, code.as_str().as_bytes())?;
    }
    list.end()
}

pub(super) fn requires<'f>(out: &mut Vec<u8>, fields: impl Iterator<Item = &'f str>) -> Result<(), OutOfMemory> {
    let mut list = List::array(out)?;
    for field in fields {
        quoted(list.next()?, field.as_bytes())?;
    }
    list.end()
}

/// Writes the kinds; without the array if there is only one.
pub(super) fn addresses(
    out: &mut Vec<u8>,
    mut kinds: impl Iterator<Item = AddressKind> + Clone,
) -> Result<(), OutOfMemory> {
    let all = kinds.clone();
    if let (Some(kind), None) = (kinds.next(), kinds.next()) {
        return quoted(out, kind.as_str().as_bytes());
    }
    let mut list = List::array(out)?;
    for kind in all {
        quoted(list.next()?, kind.as_str().as_bytes())?;
    }
    list.end()
}

pub(super) fn warning_length(out: &mut Vec<u8>, units: Option<u32>) -> Result<(), OutOfMemory> {
    match units {
        Some(units) => integer(out, i64::from(units)),
        None => null(out),
    }
}

/// Writes the rules; without the array if there is only one.
pub(super) fn national(out: &mut Vec<u8>, rules: &[National]) -> Result<(), OutOfMemory> {
    match rules {
        [] => null(out),
        [rule] => national_rule(out, rule),
        rules => {
            let mut list = List::array(out)?;
            for rule in rules {
                national_rule(list.next()?, rule)?;
            }
            list.end()
        }
    }
}

fn national_rule(out: &mut Vec<u8>, rule: &National) -> Result<(), OutOfMemory> {
    let mut list = List::object(out)?;
    quoted(list.key("prefix")?, rule.prefix().as_bytes())?;
    quoted(list.key("country")?, rule.country().as_bytes())?;
    integer(list.key("length")?, i64::from(rule.length()))?;
    list.end()
}

pub(super) fn null(out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    put(out, b"null")
}
