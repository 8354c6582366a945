//! Channels: rows of data. Nothing else in the library branches on a channel.

use crate::few::Few;
use crate::field::{Field, FieldSet};
use crate::rules::address::{AddressKind, Kinds, National, NationalRules};
use crate::rules::channel_name::Name;

/// The descriptor fields that a channel can require, in the order of the wire.
pub(crate) const REQUIRABLE: [Field; 3] = [Field::ClientId, Field::UnauthorizedClientId, Field::AppMarker];

const CLIENT_AND_APP: FieldSet = FieldSet::NONE.and(Field::ClientId).and(Field::AppMarker);

/// The most channels that a policy can have, those of the table and those taken away counted.
pub(crate) const MOST: usize = 256;

/// The text limit of a channel that says nothing else, and where there is no channel to ask.
pub(crate) const DEFAULT_TEXT_LIMIT: u32 = 2_000;

/// A channel of a policy.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: Name,
    pub(crate) requires: FieldSet,
    pub(crate) kinds: Kinds,
    /// In UTF-16 code units, as the two lengths above which a text is warned of.
    pub(crate) text: u32,
    pub(crate) text_warning: Option<u32>,
    /// That of a text with attachments.
    pub(crate) caption_warning: Option<u32>,
    pub(crate) national: NationalRules,
    /// A channel of the table that the policy takes away.
    pub(crate) removed: bool,
}

impl Row {
    /// The length above which a text is warned of: with attachments the lower of the two.
    #[inline]
    pub(crate) fn long_text(&self, with_attachments: bool) -> Option<u32> {
        match (self.text_warning, self.caption_warning) {
            (Some(text), Some(caption)) if with_attachments => Some(text.min(caption)),
            (None, caption) if with_attachments => caption,
            (text, _) => text,
        }
    }

    /// A channel of which nothing is said but its name.
    pub(crate) const fn new(name: Name) -> Row {
        Row {
            name,
            requires: FieldSet::NONE,
            kinds: Kinds::one(AddressKind::Opaque),
            text: DEFAULT_TEXT_LIMIT,
            text_warning: None,
            caption_warning: None,
            national: Few::new(National::NONE),
            removed: false,
        }
    }
}

/// A channel of the table, as it is unless more is said of it.
const fn row(name: &str, kinds: Kinds) -> Row {
    match Name::parse(name.as_bytes()) {
        Some(name) => Row { kinds, ..Row::new(name) },
        #[allow(clippy::panic, reason = "at compile time, of a bad row")]
        None => panic!("a channel's name"),
    }
}

/// The default policy's channels. To add a channel, add a row and vectors (CONTRIBUTING.md).
pub(crate) const TABLE: [Row; 11] = {
    const PHONE: Kinds = Kinds::one(AddressKind::Phone);
    const PHONE_OR_BSUID: Kinds = Kinds::two(AddressKind::Phone, AddressKind::Bsuid);
    const TOKEN: Kinds = Kinds::one(AddressKind::Token);
    const EMAIL: Kinds = Kinds::one(AddressKind::Email);
    const NUMERIC: Kinds = Kinds::one(AddressKind::Numeric);
    const OPAQUE: Kinds = Kinds::one(AddressKind::Opaque);
    [
        // Names: the channel types of the message webhook's page. Texts: 2,000 characters on the
        // pages of the sibling endpoints.
        // Phone numbers with `+`, `-`, `(`, `)` and spaces, and user ids that stand in their place:
        // public facts on WhatsApp. [ours] Captions of more than 1,024 characters are cut.
        Row { caption_warning: Some(1_024), ..row("WHATSAPP", PHONE_OR_BSUID) },
        // Both fields stand in the documented example and are this project's user's requirement;
        // addresses in public samples are visible ASCII.
        Row { requires: CLIENT_AND_APP, ..row("MOBILE", TOKEN) },
        // [ours] Long messages are cut or split in Viber's clients.
        Row { text_warning: Some(1_000), ..row("VIBER", PHONE) },
        row("EMAIL", EMAIL),
        // [ours] User and chat identifiers of these networks are numbers, negative for groups.
        // [ours] Telegram's captions have at most 1,024 characters.
        Row { caption_warning: Some(1_024), ..row("TELEGRAM", NUMERIC) },
        row("VKONTAKTE", NUMERIC),
        row("FACEBOOK", NUMERIC),
        // Nothing is documented of these addresses.
        row("WEB", OPAQUE),
        row("VIBERPA", OPAQUE),
        row("YANDEX", OPAQUE),
        row("APPLE_BUSINESS_CHAT", OPAQUE),
    ]
};
