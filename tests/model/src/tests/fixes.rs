//! §6: fixes of keys and of control characters, and what a policy that refuses warnings makes of them.

use super::{of, web, with};
use crate::json::quote;

/// The first line that is said of a body for WEB with these members beside the descriptor.
fn first(policy: &str, members: &str) -> String {
    with(policy, &web(members)).into_iter().find(|line| !line.starts_with('{')).unwrap_or_default()
}

#[test]
fn control_characters() {
    let text = |value: &str| first("{}", &format!("\"text\":\"{value}\""));
    let fix = |value: &str| {
        let line = text(value);
        let (_, rest) = line.split_once("related «").expect("a place");
        let (character, fix) = rest.split_once('»').expect("its end");
        (character.to_owned(), fix.trim().to_owned())
    };
    let pair = |character: &str, fix: &str| (character.to_owned(), fix.to_owned());
    assert_eq!(fix("a\\u0000b"), pair("\\u0000", "fix «\\u0000» «»"));
    assert_eq!(fix("a\\b\\u001fb\\u0001"), pair("\\b", "fix «\\b\\u001f» «» fix «\\u0001» «»"));
    // Between two digits, alone or in a row; digits are ASCII.
    assert_eq!(fix("2\\u001e6"), pair("\\u001e", ""));
    assert_eq!(fix("2\\u001e\\u001f\\u0000\\u0036"), pair("\\u001e", ""));
    assert_eq!(fix("a\\u0001 2\\u001e6"), pair("\\u0001", ""));
    assert_eq!(fix("2\\u001e\\t6"), pair("\\u001e", "fix «\\u001e» «»"));
    assert_eq!(fix("2\\u001e"), pair("\\u001e", "fix «\\u001e» «»"));
    assert_eq!(fix("٢\\u001e6"), pair("\\u001e", "fix «\\u001e» «»"));
    // What is left may be blank, or too long.
    assert_eq!(fix("\\u0001"), pair("\\u0001", "fix «\\u0001» «»"));
    assert_eq!(fix(&format!("\\u0001{}", "x".repeat(3000))), pair("\\u0001", "fix «\\u0001» «»"));
    // More than 64 edits.
    assert_eq!(fix(&"a\\u0001".repeat(64)).1.matches("fix").count(), 64);
    assert_eq!(fix(&"a\\u0001".repeat(65)).1, "");
    assert_eq!(fix(&format!("a{}", "\\u0001".repeat(65))).1.matches("fix").count(), 1);
    // In other fields a half of a letter is not touched, and the ends are trimmed already.
    let name = |value: &str| {
        let attachment = format!("\"attachments\":[{{\"url\":\"https://h.x\",\"type\":\"a/b\",\"name\":\"{value}\"}}]");
        let line = first("{}", &attachment);
        line.split_once("related ").map(|(_, rest)| rest.to_owned()).unwrap_or(line)
    };
    assert_eq!(name("\\ta\\u007fb\\n"), "«\\u007f» fix «\\u007f» «»");
    assert_eq!(name("a\\u0080b\\u0001"), "«\\u0080»");
    assert_eq!(name("a\\u0001b\\u0085c"), "«\\u0001»");
    assert_eq!(name("\\u001fa\\t"), "«\\u001f» fix «\\u001f» «»");
}

#[test]
fn names_that_stand_already_are_no_fix() {
    let body = |members: &str| {
        let body = format!("{{\"clientApplicationDescriptor\":{{\"channelType\":\"WEB\",{members}}}}}");
        let line = of(&body).into_iter().find(|line| line.starts_with("unknown_field")).unwrap_or_default();
        line.split_once("suggestion:").map_or(String::new(), |(_, rest)| rest.to_owned())
    };
    assert_eq!(body("\"to\":\"d\""), "deviceAddress fix «to» «deviceAddress»");
    assert_eq!(body("\"t\\u006f\":\"d\""), "deviceAddress fix «t\\u006f» «deviceAddress»");
    assert_eq!(body("\"to\":\"d\",\"deviceAddress\":null"), "deviceAddress");
    assert_eq!(body("\"to\":\"d\",\"device\\u0041ddress\":1"), "deviceAddress");
    // Of the descriptor both names count.
    let device = |rest: &str| {
        let line = of(&format!("{{\"text\":\"t\",\"device\":{{}}{rest}}}"));
        line.into_iter().find(|line| line.starts_with("unknown_field")).unwrap_or_default()
    };
    assert!(device("").ends_with("fix «device» «clientApplicationDescriptor»"));
    assert!(device(",\"applicationDescriptor\":null").ends_with("suggestion:clientApplicationDescriptor"));
    assert!(device(",\"clientApplicationDescriptor\":null").ends_with("suggestion:clientApplicationDescriptor"));
}

#[test]
fn warnings_about_unknown_fields_have_the_same_fix() {
    let members = "\"mes\":\"x\",\"attachments\":[{\"url\":\"https://h.x\",\"fileName\":\"a.b\"}]";
    for (mode, code) in [("reject", "unknown_field"), ("drop", "dropped_field"), ("keep", "kept_field")] {
        let all = with(&format!("{{\"unknownFields\":\"{mode}\"}}"), &web(members));
        let found: Vec<&String> = all.iter().filter(|line| line.starts_with(code)).collect();
        assert_eq!(
            found,
            [
                &format!("{code} /mes «\"mes\"» suggestion:text fix «mes» «text»"),
                &format!("{code} /attachments/0/fileName «\"fileName\"» suggestion:name fix «fileName» «name»"),
            ]
        );
    }
}

#[test]
fn refused_warnings_are_violations() {
    let members = "\"text\":\"a\\ufffd\",\"attachments\":[{\"url\":\"http://h/[\",\"name\":\"x\"}],\"mode\":1";
    let policy = |refuse: &str| format!("{{\"unknownFields\":\"drop\",\"refuse\":[{refuse}]}}");
    let codes = |refuse: &str| {
        let policy = crate::Policy::from_json(policy(refuse).as_bytes()).expect("a valid policy");
        let outcome = crate::check(&policy, web(members).as_bytes());
        let list = |all: &[crate::Diagnostic]| all.iter().map(|found| found.code).collect::<Vec<_>>();
        (outcome.request.is_some(), list(&outcome.violations), list(&outcome.warnings))
    };
    let all =
        ["garbled_text", "attachment_kind_unknown", "insecure_url", "unescaped_url", "private_host", "dropped_field"];
    assert_eq!(codes(""), (true, vec![], all.to_vec()));
    assert_eq!(
        codes("\"unescaped_url\",\"garbled_text\""),
        (
            false,
            vec!["garbled_text", "unescaped_url"],
            vec!["attachment_kind_unknown", "insecure_url", "private_host", "dropped_field"]
        )
    );
    let every: Vec<String> = all.iter().map(|code| quote(code)).collect();
    assert_eq!(codes(&every.join(",")), (false, all.to_vec(), vec![]));
    // There is no warning, refused or not, about a value that has a violation.
    let name =
        "\"text\":\"t\",\"attachments\":[{\"url\":\"http://h.x/ \\u0001\",\"type\":\"a/b\",\"name\":\"\\ufffd/\"}]";
    let lines = with(&policy("\"insecure_url\",\"garbled_text\""), &web(name));
    let codes: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(codes, ["control_character", "invalid_name"]);
}

#[test]
fn captions() {
    let lines = |channel: &str, count: usize, rest: &str| {
        let body = format!(
            "{{\"text\":\"{}\"{rest},\"clientApplicationDescriptor\":{{\"channelType\":\"{channel}\",\"deviceAddress\":\"4930123456\"}}}}",
            "x".repeat(count)
        );
        let policy = "{\"channels\":{\"VIBER\":{\"captionWarning\":1200},\"FACEBOOK\":{\"captionWarning\":5,\"textWarning\":9}}}";
        let all = with(policy, &body);
        all.last().map(|line| line.split('»').next_back().unwrap_or_default().trim().to_owned()).unwrap_or_default()
    };
    let attached = ",\"attachments\":[{\"url\":\"https://h.x\",\"type\":\"a/b\"}]";
    for channel in ["WHATSAPP", "TELEGRAM"] {
        for rest in ["", ",\"attachments\":null", ",\"attachments\":[]"] {
            assert!(lines(channel, 2000, rest).starts_with('{'));
        }
        assert!(lines(channel, 1024, attached).starts_with('{'));
        assert_eq!(lines(channel, 1025, attached), format!("limit:1024 actual:1025 channel:{channel}"));
    }
    // Of two lengths the lower that applies counts.
    assert_eq!(lines("VIBER", 1001, attached), "limit:1000 actual:1001 channel:VIBER");
    assert_eq!(lines("FACEBOOK", 6, attached), "limit:5 actual:6 channel:FACEBOOK");
    assert!(lines("FACEBOOK", 6, "").starts_with('{'));
    assert_eq!(lines("FACEBOOK", 10, ""), "limit:9 actual:10 channel:FACEBOOK");
    assert!(lines("VKONTAKTE", 2000, attached).starts_with('{'));
}

#[test]
fn identifiers_that_are_nobodys() {
    let warning = |id: &str| {
        let body = format!(
            "{{\"text\":\"t\",\"clientApplicationDescriptor\":{{\"channelType\":\"WEB\",\"deviceAddress\":\"d\",\"clientId\":{}}}}}",
            quote(id)
        );
        let line = of(&body).into_iter().nth(1).unwrap_or_default();
        line.split_once('»').map_or(String::new(), |(_, rest)| format!("warns{rest}"))
    };
    for id in ["a b", "a\u{200D}b", "nulls", "n u l l", "{}", "a\u{301}"] {
        assert_eq!(warning(id), "", "{id}");
    }
    for id in ["null", " NaN ", "(NULL)", "[Object Object]", "{{a b", "${"] {
        assert_eq!(warning(id), "warns", "{id}");
    }
    for (id, spoiler) in [("a\u{A0}b\u{AD}", "\u{A0}"), ("a\u{AD}\u{A0}b", "\u{AD}"), ("{{\u{2003}}}", "\u{2003}")] {
        assert_eq!(warning(id), format!("warns related «{spoiler}»"), "{id}");
    }
}
