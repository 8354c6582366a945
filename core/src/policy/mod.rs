//! Rules as data: built once, immutable, shared by threads.

mod builder;
pub(crate) mod channel;
mod index;
mod read;
mod write;

pub use builder::{BuildError, ChannelBuilder, PolicyBuilder, SettingFault};
pub(crate) use read::read;

use crate::code::{Code, Warnings};
use crate::limits::Limits;
use crate::memory::{self, OutOfMemory};
use crate::policy::channel::Row;
use crate::rules::address::{AddressKind, National};
use crate::rules::channel_name::Name;
use crate::rules::suggest;
use crate::word::is_same_word;
use alloc::vec::Vec;
use core::fmt;

/// What becomes of a field that the endpoint does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UnknownFields {
    /// It is a violation.
    #[default]
    Reject,
    /// It is left out, with a warning.
    Drop,
    /// It is passed on as it stands, with a warning.
    Keep,
}

impl UnknownFields {
    const WORDS: [(&'static str, UnknownFields); 3] =
        [("reject", UnknownFields::Reject), ("drop", UnknownFields::Drop), ("keep", UnknownFields::Keep)];

    /// The word for it in a policy file.
    pub const fn as_str(self) -> &'static str {
        match self {
            UnknownFields::Reject => "reject",
            UnknownFields::Drop => "drop",
            UnknownFields::Keep => "keep",
        }
    }

    /// What the word of a policy file says.
    pub(crate) fn parse(word: &[u8]) -> Option<UnknownFields> {
        Self::WORDS.into_iter().find(|(text, _)| text.as_bytes() == word).map(|(_, unknown_fields)| unknown_fields)
    }
}

/// What a host allows: limits, channels, and what becomes of unknown fields.
///
/// A policy is immutable and can be shared by threads. [`Policy::default`] is the contract's table;
/// [`Policy::builder`] changes it in code, [`Policy::from_json`] from a file.
///
/// ```
/// use outgoing_to_device::{AddressKind, Policy};
/// let policy = Policy::from_json(br#"{"channels": {"VIBER": null, "SMS": {"address": "phone"}}}"#)?;
/// assert!(policy.channel("VIBER").is_none());
/// assert_eq!(policy.channel("SMS").unwrap().addresses().collect::<Vec<_>>(), [AddressKind::Phone]);
/// # Ok::<(), outgoing_to_device::RejectionBuf>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Policy {
    unknown_fields: UnknownFields,
    limits: Limits,
    /// The warnings that are violations.
    refuses: Warnings,
    /// The table's channels in its order, those taken away too; then the others by name.
    rows: Vec<Row>,
}

impl Policy {
    /// [`Policy::default`], for hosts that must survive a failed allocation.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had.
    pub fn try_default() -> Result<Policy, OutOfMemory> {
        let mut rows = Vec::new();
        memory::put(&mut rows, &channel::TABLE)?;
        Ok(Policy { unknown_fields: UnknownFields::Reject, limits: Limits::DEFAULT, refuses: Warnings::NONE, rows })
    }

    /// What becomes of a field that the endpoint does not have.
    pub fn unknown_fields(&self) -> UnknownFields {
        self.unknown_fields
    }

    /// The bounds on a body and on the report about it.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The warnings that this policy makes violations, in the order of the registry.
    pub fn refused_warnings(&self) -> impl Iterator<Item = Code> + use<> {
        self.refuses.codes()
    }

    /// The same as a set.
    #[inline]
    pub(crate) fn refuses(&self) -> Warnings {
        self.refuses
    }

    /// The channels, in the order of the policy.
    pub fn channels(&self) -> impl Iterator<Item = Channel<'_>> {
        self.rows.iter().filter(|row| !row.removed).map(Channel)
    }

    /// The channel of this name, compared without regard to ASCII case.
    pub fn channel(&self, name: &str) -> Option<Channel<'_>> {
        self.find_folded(name.as_bytes()).map(|(_, row)| Channel(row))
    }

    /// The channel of exactly this name, and its number.
    #[inline]
    pub(crate) fn find(&self, name: &[u8]) -> Option<(u32, &Row)> {
        self.find_by(|row| row.as_bytes() == name)
    }

    /// The same, whatever the case of the name.
    #[cold]
    #[inline(never)]
    pub(crate) fn find_folded(&self, name: &[u8]) -> Option<(u32, &Row)> {
        self.find_by(|row| is_same_word(row.as_bytes(), name))
    }

    #[inline(always)]
    fn find_by(&self, same: impl Fn(&Name) -> bool) -> Option<(u32, &Row)> {
        (0_u32..).zip(&self.rows).find(|(_, row)| same(&row.name) && !row.removed)
    }

    /// The channel that an unknown one was probably meant to be.
    pub(crate) fn nearest(&self, name: &str) -> Option<&str> {
        let names = || self.rows.iter().filter(|row| !row.removed).map(|row| row.name.as_str());
        names().nth(suggest::channel(name, names())?)
    }

    pub(crate) fn row(&self, number: u32) -> Option<&Row> {
        self.rows.get(number as usize)
    }

    pub(crate) fn channel_name(&self, number: u32) -> Option<&str> {
        self.row(number).map(|row| row.name.as_str())
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            unknown_fields: UnknownFields::Reject,
            limits: Limits::DEFAULT,
            refuses: Warnings::NONE,
            rows: channel::TABLE.to_vec(),
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("unknown_fields", &self.unknown_fields)
            .field("limits", &self.limits)
            .field("refused_warnings", &self.refused_warnings().collect::<Vec<_>>())
            .field("channels", &self.channels().map(|channel| channel.0.name.as_str()).collect::<Vec<_>>())
            .finish()
    }
}

/// A channel of a policy: what differs from one channel to another.
///
/// ```
/// use outgoing_to_device::Policy;
/// let policy = Policy::default();
/// let mobile = policy.channel("mobile").unwrap();
/// assert_eq!(mobile.name(), "MOBILE");
/// assert_eq!(mobile.requires().collect::<Vec<_>>(), ["clientId", "appMarker"]);
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Channel<'p>(pub(crate) &'p Row);

impl<'p> Channel<'p> {
    /// The name as it is normalized.
    pub fn name(&self) -> &'p str {
        self.0.name.as_str()
    }

    /// The descriptor fields that a request must have, in the order of the wire.
    pub fn requires(&self) -> impl Iterator<Item = &'static str> + use<'p> {
        self.0.requires.names()
    }

    /// The kinds of its device addresses, 1 to 4 of them: the first that takes an address counts.
    pub fn addresses(&self) -> impl Iterator<Item = AddressKind> + use<'p> {
        self.0.kinds.iter()
    }

    /// The most UTF-16 code units that a text can have.
    pub fn text_limit(&self) -> u32 {
        self.0.text
    }

    /// The number of UTF-16 code units above which a text is warned of.
    pub fn text_warning(&self) -> Option<u32> {
        self.0.text_warning
    }

    /// The number of UTF-16 code units above which a text with attachments is warned of.
    pub fn caption_warning(&self) -> Option<u32> {
        self.0.caption_warning
    }

    /// How its national phone numbers are rewritten: by the first rule that a number fits.
    pub fn national(&self) -> &'p [National] {
        self.0.national.as_slice()
    }
}

impl fmt::Debug for Channel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("name", &self.name())
            .field("requires", &self.requires().collect::<Vec<_>>())
            .field("addresses", &self.addresses().collect::<Vec<_>>())
            .field("text_limit", &self.text_limit())
            .field("text_warning", &self.text_warning())
            .field("caption_warning", &self.caption_warning())
            .field("national", &self.national())
            .finish()
    }
}
