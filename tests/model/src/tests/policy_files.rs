//! §5: policies.

use super::say;
use crate::Policy;

fn faults(text: &str) -> Vec<String> {
    let Err(faults) = Policy::from_json(text.as_bytes()) else { return Vec::new() };
    faults.iter().map(|fault| say(text.as_bytes(), fault)).collect()
}

#[test]
fn the_default_is_written_whole_and_reads_back() {
    let text = Policy::default().to_json();
    assert!(text.starts_with(
        "{\"unknownFields\":\"reject\",\"limits\":{\"body\":1048576,\"depth\":64,\"attachments\":100,\
         \"identifier\":255,\"address\":1024,\"violations\":64,\"warnings\":64},\"channels\":{\
         \"WHATSAPP\":{\"requires\":[],\"address\":\"phone\",\"text\":2000,\"textWarning\":null,\"national\":null},\
         \"MOBILE\":{\"requires\":[\"clientId\",\"appMarker\"],\"address\":\"token\",\"text\":2000,"
    ));
    assert_eq!(Policy::from_json(text.as_bytes()), Ok(Policy::default()));
    assert_eq!(Policy::from_json(b"\xEF\xBB\xBF{}"), Ok(Policy::default()));
}

#[test]
fn what_a_file_names_changes_the_default() {
    let text = "{\"channels\":{\"SMS\":{\"address\":\"phone\",\"national\":{\"length\":11.0,\
        \"prefix\":\"8\",\"country\":\"7\"}},\"A_1\":{},\"VIBER\":null,\"WEB\":{\"requires\":\
        [\"appMarker\",\"clientId\",\"appMarker\"]}},\"limits\":{\"body\":1e4},\"unknownFields\":\"keep\"}";
    let policy = Policy::from_json(text.as_bytes()).expect("a valid policy");
    let written = policy.to_json();
    assert!(written.starts_with("{\"unknownFields\":\"keep\",\"limits\":{\"body\":10000,\"depth\":64,"));
    assert!(written.contains("\"VIBER\":null,\"EMAIL\":{"));
    assert!(written.contains("\"WEB\":{\"requires\":[\"clientId\",\"appMarker\"],\"address\":\"opaque\""));
    assert!(written.ends_with(
        "\"A_1\":{\"requires\":[],\"address\":\"opaque\",\"text\":2000,\"textWarning\":null,\"national\":null},\
         \"SMS\":{\"requires\":[],\"address\":\"phone\",\"text\":2000,\"textWarning\":null,\
         \"national\":{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}}}}"
    ));
    assert_eq!(Policy::from_json(written.as_bytes()), Ok(policy));
}

#[test]
fn body_faults() {
    assert_eq!(faults(" "), ["empty_body  «»"]);
    assert_eq!(faults("{]"), ["invalid_json  «]»"]);
    assert_eq!(faults("[]"), ["type_mismatch  «[]» actual:array expected:object"]);
    assert_eq!(faults(&" ".repeat(1_048_577)), ["body_too_large  «» limit:1048576 actual:1048577"]);
    let deep = format!("{{\"x\":{}", "[".repeat(64));
    assert_eq!(faults(&deep), ["nesting_too_deep  «[» limit:64"]);
}

#[test]
fn shapes() {
    assert_eq!(
        faults("{\"unknownFields\":null,\"limits\":null,\"channels\":[\"\\ud800\"],\"chanels\":1,\"limits\":{}}"),
        [
            "type_mismatch /unknownFields «null» actual:null expected:string",
            "type_mismatch /limits «null» actual:null expected:object",
            "type_mismatch /channels «[\"\\ud800\"]» actual:array expected:object",
            "invalid_unicode /channels/0 «\"\\ud800\"»",
            "unknown_field /chanels «\"chanels\"» suggestion:channels",
            "duplicate_field /limits «\"limits\"» related:{offset:22 length:8",
        ]
    );
    assert_eq!(
        faults(
            "{\"channels\":{\"WEB\":1,\"WEB\":null,\"VIBER\":{\"textWarning\":\"1\",\"national\":1,\"text\":null,\"requires\":null}}}"
        ),
        [
            "type_mismatch /channels/WEB «1» actual:number expected:object or null",
            "duplicate_field /channels/WEB «\"WEB\"» related:{offset:13 length:5",
            "type_mismatch /channels/VIBER/textWarning «\"1\"» actual:string expected:integer or null",
            "type_mismatch /channels/VIBER/national «1» actual:number expected:object or null",
            "type_mismatch /channels/VIBER/text «null» actual:null expected:integer",
            "type_mismatch /channels/VIBER/requires «null» actual:null expected:array",
        ]
    );
    assert_eq!(
        faults(
            "{\"unknownFields\":\" keep\",\"channels\":{\"\\ud800\":{\"text\":0},\"WEB\":{\"requires\":[\"clientId\",\"url\",1,\"\\ud800\"]}}}"
        ),
        [
            "out_of_range /unknownFields «\" keep\"» expected:reject, drop or keep",
            "invalid_unicode /channels «\"\\ud800\"»",
            "out_of_range /channels/WEB/requires/1 «\"url\"» expected:clientId, unauthorizedClientId or appMarker",
            "type_mismatch /channels/WEB/requires/2 «1» actual:number expected:string",
            "invalid_unicode /channels/WEB/requires/3 «\"\\ud800\"»",
        ]
    );
}

#[test]
fn ranges() {
    let limit = |name: &str, value: &str| {
        let all = faults(&format!("{{\"limits\":{{\"{name}\":{value}}}}}"));
        all.first().map_or("good".to_owned(), |line| line.rsplit('»').next().unwrap_or_default().trim().to_owned())
    };
    let ranges = [
        ("body", 1024, 16_777_216),
        ("depth", 4, 64),
        ("attachments", 0, 1000),
        ("identifier", 1, 4096),
        ("address", 1, 4096),
        ("violations", 1, 1000),
        ("warnings", 1, 1000),
    ];
    for (name, low, high) in ranges {
        assert_eq!(limit(name, &low.to_string()), "good");
        assert_eq!(limit(name, &high.to_string()), "good");
        assert_eq!(limit(name, &(low - 1).to_string()), format!("limit:{low}"));
        assert_eq!(limit(name, &(high + 1).to_string()), format!("limit:{high}"));
    }
    assert_eq!(limit("depth", "4.5"), "actual:number expected:integer");
    assert_eq!(limit("depth", "1e400"), "limit:64");
    let text = |value: &str| faults(&format!("{{\"channels\":{{\"WEB\":{{\"text\":{value}}}}}}}")).len();
    assert_eq!([text("0"), text("1"), text("100000"), text("100001")], [1, 0, 0, 1]);
}

#[test]
fn names() {
    let name = |name: &str| faults(&format!("{{\"channels\":{{\"{name}\":{{}}}}}}")).len();
    for good in ["A", "A_", "Z9_", &"A".repeat(64)] {
        assert_eq!(name(good), 0, "{good}");
    }
    for bad in ["", "a", "_A", "1", "A-B", "Aa", "Ж", &"A".repeat(65)] {
        assert_eq!(name(bad), 1, "{bad}");
    }
    assert_eq!(
        faults("{\"channels\":{\"VIBR\":null,\"viber\":null,\"sms\":{\"text\":0}}}"),
        [
            "unknown_channel /channels/VIBR «\"VIBR\"» suggestion:VIBER",
            "out_of_range /channels/viber «\"viber\"» expected:a capital, then capitals, digits or _, at most 64 in all",
            "out_of_range /channels/sms «\"sms\"» expected:a capital, then capitals, digits or _, at most 64 in all",
            "out_of_range /channels/sms/text «0» limit:1",
        ]
    );
}

#[test]
fn national_rules() {
    let national = |members: &str| {
        let text = format!("{{\"channels\":{{\"VIBER\":{{\"national\":{members}}}}}}}");
        let all = faults(&text);
        all.iter().map(|line| line.replace("/channels/VIBER/national", "…")).collect::<Vec<_>>()
    };
    assert_eq!(national("null"), [""; 0]);
    assert_eq!(
        national("{}"),
        ["missing_field …/prefix «{»", "missing_field …/country «{»", "missing_field …/length «{»"]
    );
    let of = |prefix: &str, country: &str, length: u64| {
        national(&format!("{{\"prefix\":\"{prefix}\",\"country\":\"{country}\",\"length\":{length}}}"))
            .into_iter()
            .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("8", "7", 11), [""; 0]);
    assert_eq!(of("0", "1", 7), [""; 0]);
    assert_eq!(of("900", "123", 15), [""; 0]);
    assert_eq!(of("00", "0", 6), ["out_of_range …/prefix", "out_of_range …/country", "out_of_range …/length"]);
    assert_eq!(of("", "1234", 16), ["out_of_range …/prefix", "out_of_range …/country", "out_of_range …/length"]);
    assert_eq!(of("001", "1x", 7), ["out_of_range …/prefix", "out_of_range …/country"]);
    // The result would have 6, or 16, digits.
    assert_eq!(of("90", "1", 7), ["policy_conflict …"]);
    assert_eq!(of("9", "12", 15), ["policy_conflict …"]);
}

#[test]
fn conflicts() {
    let channel = |name: &str, members: &str| {
        let all = faults(&format!("{{\"channels\":{{\"{name}\":{{{members}}}}}}}"));
        all.into_iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let text = "policy_conflict /channels/VIBER/text";
    let warning = "policy_conflict /channels/VIBER/textWarning";
    assert_eq!(channel("VIBER", "\"text\":1000"), [text]);
    assert_eq!(channel("VIBER", "\"text\":1001"), [""; 0]);
    assert_eq!(channel("VIBER", "\"textWarning\":2000"), [warning]);
    assert_eq!(channel("VIBER", "\"textWarning\":9,\"text\":9"), [text]);
    assert_eq!(channel("VIBER", "\"text\":9,\"textWarning\":9"), [warning]);
    assert_eq!(channel("VIBER", "\"text\":9,\"textWarning\":null"), [""; 0]);
    // Only between values that are themselves accepted.
    assert_eq!(channel("VIBER", "\"text\":9,\"textWarning\":0"), ["out_of_range /channels/VIBER/textWarning"]);
    let rule = "\"national\":{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}";
    assert_eq!(channel("MOBILE", rule), ["policy_conflict /channels/MOBILE/national"]);
    assert_eq!(channel("MOBILE", &format!("{rule},\"address\":\"phone\"")), [""; 0]);
    assert_eq!(channel("VIBER", &format!("{rule},\"address\":\"email\"")), ["policy_conflict /channels/VIBER/address"]);
    assert_eq!(
        channel("VIBER", &format!("\"address\":\"email\",{rule}")),
        ["policy_conflict /channels/VIBER/national"]
    );
    assert_eq!(channel("VIBER", &format!("{rule},\"address\":\"fax\"")), ["out_of_range /channels/VIBER/address"]);
    let removed: Vec<String> = crate::policy::TABLE.into_iter().map(|name| format!("\"{name}\":null")).collect();
    let all = faults(&format!("{{\"channels\":{{{}}}}}", removed.join(",")));
    assert!(all.len() == 1 && all[0].starts_with("policy_conflict /channels «{"));
    let all = faults(&format!("{{\"channels\":{{{},\"x\":{{}}}}}}", removed.join(",")));
    assert!(all.len() == 1 && all[0].starts_with("out_of_range /channels/x «\"x\"»"));
}
