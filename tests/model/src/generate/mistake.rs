//! Mistakes that leave the body JSON.

use super::Rng;
use super::request::{CHANNELS, address, attachment};
use super::tree::{Tree, object, raw, text, units};
use super::values;

const CANONICAL: &str = "clientApplicationDescriptor";
const NAMES: [&str; 12] = [
    "text",
    "attachments",
    CANONICAL,
    "url",
    "name",
    "type",
    "size",
    "channelType",
    "clientId",
    "unauthorizedClientId",
    "appMarker",
    "deviceAddress",
];

/// Makes one mistake somewhere in a request.
pub(super) fn make(rng: &mut Rng, request: &mut Tree) {
    match rng.below(14) {
        0 => body_field(rng, request),
        1..=3 => descriptor_field(rng, request),
        4..=6 => attachment_field(rng, request),
        7 | 8 => {
            let (name, value) = unknown(rng);
            put_somewhere(rng, request, name, value);
        }
        9 | 10 => rename(rng, request),
        11 => misplace(rng, request),
        12 => repeat(rng, request),
        _ => wrong_type(rng, request),
    }
}

/// More mistakes than a report holds.
pub(super) fn make_many(rng: &mut Rng, request: &mut Tree) {
    match rng.below(5) {
        0 => {
            let count = rng.range(99, 104);
            let mut items: Vec<Tree> = (0..count).map(|_| attachment(rng)).collect();
            if rng.chance(50) {
                let last = items.len() - 1;
                items[last] = lone(rng);
                items[100.min(last)] = lone(rng);
            }
            request.set("attachments", Tree::List(items));
        }
        1 => request.set("attachments", Tree::List(vec![raw("null"); rng.range(60, 70)])),
        2 => {
            let count = rng.range(62, 68);
            for index in 0..count {
                let name = if rng.chance(5) { "x0".to_owned() } else { format!("x{index}") };
                put_somewhere(rng, request, units(&name), raw("1"));
            }
        }
        3 => {
            let count = rng.range(63, 66);
            let bare: Vec<Tree> = (0..count).map(|_| object(vec![("url", text("http://h/"))])).collect();
            request.set("attachments", Tree::List(bare));
        }
        _ => {
            let (name, _) = unknown(rng);
            let values = (0..70).map(|_| lone(rng)).collect();
            put_somewhere(rng, request, name, Tree::List(values));
        }
    }
}

/// The descriptor, under either of its names.
fn descriptor(request: &mut Tree) -> Option<&mut Tree> {
    let alias = request.get("applicationDescriptor").is_some();
    request.get(if alias { "applicationDescriptor" } else { CANONICAL })
}

/// Adds a member to the body, its descriptor or its first attachment.
fn put_somewhere(rng: &mut Rng, request: &mut Tree, name: Vec<u16>, value: Tree) {
    let place = rng.below(3);
    let object = match place {
        0 => descriptor(request),
        1 => match request.get("attachments") {
            Some(Tree::List(items)) => items.first_mut(),
            _ => None,
        },
        _ => None,
    };
    let members = match object {
        Some(Tree::Object(members)) => members,
        _ => match request.members() {
            Some(members) => members,
            None => return,
        },
    };
    let index = rng.below(members.len() + 1);
    members.insert(index, (name, value));
}

fn lone(rng: &mut Rng) -> Tree {
    Tree::Text(lone_units(rng))
}

fn lone_units(rng: &mut Rng) -> Vec<u16> {
    let mut text = units(&values::word(rng));
    let index = rng.below(text.len() + 1);
    text.insert(index, rng.pick(&[0xD800, 0xDBFF, 0xDC00, 0xDFFF]));
    text
}

/// A value of any kind, some with lone surrogates inside.
fn anything(rng: &mut Rng, depth: usize) -> Tree {
    match rng.below(if depth == 0 { 7 } else { 9 }) {
        0 => raw("null"),
        1 => raw(rng.pick(&["true", "false"])),
        2 => raw(&values::size(rng, true)),
        3 => raw(rng.pick(&["-1.5e-3", "1E400", "12"])),
        4 => text(&values::word(rng)),
        5 if rng.chance(40) => lone(rng),
        5 => text("\u{1}"),
        6 => rng.pick(&[Tree::List(Vec::new()), Tree::Object(Vec::new())]),
        7 => Tree::List((0..rng.below(4)).map(|_| anything(rng, depth - 1)).collect()),
        _ => {
            let members = (0..rng.below(4)).map(|_| {
                let key = if rng.chance(15) { lone_units(rng) } else { unknown_name(rng) };
                (key, anything(rng, depth - 1))
            });
            Tree::Object(members.collect())
        }
    }
}

/// Names that people bring along from other APIs.
const OTHERS: [&str; 40] = [
    "message",
    "body",
    "messageText",
    "caption",
    "mes",
    "files",
    "file",
    "media",
    "documents",
    "photo",
    "descriptor",
    "device",
    "recipient",
    "link",
    "href",
    "fileUrl",
    "mediaUrl",
    "fileName",
    "title",
    "mimeType",
    "mime",
    "contentType",
    "fileSize",
    "length",
    "bytes",
    "channel",
    "messenger",
    "transport",
    "externalClientId",
    "anonymousClientId",
    "guestId",
    "app",
    "appId",
    "phone",
    "to",
    "chatId",
    "receiver",
    "deviceToken",
    "email",
    "phones",
];

/// A name with one to three letters wrong.
fn misspelled(rng: &mut Rng, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..rng.range(1, 3) {
        let index = rng.below(letters.len());
        match rng.below(4) {
            0 if letters.len() > 1 => drop(letters.remove(index)),
            1 => letters.insert(index, 'x'),
            2 if index > 0 => letters.swap(index, index - 1),
            _ => letters[index] = rng.pick(&['q', 'É', '😀', 'T']),
        }
    }
    letters.into_iter().collect()
}

/// The same name as somebody else writes it.
fn respelled(rng: &mut Rng, name: &str) -> String {
    let between = rng.pick(&["_", "-", " ", "", "__"]);
    let often = rng.pick(&[10, 30, 100]);
    let upper = rng.chance(20);
    let mut written = String::new();
    for letter in name.chars() {
        if rng.chance(often) {
            written.push_str(between);
        }
        written.push(if upper { letter.to_ascii_uppercase() } else { letter });
    }
    written
}

/// A known name or another one for it, written otherwise.
fn other_name(rng: &mut Rng) -> String {
    let name = if rng.chance(30) { rng.pick(&NAMES) } else { rng.pick(&OTHERS) };
    match rng.below(4) {
        0 => name.to_owned(),
        1 => misspelled(rng, name),
        _ => respelled(rng, name),
    }
}

/// A misspelled known name, another API's, a sibling's name, or any other.
fn unknown_name(rng: &mut Rng) -> Vec<u16> {
    let known = rng.pick(&NAMES);
    match rng.below(10) {
        0..=2 => units(&misspelled(rng, known)),
        3 => units(&respelled(rng, known)),
        4 => units(rng.pick(&[
            "threadId",
            "threads_client_id",
            "login",
            "status",
            "mode",
            "priority",
            "STATUS",
            "applicationDescriptor",
            "aplicationDescriptor",
            "application descriptor",
            "appMaker",
            "adress",
            "",
            "user_id",
        ])),
        5 => units(rng.pick(&["a/b", "~", "~1", "\u{0}", "__proto__", "\"", "/", "0"])),
        6 => {
            let length = rng.range(62, 67);
            units(&values::filled(rng, length))
        }
        7 | 8 => units(&other_name(rng)),
        _ => units(&values::word(rng)),
    }
}

/// Gives a member another name, misspelled or another API's for it: its value stays.
fn rename(rng: &mut Rng, request: &mut Tree) {
    let object = match rng.below(3) {
        0 => descriptor(request),
        1 => match request.get("attachments") {
            Some(Tree::List(items)) => items.first_mut(),
            _ => None,
        },
        _ => None,
    };
    let members = match object {
        Some(Tree::Object(members)) => members,
        _ => match request.members() {
            Some(members) => members,
            None => return,
        },
    };
    if members.is_empty() {
        return;
    }
    let index = rng.below(members.len());
    let old = String::from_utf16_lossy(&members[index].0);
    let meant: &[&str] = match old.as_str() {
        "text" => &OTHERS[..5],
        "attachments" => &OTHERS[5..10],
        CANONICAL | "applicationDescriptor" => &OTHERS[10..13],
        "url" => &OTHERS[13..17],
        "name" => &OTHERS[17..19],
        "type" => &OTHERS[19..22],
        "size" => &OTHERS[22..25],
        "channelType" => &OTHERS[25..28],
        "clientId" => &OTHERS[28..29],
        "unauthorizedClientId" => &OTHERS[29..31],
        "appMarker" => &OTHERS[31..33],
        _ => &OTHERS[33..],
    };
    let name = match rng.below(3) {
        0 if !old.is_empty() => misspelled(rng, &old),
        1 => respelled(rng, &old),
        _ => {
            let other = rng.pick(meant);
            respelled(rng, other)
        }
    };
    members[index].0 = units(&name);
}

fn unknown(rng: &mut Rng) -> (Vec<u16>, Tree) {
    let name = if rng.chance(10) { lone_units(rng) } else { unknown_name(rng) };
    (name, anything(rng, 3))
}

fn body_field(rng: &mut Rng, request: &mut Tree) {
    let value = match rng.below(9) {
        0 => text(&values::filled(rng, 2001)),
        1 => text(&values::blank(rng)),
        2 | 8 => text(&values::message(rng, false)),
        3 => lone(rng),
        4 => raw("null"),
        5 => {
            request.remove("text");
            return;
        }
        6 => {
            request.remove(CANONICAL);
            return;
        }
        _ => {
            request.set("attachments", anything(rng, 2));
            return;
        }
    };
    request.set("text", value);
}

fn descriptor_field(rng: &mut Rng, request: &mut Tree) {
    let Some(descriptor) = descriptor(request) else { return };
    let channel = rng.pick(&CHANNELS);
    match rng.below(14) {
        0 => descriptor.set("channelType", text(channel)),
        1 => {
            let odd = [
                "WHATSAP",
                "VIBR",
                "SMS",
                "Whats App",
                "",
                " ",
                "MOBILE\u{0}",
                "VIBERPAX",
                "VK",
                "wa",
                "fb",
                "Telegram-Bot",
                "apple",
                "PUSH",
                "i message",
                "vIbEr_BoT",
                "tg",
                "WEB\u{85}",
                "W E B",
                "MAX",
            ];
            descriptor.set("channelType", text(rng.pick(&odd)));
        }
        2 => {
            let name = rng.pick(&NAMES[7..]);
            descriptor.remove(name);
        }
        3 => {
            let name = rng.pick(&NAMES[7..]);
            let odd = [
                raw("null"),
                text(""),
                text("\t "),
                text("a\u{80}b"),
                text("1\u{1}2"),
                text("a\u{1}\u{1F}2\u{7F}"),
                raw("79001234567"),
                raw("-7"),
                raw("7.0"),
                raw("1e5"),
            ];
            descriptor.set(name, rng.pick(&odd));
        }
        4 => {
            let name = rng.pick(&["clientId", "unauthorizedClientId", "appMarker"]);
            let length = rng.range(255, 257);
            descriptor.set(name, text(&values::filled(rng, length)));
        }
        5 => {
            let length = rng.range(1023, 1026);
            descriptor.set("deviceAddress", text(&values::filled(rng, length)));
        }
        _ => {
            descriptor.set("channelType", text(channel));
            let address = address(rng, channel, false);
            descriptor.set("deviceAddress", text(&address));
        }
    }
}

fn attachment_field(rng: &mut Rng, request: &mut Tree) {
    let mut attachment = attachment(rng);
    match rng.below(14) {
        0 => attachment.remove("url"),
        1 => {
            let url = format!("http{}://h/{}", rng.pick(&["", "s"]), "u".repeat(rng.range(3988, 4000)));
            attachment.set("url", text(&url));
        }
        2 | 3 | 10 | 11 => attachment.set("url", text(&values::url(rng, false))),
        4 | 12 | 13 => attachment.set("name", text(&values::name(rng, false))),
        5 => {
            let length = rng.range(1000, 1002);
            attachment.set("name", text(&values::filled(rng, length)));
        }
        6 => attachment.set("type", text(&values::media_type(rng, false))),
        7 => {
            let start = rng.pick(&["image/jpg;a=", "image/png;A=", "a/"]);
            attachment.set("type", text(&format!("{start}{}", "b".repeat(257 - start.len() - rng.below(3)))));
        }
        _ => attachment.set("size", raw(&values::size(rng, false))),
    }
    match request.get("attachments") {
        Some(Tree::List(items)) => items.push(attachment),
        _ => request.set("attachments", Tree::List(vec![attachment])),
    }
}

/// A known name with a good or odd value in an object that may not be its own.
fn misplace(rng: &mut Rng, request: &mut Tree) {
    let name = rng.pick(&NAMES);
    let value = anything(rng, 1);
    put_somewhere(rng, request, units(name), value);
}

/// Repeats a member of the body or the descriptor, or gives the descriptor its other name too.
fn repeat(rng: &mut Rng, request: &mut Tree) {
    if rng.chance(30) {
        let copy = descriptor(request).map(|found| found.clone());
        let value = if rng.chance(30) { Some(raw("null")) } else { copy };
        let name = rng.pick(&["applicationDescriptor", CANONICAL]);
        if let (Some(value), Some(members)) = (value, request.members()) {
            members.insert(rng.below(members.len() + 1), (units(name), value));
        }
        return;
    }
    let object = if rng.chance(50) { descriptor(request) } else { None };
    let members = match object {
        Some(Tree::Object(members)) => members,
        _ => match request.members() {
            Some(members) => members,
            None => return,
        },
    };
    if members.is_empty() {
        return;
    }
    let (name, value) = rng.pick(members);
    // The same once more, or something else.
    let value = if rng.chance(50) { value } else { anything(rng, 2) };
    members.insert(rng.below(members.len() + 1), (name, value));
}

fn wrong_type(rng: &mut Rng, request: &mut Tree) {
    let number = rng.pick(&["79001234567", "-1", "0", "123456789012345678", "1.0", "-0", "1E3"]);
    let value = if rng.chance(40) { raw(number) } else { anything(rng, 3) };
    match rng.below(12) {
        0 => *request = value,
        1 => request.set(CANONICAL, value),
        2 => request.set("attachments", Tree::List(vec![value])),
        3 | 4 => request.set(rng.pick(&["text", "attachments"]), value),
        5..=8 => {
            if let Some(descriptor) = descriptor(request) {
                descriptor.set(rng.pick(&NAMES[7..]), value);
            }
        }
        _ => {
            let mut attachment = attachment(rng);
            attachment.set(rng.pick(&NAMES[3..7]), value);
            request.set("attachments", Tree::List(vec![attachment]));
        }
    }
}
