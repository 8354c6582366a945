//! Requests that the default policy accepts.

use super::Rng;
use super::tree::{Tree, object, raw, text};
use super::values;

pub(super) const CHANNELS: [&str; 11] = [
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

/// A valid address for a channel of the default table, or one that is not.
pub(super) fn address(rng: &mut Rng, channel: &str, valid: bool) -> String {
    match channel {
        "WHATSAPP" if rng.chance(10) => values::bsuid(rng),
        "WHATSAPP" | "VIBER" => values::phone(rng, valid),
        "MOBILE" => values::token(rng, valid),
        "EMAIL" => values::email(rng, valid),
        "TELEGRAM" | "VKONTAKTE" | "FACEBOOK" => values::numeric(rng, valid),
        _ => values::opaque(rng),
    }
}

/// A valid request.
pub(super) fn request(rng: &mut Rng) -> Tree {
    let channel = rng.pick(&CHANNELS);
    let attachments = attachments(rng);
    let has_attachment = matches!(&attachments, Some(Tree::List(items)) if !items.is_empty());
    let message = message(rng, has_attachment);
    let mut members = Vec::new();
    match rng.below(10) {
        0 if has_attachment => {}
        1 if has_attachment => members.push(("text", raw("null"))),
        _ => members.push(("text", text(&message))),
    }
    match attachments {
        Some(list) => members.push(("attachments", list)),
        None if rng.chance(30) => members.push(("attachments", raw("null"))),
        None => {}
    }
    let name = if rng.chance(12) { "applicationDescriptor" } else { "clientApplicationDescriptor" };
    members.push((name, descriptor(rng, channel)));
    object(members)
}

fn message(rng: &mut Rng, has_attachment: bool) -> String {
    match rng.below(50) {
        0 if has_attachment => values::blank(rng),
        1 => values::filled(rng, 2000),
        2 => {
            let length = rng.range(999, 1002);
            values::filled(rng, length)
        }
        6 => {
            let length = rng.range(1023, 1026);
            values::filled(rng, length)
        }
        7..=11 => {
            let pieces = values::message(rng, true);
            format!("a{pieces}")
        }
        3 => format!("a\r\nb\rc\n{}d", "\r\n".repeat(rng.below(900))),
        4 => " \u{7F}\u{85}\u{9F}\tx\u{2028}\u{FEFF} ".to_owned(),
        5 => "\"q\" \\ / \u{0}".replace('\0', "\u{80}"),
        _ => values::word(rng),
    }
}

fn attachments(rng: &mut Rng) -> Option<Tree> {
    let count = match rng.below(100) {
        0 => rng.pick(&[99, 100]),
        1..=22 => 1,
        23..=32 => rng.range(2, 4),
        33..=55 => 0,
        _ => return None,
    };
    Some(Tree::List((0..count).map(|_| attachment(rng)).collect()))
}

pub(super) fn attachment(rng: &mut Rng) -> Tree {
    let url = match rng.below(60) {
        0 => format!("https://h/{}", "p".repeat(4000 - 10)),
        _ => values::url(rng, true),
    };
    let mut members = vec![("url", text(&values::padded(rng, &url)))];
    match rng.below(10) {
        0 => members.push(("name", raw("null"))),
        1 => members.push(("name", text(&values::blank(rng)))),
        2 if rng.chance(20) => members.push(("name", text(&values::filled(rng, 998).replace(' ', "_")))),
        2..=6 => {
            let name = values::name(rng, true);
            members.push(("name", text(&values::padded(rng, &name))));
        }
        _ => {}
    }
    match rng.below(10) {
        0 => members.push(("type", raw("null"))),
        1 => members.push(("type", text(&values::blank(rng)))),
        2 if rng.chance(30) => members.push(("type", text(&format!("a/{}", "b".repeat(254))))),
        2..=6 => {
            let media_type = values::media_type(rng, true);
            members.push(("type", text(&values::padded(rng, &media_type))));
        }
        _ => {}
    }
    match rng.below(3) {
        0 => members.push(("size", raw(&values::size(rng, true)))),
        1 if rng.chance(20) => members.push(("size", raw("null"))),
        _ => {}
    }
    object(members)
}

fn descriptor(rng: &mut Rng, channel: &str) -> Tree {
    let spelled = match rng.below(6) {
        0 => channel.to_ascii_lowercase(),
        1 => values::padded(rng, channel),
        _ => channel.to_owned(),
    };
    let address = address(rng, channel, true);
    let address = match channel {
        // An opaque address may be as long as the limit.
        "WEB" if rng.chance(10) => "x".repeat(1024),
        _ => values::padded(rng, &address),
    };
    let mut members = vec![("channelType", text(&spelled)), ("deviceAddress", text(&address))];
    for name in ["clientId", "unauthorizedClientId", "appMarker"] {
        let required = channel == "MOBILE" && name != "unauthorizedClientId";
        let value = values::identifier(rng);
        match rng.below(10) {
            0 if !required => members.push((name, raw("null"))),
            1 if !required => members.push((name, text(&values::blank(rng)))),
            0..=4 => members.push((name, text(&values::padded(rng, &value)))),
            _ if required => members.push((name, text(&value))),
            _ => {}
        }
    }
    object(members)
}
