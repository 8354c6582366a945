//! Writing a policy file (contract §5): complete, so that it says all by itself.

use super::{Limits, Policy};
use crate::address::National;
use crate::channel::Row;
use crate::checker::or_abort;
use crate::json::write::{integer, quoted};
use crate::memory::{OutOfMemory, put};
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
    /// assert!(file.starts_with(br#"{"unknownFields":"reject","limits":{"body":1048576,"#));
    /// # Ok::<(), outgoing_to_device::OutOfMemory>(())
    /// ```
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let Policy { unknown_fields, limits, rows } = self;
        put(out, b"{\"unknownFields\":")?;
        quoted(out, unknown_fields.as_str().as_bytes())?;
        put(out, b",\"limits\":{")?;
        let mut before: &[u8] = b"";
        for (key, limit) in Limits::KEYS.iter().zip(limits.all()) {
            put(out, before)?;
            quoted(out, key.as_bytes())?;
            put(out, b":")?;
            integer(out, i64::from(limit))?;
            before = b",";
        }
        put(out, b"},\"channels\":{")?;
        before = b"";
        for row in rows {
            put(out, before)?;
            channel(out, row)?;
            before = b",";
        }
        put(out, b"}}")
    }

    /// The policy as a file of its own; see [`Policy::write`].
    ///
    /// ```
    /// use outgoing_to_device::Policy;
    /// let policy = Policy::from_json(br#"{"unknownFields": "drop", "channels": {"WEB": null}}"#)?;
    /// assert_eq!(Policy::from_json(policy.to_json().as_bytes())?, policy);
    /// # Ok::<(), outgoing_to_device::Rejection>(())
    /// ```
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        or_abort(self.write(&mut out));
        // Names and numbers are ASCII.
        String::from_utf8(out).unwrap_or_default()
    }
}

fn channel(out: &mut Vec<u8>, row: &Row) -> Result<(), OutOfMemory> {
    let Row { name, requires, address, text, text_warning, national, removed } = row;
    quoted(out, name.as_bytes())?;
    if *removed {
        return put(out, b":null");
    }
    put(out, b":{\"requires\":[")?;
    let mut before: &[u8] = b"";
    for field in requires.names() {
        put(out, before)?;
        quoted(out, field.as_bytes())?;
        before = b",";
    }
    put(out, b"],\"address\":")?;
    quoted(out, address.as_str().as_bytes())?;
    put(out, b",\"text\":")?;
    integer(out, i64::from(*text))?;
    put(out, b",\"textWarning\":")?;
    match text_warning {
        Some(warning) => integer(out, i64::from(*warning))?,
        None => put(out, b"null")?,
    }
    put(out, b",\"national\":")?;
    match national {
        Some(rule) => self::national(out, rule)?,
        None => put(out, b"null")?,
    }
    put(out, b"}")
}

pub(super) fn national(out: &mut Vec<u8>, rule: &National) -> Result<(), OutOfMemory> {
    put(out, b"{\"prefix\":")?;
    quoted(out, rule.prefix().as_bytes())?;
    put(out, b",\"country\":")?;
    quoted(out, rule.country().as_bytes())?;
    put(out, b",\"length\":")?;
    integer(out, i64::from(rule.length()))?;
    put(out, b"}")
}
