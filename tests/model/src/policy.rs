//! The policy as data: the default table, and how it is written.

use crate::diagnostic::WARNINGS;
use crate::hint::DESCRIPTOR;
use crate::json::quote;

/// What happens to unknown fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownFields {
    /// They are violations.
    Reject,
    /// They are left out, with a warning.
    Drop,
    /// They are kept, with a warning.
    Keep,
}

/// The limits that a policy sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body: u64,
    /// Open brackets.
    pub depth: u64,
    /// Attachments.
    pub attachments: u64,
    /// Units of `clientId`, `unauthorizedClientId` and `appMarker`.
    pub identifier: u64,
    /// Units of `deviceAddress`.
    pub address: u64,
    /// Violations reported.
    pub violations: u64,
    /// Warnings reported.
    pub warnings: u64,
}

/// How national numbers of one form are rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct National {
    /// The digits that mark the national form.
    pub prefix: String,
    /// The digits that take their place.
    pub country: String,
    /// The digits of the national form, prefix included.
    pub length: u64,
}

/// "A channel is a row of data: its name, the descriptor fields it requires, its address kinds, its
/// text limit and the lengths from which it warns."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Required descriptor fields, in the order of §7.
    pub requires: Vec<String>,
    /// The address kinds, in their order.
    pub address: Vec<String>,
    /// Units of `text`.
    pub text: u64,
    /// Longer texts warn.
    pub text_warning: Option<u64>,
    /// Longer texts beside attachments warn.
    pub caption_warning: Option<u64>,
    /// The rewritings that the host asked for.
    pub national: Vec<National>,
}

impl Channel {
    /// "a new name adds one (`opaque`, 2,000, requires nothing, unless it says otherwise)".
    pub(crate) fn new(name: &str, address: &[&str]) -> Channel {
        Channel {
            name: name.to_owned(),
            requires: Vec::new(),
            address: address.iter().map(|kind| (*kind).to_owned()).collect(),
            text: 2000,
            text_warning: None,
            caption_warning: None,
            national: Vec::new(),
        }
    }

    pub(crate) fn requires(&self, field: &str) -> bool {
        self.requires.iter().any(|required| required == field)
    }

    fn to_json(&self) -> String {
        let requires: Vec<String> = DESCRIPTOR.into_iter().filter(|field| self.requires(field)).map(quote).collect();
        let length = |limit: Option<u64>| limit.map_or("null".to_owned(), |limit| limit.to_string());
        let address: Vec<String> = self.address.iter().map(|kind| quote(kind)).collect();
        let national: Vec<String> = self.national.iter().map(National::to_json).collect();
        format!(
            "{{\"requires\":[{}],\"address\":{},\"text\":{},\"textWarning\":{},\"captionWarning\":{},\
             \"national\":{}}}",
            requires.join(","),
            one_or_array(&address),
            self.text,
            length(self.text_warning),
            length(self.caption_warning),
            one_or_array(&national),
        )
    }
}

impl National {
    fn to_json(&self) -> String {
        let National { prefix, country, length } = self;
        format!("{{\"prefix\":{},\"country\":{},\"length\":{length}}}", quote(prefix), quote(country))
    }
}

/// "`address` may be one kind and `national` one rule without the array, and are written so where
/// there is only one (no rule: null)".
fn one_or_array(items: &[String]) -> String {
    match items {
        [] => "null".to_owned(),
        [one] => one.clone(),
        several => format!("[{}]", several.join(",")),
    }
}

/// The table's channels, in its order.
pub(crate) const TABLE: [&str; 11] = [
    "WHATSAPP",
    "MOBILE",
    "VIBER",
    "EMAIL",
    "TELEGRAM",
    "VKONTAKTE",
    "FACEBOOK",
    "WEB",
    "VIBERPA",
    "YANDEX",
    "APPLE_BUSINESS_CHAT",
];

/// The rules of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What happens to unknown fields.
    pub unknown_fields: UnknownFields,
    /// The warnings that are violations, in the order of §6.
    pub refuse: Vec<String>,
    /// The limits.
    pub limits: Limits,
    /// The channels that there are: the table's in its order, then new ones by name.
    pub channels: Vec<Channel>,
}

impl Default for Policy {
    fn default() -> Policy {
        let limits = Limits {
            body: 1024 * 1024,
            depth: 64,
            attachments: 100,
            identifier: 255,
            address: 1024,
            violations: 64,
            warnings: 64,
        };
        let channels = TABLE.into_iter().map(default_channel).collect();
        Policy { unknown_fields: UnknownFields::Reject, refuse: Vec::new(), limits, channels }
    }
}

/// A row of the table of §4.
fn default_channel(name: &str) -> Channel {
    let address: &[&str] = match name {
        "WHATSAPP" => &["phone", "bsuid"],
        "VIBER" => &["phone"],
        "MOBILE" => &["token"],
        "EMAIL" => &["email"],
        "TELEGRAM" | "VKONTAKTE" | "FACEBOOK" => &["numeric"],
        _ => &["opaque"],
    };
    let mut channel = Channel::new(name, address);
    if name == "MOBILE" {
        channel.requires = vec!["clientId".to_owned(), "appMarker".to_owned()];
    }
    if name == "VIBER" {
        channel.text_warning = Some(1000);
    }
    if name == "WHATSAPP" || name == "TELEGRAM" {
        channel.caption_warning = Some(1024);
    }
    channel
}

impl Policy {
    /// "compared without regard to ASCII case".
    pub(crate) fn channel(&self, name: &str) -> Option<Channel> {
        self.channels.iter().find(|channel| channel.name.eq_ignore_ascii_case(name)).cloned()
    }

    /// The whole policy: "keys in the order below, the table's channels (those taken away as
    /// null) in its order, then new ones by name".
    pub fn to_json(&self) -> String {
        let unknown_fields = match self.unknown_fields {
            UnknownFields::Reject => "reject",
            UnknownFields::Drop => "drop",
            UnknownFields::Keep => "keep",
        };
        // "`refuse` in the order of §6".
        let refuse: Vec<String> =
            WARNINGS.into_iter().filter(|code| self.refuse.iter().any(|other| other == code)).map(quote).collect();
        let Limits { body, depth, attachments, identifier, address, violations, warnings } = &self.limits;
        let mut channels = Vec::new();
        for name in TABLE {
            let row = self.channels.iter().find(|channel| channel.name == name);
            let value = row.map_or("null".to_owned(), Channel::to_json);
            channels.push(format!("{}:{value}", quote(name)));
        }
        for channel in &self.channels {
            if !TABLE.contains(&channel.name.as_str()) {
                channels.push(format!("{}:{}", quote(&channel.name), channel.to_json()));
            }
        }
        format!(
            "{{\"unknownFields\":\"{unknown_fields}\",\"refuse\":[{}],\"limits\":{{\"body\":{body},\
             \"depth\":{depth},\"attachments\":{attachments},\"identifier\":{identifier},\
             \"address\":{address},\"violations\":{violations},\"warnings\":{warnings}}},\
             \"channels\":{{{}}}}}",
            refuse.join(","),
            channels.join(",")
        )
    }
}
