//! Policy files (contract §5): what they mean, and every fault at its place.

use outgoing_to_device::{AddressKind, ChannelBuilder, Code, Limits, National, Policy, PolicyBuilder, UnknownFields};
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
fn what_a_file_names_changes_the_default() {
    let policy = Policy::from_json(
        br#"{"unknownFields":"keep","limits":{"body":65536.0,"depth":4,"attachments":0},"channels":{"VIBER":null,
            "SMS_2":{"address":"phone","national":{"prefix":"8","country":"7","length":11},"text":700},
            "MOBILE":{"requires":["appMarker"]},"A":{},"\u0041\u0042":{"requires":["clientId","clientId"]}}}"#,
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
        br#"{"channels":{"Z":{},"VIBER":null,"WHATSAPP":{"national":{"length":11,"country":"7","prefix":"8"}}}}"#;
    let opaque =
        r#"{"requires":[],"address":"opaque","text":2000,"textWarning":null,"captionWarning":null,"national":null}"#;
    let numeric = opaque.replace("opaque", "numeric");
    let phone = opaque
        .replace("opaque", "phone")
        .replace(r#""national":null"#, r#""national":{"prefix":"8","country":"7","length":11}"#);
    let mobile = opaque.replace("opaque", "token").replace("[]", r#"["clientId","appMarker"]"#);
    let email = opaque.replace("opaque", "email");
    let want = format!(
        r#"{{"unknownFields":"reject","limits":{{"body":1048576,"depth":64,"attachments":100,"identifier":255,"address":1024,"violations":64,"warnings":64}},"channels":{{"WHATSAPP":{phone},"MOBILE":{mobile},"VIBER":null,"EMAIL":{email},"TELEGRAM":{numeric},"VKONTAKTE":{numeric},"FACEBOOK":{numeric},"WEB":{opaque},"VIBERPA":{opaque},"YANDEX":{opaque},"APPLE_BUSINESS_CHAT":{opaque},"Z":{opaque}}}}}"#
    );
    let policy = Policy::from_json(file).unwrap();
    assert_eq!(policy.to_json(), want);
    assert_eq!(Policy::from_json(want.as_bytes()).unwrap(), policy);
}

#[test]
fn every_fault_has_its_place() {
    let words = "(phone, token, email, numeric or opaque)";
    let name = "(a capital, then capitals, digits or _, at most 64 in all)";
    let (unit, half) = ("x".repeat(64), "x".repeat(65));
    let long = format!(r#"{{"channels":{{"{half}":null}}}}"#);
    let cases: &[(&str, &[&str])] = &[
        ("", &["empty_body  "]),
        ("[]", &["type_mismatch  [] array (object)"]),
        ("{} 1", &["invalid_json  1"]),
        (r#"{"limits":null}"#, &["type_mismatch /limits null null (object)"]),
        (r#"{"channels":[]}"#, &["type_mismatch /channels [] array (object)"]),
        (r#"{"channels":null}"#, &["type_mismatch /channels null null (object)"]),
        (r#"{"unknownFields":null}"#, &["type_mismatch /unknownFields null null (string)"]),
        (r#"{"unknownFields":" drop"}"#, &[r#"out_of_range /unknownFields " drop" (reject, drop or keep)"#]),
        (r#"{"unknownFields":"\ud800"}"#, &[r#"invalid_unicode /unknownFields "\ud800""#]),
        (r#"{"unknownfields":"drop"}"#, &[r#"unknown_field /unknownfields "unknownfields" (unknownFields)"#]),
        (
            r#"{"clientId":["\ud800"]}"#,
            &[r#"unknown_field /clientId "clientId""#, r#"invalid_unicode /clientId/0 "\ud800""#],
        ),
        (
            r#"{"limits":{"body":1023,"depth":65,"attachments":-1,"identifier":1.5,"address":"1","violations":1e400,"warnings":0}}"#,
            &[
                "out_of_range /limits/body 1023 1024",
                "out_of_range /limits/depth 65 64",
                "out_of_range /limits/attachments -1 0",
                "type_mismatch /limits/identifier 1.5 number (integer)",
                r#"type_mismatch /limits/address "1" string (integer)"#,
                "out_of_range /limits/violations 1e400 1000",
                "out_of_range /limits/warnings 0 1",
            ],
        ),
        (
            r#"{"limits":{},"limits":{"body":0,"\ud800":"\ud800"}}"#,
            &[
                r#"duplicate_field /limits "limits" @1+8"#,
                r#"invalid_unicode /limits "\ud800""#,
                r#"invalid_unicode /limits "\ud800""#,
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
                r#"invalid_unicode /channels "\ud800""#,
            ],
        ),
        (
            r#"{"channels":{"WEB":{"requires":null,"address":null,"text":null,"textWarning":true,"national":"8"}}}"#,
            &[
                "type_mismatch /channels/WEB/requires null null (array)",
                "type_mismatch /channels/WEB/address null null (string)",
                "type_mismatch /channels/WEB/text null null (integer)",
                "type_mismatch /channels/WEB/textWarning true boolean (integer or null)",
                r#"type_mismatch /channels/WEB/national "8" string (object or null)"#,
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
                "out_of_range /channels/VIBER/national/length 16 15",
                r#"out_of_range /channels/VIBER/national/prefix "001" (1 to 3 digits, not beginning with 00)"#,
                r#"out_of_range /channels/VIBER/national/country "07" (1 to 3 digits, not beginning with 0)"#,
                r#"unknown_field /channels/VIBER/national/Length "Length" (length)"#,
            ],
        ),
        (
            r#"{"channels":{"VIBER":{"national":{"length":6,"prefix":null,"country":"1234"}}}}"#,
            &[
                "out_of_range /channels/VIBER/national/length 6 7",
                "type_mismatch /channels/VIBER/national/prefix null null (string)",
                r#"out_of_range /channels/VIBER/national/country "1234" (1 to 3 digits, not beginning with 0)"#,
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
    let conflict = |pointer: &str, place: &str, expected: &str| {
        vec![format!("policy_conflict /channels/{pointer} {place} ({expected})")]
    };
    let warning = "textWarning below text";
    let phone = "national only with phone";
    let written = "a rewritten number of 7 to 15 digits";
    for (channel, want) in [
        (r#""VIBER":{"text":1001}"#.into(), vec![]),
        (r#""VIBER":{"text":1000}"#.into(), conflict("VIBER/text", "1000", warning)),
        (r#""VIBER":{"textWarning":2000}"#.into(), conflict("VIBER/textWarning", "2000", warning)),
        (r#""VIBER":{"text":9,"textWarning":9}"#.into(), conflict("VIBER/textWarning", "9", warning)),
        (r#""VIBER":{"textWarning":9,"text":9}"#.into(), conflict("VIBER/text", "9", warning)),
        (r#""VIBER":{"text":9,"textWarning":null}"#.into(), vec![]),
        // Only values that are good by themselves are judged.
        (r#""VIBER":{"text":0}"#.into(), vec!["out_of_range /channels/VIBER/text 0 1".into()]),
        (r#""VIBER":{"text":9,"textWarning":0}"#.into(), vec!["out_of_range /channels/VIBER/textWarning 0 1".into()]),
        (format!(r#""VIBER":{{"national":{rule}}}"#), vec![]),
        (r#""WEB":{"national":null}"#.into(), vec![]),
        (format!(r#""WEB":{{"national":{rule}}}"#), conflict("WEB/national", rule, phone)),
        (format!(r#""WEB":{{"national":{rule},"address":"token"}}"#), conflict("WEB/address", "\"token\"", phone)),
        (format!(r#""WEB":{{"national":{rule},"address":"phone"}}"#), vec![]),
        (format!(r#""VIBER":{{"national":{short}}}"#), conflict("VIBER/national", short, written)),
        // A value has at most one violation.
        (format!(r#""WEB":{{"national":{short}}}"#), conflict("WEB/national", short, phone)),
        (
            format!(r#""WEB":{{"national":{short},"address":"email"}}"#),
            [conflict("WEB/national", short, written), conflict("WEB/address", "\"email\"", phone)].concat(),
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
fn a_file_full_of_names_takes_no_more_than_its_share() {
    use std::fmt::Write;
    let started = std::time::Instant::now();
    // New names in an order that is none, each of them twice in the second file.
    let count = 50_000_u64;
    let mut members = String::new();
    for i in 0..count {
        write!(members, "\"C{}\":{{}},", (i * 7_919 + 13) % count).unwrap();
    }
    let file = format!("{{\"channels\":{{{}}}}}", members.trim_end_matches(','));
    let policy = Policy::from_json(file.as_bytes()).unwrap();
    let names: Vec<&str> = policy.channels().skip(11).map(|channel| channel.name()).collect();
    assert_eq!(names.len() as u64, count);
    assert!(names.is_sorted());
    let twice = format!("{{\"channels\":{{{members}{}}}}}", members.trim_end_matches(','));
    let rejection = Policy::from_json(twice.as_bytes()).unwrap_err();
    assert!(rejection.violations.iter().all(|fault| fault.code == Code::BodyTooLarge));
    let short: String = members.chars().take(500_000).collect();
    let short = &short[..=short.rfind(',').unwrap()];
    let twice = format!("{{\"channels\":{{{short}{}}}}}", short.trim_end_matches(','));
    let rejection = Policy::from_json(twice.as_bytes()).unwrap_err();
    assert!(rejection.truncated && rejection.violations.len() == 64);
    for fault in rejection.violations {
        assert_eq!(fault.code, Code::DuplicateField);
        let place = |offset: u32| twice[offset as usize..].split('"').nth(1);
        assert_eq!(place(fault.offset), place(fault.related.unwrap().offset));
    }
    // Names that are refused.
    let refused = members.replace('C', "c").replace("{}", "1");
    let refused = Policy::from_json(format!("{{\"channels\":{{{}}}}}", refused.trim_end_matches(',')).as_bytes());
    assert!(refused.unwrap_err().truncated);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
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
        .channel("WEB", ChannelBuilder::new().national(National::new("8", "7", 11)))
        .without_channel("SMS")
        .build()
        .unwrap_err();
    let faults: Vec<_> = error.faults.iter().map(|fault| (fault.setting.as_str(), fault.code)).collect();
    assert_eq!(
        faults,
        [
            ("/limits/depth", Code::OutOfRange),
            ("/limits/warnings", Code::OutOfRange),
            ("/channels/a\u{1}\"b", Code::OutOfRange),
            ("/channels/a\u{1}\"b/requires/0", Code::OutOfRange),
            ("/channels/WEB/national", Code::PolicyConflict),
            ("/channels/SMS", Code::UnknownChannel),
        ]
    );
    assert_eq!(error.to_string().lines().count(), 6);
}

/// Channels that go together with themselves.
fn channel() -> impl Strategy<Value = ChannelBuilder> {
    let requires = proptest::sample::subsequence(vec!["clientId", "unauthorizedClientId", "appMarker"], 0..=3);
    let text = (1_u32..=100_000).prop_flat_map(|text| (Just(text), proptest::option::of(1..text.max(2))));
    let national = proptest::option::of(("0?[1-9][0-9]{0,1}", "[1-9][0-9]{0,2}", 7_u8..=15));
    (requires, proptest::sample::select(AddressKind::ALL), text, national).prop_map(
        |(requires, address, (text, warning), national)| {
            let national = national.and_then(|(prefix, country, length)| National::new(&prefix, &country, length));
            ChannelBuilder::new()
                .requires(requires)
                .address(address)
                .text_limit(text)
                .text_warning(warning.filter(|warning| *warning < text))
                .national(national.filter(|_| address == AddressKind::Phone))
        },
    )
}

fn policies() -> impl Strategy<Value = PolicyBuilder> {
    let words = vec![UnknownFields::Reject, UnknownFields::Drop, UnknownFields::Keep];
    let limits = (1_024_u32..=16_777_216, 4_u32..=64, 0_u32..=1_000, 1_u32..=4_096, 1_u32..=4_096, 1_u32..=1_000);
    let channel = ("[A-Z][A-Z0-9_]{0,63}|[AB]{1,3}|WEB|VIBER|MOBILE", channel());
    let channels = proptest::collection::vec(channel, 0..12);
    let without = proptest::sample::subsequence(vec!["WHATSAPP", "VIBER", "YANDEX", "APPLE_BUSINESS_CHAT"], 0..=4);
    (proptest::sample::select(words), limits, channels, without).prop_map(
        |(unknown_fields, sizes, channels, without)| {
            let mut limits = Limits::default();
            (limits.body, limits.depth, limits.attachments, limits.identifier, limits.address, limits.violations) =
                sizes;
            let builder = Policy::builder().unknown_fields(unknown_fields).limits(limits);
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
            prop_assert_eq!(setting["address"].as_str(), channel.addresses().next().filter(|_| channel.addresses().count() == 1).map(AddressKind::as_str));
            prop_assert_eq!(setting["text"].as_u64(), Some(channel.text_limit().into()));
            prop_assert_eq!(setting["textWarning"].as_u64(), channel.text_warning().map(u64::from));
            prop_assert_eq!(setting["requires"].as_array().unwrap().len(), channel.requires().count());
            prop_assert_eq!(setting["national"].is_object(), channel.national().len() == 1);
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
