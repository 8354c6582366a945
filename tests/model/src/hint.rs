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
    /// `clientApplicationDescriptor`".
    pub(crate) fn suggestion(self, name: &str) -> Option<String> {
        let nearest = nearest(name, &self.names())?;
        Some(if nearest == ALIAS { CANONICAL.to_owned() } else { nearest })
    }

    /// "else, for a name that belongs elsewhere, `belongs_to`".
    pub(crate) fn belongs_to(self, name: &str) -> Option<&'static str> {
        let places = [
            (Object::Body, "body"),
            (Object::Attachment, "attachments"),
            (Object::Descriptor, "clientApplicationDescriptor"),
        ];
        for (object, place) in places {
            if object != self && has(&object.names(), name) {
                return Some(place);
            }
        }
        has(&SIBLING, name).then_some("sibling_endpoint")
    }
}

fn has(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// "optimal string alignment distance without regard to ASCII case, at most 2 and less than
/// half the length; all counted in Unicode scalar values of the name given; …; none for names
/// over 64". Ties go to the first.
pub(crate) fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let length = name.chars().count();
    if length > 64 {
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
