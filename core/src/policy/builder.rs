//! Building a policy in code: the settings are written as a policy file and read by its reader, so
//! that ranges, conflicts and defaults are those of a file by construction.

use super::write;
use super::{Channel, Limits, Policy, UnknownFields};
use crate::code::Code;
use crate::json::write::{List, integer, quoted};
use crate::lines::lines;
use crate::memory::OutOfMemory;
use crate::memory::or_abort;
use crate::rules::address::{AddressKind, National};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

impl Policy {
    /// Begins a policy; what is not said stays as it is in the default policy.
    ///
    /// ```
    /// use outgoing_to_device::{AddressKind, ChannelBuilder, Code, Limits, Policy, UnknownFields};
    ///
    /// let policy = Policy::builder()
    ///     .unknown_fields(UnknownFields::Drop)
    ///     .limits(Limits::DEFAULT.with_body(64 * 1024))
    ///     .refuse([Code::InsecureUrl])
    ///     .channel("VIBER", ChannelBuilder::new().text_warning(None))
    ///     .channel("SMS", ChannelBuilder::new().address(AddressKind::Phone).requires(["clientId"]))
    ///     .without_channel("YANDEX")
    ///     .build()?;
    /// assert_eq!(policy.channel("SMS").unwrap().text_limit(), 2_000);
    ///
    /// let error = Policy::builder().limits(Limits::DEFAULT.with_body(1)).build().unwrap_err();
    /// assert_eq!(error.to_string(), "/limits/body: The value must be 1024 to 16777216.");
    /// # Ok::<(), outgoing_to_device::BuildError>(())
    /// ```
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }

    /// A builder that begins with this policy's settings.
    ///
    /// ```
    /// use outgoing_to_device::{Code, Policy};
    /// let policy = Policy::from_json(br#"{"channels": {"VIBER": null, "SMS": {"address": "phone"}}}"#)?;
    /// let strict = policy.to_builder().refuse([Code::NationalNumber]).build().unwrap();
    /// assert!(strict.channel("VIBER").is_none() && strict.channel("SMS").is_some());
    /// assert_eq!(policy.to_builder().build().unwrap(), policy);
    /// # Ok::<(), outgoing_to_device::RejectionBuf>(())
    /// ```
    pub fn to_builder(&self) -> PolicyBuilder {
        let channels = self.rows.iter().map(|row| {
            let channel = Channel(row);
            let settings = ChannelBuilder {
                requires: Some(channel.requires().map(String::from).collect()),
                addresses: Some(channel.addresses().collect()),
                text: Some(channel.text_limit()),
                text_warning: Some(channel.text_warning()),
                caption_warning: Some(channel.caption_warning()),
                national: Some(channel.national().to_vec()),
            };
            (channel.name().into(), (!row.removed).then_some(settings))
        });
        PolicyBuilder {
            unknown_fields: self.unknown_fields,
            limits: self.limits,
            refuse: self.refused_warnings().collect(),
            channels: channels.collect(),
        }
    }
}

/// Settings for a [`Policy`]; see [`Policy::builder`].
#[derive(Clone, Debug, Default)]
#[must_use = "call `build` to get the policy"]
pub struct PolicyBuilder {
    unknown_fields: UnknownFields,
    limits: Limits,
    refuse: Vec<Code>,
    /// None for one that is taken away.
    channels: Vec<(String, Option<ChannelBuilder>)>,
}

impl PolicyBuilder {
    /// What becomes of a field that the endpoint does not have.
    pub fn unknown_fields(mut self, unknown_fields: UnknownFields) -> PolicyBuilder {
        self.unknown_fields = unknown_fields;
        self
    }

    /// The bounds on a body and on the report about it.
    pub fn limits(mut self, limits: Limits) -> PolicyBuilder {
        self.limits = limits;
        self
    }

    /// The warnings that are violations under this policy, each once.
    pub fn refuse(mut self, warnings: impl IntoIterator<Item = Code>) -> PolicyBuilder {
        self.refuse = warnings.into_iter().collect();
        self
    }

    /// Changes a channel of the default policy, or adds one: `opaque`, 2,000 units of text, nothing
    /// required, unless `channel` says otherwise. Names are a capital, then capitals, digits
    /// and `_`, at most 64 in all. What is said last of a name counts.
    pub fn channel(self, name: impl Into<String>, channel: ChannelBuilder) -> PolicyBuilder {
        self.set(name.into(), Some(channel))
    }

    /// Takes a channel of the default policy away.
    pub fn without_channel(self, name: impl Into<String>) -> PolicyBuilder {
        self.set(name.into(), None)
    }

    fn set(mut self, name: String, channel: Option<ChannelBuilder>) -> PolicyBuilder {
        self.channels.retain(|(other, _)| *other != name);
        self.channels.push((name, channel));
        self
    }

    /// The policy.
    ///
    /// # Errors
    /// Every setting that is out of its range and every two that contradict each other. (As a file
    /// the settings may take 1 MiB, which is more than 256 channels need.)
    pub fn build(&self) -> Result<Policy, BuildError> {
        let mut file = Vec::new();
        or_abort(self.write(&mut file));
        Policy::from_json(&file).map_err(|rejection| {
            let faults = rejection.violations.into_iter();
            let faults =
                faults.map(|fault| SettingFault { setting: fault.pointer, code: fault.code, message: fault.message });
            BuildError { faults: faults.collect() }
        })
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let PolicyBuilder { unknown_fields, limits, refuse, channels } = self;
        let mut policy = List::object(out)?;
        quoted(policy.key("unknownFields")?, unknown_fields.as_str().as_bytes())?;
        write::refuse(policy.key("refuse")?, refuse.iter().copied())?;
        write::limits(policy.key("limits")?, limits)?;
        let mut list = List::object(policy.key("channels")?)?;
        for (name, channel) in channels {
            let out = list.key(name)?;
            match channel {
                Some(channel) => channel.write(out)?,
                None => write::null(out)?,
            }
        }
        list.end()?;
        policy.end()
    }
}

/// What differs from one channel to another, for [`PolicyBuilder::channel`].
///
/// ```
/// use outgoing_to_device::{AddressKind, ChannelBuilder, National, Policy};
/// let russian = National::new("8", "7", 11);
/// let policy = Policy::builder().channel("WHATSAPP", ChannelBuilder::new().national(russian)).build()?;
/// assert_eq!(policy.channel("WHATSAPP").unwrap().national(), russian.as_slice());
/// # Ok::<(), outgoing_to_device::BuildError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "pass it to `PolicyBuilder::channel`"]
pub struct ChannelBuilder {
    requires: Option<Vec<String>>,
    addresses: Option<Vec<AddressKind>>,
    text: Option<u32>,
    text_warning: Option<Option<u32>>,
    caption_warning: Option<Option<u32>>,
    national: Option<Vec<National>>,
}

impl ChannelBuilder {
    /// A channel of which nothing is said yet.
    pub fn new() -> ChannelBuilder {
        ChannelBuilder::default()
    }

    /// The descriptor fields that a request must have, in the place of those that it had to have:
    /// of `clientId`, `unauthorizedClientId` and `appMarker`.
    pub fn requires<T: Into<String>>(mut self, fields: impl IntoIterator<Item = T>) -> ChannelBuilder {
        self.requires = Some(fields.into_iter().map(Into::into).collect());
        self
    }

    /// The kind of its device addresses.
    pub fn address(self, kind: AddressKind) -> ChannelBuilder {
        self.addresses([kind])
    }

    /// The kinds of its device addresses, 1 to 4 different ones: the first that takes an address
    /// counts.
    pub fn addresses(mut self, kinds: impl IntoIterator<Item = AddressKind>) -> ChannelBuilder {
        self.addresses = Some(kinds.into_iter().collect());
        self
    }

    /// The most UTF-16 code units that a text can have: 1 to 100,000.
    pub fn text_limit(mut self, units: u32) -> ChannelBuilder {
        self.text = Some(units);
        self
    }

    /// The number of UTF-16 code units above which a text is warned of: 1 to 100,000, and below the
    /// limit.
    pub fn text_warning(mut self, units: Option<u32>) -> ChannelBuilder {
        self.text_warning = Some(units);
        self
    }

    /// The same for a text with attachments, which many channels show as a caption.
    pub fn caption_warning(mut self, units: Option<u32>) -> ChannelBuilder {
        self.caption_warning = Some(units);
        self
    }

    /// How its national phone numbers are rewritten: by the first rule that a number fits, of at
    /// most 8; only for [`AddressKind::Phone`].
    pub fn national(mut self, rules: impl IntoIterator<Item = National>) -> ChannelBuilder {
        self.national = Some(rules.into_iter().collect());
        self
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        // A setting that somebody adds must be written: no `..` here.
        let ChannelBuilder { requires, addresses, text, text_warning, caption_warning, national } = self;
        let mut channel = List::object(out)?;
        if let Some(fields) = requires {
            write::requires(channel.key("requires")?, fields.iter().map(String::as_str))?;
        }
        if let Some(kinds) = addresses {
            write::addresses(channel.key("address")?, kinds.iter().copied())?;
        }
        if let Some(units) = text {
            integer(channel.key("text")?, i64::from(*units))?;
        }
        if let Some(units) = text_warning {
            write::warning_length(channel.key("textWarning")?, *units)?;
        }
        if let Some(units) = caption_warning {
            write::warning_length(channel.key("captionWarning")?, *units)?;
        }
        if let Some(rules) = national {
            write::national(channel.key("national")?, rules)?;
        }
        channel.end()
    }
}

/// Settings that no policy can have: out of their range, or contradicting each other.
///
/// ```
/// use outgoing_to_device::{ChannelBuilder, Code, Policy};
/// let channel = ChannelBuilder::new().text_limit(10).text_warning(Some(10));
/// let error = Policy::builder().channel("SMS", channel).build().unwrap_err();
/// assert_eq!(error.faults[0].setting, "/channels/SMS/textWarning");
/// assert_eq!(error.faults[0].code, Code::PolicyConflict);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildError {
    /// Every fault; at least one.
    pub faults: Vec<SettingFault>,
}

/// A setting that no policy can have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingFault {
    /// The setting, as a JSON Pointer (RFC 6901) into a policy file: `/channels/SMS/text`.
    pub setting: String,
    /// What is wrong.
    pub code: Code,
    /// The same as one English sentence.
    pub message: String,
}

impl fmt::Display for SettingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.message)
    }
}

impl fmt::Display for BuildError {
    /// A line for each fault.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(f, &self.faults)
    }
}

impl core::error::Error for BuildError {}
