//! Hints for names that nobody knows.

/// The objects of a body, with their fields in the order of §7.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Object {
    Body,
    Attachment,
    Descriptor,
}

pub(crate) const BODY: [&str; 3] = ["text", "attachments", "clientApplicationDescriptor"];
pub(crate) const ATTACHMENT: [&str; 4] = ["url", "name", "type", "size"];
pub(crate) const DESCRIPTOR: [&str; 5] =
    ["channelType", "clientId", "unauthorizedClientId", "appMarker", "deviceAddress"];
pub(crate) const CANONICAL: &str = "clientApplicationDescriptor";
pub(crate) const ALIAS: &str = "applicationDescriptor";
const SIBLING: [&str; 6] = ["threadId", "threadsClientId", "login", "status", "mode", "priority"];

/// The field order of §7, over all objects, for ties between diagnostics.
pub(crate) fn rank(field: &str) -> usize {
    let order = [
        "text",
        "attachments",
        "url",
        "name",
        "type",
        "size",
        "clientApplicationDescriptor",
        "channelType",
        "clientId",
        "unauthorizedClientId",
        "appMarker",
        "deviceAddress",
    ];
    order.iter().position(|name| *name == field).unwrap_or(order.len())
}

impl Object {
    /// The names that an object knows; of the body's, the alias last.
    pub(crate) fn names(self) -> Vec<&'static str> {
        match self {
            Object::Body => vec![BODY[0], BODY[1], BODY[2], ALIAS],
            Object::Attachment => ATTACHMENT.to_vec(),
            Object::Descriptor => DESCRIPTOR.to_vec(),
        }
    }

    /// The field that a key names, if it is one; both names of the descriptor are one field.
    pub(crate) fn field(self, key: &str) -> Option<&'static str> {
        let name = self.names().into_iter().find(|name| *name == key)?;
        Some(if name == ALIAS { CANONICAL } else { name })
    }

    /// "the nearest field of the same object …, the alias last, suggesting
    /// `clientApplicationDescriptor`, else by the table of other names above".
    pub(crate) fn suggestion(self, name: &str) -> Option<String> {
        let nearest = nearest(name, &self.names()).or_else(|| self.meant(name).map(str::to_owned))?;
        Some(if nearest == ALIAS { CANONICAL.to_owned() } else { nearest })
    }

    /// The field that the table has for a name: "the fields' own names are compared so, too".
    fn meant(self, name: &str) -> Option<&'static str> {
        spelled_otherwise(name, &self.names()).or_else(|| other_name(name, self.other_names()))
    }

    fn other_names(self) -> &'static [OtherNames] {
        match self {
            Object::Body => &BODY_OTHER,
            Object::Attachment => &ATTACHMENT_OTHER,
            Object::Descriptor => &DESCRIPTOR_OTHER,
        }
    }

    /// "else, for a name that belongs elsewhere, `belongs_to` (a name of another object, or one that
    /// the table has for it), else `sibling_endpoint`; names are compared as in the table. Names over
    /// 64 scalar values get no hint at all."
    pub(crate) fn belongs_to(self, name: &str) -> Option<&'static str> {
        let places = [
            (Object::Body, "body"),
            (Object::Attachment, "attachments"),
            (Object::Descriptor, "clientApplicationDescriptor"),
        ];
        if is_too_long(name) {
            return None;
        }
        let elsewhere = places.into_iter().find(|(object, _)| *object != self && object.meant(name).is_some());
        match elsewhere {
            Some((_, place)) => Some(place),
            None => spelled_otherwise(name, &SIBLING).map(|_| "sibling_endpoint"),
        }
    }
}

/// A name that is known, and others that people bring along for it.
type OtherNames = (&'static str, &'static [&'static str]);

const BODY_OTHER: [OtherNames; 3] = [
    ("text", &["message", "body", "messageText", "caption", "content", "mes"]),
    ("attachments", &["files", "file", "media", "documents", "document", "images", "image", "photo"]),
    (CANONICAL, &["descriptor", "device", "recipient"]),
];

const ATTACHMENT_OTHER: [OtherNames; 4] = [
    ("url", &["link", "href", "src", "uri", "fileUrl", "media", "mediaUrl"]),
    ("name", &["fileName", "title"]),
    ("type", &["mimeType", "mime", "contentType", "mediaType"]),
    ("size", &["fileSize", "length", "bytes", "contentLength"]),
];

const DESCRIPTOR_OTHER: [OtherNames; 5] = [
    ("channelType", &["channel", "channelName", "messenger", "transport"]),
    ("clientId", &["externalClientId", "clientExternalId"]),
    ("unauthorizedClientId", &["anonymousClientId", "guestId"]),
    ("appMarker", &["app", "appId", "application", "bundleId"]),
    (
        "deviceAddress",
        &[
            "address",
            "phone",
            "phoneNumber",
            "msisdn",
            "to",
            "recipient",
            "receiver",
            "chatId",
            "peerId",
            "deviceId",
            "deviceToken",
            "email",
        ],
    ),
];

const CHANNEL_OTHER: [OtherNames; 10] = [
    ("MOBILE", &["PUSH", "APP", "IOS", "ANDROID", "FCM", "APNS", "HMS", "RUSTORE"]),
    ("WEB", &["SITE", "WIDGET", "WEBCHAT"]),
    ("WHATSAPP", &["WA", "WABA", "WHATSAPPBUSINESS"]),
    ("VIBER", &["VIBERBUSINESS"]),
    ("VIBERPA", &["VIBERBOT", "VIBERPUBLIC"]),
    ("EMAIL", &["MAIL"]),
    ("TELEGRAM", &["TG", "TELEGRAMBOT"]),
    ("VKONTAKTE", &["VK"]),
    ("FACEBOOK", &["FB", "MESSENGER", "FACEBOOKMESSENGER"]),
    ("APPLE_BUSINESS_CHAT", &["APPLE", "IMESSAGE", "ABC", "APPLEMESSAGES"]),
];

/// "`unknown_channel` hints in the same way, ties by the policy's order, then by the table (where the
/// policy has it)."
pub(crate) fn channel(name: &str, policy: &[&str]) -> Option<String> {
    let found = nearest(name, policy)
        .or_else(|| spelled_otherwise(name, policy).map(str::to_owned))
        .or_else(|| other_name(name, &CHANNEL_OTHER).map(str::to_owned))?;
    policy.contains(&found.as_str()).then_some(found)
}

/// "compared without regard to ASCII case and without `_`, `-` and spaces".
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-', ' '], "")
}

fn other_name(name: &str, table: &[OtherNames]) -> Option<&'static str> {
    let found = table.iter().find(|(_, others)| spelled_otherwise(name, others).is_some())?;
    Some(found.0)
}

/// The first name that is the same one, compared so.
pub(crate) fn spelled_otherwise<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let same = |known: &&&str| plain(known) == plain(name);
    if is_too_long(name) { None } else { names.iter().find(same).copied() }
}

fn is_too_long(name: &str) -> bool {
    name.chars().count() > 64
}

/// "optimal string alignment distance without regard to ASCII case, at most 2 and less than
/// half the length; all counted in Unicode scalar values of the name given; …; names over 64 get
/// no hint at all". Ties go to the first.
pub(crate) fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let length = name.chars().count();
    if is_too_long(name) {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let distance = distance(name, candidate);
        let near_enough = distance <= 2 && 2 * distance < length;
        if near_enough && best.is_none_or(|(smallest, _)| distance < smallest) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Optimal string alignment: edits and swaps of neighbours, no place touched twice.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_ascii_lowercase().chars().collect();
    let right: Vec<char> = right.to_ascii_lowercase().chars().collect();
    let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            if i == 0 || j == 0 {
                table[i][j] = i + j;
                continue;
            }
            let replaced = table[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut least = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = least;
        }
    }
    table[left.len()][right.len()]
}
