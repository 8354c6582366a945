//! Requests as trees, written in any layout, with a note of where everything stands.

use proptest::prelude::*;
use std::ops::Range;

/// A JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Text(String),
    /// A value as it is to be written.
    Raw(String),
    List(Vec<Tree>),
    Object(Vec<(&'static str, Tree)>),
}

impl Tree {
    /// The member or element that the path leads to.
    pub(crate) fn at(&mut self, path: &[&str]) -> &mut Tree {
        let Some((first, rest)) = path.split_first() else { return self };
        let next = match self {
            Tree::List(items) => items.get_mut(first.parse::<usize>().expect("an index")),
            Tree::Object(members) => members.iter_mut().find(|(name, _)| name == first).map(|(_, value)| value),
            _ => None,
        };
        next.unwrap_or_else(|| panic!("no {first}")).at(rest)
    }

    pub(crate) fn members(&mut self) -> &mut Vec<(&'static str, Tree)> {
        match self {
            Tree::Object(members) => members,
            _ => panic!("no object"),
        }
    }

    pub(crate) fn has(&mut self, name: &str) -> bool {
        self.members().iter().any(|(key, _)| *key == name)
    }

    /// Puts the member in, in the place of one of its name if there is one.
    pub(crate) fn set(&mut self, name: &'static str, value: Tree) {
        self.remove(name);
        self.members().push((name, value));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.members().retain(|(key, _)| *key != name);
    }
}

/// Where a value stands, and its key if it has one.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) pointer: String,
    pub(crate) key: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// A body, and where everything in it stands.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) body: Vec<u8>,
    pub(crate) places: Vec<Place>,
}

impl Written {
    /// The last place of this pointer.
    pub(crate) fn place(&self, pointer: &str) -> &Place {
        self.places.iter().rfind(|place| place.pointer == pointer).unwrap_or_else(|| panic!("no {pointer}"))
    }
}

/// Writes a tree; `choices` decide on white space, escapes and the order of members.
pub(crate) fn write(tree: &Tree, choices: &[u8]) -> Written {
    let mut writer = Writer { out: Vec::new(), places: Vec::new(), choices, next: 0 };
    if writer.choose(8) == 0 {
        writer.out.extend("\u{FEFF}".bytes());
    }
    writer.space();
    writer.value(tree, String::new(), 0..0);
    writer.space();
    Written { body: writer.out, places: writer.places }
}

struct Writer<'c> {
    out: Vec<u8>,
    places: Vec<Place>,
    choices: &'c [u8],
    next: usize,
}

impl Writer<'_> {
    /// A number below `bound`.
    fn choose(&mut self, bound: usize) -> usize {
        let choice = self.choices.get(self.next % self.choices.len().max(1)).copied().unwrap_or(1);
        // Going round once more gives other numbers.
        let turn = self.next / self.choices.len().max(1);
        self.next += 1;
        (usize::from(choice) + 31 * turn) % bound
    }

    fn space(&mut self) {
        let space = ["", "", "", " ", "\n", "\r\n", "\t", "  \r "][self.choose(8)];
        self.out.extend(space.bytes());
    }

    fn string(&mut self, text: &str) -> Range<usize> {
        let start = self.out.len();
        self.out.push(b'"');
        for c in text.chars() {
            let short = match c {
                '"' => Some(r#"\""#),
                '\\' => Some(r"\\"),
                '/' => Some(r"\/"),
                '\n' => Some(r"\n"),
                '\r' => Some(r"\r"),
                '\t' => Some(r"\t"),
                _ => None,
            };
            let must = matches!(c, '"' | '\\' | '\0'..='\x1F');
            match (self.choose(12), short) {
                (0, _) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.out.extend(format!("\\u{unit:04x}").bytes());
                    }
                }
                (1, _) if must && short.is_none() => self.out.extend(format!("\\u{:04X}", c as u32).bytes()),
                (_, None) if must => self.out.extend(format!("\\u{:04X}", c as u32).bytes()),
                (1.., Some(short)) if must || c == '/' && text.len() % 2 == 0 => self.out.extend(short.bytes()),
                _ => self.out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
        self.out.push(b'"');
        start..self.out.len()
    }

    fn value(&mut self, tree: &Tree, pointer: String, key: Range<usize>) {
        let start = self.out.len();
        let place = self.places.len();
        self.places.push(Place { pointer: pointer.clone(), key, value: start..start });
        match tree {
            Tree::Text(text) => drop(self.string(text)),
            Tree::Raw(raw) => self.out.extend(raw.bytes()),
            Tree::List(items) => {
                self.out.push(b'[');
                self.space();
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    self.value(item, format!("{pointer}/{index}"), 0..0);
                    self.space();
                }
                self.out.push(b']');
            }
            Tree::Object(members) => {
                self.out.push(b'{');
                self.space();
                let turn = self.choose(members.len().max(1));
                for index in 0..members.len() {
                    let (name, value) = &members[(index + turn) % members.len()];
                    self.separate(index);
                    let key = self.string(name);
                    self.space();
                    self.out.push(b':');
                    self.space();
                    self.value(value, format!("{pointer}/{name}"), key);
                    self.space();
                }
                self.out.push(b'}');
            }
        }
        self.places[place].value.end = self.out.len();
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.push(b',');
            self.space();
        }
    }
}

pub(crate) const DESCRIPTOR: &str = "clientApplicationDescriptor";

/// Choices for [`write`].
pub(crate) fn layout() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..64)
}

/// Channels and addresses that they accept.
fn channel() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        // A spreadsheet's decimal, a dot and zeros, is no address.
        ("WHATSAPP|VIBER", r"\+?[1-79][0-9]{6}([0-9]( |-|\.[1-9]|\u{AD}|\u{200B})?){0,4}"),
        ("MOBILE", "[!-~]{1,40}"),
        ("EMAIL", r"[a-z.+Ж]{1,20}@[a-zA-Z0-9é]{1,20}(\.[a-z]{1,9}){1,3}"),
        ("TELEGRAM|VKONTAKTE|FACEBOOK", "-?[0-9]{1,19}"),
        ("WEB|VIBERPA|YANDEX|APPLE_BUSINESS_CHAT", r"[!-~Ж😀][ -~Ж😀]{0,30}[!-~Ж😀]"),
    ]
}

fn attachment() -> impl Strategy<Value = Tree> {
    (
        r"https?://[a-zé0-9.-]{1,20}(:[0-9]{0,4})?(/[a-z0-9éЖ:@!$&'()*+,;=._~\[\]{}|^`-]{0,9}){0,4}(\?[a-z=&/?\[\]]{0,9})?(#[a-z^]{0,9})?",
        proptest::option::of(r"[ -.0-\[\]-~éЖ😀]{0,20}"),
        proptest::option::of(r#"[a-zA-Z]{1,9}/[a-zA-Z0-9.+-]{1,12}( ?; ?[a-zA-Z]{1,5} ?= ?([a-z0-9,=()/ é]{0,5}|"[ !#-\[\]-~é]{0,9}"))?"#),
        proptest::option::of(prop_oneof![
            (0_u64..1 << 53).prop_map(|size| size.to_string()),
            (0_u32..10_000, 0_u32..5).prop_map(|(size, zeros)| format!("{size}.{}", "0".repeat(zeros as usize + 1))),
            (0_u32..1_000, 0_u32..10).prop_map(|(size, exponent)| format!("{size}e{exponent}")),
        ]),
    )
        .prop_map(|(url, name, media_type, size)| {
            let mut members = vec![("url", Tree::Text(url))];
            members.extend(name.map(|name| ("name", Tree::Text(name))));
            members.extend(media_type.map(|media_type| ("type", Tree::Text(media_type))));
            members.extend(size.map(|size| ("size", Tree::Raw(size))));
            Tree::Object(members)
        })
}

/// A request that the default policy accepts.
pub(crate) fn request() -> impl Strategy<Value = Tree> {
    let identifier = || proptest::option::of("[ -~éЖ😀]{0,20}");
    (
        r#"[!-~éЖ😀][ -~éЖ😀\t\r\n]{0,60}"#,
        proptest::option::of(proptest::collection::vec(attachment(), 0..4)),
        channel(),
        (identifier(), identifier(), identifier()),
    )
        .prop_map(|(text, attachments, (channel, address), identifiers)| {
            let mut descriptor =
                vec![("channelType", Tree::Text(channel.clone())), ("deviceAddress", Tree::Text(address))];
            let names = ["clientId", "unauthorizedClientId", "appMarker"];
            for (name, identifier) in names.into_iter().zip([identifiers.0, identifiers.1, identifiers.2]) {
                let required = channel == "MOBILE" && name != "unauthorizedClientId";
                let identifier =
                    if required { Some(format!("r{}", identifier.unwrap_or_default())) } else { identifier };
                descriptor.extend(identifier.map(|identifier| (name, Tree::Text(identifier))));
            }
            let mut members = vec![("text", Tree::Text(text)), (DESCRIPTOR, Tree::Object(descriptor))];
            members.extend(attachments.map(|attachments| ("attachments", Tree::List(attachments))));
            Tree::Object(members)
        })
}
