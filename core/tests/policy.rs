//! Policy files (contract §5): what they mean, and every fault at its place.

use outgoing_to_device::{
    AddressKind, ChannelBuilder, Code, Group, Limits, National, Policy, PolicyBuilder, UnknownFields,
};
use proptest::prelude::*;

/// Each fault as `code place → what its message is made of`.
fn faults(json: &str) -> Vec<String> {
    let Err(rejection) = Policy::from_json(json.as_bytes()) else { return Vec::new() };
    assert!(rejection.warnings.is_empty() && !rejection.violations.is_empty());
    rejection
        .violations
        .iter()
        .map(|fault| {
            let place = &json[fault.offset as usize..][..fault.length as usize];
            let mut line = format!("{} {} {place}", fault.code, fault.pointer);
            for number in [fault.limit.map(|limit| limit.to_string()), fault.actual.map(|actual| actual.to_string())] {
                line.extend(number.map(|number| format!(" {number}")));
            }
            for word in [&fault.expected, &fault.suggestion, &fault.channel, &fault.belongs_to] {
                line.extend(word.as_ref().map(|word| format!(" ({word})")));
            }
            line.extend(fault.related.map(|first| format!(" @{}+{}", first.offset, first.length)));
            line
        })
        .collect()
}

fn addresses(policy: &Policy, channel: &str) -> Vec<AddressKind> {
    policy.channel(channel).unwrap().addresses().collect()
}

#[test]
fn a_text_is_read_as_its_bytes_are() {
    let policy = r#"{"limits":{"depth":4}}"#;
    assert_eq!(policy.parse::<Policy>().unwrap().limits().depth, 4);
    assert_eq!("{".parse::<Policy>().unwrap_err(), Policy::from_json(b"{").unwrap_err());
}

#[test]
fn what_a_file_names_changes_the_default() {
    let policy = Policy::from_json(
        br#"{"unknownFields":"keep","limits":{"body":65536.0,"depth":4,"attachments":0},"channels":{"VIBER":null,
            "SMS_2":{"address":"phone","national":{"prefix":"8","country":"7","length":11},"text":700},
            "MOBILE":{"requires":["appMarker"]},"A":{},"\u0041\u0042":{"requires":["clientId"]}}}"#,
    )
    .unwrap();
    assert_eq!(policy.unknown_fields(), UnknownFields::Keep);
    assert_eq!((policy.limits().body, policy.limits().depth, policy.limits().attachments), (65_536, 4, 0));
    assert_eq!(policy.limits().identifier, 255);
    let names: Vec<&str> = policy.channels().map(|channel| channel.name()).collect();
    let table = ["WHATSAPP", "MOBILE", "EMAIL", "TELEGRAM", "VKONTAKTE", "FACEBOOK", "WEB", "VIBERPA", "YANDEX"];
    assert_eq!(names, [&table[..], &["APPLE_BUSINESS_CHAT", "A", "AB", "SMS_2"]].concat());
    assert_eq!(policy.channel("mobile").unwrap().requires().collect::<Vec<_>>(), ["appMarker"]);
    assert_eq!(addresses(&policy, "mobile"), [AddressKind::Token]);
    assert_eq!(policy.channel("AB").unwrap().requires().collect::<Vec<_>>(), ["clientId"]);
    let sms = policy.channel("sms_2").unwrap();
    assert_eq!(
        (addresses(&policy, "SMS_2").as_slice(), sms.text_limit(), sms.text_warning()),
        (&[AddressKind::Phone][..], 700, None)
    );
    assert_eq!(sms.national(), National::new("8", "7", 11).as_slice());
    let a = policy.channel("A").unwrap();
    assert_eq!((a.text_limit(), a.requires().count()), (2_000, 0));
}

#[test]
fn empty_files_are_the_default() {
    for file in ["{}", "\u{feff} {} ", r#"{"limits":{},"channels":{}}"#, r#"{"channels":{"WEB":{}}}"#] {
        assert_eq!(Policy::from_json(file.as_bytes()).unwrap(), Policy::default());
    }
    assert_eq!(Policy::from_json(Policy::default().to_json().as_bytes()).unwrap(), Policy::default());
}

#[test]
fn what_is_written_is_complete() {
    let file =
        br#"{"channels":{"Z":{"national":[],"address":["bsuid","phone"]},"VIBER":null,"WHATSAPP":{"address":["phone"],
            "national":[{"length":11,"country":"7","prefix":"8"}]},"EMAIL":{"address":["phone","email"],"captionWarning":7,
            "national":[{"length":10,"country":"7","prefix":""},{"prefix":"0","country":"996","length":10}]}},
            "refuse":["long_text","alias_field"]}"#;
    let opaque =
        r#"{"requires":[],"address":"opaque","text":2000,"textWarning":null,"captionWarning":null,"national":null}"#;
    let caption = |channel: &str, units: u32| {
        channel.replace(r#""captionWarning":null"#, &format!(r#""captionWarning":{units}"#))
    };
    let numeric = opaque.replace("opaque", "numeric");
    let national = |rules: &str| opaque.replace(r#""national":null"#, &format!(r#""national":{rules}"#));
    let whatsapp = national(r#"{"prefix":"8","country":"7","length":11}"#).replace("opaque", "phone");
    let rules = r#"[{"prefix":"","country":"7","length":10},{"prefix":"0","country":"996","length":10}]"#;
    let email = national(rules).replace(r#""opaque""#, r#"["phone","email"]"#);
    let mobile = opaque.replace("opaque", "token").replace("[]", r#"["clientId","appMarker"]"#);
    let want = format!(
        r#"{{"unknownFields":"reject","refuse":["alias_field","long_text"],"limits":{{"body":1048576,"depth":64,"attachments":100,"identifier":255,"address":1024,"violations":64,"warnings":64}},"channels":{{"WHATSAPP":{},"MOBILE":{mobile},"VIBER":null,"EMAIL":{},"TELEGRAM":{},"VKONTAKTE":{numeric},"FACEBOOK":{numeric},"WEB":{opaque},"VIBERPA":{opaque},"YANDEX":{opaque},"APPLE_BUSINESS_CHAT":{opaque},"Z":{}}}}}"#,
        caption(&whatsapp, 1_024),
        caption(&email, 7),
        caption(&numeric, 1_024),
        opaque.replace(r#""opaque""#, r#"["bsuid","phone"]"#),
    );
    let policy = Policy::from_json(file).unwrap();
    assert_eq!(policy.to_json(), want);
    assert_eq!(Policy::from_json(want.as_bytes()).unwrap(), policy);
    assert!(policy.refused_warnings().eq([Code::AliasField, Code::LongText]));
}

#[test]
fn every_fault_has_its_place() {
    let words = "(phone, bsuid, token, email, numeric or opaque)";
    let (prefix, country) =
        ("(0 to 3 digits, not beginning with 00)", "(1 to 4 digits that begin with a country code)");
    let name = "(a capital, then capitals, digits or _, at most 64 in all)";
    let (unit, half) = ("x".repeat(64), "x".repeat(65));
    let long = format!(r#"{{"channels":{{"{half}":null}}}}"#);
    let cases: &[(&str, &[&str])] = &[
        ("", &["empty_body  "]),
        ("[]", &["type_mismatch  [] array (object)"]),
        ("{} 1", &["invalid_json  1 (the end of the body)"]),
        (r#"{"limits":null}"#, &["type_mismatch /limits null null (object)"]),
        (r#"{"channels":[]}"#, &["type_mismatch /channels [] array (object)"]),
        (r#"{"channels":null}"#, &["type_mismatch /channels null null (object)"]),
        (r#"{"unknownFields":null}"#, &["type_mismatch /unknownFields null null (string)"]),
        (r#"{"unknownFields":" drop"}"#, &[r#"out_of_range /unknownFields " drop" (reject, drop or keep)"#]),
        (r#"{"unknownFields":"\ud800"}"#, &[r#"invalid_unicode /unknownFields "\ud800" @18+6"#]),
        (r#"{"unknownfields":"drop"}"#, &[r#"unknown_field /unknownfields "unknownfields" (unknownFields)"#]),
        (
            r#"{"clientId":["\ud800"]}"#,
            &[r#"unknown_field /clientId "clientId""#, r#"invalid_unicode /clientId/0 "\ud800" @14+6"#],
        ),
        (
            r#"{"limits":{"body":1023,"depth":65,"attachments":-1,"identifier":1.5,"address":"1","violations":1e400,"warnings":0}}"#,
            &[
                "out_of_range /limits/body 1023 1024 (1024 to 16777216)",
                "out_of_range /limits/depth 65 64 (4 to 64)",
                "out_of_range /limits/attachments -1 0 (0 to 1000)",
                "type_mismatch /limits/identifier 1.5 number (integer)",
                r#"type_mismatch /limits/address "1" string (integer)"#,
                "out_of_range /limits/violations 1e400 1000 (1 to 1000)",
                "out_of_range /limits/warnings 0 1 (1 to 1000)",
            ],
        ),
        (
            r#"{"limits":{},"limits":{"body":0,"\ud800":"\ud800"}}"#,
            &[
                r#"duplicate_field /limits "limits" @1+8"#,
                r#"invalid_unicode /limits "\ud800" @33+6"#,
                r#"invalid_unicode /limits "\ud800" @42+6"#,
            ],
        ),
        (
            r#"{"channels":{"sms":{"addres":1,"address":"Phone"}}}"#,
            &[
                &format!(r#"out_of_range /channels/sms "sms" {name}"#),
                r#"unknown_field /channels/sms/addres "addres" (address)"#,
                &format!(r#"out_of_range /channels/sms/address "Phone" {words}"#),
            ],
        ),
        (
            r#"{"channels":{"":{},"_A":{},"1A":{},"É":{},"A B":null}}"#,
            &[
                &format!(r#"out_of_range /channels/ "" {name}"#),
                &format!(r#"out_of_range /channels/_A "_A" {name}"#),
                &format!(r#"out_of_range /channels/1A "1A" {name}"#),
                &format!(r#"out_of_range /channels/É "É" {name}"#),
                &format!(r#"out_of_range /channels/A B "A B" {name}"#),
            ],
        ),
        (&long, &[&format!(r#"out_of_range /channels/{unit}… "{half}" {name}"#)]),
        (
            r#"{"channels":{"a":{},"WEB":{},"N":{},"\u0061":{"x":1},"\u0057EB":null,"\u004E":{"x":1}}}"#,
            &[
                &format!(r#"out_of_range /channels/a "a" {name}"#),
                r#"duplicate_field /channels/a "\u0061" @13+3"#,
                r#"duplicate_field /channels/WEB "\u0057EB" @20+5"#,
                r#"duplicate_field /channels/N "\u004E" @29+3"#,
            ],
        ),
        (
            r#"{"channels":{"VIBR":null,"SMS":null,"SMS":{},"WEB":1,"\ud800":{"text":0}}}"#,
            &[
                r#"unknown_channel /channels/VIBR "VIBR" (VIBER)"#,
                r#"unknown_channel /channels/SMS "SMS""#,
                r#"duplicate_field /channels/SMS "SMS" @25+5"#,
                "type_mismatch /channels/WEB 1 number (object or null)",
                r#"invalid_unicode /channels "\ud800" @54+6"#,
            ],
        ),
        (
            r#"{"channels":{"WEB":{"requires":null,"address":null,"text":null,"textWarning":true,"captionWarning":"1","national":"8"}}}"#,
            &[
                "type_mismatch /channels/WEB/requires null null (array)",
                "type_mismatch /channels/WEB/address null null (string or array)",
                "type_mismatch /channels/WEB/text null null (integer)",
                "type_mismatch /channels/WEB/textWarning true boolean (integer or null)",
                r#"type_mismatch /channels/WEB/captionWarning "1" string (integer or null)"#,
                r#"type_mismatch /channels/WEB/national "8" string (object, array or null)"#,
            ],
        ),
        (
            r#"{"channels":{"WEB":{"requires":["clientid",null,"clientId","deviceAddress"]}}}"#,
            &[
                r#"out_of_range /channels/WEB/requires/0 "clientid" (clientId, unauthorizedClientId or appMarker)"#,
                "type_mismatch /channels/WEB/requires/1 null null (string)",
                r#"out_of_range /channels/WEB/requires/3 "deviceAddress" (clientId, unauthorizedClientId or appMarker)"#,
            ],
        ),
        (
            r#"{"channels":{"VIBER":{"national":{}}}}"#,
            &[
                "missing_field /channels/VIBER/national/prefix {",
                "missing_field /channels/VIBER/national/country {",
                "missing_field /channels/VIBER/national/length {",
            ],
        ),
        (
            r#"{"channels":{"VIBER":{"national":{"length":16,"prefix":"001","country":"07","Length":1}}}}"#,
            &[
                "out_of_range /channels/VIBER/national/length 16 15 (4 to 15)",
                &format!(r#"out_of_range /channels/VIBER/national/prefix "001" {prefix}"#),
                &format!(r#"out_of_range /channels/VIBER/national/country "07" {country}"#),
                r#"unknown_field /channels/VIBER/national/Length "Length" (length)"#,
            ],
        ),
        (
            r#"{"channels":{"VIBER":{"national":[{"length":3,"prefix":null,"country":"12345"},null,{"prefix":"1234","country":"21","length":9}]}}}"#,
            &[
                "out_of_range /channels/VIBER/national/0/length 3 4 (4 to 15)",
                "type_mismatch /channels/VIBER/national/0/prefix null null (string)",
                &format!(r#"out_of_range /channels/VIBER/national/0/country "12345" {country}"#),
                "type_mismatch /channels/VIBER/national/1 null null (object)",
                &format!(r#"out_of_range /channels/VIBER/national/2/prefix "1234" {prefix}"#),
                &format!(r#"out_of_range /channels/VIBER/national/2/country "21" {country}"#),
            ],
        ),
        (
            r#"{"refuse":["long_text","too_long","LONG_TEXT",1,"long_text","not_found"]}"#,
            &[
                r#"out_of_range /refuse/1 "too_long" (the code of a warning)"#,
                r#"out_of_range /refuse/2 "LONG_TEXT" (the code of a warning)"#,
                "type_mismatch /refuse/3 1 number (string)",
                r#"out_of_range /refuse/4 "long_text" (named once)"#,
                r#"out_of_range /refuse/5 "not_found" (the code of a warning)"#,
            ],
        ),
        (r#"{"refuse":null}"#, &["type_mismatch /refuse null null (array)"]),
        (r#"{"refuse":"long_text"}"#, &[r#"type_mismatch /refuse "long_text" string (array)"#]),
        (
            r#"{"channels":{"MOBILE":{"requires":["appMarker","clientId","appMarker"]}}}"#,
            &[r#"out_of_range /channels/MOBILE/requires/2 "appMarker" (named once)"#],
        ),
        (
            r#"{"channels":{"WEB":{"address":[]},"VIBER":{"address":["phone","fax",null,"phone"]},"EMAIL":{"address":7}}}"#,
            &[
                "out_of_range /channels/WEB/address [] (at least one address kind)",
                &format!(r#"out_of_range /channels/VIBER/address/1 "fax" {words}"#),
                "type_mismatch /channels/VIBER/address/2 null null (string)",
                r#"out_of_range /channels/VIBER/address/3 "phone" (named once)"#,
                "type_mismatch /channels/EMAIL/address 7 number (string or array)",
            ],
        ),
        (
            r#"{"channels":{"WEB":{"address":["phone","bsuid","token","email","phone","fax",1,"\ud800"]}}}"#,
            &[
                r#"too_many_items /channels/WEB/address/4 "phone" 4"#,
                r#"invalid_unicode /channels/WEB/address/7 "\ud800" @80+6"#,
            ],
        ),
    ];
    for (json, want) in cases {
        assert_eq!(faults(json), *want, "{json}");
    }
}

#[test]
fn settings_that_contradict_each_other() {
    let rule = r#"{"prefix":"8","country":"7","length":11}"#;
    let short = r#"{"prefix":"888","country":"7","length":7}"#;
    let read_again = r#"{"prefix":"0","country":"878","length":9}"#;
    let conflict = |pointer: &str, place: &str, expected: &str| {
        vec![format!("policy_conflict /channels/{pointer} {place} ({expected})")]
    };
    let (warning, caption) = ("textWarning below text", "captionWarning below text");
    let phone = "national only with phone";
    let written = "a rewritten number of 7 to 15 digits that does not read as national";
    for (channel, want) in [
        // Lengths of the table are not asked for.
        (r#""VIBER":{"text":1001}"#.into(), vec![]),
        (r#""VIBER":{"text":1000},"WHATSAPP":{"text":1024}"#.into(), vec![]),
        (r#""VIBER":{"textWarning":2000}"#.into(), conflict("VIBER/textWarning", "2000", warning)),
        (r#""VIBER":{"text":9,"textWarning":9}"#.into(), conflict("VIBER/textWarning", "9", warning)),
        (r#""VIBER":{"textWarning":9,"text":9}"#.into(), conflict("VIBER/text", "9", warning)),
        (r#""VIBER":{"text":9,"textWarning":null}"#.into(), vec![]),
        (r#""WEB":{"text":9,"captionWarning":9}"#.into(), conflict("WEB/captionWarning", "9", caption)),
        (r#""WEB":{"captionWarning":9,"text":9}"#.into(), conflict("WEB/text", "9", caption)),
        (r#""WEB":{"captionWarning":2000}"#.into(), conflict("WEB/captionWarning", "2000", caption)),
        (r#""WEB":{"captionWarning":1999,"textWarning":1}"#.into(), vec![]),
        (r#""WEB":{"textWarning":9,"text":8,"captionWarning":7}"#.into(), conflict("WEB/text", "8", warning)),
        // A value has at most one violation.
        (r#""WEB":{"captionWarning":9,"textWarning":9,"text":9}"#.into(), conflict("WEB/text", "9", warning)),
        (
            r#""WEB":{"captionWarning":9,"text":9,"textWarning":9}"#.into(),
            [conflict("WEB/text", "9", caption), conflict("WEB/textWarning", "9", warning)].concat(),
        ),
        // Only values that are good by themselves are judged.
        (r#""VIBER":{"text":0}"#.into(), vec!["out_of_range /channels/VIBER/text 0 1 (1 to 100000)".into()]),
        (
            r#""VIBER":{"text":9,"textWarning":0}"#.into(),
            vec!["out_of_range /channels/VIBER/textWarning 0 1 (1 to 100000)".into()],
        ),
        (
            format!(r#""WEB":{{"national":[{rule},7]}}"#),
            vec!["type_mismatch /channels/WEB/national/1 7 number (object)".into()],
        ),
        (format!(r#""VIBER":{{"national":{rule}}}"#), vec![]),
        (r#""WEB":{"national":null}"#.into(), vec![]),
        (r#""WEB":{"national":[]}"#.into(), vec![]),
        (format!(r#""WEB":{{"national":{rule}}}"#), conflict("WEB/national", rule, phone)),
        (format!(r#""WEB":{{"national":[{rule}]}}"#), conflict("WEB/national", &format!("[{rule}]"), phone)),
        (format!(r#""WEB":{{"national":{rule},"address":"token"}}"#), conflict("WEB/address", "\"token\"", phone)),
        (format!(r#""WEB":{{"national":{rule},"address":"phone"}}"#), vec![]),
        (format!(r#""WEB":{{"national":{rule},"address":["token","phone"]}}"#), vec![]),
        (format!(r#""VIBER":{{"national":{short}}}"#), conflict("VIBER/national", short, written)),
        (format!(r#""VIBER":{{"national":{read_again}}}"#), conflict("VIBER/national", read_again, written)),
        (
            format!(r#""VIBER":{{"national":[{rule},{short},{read_again}]}}"#),
            [conflict("VIBER/national/1", short, written), conflict("VIBER/national/2", read_again, written)].concat(),
        ),
        // A value has at most one violation.
        (format!(r#""WEB":{{"national":{short}}}"#), conflict("WEB/national", short, phone)),
        (
            format!(r#""WEB":{{"national":{short},"address":"email"}}"#),
            [conflict("WEB/national", short, written), conflict("WEB/address", "\"email\"", phone)].concat(),
        ),
        (
            format!(r#""WEB":{{"address":"email","national":[{short}]}}"#),
            [conflict("WEB/national", &format!("[{short}]"), phone), conflict("WEB/national/0", short, written)]
                .concat(),
        ),
        (
            format!(r#""sms":{{"national":{rule}}}"#),
            [
                vec![
                    "out_of_range /channels/sms \"sms\" (a capital, then capitals, digits or _, at most 64 in all)"
                        .into(),
                ],
                conflict("sms/national", rule, phone),
            ]
            .concat(),
        ),
    ] {
        assert_eq!(faults(&format!(r#"{{"channels":{{{channel}}}}}"#)), want, "{channel}");
    }
}

#[test]
fn a_length_of_the_table_that_is_not_below_the_text_is_none() {
    let policy =
        Policy::from_json(br#"{"channels":{"VIBER":{"text":1000},"TELEGRAM":{"text":1025},"WHATSAPP":{"text":5}}}"#);
    let policy = policy.unwrap();
    let lengths = |name| {
        let channel = policy.channel(name).unwrap();
        (channel.text_warning(), channel.caption_warning())
    };
    assert_eq!(
        [lengths("VIBER"), lengths("TELEGRAM"), lengths("WHATSAPP")],
        [(None, None), (None, Some(1_024)), (None, None)]
    );
    assert_eq!(Policy::from_json(policy.to_json().as_bytes()).unwrap(), policy);
}

#[test]
fn of_national_rules_there_can_be_eight() {
    let rule = r#"{"prefix":"8","country":"7","length":11}"#;
    let file = |count: usize| format!(r#"{{"channels":{{"VIBER":{{"national":[{}]}}}}}}"#, vec![rule; count].join(","));
    for count in 0..=8 {
        let policy = Policy::from_json(file(count).as_bytes()).unwrap();
        assert_eq!(policy.channel("VIBER").unwrap().national().len(), count);
        assert_eq!(Policy::from_json(policy.to_json().as_bytes()).unwrap(), policy);
    }
    for count in [9, 10] {
        assert_eq!(faults(&file(count)), [format!("too_many_items /channels/VIBER/national/8 {rule} 8")]);
    }
}

#[test]
fn a_channel_that_was_meant_is_one_of_the_policy_that_the_file_makes() {
    for (channels, want) in [
        (r#""VIBR":null"#, " (VIBER)"),
        (r#""VIBR":null,"VIBER":null"#, ""),
        (r#""VIBR":null,"VIBE":{}"#, " (VIBER)"),
        (r#""VIBR":null,"VIBER":null,"VI\u0042E":{}"#, " (VIBE)"),
        (r#""VIBR":null,"VIBR_":{},"VIBR1":{}"#, " (VIBER)"),
        (r#""VIBR":null,"VIBER":null,"VIBR_":{},"VIBR1":{"text":1}"#, " (VIBR1)"),
        (r#""PUSH":null"#, " (MOBILE)"),
        (r#""SMS":null"#, ""),
    ] {
        let name = channels.split('"').nth(1).unwrap();
        let fault = format!(r#"unknown_channel /channels/{name} "{name}"{want}"#);
        assert_eq!(faults(&format!(r#"{{"channels":{{{channels}}}}}"#)), [fault], "{channels}");
    }
}

#[test]
fn some_channel_must_be_left() {
    let table: Vec<String> =
        Policy::default().channels().map(|channel| format!("\"{}\":null", channel.name())).collect();
    let table = table.join(",");
    let file = |more: &str| format!(r#"{{"channels":{{{table}{more}}}}}"#);
    assert_eq!(
        faults(&file("")),
        [format!("policy_conflict /channels {{{table}}} (at least one channel)")],
        "at the value of `channels`"
    );
    assert_eq!(faults(&file(r#","SMS":{}"#)), [""; 0]);
    // Not judged beside another fault of a channel, but beside one elsewhere.
    assert_eq!(faults(&file(r#","SMS":null"#)), [r#"unknown_channel /channels/SMS "SMS""#]);
    let elsewhere = file("").replace("{\"channels\"", "{\"x\":1,\"channels\"");
    assert_eq!(faults(&elsewhere).len(), 2);
}

#[test]
fn of_channels_there_can_be_256() {
    // New names in an order that is none; the table has 11.
    let names = |count: u64| -> Vec<String> { (0..count).map(|i| format!("C{}", (i * 7_919 + 13) % 10_007)).collect() };
    let file = |names: &[String], value: &str| {
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":{value}")).collect();
        format!("{{\"channels\":{{{}}}}}", members.join(","))
    };
    let policy = Policy::from_json(file(&names(245), "{}").as_bytes()).unwrap();
    let new: Vec<&str> = policy.channels().skip(11).map(|channel| channel.name()).collect();
    assert_eq!((policy.channels().count(), new.is_sorted()), (256, true));
    assert_eq!(Policy::from_json(policy.to_json().as_bytes()).unwrap(), policy);

    // Those of the table, whether taken away or not, add nothing, nor do bad names; what follows is only read.
    let mut more = names(246);
    more.insert(100, "VIBER".into());
    more.splice(200..200, ["bad".into(), "1".into()]);
    more.extend(["bad".into(), "C13".into(), "NEW".into(), "WEB".into()]);
    let faults = faults(&file(&more, r#"{"text":7}"#));
    assert_eq!(faults.len(), 3);
    let name = names(246).pop().unwrap();
    assert_eq!(faults[2], format!("too_many_items /channels/{name} \"{name}\" 256"));

    // Each of them twice.
    let twice = file(&[names(245), names(245)].concat(), "{}");
    let rejection = Policy::from_json(twice.as_bytes()).unwrap_err();
    assert!(rejection.truncated && rejection.violations.len() == 64);
    for fault in rejection.violations {
        assert_eq!(fault.code, Code::DuplicateField);
        let place = |offset: u32| twice[offset as usize..].split('"').nth(1);
        assert_eq!(place(fault.offset), place(fault.related.unwrap().offset));
    }

    // Bad names without end.
    let bad: Vec<String> = (0..50_000).map(|i| format!("c{i}")).collect();
    assert!(Policy::from_json(file(&bad, "1").as_bytes()).unwrap_err().truncated);
}

#[test]
fn built_in_code() {
    let file =
        br#"{"unknownFields":"keep","channels":{"WEB":null,"SMS":{"requires":["appMarker"],"text":10,"textWarning":5},
        "VIBER":{"textWarning":null,"address":"opaque"}}}"#;
    let built = Policy::builder()
        .unknown_fields(UnknownFields::Keep)
        .channel("SMS", ChannelBuilder::new().text_limit(1))
        .without_channel("VIBER")
        .without_channel("WEB")
        .channel("VIBER", ChannelBuilder::new().text_warning(None).address(AddressKind::Opaque))
        .channel("SMS", ChannelBuilder::new().requires(["appMarker"]).text_limit(10).text_warning(Some(5)));
    assert_eq!(built.build().unwrap(), Policy::from_json(file).unwrap(), "what is said last of a name counts");
    assert_eq!(Policy::builder().build().unwrap(), Policy::default());
}

#[test]
fn faults_of_settings_are_all_named() {
    let mut limits = Limits::default();
    (limits.depth, limits.warnings) = (65, 0);
    let error = Policy::builder()
        .limits(limits)
        .channel("a\u{1}\"b", ChannelBuilder::new().requires(["text"]))
        .refuse([Code::LongText, Code::TooLong, Code::LongText])
        .channel("WEB", ChannelBuilder::new().national(National::new("8", "7", 11)))
        .channel("EMAIL", ChannelBuilder::new().addresses([]).caption_warning(Some(0)))
        .without_channel("SMS")
        .build()
        .unwrap_err();
    let faults: Vec<_> = error.faults.iter().map(|fault| (fault.setting.as_str(), fault.code)).collect();
    assert_eq!(
        faults,
        [
            ("/refuse/1", Code::OutOfRange),
            ("/refuse/2", Code::OutOfRange),
            ("/limits/depth", Code::OutOfRange),
            ("/limits/warnings", Code::OutOfRange),
            ("/channels/a\u{1}\"b", Code::OutOfRange),
            ("/channels/a\u{1}\"b/requires/0", Code::OutOfRange),
            ("/channels/WEB/national", Code::PolicyConflict),
            ("/channels/EMAIL/address", Code::OutOfRange),
            ("/channels/EMAIL/captionWarning", Code::OutOfRange),
            ("/channels/SMS", Code::UnknownChannel),
        ]
    );
    assert_eq!(error.to_string().lines().count(), 10);
}

/// Channels that go together with themselves.
fn channel() -> impl Strategy<Value = ChannelBuilder> {
    let requires = proptest::sample::subsequence(vec!["clientId", "unauthorizedClientId", "appMarker"], 0..=3);
    let kinds = proptest::sample::subsequence(AddressKind::ALL, 1..=4).prop_shuffle();
    let warning = |text: u32| proptest::option::of(1..text.max(2));
    let text = (1_u32..=100_000).prop_flat_map(move |text| (Just(text), warning(text), warning(text)));
    let rule = ("0?[1-9][0-9]{0,1}|", "[1-9][0-9]{0,3}", 4_u8..=15);
    let national = proptest::collection::vec(rule, 0..=8);
    (requires, kinds, text, national).prop_map(|(requires, kinds, (text, warning, caption), national)| {
        let rule = |(prefix, country, length): (String, String, u8)| National::new(&prefix, &country, length);
        let national: Vec<National> = national.into_iter().filter_map(rule).collect();
        let has_phone = kinds.contains(&AddressKind::Phone);
        ChannelBuilder::new()
            .requires(requires)
            .addresses(kinds)
            .text_limit(text)
            .text_warning(warning.filter(|warning| *warning < text))
            .caption_warning(caption.filter(|warning| *warning < text))
            .national(national.into_iter().filter(|_| has_phone))
    })
}

fn policies() -> impl Strategy<Value = PolicyBuilder> {
    let words = vec![UnknownFields::Reject, UnknownFields::Drop, UnknownFields::Keep];
    let warnings: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.group() == Group::Warning).collect();
    let refuse = proptest::sample::subsequence(warnings, 0..=12).prop_shuffle();
    let limits = (1_024_u32..=16_777_216, 4_u32..=64, 0_u32..=1_000, 1_u32..=4_096, 1_u32..=4_096, 1_u32..=1_000);
    let channel = ("[A-Z][A-Z0-9_]{0,63}|[AB]{1,3}|WEB|VIBER|MOBILE", channel());
    let channels = proptest::collection::vec(channel, 0..12);
    let without = proptest::sample::subsequence(vec!["WHATSAPP", "VIBER", "YANDEX", "APPLE_BUSINESS_CHAT"], 0..=4);
    (proptest::sample::select(words), refuse, limits, channels, without).prop_map(
        |(unknown_fields, refuse, sizes, channels, without)| {
            let mut limits = Limits::default();
            (limits.body, limits.depth, limits.attachments, limits.identifier, limits.address, limits.violations) =
                sizes;
            let builder = Policy::builder().unknown_fields(unknown_fields).refuse(refuse).limits(limits);
            let builder = without.into_iter().fold(builder, PolicyBuilder::without_channel);
            channels.into_iter().fold(builder, |builder, (name, channel)| builder.channel(name, channel))
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_reads_back_equal(builder in policies()) {
        let policy = builder.build().unwrap();
        let json = policy.to_json();
        let again = Policy::from_json(json.as_bytes()).unwrap();
        prop_assert_eq!(&again, &policy);
        prop_assert_eq!(again.to_json(), json.as_str());
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        for channel in policy.channels() {
            let setting = &value["channels"][channel.name()];
            let kinds: Vec<&str> = channel.addresses().map(AddressKind::as_str).collect();
            let address: serde_json::Value = if let [only] = kinds[..] { only.into() } else { kinds.into() };
            prop_assert_eq!(&setting["address"], &address);
            prop_assert_eq!(setting["text"].as_u64(), Some(channel.text_limit().into()));
            prop_assert_eq!(setting["textWarning"].as_u64(), channel.text_warning().map(u64::from));
            prop_assert_eq!(setting["requires"].as_array().unwrap().len(), channel.requires().count());
            prop_assert_eq!(setting["captionWarning"].as_u64(), channel.caption_warning().map(u64::from));
            let rules = &setting["national"];
            let count = rules.as_array().map_or(usize::from(rules.is_object()), Vec::len);
            prop_assert_eq!((count, rules.is_null()), (channel.national().len(), channel.national().is_empty()));
        }
        let removed = value["channels"].as_object().unwrap().values().filter(|channel| channel.is_null()).count();
        prop_assert_eq!(value["channels"].as_object().unwrap().len(), policy.channels().count() + removed);
    }

    #[test]
    fn the_same_members_in_any_order_are_one_policy(
        names in proptest::collection::hash_set("[A-D][A-D0-2_]{0,3}", 0..60)
    ) {
        let file = |names: &[&String]| {
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":{{}}")).collect();
            Policy::from_json(format!("{{\"channels\":{{{}}}}}", members.join(",")).as_bytes()).unwrap()
        };
        let names: Vec<&String> = names.iter().collect();
        let mut sorted = names.clone();
        sorted.sort();
        let policy = file(&names);
        prop_assert_eq!(&policy, &file(&sorted));
        let new: Vec<&str> = policy.channels().skip(11).map(|channel| channel.name()).collect();
        prop_assert_eq!(new, sorted);
    }

    #[test]
    fn total_on_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = Policy::from_json(&bytes);
    }
}
