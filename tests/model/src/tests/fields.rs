//! §3: each field's rules.

use super::{attachment, of, web};
use crate::json::quote;

/// What is said of a text, the normalized text first.
fn text(value: &str, rest: &str) -> Vec<String> {
    of(&web(&format!("\"text\":{value}{rest}")))
}

fn only(value: &str, rest: &str) -> String {
    let all = text(value, rest);
    assert_eq!(all.len(), 1, "{all:?}");
    let line = &all[0];
    match line.split_once('«') {
        Some((before, after)) => {
            format!("{before}{}", after.split_once('»').map_or("", |(_, rest)| rest))
        }
        None => line.clone(),
    }
}

#[test]
fn texts() {
    assert!(text("\" a\\r\\nb\\rc\\n\\r\\n \"", "")[0].contains("\"text\":\" a\\nb\\nc\\n\\n \""));
    assert!(text("\"\\u007f\\u0085\\t\\/\\\"x\"", "")[0].contains("\"\u{7F}\\n\\t/\\\"x\""));
    let ends = text("\"a\\u000bb\\fc\\u0085d\u{2028}e\u{2029}f\\r\\u0085g\"", "");
    assert!(ends[0].contains("\"a\\nb\\nc\\nd\\ne\\nf\\n\\ng\""), "{ends:?}");
    assert_eq!(only("\"a\\u0000\"", ""), "control_character /text  related «\\u0000» fix «\\u0000» «»");
    assert_eq!(only("\"\\u001f\"", ""), "control_character /text  related «\\u001f» fix «\\u001f» «»");
    assert_eq!(only("\"\\ud800\\u0000\"", ""), "invalid_unicode /text  related «\\ud800»");
    assert_eq!(only("\"\\ud83d\\ude00\"", "").split('"').nth(3), Some("😀"));
    assert_eq!(only("12.0", ""), "type_mismatch /text  actual:number expected:string");
    assert_eq!(
        only("-12", ""),
        "type_mismatch /text  actual:number expected:string \
         fix «» «\"» fix «» «\"»"
    );
}

#[test]
fn empty_messages() {
    assert_eq!(only("\"\"", ""), "empty_message /text ");
    assert_eq!(only("\" \\r\\n\\u2003\"", ",\"attachments\":[]"), "empty_message /text ");
    assert_eq!(only("\"\"", ",\"attachments\":null"), "empty_message /text ");
    assert!(only("\"\"", ",\"attachments\":5").starts_with("type_mismatch /attachments"));
    assert!(only("\"\"", ",\"attachments\":[null]").starts_with("type_mismatch /attachments/0"));
    let good = ",\"attachments\":[{\"url\":\"https://h.x\",\"type\":\"a/b\"}]";
    assert!(only("\" \"", good).starts_with("{\"text\":\" \""));
    for text in ["", "null", "\"\\u200b\\u2060\\u00ad\\u2800\""] {
        let member = if text.is_empty() { "\"size\":1".to_owned() } else { format!("\"text\":{text}") };
        let of = |rest: &str| of(&web(&format!("{member}{rest}")))[0].clone();
        let code = if text.starts_with('"') { "empty_message /text" } else { "missing_field /text" };
        for rest in ["", ",\"attachments\":null", ",\"attachments\":[]"] {
            assert!(of(rest).starts_with(code), "{text} {rest}");
        }
        for rest in [good, ",\"attachments\":5", ",\"attachments\":[null]"] {
            assert!(!of(rest).contains("/text"), "{text} {rest}");
        }
    }
    // What shapes letters and emoji is not invisible.
    assert!(only("\"\\u200d\"", "").starts_with('{'));
    assert_eq!(only(&quote(&" ".repeat(2001)), ""), "too_long /text  limit:2000 actual:2001 channel:WEB");
}

#[test]
fn text_lengths() {
    assert!(only(&quote(&"x".repeat(2000)), "").starts_with('{'));
    assert!(only(&quote(&"\r\n".repeat(2000)), "").starts_with("empty_message"));
    assert!(only(&quote(&format!("x{}", "\r\n".repeat(1999))), "").starts_with('{'));
    let pairs = quote(&format!("x{}", "😀".repeat(1000)));
    assert_eq!(only(&pairs, ""), "too_long /text  limit:2000 actual:2001 channel:WEB");
    // No channel to ask: 2,000, and no channel is named.
    let body = format!("{{\"text\":{pairs}}}");
    assert!(of(&body)[1].ends_with("» limit:2000 actual:2001"), "{:?}", of(&body));
    let viber = |count: usize| {
        of(&format!(
            "{{\"text\":\"{}\",\"clientApplicationDescriptor\":{{\"channelType\":\"viber\",\"deviceAddress\":\"+491234567\"}}}}",
            "x".repeat(count)
        ))
    };
    assert_eq!(viber(1000).len(), 1);
    assert!(viber(1001)[1].starts_with("long_text /text"));
    assert!(viber(1001)[1].ends_with("limit:1000 actual:1001 channel:VIBER"));
    assert_eq!(viber(2001).len(), 1);
}

#[test]
fn identifiers_and_channels() {
    let body = |members: &str| of(&format!("{{\"text\":\"t\",\"clientApplicationDescriptor\":{{{members}}}}}"));
    let here = "/clientApplicationDescriptor";
    assert_eq!(
        body("\"channelType\":\" mobile\\t\",\"clientId\":\" \",\"deviceAddress\":\"d\""),
        [
            format!("required_by_channel {here}/appMarker «{{» channel:MOBILE"),
            format!("required_by_channel {here}/clientId «\" \"» channel:MOBILE"),
        ]
    );
    // A refused identifier is not absent.
    assert_eq!(
        body("\"channelType\":\"MOBILE\",\"clientId\":7,\"appMarker\":null,\"deviceAddress\":\"d\""),
        [
            format!(
                "type_mismatch {here}/clientId «7» actual:number expected:string \
                 fix «» «\"» fix «» «\"»"
            ),
            format!("required_by_channel {here}/appMarker «null» channel:MOBILE"),
        ]
    );
    // What depends on the channel is not checked.
    assert_eq!(
        body("\"channelType\":\"WHATSAP\",\"deviceAddress\":\"nobody\""),
        [format!(
            "unknown_channel {here}/channelType «\"WHATSAP\"» suggestion:WHATSAPP \
                 fix «WHATSAP» «WHATSAPP»"
        )]
    );
    assert_eq!(
        body("\"channelType\":\"\\u2003\",\"deviceAddress\":\"a\\u0001\""),
        [
            format!("blank {here}/channelType «\"\\u2003\"»"),
            format!("control_character {here}/deviceAddress «\"a\\u0001\"» related «\\u0001» fix «\\u0001» «»"),
        ]
    );
    let long = "i".repeat(256);
    assert_eq!(
        body(&format!("\"channelType\":\"SMS\",\"appMarker\":\"{long}\",\"deviceAddress\":\"\"")),
        [
            format!("unknown_channel {here}/channelType «\"SMS\"»"),
            format!("too_long {here}/appMarker «\"{long}\"» limit:255 actual:256"),
            format!("blank {here}/deviceAddress «\"\"»"),
        ]
    );
    let good = body(&format!(
        "\"deviceAddress\":\"d\",\"clientId\":\" {} \",\"channelType\":\"apple_business_chat\",\"appMarker\":\"\"",
        "i".repeat(255)
    ));
    assert!(good[0].ends_with(&format!(
        "{{\"channelType\":\"APPLE_BUSINESS_CHAT\",\"clientId\":\"{}\",\"deviceAddress\":\"d\"}}}}",
        "i".repeat(255)
    )));
    let too_long = "d".repeat(1025);
    let all = body(&format!("\"channelType\":\"TELEGRAM\",\"deviceAddress\":\"{too_long}\""));
    assert!(all[0].starts_with("too_long") && all[0].ends_with("limit:1024 actual:1025"));
    let all = body(&format!("\"channelType\":\"VIBER\",\"deviceAddress\":\"+491234567{}\"", "-".repeat(1025)));
    assert!(all[0].ends_with("\"491234567\"}}"), "{all:?}");
}

#[test]
fn attachments() {
    assert_eq!(
        attachment("\"size\":256.0,\"type\":\" IMAGE/Jpg;Q=Z\",\"name\":\"\\tabc\\n\",\"url\":\" https://H.x/ \""),
        ["{\"url\":\"https://H.x/\",\"name\":\"abc\",\"type\":\"image/jpeg;q=Z\",\"size\":256}"]
    );
    assert_eq!(attachment(""), ["missing_field /attachments/0/url «{»", "attachment_kind_unknown /attachments/0 «{»"]);
    assert_eq!(
        attachment("\"url\":\"HTTP://h.x\",\"name\":\"x.y\""),
        ["{\"url\":\"HTTP://h.x\",\"name\":\"x.y\"}", "insecure_url /attachments/0/url «\"HTTP://h.x\"»"]
    );
    assert_eq!(
        attachment("\"url\":\" \",\"name\":\"a/b\""),
        ["blank /attachments/0/url «\" \"»", "invalid_name /attachments/0/name «\"a/b\"» related «/» fix «/» «_»"]
    );
    for kind in ["application/octet-stream", " Binary/Octet-Stream ; a=b", "application/octet-stream;"] {
        let both = |name: &str| attachment(&format!("\"url\":\"https://h.x\",\"type\":\"{kind}\",\"name\":\"{name}\""));
        assert!(both("a")[1].starts_with("attachment_kind_unknown") && both("a.b").len() == 1, "{kind}");
    }
    // Neither of them refused, so no warning either.
    assert_eq!(
        attachment("\"url\":\"https://h.x\",\"name\":\"x\",\"type\":1"),
        ["type_mismatch /attachments/0/type «1» actual:number expected:string fix «» «\"» fix «» «\"»"]
    );
    assert_eq!(
        attachment("\"url\":\"https://h.x\",\"name\":\"x\",\"type\":\"jpeg\""),
        ["invalid_media_type /attachments/0/type «\"jpeg\"»"]
    );
}

#[test]
fn extensions() {
    let warns = |name: &str| attachment(&format!("\"url\":\"https://h.x\",\"name\":{}", quote(name))).len() == 2;
    for name in ["a.b", " a.b ", "a..1", "..x", "a.b c", "é.x-", "a.b.c\u{0301}"] {
        assert!(!warns(name), "{name}");
    }
    for name in ["a", ".b", "a.", "a. ", "a.-b", "a.b.", "a.é", "", " "] {
        assert!(warns(name), "{name}");
    }
}

#[test]
fn attachment_lengths() {
    let first = |members: String| attachment(&members).remove(0);
    let ends = |line: String, end: &str| assert!(line.ends_with(end), "{}", &line[line.len() - 60..]);
    let url = |count: usize| format!("\"type\":\"a/b\",\"url\":\" https://h.x/{}\"", "é".repeat(count - 12));
    assert!(first(url(4000)).starts_with('{'));
    ends(first(url(4001)), "limit:4000 actual:4001");
    // Also where the syntax is wrong: too_long comes first.
    ends(first(format!("\"url\":\"{}\"", "x".repeat(4001))), "limit:4000 actual:4001");
    ends(first(format!("\"url\":\"https://h.x\",\"name\":\"{}/\"", "x".repeat(1000))), "limit:1000 actual:1001");
    let media_type = |text: &str, count: usize| {
        format!("\"url\":\"https://h.x\",\"type\":\"{text}{}\"", "x".repeat(count - text.len()))
    };
    assert!(first(media_type("a/", 256)).starts_with('{'));
    ends(first(media_type("a/", 257)), "limit:256 actual:257");
    // The normalized value is measured: `image/jpg` grows.
    ends(first(media_type("image/jpg;a=", 256)), "limit:256 actual:257");
    assert!(first(media_type("image/jpg;a=", 255)).starts_with('{'));
}

#[test]
fn sizes() {
    let size = |text: &str| {
        let line = attachment(&format!("\"url\":\"https://h.x/\",\"type\":\"a/b\",\"size\":{text}"));
        let end = line[0].split("\"size\":").nth(1).map(|rest| rest.trim_end_matches('}'));
        end.map_or(line[0].split_once('»').map_or("", |(_, rest)| rest.trim()).to_owned(), str::to_owned)
    };
    let good = [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0e999", "0"),
        ("0.0e-999", "0"),
        ("256.0", "256"),
        ("2.56e2", "256"),
        ("2560E-1", "256"),
        ("1e15", "1000000000000000"),
        ("9007199254740991", "9007199254740991"),
        ("0.9007199254740991e+16", "9007199254740991"),
    ];
    for (text, expected) in good {
        assert_eq!(size(text), expected);
    }
    for text in ["9007199254740992", "1e16", "1e400", "1e99999999999999999999", "18446744073709551617"] {
        assert_eq!(size(text), "limit:9007199254740991");
    }
    for text in ["-1", "-1e400", "-25.60e1"] {
        assert_eq!(size(text), "limit:0");
    }
    for text in ["0.5", "-0.5", "1e-1", "9007199254740992.5", "1e-99999999999999999999", "2.565e2"] {
        assert_eq!(size(text), "actual:number expected:integer");
    }
    assert_eq!(size("\"02\""), "actual:string expected:integer");
    assert_eq!(size("\"\""), "actual:string expected:integer");
    assert_eq!(size("\"1234567890123456\""), "actual:string expected:integer");
    assert_eq!(size("\"0\""), "actual:string expected:integer fix «\"» «» fix «\"» «»");
    assert_eq!(size("{}"), "actual:object expected:integer");
}
