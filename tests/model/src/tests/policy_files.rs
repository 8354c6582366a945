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
        "{\"unknownFields\":\"reject\",\"refuse\":[],\"limits\":{\"body\":1048576,\"depth\":64,\"attachments\":100,\
         \"identifier\":255,\"address\":1024,\"violations\":64,\"warnings\":64},\"channels\":{\
         \"WHATSAPP\":{\"requires\":[],\"address\":[\"phone\",\"bsuid\"],\"text\":2000,\"textWarning\":null,\
         \"captionWarning\":1024,\"national\":null},\
         \"MOBILE\":{\"requires\":[\"clientId\",\"appMarker\"],\"address\":\"token\",\"text\":2000,"
    ));
    assert_eq!(Policy::from_json(text.as_bytes()), Ok(Policy::default()));
    assert_eq!(Policy::from_json(b"\xEF\xBB\xBF{}"), Ok(Policy::default()));
}

#[test]
fn what_a_file_names_changes_the_default() {
    let text = "{\"channels\":{\"SMS\":{\"address\":\"phone\",\"national\":{\"length\":11.0,\
        \"prefix\":\"8\",\"country\":\"7\"}},\"A_1\":{},\"VIBER\":null,\"WEB\":{\"requires\":\
        [\"appMarker\",\"clientId\"]}},\"limits\":{\"body\":1e4},\"unknownFields\":\"keep\",\
        \"refuse\":[\"kept_field\",\"alias_field\"]}";
    let policy = Policy::from_json(text.as_bytes()).expect("a valid policy");
    let written = policy.to_json();
    assert!(written.starts_with("{\"unknownFields\":\"keep\",\"refuse\":[\"alias_field\",\"kept_field\"],\"limits\":{\"body\":10000,\"depth\":64,"));
    assert!(written.contains("\"VIBER\":null,\"EMAIL\":{"));
    assert!(written.contains("\"WEB\":{\"requires\":[\"clientId\",\"appMarker\"],\"address\":\"opaque\""));
    assert!(written.ends_with(
        "\"A_1\":{\"requires\":[],\"address\":\"opaque\",\"text\":2000,\"textWarning\":null,\
         \"captionWarning\":null,\"national\":null},\
         \"SMS\":{\"requires\":[],\"address\":\"phone\",\"text\":2000,\"textWarning\":null,\"captionWarning\":null,\
         \"national\":{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}}}}"
    ));
    assert_eq!(Policy::from_json(written.as_bytes()), Ok(policy));
}

#[test]
fn body_faults() {
    assert_eq!(faults(" "), ["empty_body  «»"]);
    assert_eq!(faults("{]"), ["invalid_json  «]» expected:a field name in double quotes"]);
    assert_eq!(faults("{\"limits\":{},}"), ["invalid_json  «}» expected:a field name in double quotes"]);
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
            "invalid_unicode /channels/0 «\"\\ud800\"» related «\\ud800»",
            "unknown_field /chanels «\"chanels\"» suggestion:channels",
            "duplicate_field /limits «\"limits\"» related «\"limits\"»",
        ]
    );
    assert_eq!(
        faults(
            "{\"channels\":{\"WEB\":1,\"WEB\":null,\"VIBER\":{\"textWarning\":\"1\",\"national\":1,\"text\":null,\"requires\":null}}}"
        ),
        [
            "type_mismatch /channels/WEB «1» actual:number expected:object or null",
            "duplicate_field /channels/WEB «\"WEB\"» related «\"WEB\"»",
            "type_mismatch /channels/VIBER/textWarning «\"1\"» actual:string expected:integer or null",
            "type_mismatch /channels/VIBER/national «1» actual:number expected:object, array or null",
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
            "invalid_unicode /channels «\"\\ud800\"» related «\\ud800»",
            "out_of_range /channels/WEB/requires/1 «\"url\"» expected:clientId, unauthorizedClientId or appMarker",
            "type_mismatch /channels/WEB/requires/2 «1» actual:number expected:string",
            "invalid_unicode /channels/WEB/requires/3 «\"\\ud800\"» related «\\ud800»",
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
        let range = format!("expected:{low} to {high}");
        assert_eq!(limit(name, &(low - 1).to_string()), format!("limit:{low} {range}"));
        assert_eq!(limit(name, &(high + 1).to_string()), format!("limit:{high} {range}"));
    }
    assert_eq!(limit("depth", "4.5"), "actual:number expected:integer");
    assert_eq!(limit("depth", "1e400"), "limit:64 expected:4 to 64");
    let text = |value: &str| faults(&format!("{{\"channels\":{{\"WEB\":{{\"text\":{value}}}}}}}")).len();
    assert_eq!([text("0"), text("1"), text("100000"), text("100001")], [1, 0, 0, 1]);
    for name in ["textWarning", "captionWarning"] {
        let of = |value: &str| faults(&format!("{{\"channels\":{{\"WEB\":{{\"text\":100000,\"{name}\":{value}}}}}}}"));
        assert_eq!([of("1").len(), of("99999").len(), of("null").len()], [0, 0, 0]);
        let here = format!("/channels/WEB/{name}");
        assert_eq!(of("0"), [format!("out_of_range {here} «0» limit:1 expected:1 to 100000")]);
        assert_eq!(of("100001"), [format!("out_of_range {here} «100001» limit:100000 expected:1 to 100000")]);
        assert_eq!(of("true"), [format!("type_mismatch {here} «true» actual:boolean expected:integer or null")]);
    }
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
            "out_of_range /channels/sms/text «0» limit:1 expected:1 to 100000",
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
    for (prefix, country, length) in
        [("8", "7", 11), ("0", "1", 7), ("900", "123", 15), ("", "965", 8), ("", "9665", 4), ("0", "1234", 4)]
    {
        assert_eq!(of(prefix, country, length), [""; 0], "{prefix} {country} {length}");
    }
    assert_eq!(of("00", "0", 3), ["out_of_range …/prefix", "out_of_range …/country", "out_of_range …/length"]);
    assert_eq!(of("1234", "12345", 16), ["out_of_range …/prefix", "out_of_range …/country", "out_of_range …/length"]);
    // 89 and 999 are assigned to nobody.
    for (prefix, country) in [("001", "1x"), ("00", "89"), ("1x", ""), ("0000", "999")] {
        assert_eq!(of(prefix, country, 7), ["out_of_range …/prefix", "out_of_range …/country"]);
    }
    // The result would have 6, or 16, digits.
    assert_eq!(of("90", "1", 7), ["policy_conflict …"]);
    assert_eq!(of("9", "12", 15), ["policy_conflict …"]);
    // It would read as national, if it had one digit less or more it would not.
    assert_eq!(of("", "870", 8), ["policy_conflict …"]);
    assert_eq!(of("0", "8781", 8), ["policy_conflict …"]);
    assert_eq!(of("", "870", 9), [""; 0]);
    assert_eq!(of("", "881", 8), [""; 0]);
}

#[test]
fn several_rules() {
    let national = |json: &str| {
        let text = format!("{{\"channels\":{{\"VIBER\":{{\"national\":{json}}}}}}}");
        (faults(&text), Policy::from_json(text.as_bytes()).map(|policy| policy.to_json()))
    };
    let rule = "{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}";
    let list = |count: usize| format!("[{}]", vec![rule; count].join(","));
    for (json, written) in [("[]".to_owned(), "null".to_owned()), (list(1), rule.to_owned()), (list(8), list(8))] {
        let (_, text) = national(&json);
        assert!(text.expect("a valid policy").contains(&format!("\"captionWarning\":null,\"national\":{written}}}")));
    }
    let here = "/channels/VIBER/national";
    assert_eq!(
        national(&list(9).replace("}]", "},\"\\ud800\"]")).0,
        [
            format!("too_many_items {here}/8 «{rule}» limit:8"),
            format!("invalid_unicode {here}/9 «\"\\ud800\"» related «\\ud800»"),
        ]
    );
    let short = "{\"prefix\":\"\",\"country\":\"7\",\"length\":5}";
    assert_eq!(
        national(&format!("[{short},null,{{\"prefix\":\"\"}}]")).0,
        [
            format!(
                "policy_conflict {here}/0 «{short}» expected:a rewritten number of 7 to 15 digits that does not read as national"
            ),
            format!("type_mismatch {here}/1 «null» actual:null expected:object"),
            format!("missing_field {here}/2/country «{{»"),
            format!("missing_field {here}/2/length «{{»"),
        ]
    );
}

#[test]
fn several_kinds() {
    let address = |json: &str| faults(&format!("{{\"channels\":{{\"WEB\":{{\"address\":{json}}}}}}}"));
    let written = |json: &str| {
        let text = format!("{{\"channels\":{{\"WEB\":{{\"address\":{json}}}}}}}");
        Policy::from_json(text.as_bytes()).map(|policy| policy.to_json()).expect("a valid policy")
    };
    assert!(written("[\"token\"]").contains("\"WEB\":{\"requires\":[],\"address\":\"token\","));
    let four = "[\"token\",\"opaque\",\"bsuid\",\"email\"]";
    assert!(written(four).contains(&format!("\"WEB\":{{\"requires\":[],\"address\":{four},")));
    let here = "/channels/WEB/address";
    let kinds = "phone, bsuid, token, email, numeric or opaque";
    assert_eq!(address("[]"), [format!("out_of_range {here} «[]» expected:at least one address kind")]);
    assert_eq!(address("7"), [format!("type_mismatch {here} «7» actual:number expected:string or array")]);
    assert_eq!(
        address("[\"token\",\"fax\",\"token\",4,\"opaque\",\"opaque\"]"),
        [
            format!("out_of_range {here}/1 «\"fax\"» expected:{kinds}"),
            format!("out_of_range {here}/2 «\"token\"» expected:named once"),
            format!("type_mismatch {here}/3 «4» actual:number expected:string"),
            format!("too_many_items {here}/4 «\"opaque\"» limit:4"),
        ]
    );
}

#[test]
fn warnings_that_are_refused() {
    assert_eq!(faults("{\"refuse\":null}"), ["type_mismatch /refuse «null» actual:null expected:array"]);
    assert_eq!(
        faults("{\"refuse\":[\"long_text\",\"blank\",\"long_text\",null]}"),
        [
            "out_of_range /refuse/1 «\"blank\"» expected:the code of a warning",
            "out_of_range /refuse/2 «\"long_text\"» expected:named once",
            "type_mismatch /refuse/3 «null» actual:null expected:string",
        ]
    );
}

#[test]
fn so_many_channels() {
    // 11 stand in the table; a bad name and one that is taken away from the table add none.
    let channels = |count: usize, rest: &str| {
        let new: Vec<String> = (0..count).map(|index| format!("\"C{index}\":{{}}")).collect();
        faults(&format!("{{\"channels\":{{\"WEB\":null,{}{rest}}}}}", new.join(",")))
    };
    assert_eq!(channels(245, ""), [""; 0]);
    assert_eq!(channels(246, ""), ["too_many_items /channels/C245 «\"C245\"» limit:256"]);
    let name = "expected:a capital, then capitals, digits or _, at most 64 in all";
    assert_eq!(channels(245, ",\"c\":{}"), [format!("out_of_range /channels/c «\"c\"» {name}")]);
    // The rest is only read.
    assert_eq!(
        channels(245, ",\"X\":\"\\ud800\",\"c\":{},\"VIBER\":7,\"C1\":1,\"\\ud801\":1,\"Y\":{\"text\":\"\\ud802\"}"),
        [
            "too_many_items /channels/X «\"X\"» limit:256",
            "invalid_unicode /channels/X «\"\\ud800\"» related «\\ud800»",
            "invalid_unicode /channels «\"\\ud801\"» related «\\ud801»",
            "invalid_unicode /channels/Y/text «\"\\ud802\"» related «\\ud802»",
        ]
    );
}

#[test]
fn hints_of_policies() {
    let last = |text: &str| faults(text).pop().unwrap_or_default();
    // Over the names of the policy that the file makes.
    assert!(last("{\"channels\":{\"VIBR\":null}}").ends_with("suggestion:VIBER"));
    assert!(last("{\"channels\":{\"VIBR\":null,\"VIBER\":null}}").ends_with("«\"VIBR\"»"));
    assert!(last("{\"channels\":{\"SM\":null,\"SMS_RU\":{},\"WA\":null}}").ends_with("suggestion:WHATSAPP"));
    assert!(last("{\"channels\":{\"SMS_R\":null,\"SMS_RU\":{}}}").ends_with("suggestion:SMS_RU"));
    assert!(last("{\"channels\":{\"WA\":null,\"WHATSAPP\":null}}").ends_with("«\"WA\"»"));
    assert!(last("{\"un known fields\":1}").ends_with("suggestion:unknownFields"));
    assert!(last("{\"u n k n o w n_fields\":1}").ends_with("suggestion:unknownFields"));
    assert!(last("{\"message\":1}").ends_with("«\"message\"»"));
}

#[test]
fn conflicts() {
    let channel = |name: &str, members: &str| {
        let all = faults(&format!("{{\"channels\":{{\"{name}\":{{{members}}}}}}}"));
        all.into_iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let text = "policy_conflict /channels/VIBER/text";
    let warning = "policy_conflict /channels/VIBER/textWarning";
    // A length of the default table is none where it is not below the text that the file names.
    for (name, member, text) in
        [("VIBER", "text", 1000), ("TELEGRAM", "caption", 1024), ("WHATSAPP", "caption", 1000), ("VIBER", "text", 1001)]
    {
        let file = format!("{{\"channels\":{{\"{name}\":{{\"text\":{text}}}}}}}");
        let written = Policy::from_json(file.as_bytes()).expect("a valid policy").to_json();
        let length = if text == 1001 { "1000" } else { "null" };
        let row = written.split(&format!("\"{name}\"")).nth(1).unwrap_or_default();
        assert!(row.split('}').next().unwrap_or_default().contains(&format!("\"{member}Warning\":{length}")), "{row}");
    }
    assert_eq!(channel("VIBER", "\"text\":1001"), [""; 0]);
    assert_eq!(channel("VIBER", "\"textWarning\":2000"), [warning]);
    assert_eq!(channel("VIBER", "\"textWarning\":9,\"text\":9"), [text]);
    assert_eq!(channel("VIBER", "\"text\":9,\"textWarning\":9"), [warning]);
    assert_eq!(channel("VIBER", "\"text\":9,\"textWarning\":null"), [""; 0]);
    let caption = "policy_conflict /channels/VIBER/captionWarning";
    assert_eq!(channel("VIBER", "\"captionWarning\":2000"), [caption]);
    assert_eq!(channel("VIBER", "\"captionWarning\":1999,\"textWarning\":2000"), [warning]);
    // A value has one violation.
    assert_eq!(channel("VIBER", "\"captionWarning\":9,\"textWarning\":9,\"text\":9"), [text]);
    assert_eq!(channel("VIBER", "\"captionWarning\":9,\"text\":9,\"textWarning\":9"), [text, warning]);
    // Only between values that are themselves accepted.
    assert_eq!(channel("VIBER", "\"text\":9,\"textWarning\":0"), ["out_of_range /channels/VIBER/textWarning"]);
    let rule = "\"national\":{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}";
    assert_eq!(channel("MOBILE", rule), ["policy_conflict /channels/MOBILE/national"]);
    assert_eq!(channel("MOBILE", &format!("{rule},\"address\":\"phone\"")), [""; 0]);
    assert_eq!(channel("MOBILE", &format!("{rule},\"address\":[\"token\",\"phone\"]")), [""; 0]);
    let short = "\"national\":[{\"prefix\":\"\",\"country\":\"7\",\"length\":5}]";
    assert_eq!(
        channel("MOBILE", short),
        ["policy_conflict /channels/MOBILE/national", "policy_conflict /channels/MOBILE/national/0"]
    );
    assert_eq!(channel("MOBILE", &short.replace(['[', ']'], "")), ["policy_conflict /channels/MOBILE/national"]);
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
