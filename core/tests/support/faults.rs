//! One fault put into a request that is valid, and what must be said of it.

use super::tree::{DESCRIPTOR, Tree};
use outgoing_to_device::Code;

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum At {
    Key,
    Value,
    /// At the `{` of the object that the pointer leads out of.
    Brace,
}

/// What the fault is, and which pointer it has.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) pointer: String,
    pub(crate) at: At,
}

/// How many faults [`put`] knows.
pub(crate) const COUNT: usize = 50;

/// Puts fault number `which` into a valid request.
pub(crate) fn put(tree: &mut Tree, which: usize) -> Fault {
    let descriptor = format!("/{DESCRIPTOR}");
    let address = format!("{descriptor}/deviceAddress");
    let fault = |code, pointer: &str, at| Fault { code, pointer: pointer.to_owned(), at };
    let text = |text: &str| Tree::Text(text.to_owned());
    let raw = |text: &str| Tree::Raw(text.to_owned());
    let set = |tree: &mut Tree, path: &[&str], name, value| tree.at(path).set(name, value);
    // What depends on the channel is asked of one that is sure to ask.
    let channel = |tree: &mut Tree, name: &str, address: &str| {
        tree.at(&[DESCRIPTOR]).set("channelType", Tree::Text(name.to_owned()));
        tree.at(&[DESCRIPTOR]).set("deviceAddress", Tree::Text(address.to_owned()));
    };
    // The first attachment, to be spoilt.
    let attachment = |tree: &mut Tree, name, value| {
        let attachment = Tree::Object(vec![("url", Tree::Text("https://a/b".to_owned()))]);
        tree.set("attachments", Tree::List(vec![attachment]));
        tree.at(&["attachments", "0"]).set(name, value);
    };
    match which {
        0 => {
            tree.remove("attachments");
            tree.remove("text");
            fault(Code::MissingField, "/text", At::Brace)
        }
        1 => {
            tree.remove(DESCRIPTOR);
            fault(Code::MissingField, &descriptor, At::Brace)
        }
        2 => {
            tree.at(&[DESCRIPTOR]).remove("channelType");
            fault(Code::MissingField, &format!("{descriptor}/channelType"), At::Brace)
        }
        3 => {
            tree.at(&[DESCRIPTOR]).remove("deviceAddress");
            fault(Code::MissingField, &address, At::Brace)
        }
        4 => {
            attachment(tree, "name", text("a.b"));
            tree.at(&["attachments", "0"]).remove("url");
            fault(Code::MissingField, "/attachments/0/url", At::Brace)
        }
        5 => {
            tree.remove("attachments");
            set(tree, &[], "text", raw("null"));
            fault(Code::MissingField, "/text", At::Value)
        }
        6 => {
            set(tree, &[DESCRIPTOR], "deviceAddress", raw("null"));
            fault(Code::MissingField, &address, At::Value)
        }
        7 => {
            set(tree, &[], "text", raw("[1, {}]"));
            fault(Code::TypeMismatch, "/text", At::Value)
        }
        8 => {
            set(tree, &[], DESCRIPTOR, raw("true"));
            fault(Code::TypeMismatch, &descriptor, At::Value)
        }
        9 => {
            set(tree, &[DESCRIPTOR], "deviceAddress", raw("79000000000"));
            fault(Code::TypeMismatch, &address, At::Value)
        }
        10 => {
            set(tree, &[], "attachments", raw("{}"));
            fault(Code::TypeMismatch, "/attachments", At::Value)
        }
        11 => {
            attachment(tree, "size", raw("\"1\""));
            fault(Code::TypeMismatch, "/attachments/0/size", At::Value)
        }
        12 => {
            attachment(tree, "size", raw("1.5"));
            fault(Code::TypeMismatch, "/attachments/0/size", At::Value)
        }
        13 => {
            tree.set("txet", raw("[{\"a\": []}]"));
            fault(Code::UnknownField, "/txet", At::Key)
        }
        14 => {
            set(tree, &[DESCRIPTOR], "appMaker", raw("null"));
            fault(Code::UnknownField, &format!("{descriptor}/appMaker"), At::Key)
        }
        15 => {
            let copy = tree.at(&["text"]).clone();
            tree.members().push(("text", copy));
            fault(Code::DuplicateField, "/text", At::Key)
        }
        16 => {
            let copy = tree.at(&[DESCRIPTOR, "deviceAddress"]).clone();
            tree.at(&[DESCRIPTOR]).members().push(("deviceAddress", copy));
            fault(Code::DuplicateField, &address, At::Key)
        }
        17 => {
            set(tree, &[], "text", raw(r#""a\ud800b""#));
            fault(Code::InvalidUnicode, "/text", At::Value)
        }
        18 => {
            set(tree, &[DESCRIPTOR], "appMarker", raw(r#""\udc00""#));
            fault(Code::InvalidUnicode, &format!("{descriptor}/appMarker"), At::Value)
        }
        19 => {
            set(tree, &[DESCRIPTOR], "deviceAddress", text("\u{2003}\t"));
            fault(Code::Blank, &address, At::Value)
        }
        20 => {
            attachment(tree, "url", text(""));
            fault(Code::Blank, "/attachments/0/url", At::Value)
        }
        21 => {
            set(tree, &[], "text", text("a\u{1B}b"));
            fault(Code::ControlCharacter, "/text", At::Value)
        }
        22 => {
            attachment(tree, "name", text("a\u{85}b"));
            fault(Code::ControlCharacter, "/attachments/0/name", At::Value)
        }
        23 => {
            set(tree, &[], "text", text(&"😀".repeat(1_001)));
            fault(Code::TooLong, "/text", At::Value)
        }
        24 => {
            set(tree, &[DESCRIPTOR], "unauthorizedClientId", text(&"Ж".repeat(256)));
            fault(Code::TooLong, &format!("{descriptor}/unauthorizedClientId"), At::Value)
        }
        25 => {
            attachment(tree, "url", text(&format!("https://a/{}", "b".repeat(3_991))));
            fault(Code::TooLong, "/attachments/0/url", At::Value)
        }
        26 => {
            tree.set("attachments", Tree::List(vec![Tree::Object(vec![("url", text("https://a"))]); 101]));
            fault(Code::TooManyItems, "/attachments/100", At::Value)
        }
        27 => {
            attachment(tree, "size", raw("-0.1e1"));
            fault(Code::OutOfRange, "/attachments/0/size", At::Value)
        }
        28 => {
            tree.remove("attachments");
            set(tree, &[], "text", text(" \r\n\u{A0}"));
            fault(Code::EmptyMessage, "/text", At::Value)
        }
        29 => {
            set(tree, &[DESCRIPTOR], "channelType", text("WHATSAP"));
            fault(Code::UnknownChannel, &format!("{descriptor}/channelType"), At::Value)
        }
        30 => {
            channel(tree, "mobile", "token");
            set(tree, &[DESCRIPTOR], "clientId", text("c"));
            tree.at(&[DESCRIPTOR]).remove("appMarker");
            fault(Code::RequiredByChannel, &format!("{descriptor}/appMarker"), At::Brace)
        }
        31 => {
            channel(tree, "WHATSAPP", "+7 900 CALL NOW");
            fault(Code::InvalidAddress, &address, At::Value)
        }
        32 => {
            channel(tree, "EMAIL", "a@b");
            fault(Code::InvalidAddress, &address, At::Value)
        }
        33 => {
            attachment(tree, "url", text("https://user@host/"));
            fault(Code::InvalidUrl, "/attachments/0/url", At::Value)
        }
        34 => {
            attachment(tree, "type", text("image/"));
            fault(Code::InvalidMediaType, "/attachments/0/type", At::Value)
        }
        35 => {
            attachment(tree, "name", text(r"..\a.png"));
            fault(Code::InvalidName, "/attachments/0/name", At::Value)
        }
        36 => {
            tree.set("attachments", raw("[]"));
            set(tree, &[], "text", text("\u{200B}\u{2800} \u{FEFF}"));
            fault(Code::EmptyMessage, "/text", At::Value)
        }
        37 => {
            set(tree, &[DESCRIPTOR], "deviceAddress", text("\u{AD}\u{3164}"));
            fault(Code::Blank, &address, At::Value)
        }
        38 => {
            channel(tree, "VIBER", "79001234567.0");
            fault(Code::InvalidAddress, &address, At::Value)
        }
        39 => {
            channel(tree, "WHATSAPP", "+44 (0) 7700 900123");
            fault(Code::InvalidAddress, &address, At::Value)
        }
        40 => {
            channel(tree, "EMAIL", "mailto:ivan@example.ru");
            fault(Code::InvalidAddress, &address, At::Value)
        }
        41 => {
            attachment(tree, "url", text("http://https://a.example/b"));
            fault(Code::InvalidUrl, "/attachments/0/url", At::Value)
        }
        42 => {
            attachment(tree, "url", text("https://a.example/b\u{2060}c"));
            fault(Code::InvalidUrl, "/attachments/0/url", At::Value)
        }
        43 => {
            attachment(tree, "url", text("https://a\u{2013}b.example/"));
            fault(Code::InvalidUrl, "/attachments/0/url", At::Value)
        }
        44 => {
            attachment(tree, "name", text("photo\u{202E}gpj.exe"));
            fault(Code::InvalidName, "/attachments/0/name", At::Value)
        }
        45 => {
            attachment(tree, "type", text("image/*"));
            fault(Code::InvalidMediaType, "/attachments/0/type", At::Value)
        }
        46 => {
            attachment(tree, "fileName", text("a.b"));
            fault(Code::UnknownField, "/attachments/0/fileName", At::Key)
        }
        47 => {
            set(tree, &[DESCRIPTOR], "phone", text("79001234567"));
            fault(Code::UnknownField, &format!("{descriptor}/phone"), At::Key)
        }
        48 => {
            set(tree, &[DESCRIPTOR], "channelType", text("push"));
            fault(Code::UnknownChannel, &format!("{descriptor}/channelType"), At::Value)
        }
        49 => {
            set(tree, &[], "text", text("a\u{1C}b"));
            fault(Code::ControlCharacter, "/text", At::Value)
        }
        _ => unreachable!("there are {COUNT}"),
    }
}
