//! Members: absent, unknown, repeated, renamed, broken; limits on their number.

use super::{of, web, with};
use crate::{Policy, check};

#[test]
fn everything_is_missing() {
    assert_eq!(of(" {}"), ["missing_field /text «{»", "missing_field /clientApplicationDescriptor «{»"]);
    assert_eq!(
        of("{\"text\":null,\"applicationDescriptor\":null,\"attachments\":null}"),
        ["missing_field /text «null»", "missing_field /applicationDescriptor «null»"]
    );
    assert_eq!(
        of("{\"text\":\"t\",\"clientApplicationDescriptor\":{}}"),
        [
            "missing_field /clientApplicationDescriptor/channelType «{»",
            "missing_field /clientApplicationDescriptor/deviceAddress «{»",
        ]
    );
}

#[test]
fn mistyped_values_are_read_inside() {
    assert_eq!(
        of("{\"text\":{\"a\":\"\\ud800\"},\"attachments\":\"\\ud800\",\"applicationDescriptor\":[\"\\udfff\"]}"),
        [
            "type_mismatch /text «{\"a\":\"\\ud800\"}» actual:object expected:string",
            "invalid_unicode /text/a «\"\\ud800\"» related «\\ud800»",
            "type_mismatch /attachments «\"\\ud800\"» actual:string expected:array",
            "type_mismatch /applicationDescriptor «[\"\\udfff\"]» actual:array expected:object",
            "invalid_unicode /applicationDescriptor/0 «\"\\udfff\"» related «\\udfff»",
        ]
    );
}

#[test]
fn the_alias() {
    let descriptor = "{\"channelType\":\"WEB\",\"deviceAddress\":\"d\"}";
    let good = format!("{{\"text\":\"t\",\"applicationDescriptor\":{descriptor}}}");
    assert_eq!(
        of(&good),
        [
            format!("{{\"text\":\"t\",\"attachments\":[],\"clientApplicationDescriptor\":{descriptor}}}"),
            "alias_field /applicationDescriptor «\"applicationDescriptor\"» suggestion:clientApplicationDescriptor \
             fix «applicationDescriptor» «clientApplicationDescriptor»"
                .to_owned(),
        ]
    );
    // Both names are one field; the first one is checked. Its key stands at 12, length 23.
    let both =
        format!("{{\"text\":\"t\",\"applicationDescriptor\":{descriptor},\"clientApplicationDescriptor\":null}}");
    assert_eq!(
        of(&both),
        [
            "duplicate_field /clientApplicationDescriptor «\"clientApplicationDescriptor\"» related «\"applicationDescriptor\"»"
        ]
    );
    let twice = format!(
        "{{\"text\":\"t\",\"applicationDescriptor\":{descriptor} ,\t\"clientApplicationDescriptor\" : {descriptor}}}"
    );
    assert_eq!(
        of(&twice),
        [format!(
            "duplicate_field /clientApplicationDescriptor «\"clientApplicationDescriptor\"» related \
             «\"applicationDescriptor\"» fix «,\t\"clientApplicationDescriptor\" : {descriptor}» «»"
        )]
    );
    let bad = "{\"text\":\"t\",\"applicationDescriptor\":{\"channelType\":\"WEB\"}}";
    assert_eq!(
        of(bad),
        [
            "missing_field /applicationDescriptor/deviceAddress «{»",
            "alias_field /applicationDescriptor «\"applicationDescriptor\"» suggestion:clientApplicationDescriptor \
             fix «applicationDescriptor» «clientApplicationDescriptor»",
        ]
    );
}

#[test]
fn duplicates() {
    // Compared after unescaping; null counts; the later ones are only read.
    assert_eq!(
        of(&web("\"text\":null,\"t\\u0065xt\":1,\"text\":\"\\ud800\"")),
        [
            "missing_field /text «null»",
            "duplicate_field /text «\"t\\u0065xt\"» related «\"text\"»",
            "duplicate_field /text «\"text\"» related «\"text\"»",
            "invalid_unicode /text «\"\\ud800\"» related «\\ud800»",
        ]
    );
    // Byte for byte the first one's value, three times.
    assert_eq!(
        of(&web("\"text\":[] , \"text\":[],\"text\":[ ],\"text\":[]"))[1..],
        [
            "duplicate_field /text «\"text\"» related «\"text\"» fix «, \"text\":[]» «»",
            "duplicate_field /text «\"text\"» related «\"text\"»",
            "duplicate_field /text «\"text\"» related «\"text\"» fix «,\"text\":[]» «»",
        ]
    );
    // Repeated unknown keys are each unknown; objects inside are only JSON.
    assert_eq!(
        of(&web("\"text\":\"t\",\"xx\":{\"a\":1,\"a\":2},\"xx\":null")),
        ["unknown_field /xx «\"xx\"»", "unknown_field /xx «\"xx\"»"]
    );
}

#[test]
fn keys_with_lone_surrogates() {
    assert_eq!(
        of(&web("\"text\":\"t\",\"text\\ud800\":{\"a\":[\"\\udc00\"]},\"text\\ud800\":1")),
        [
            "invalid_unicode  «\"text\\ud800\"» related «\\ud800»",
            "invalid_unicode  «\"\\udc00\"» related «\\udc00»",
            "invalid_unicode  «\"text\\ud800\"» related «\\ud800»",
        ]
    );
}

#[test]
fn hints() {
    let hint = |name: &str| {
        let line = of(&web(&format!("\"text\":\"t\",\"{name}\":1"))).remove(0);
        line.split_once('»').map(|(_, rest)| rest.trim().to_owned()).unwrap_or_default()
    };
    assert_eq!(hint("txet"), "suggestion:text");
    assert_eq!(hint("TEXT"), "suggestion:text");
    assert_eq!(hint("tex"), "suggestion:text");
    // Twice the distance must be below the length.
    assert_eq!(hint("te"), "");
    assert_eq!(hint("atachment"), "suggestion:attachments fix «atachment» «attachments»");
    assert_eq!(hint("aplicationDescriptor"), "suggestion:clientApplicationDescriptor");
    // Other names, the fields' own in other spellings among them.
    assert_eq!(hint("Message-Text"), "suggestion:text");
    assert_eq!(hint("F I L E S"), "suggestion:attachments fix «F I L E S» «attachments»");
    assert_eq!(hint("_recipient_"), "suggestion:clientApplicationDescriptor");
    assert_eq!(hint("client application_descriptor--"), "suggestion:clientApplicationDescriptor");
    assert_eq!(hint("phones"), "");
    assert_eq!(hint("title"), "belongs_to:attachments");
    assert_eq!(hint("User ID"), "");
    assert_eq!(hint("chat_id"), "belongs_to:clientApplicationDescriptor");
    assert_eq!(hint("thread_id"), "belongs_to:sibling_endpoint");
    assert_eq!(hint(&format!("client{}Id", "_".repeat(57))), "");
    assert_eq!(hint(&format!("client{}Id", "_".repeat(56))), "belongs_to:clientApplicationDescriptor");
    assert_eq!(hint("clientid"), "belongs_to:clientApplicationDescriptor");
    assert_eq!(hint("url"), "belongs_to:attachments");
    assert_eq!(hint("Status"), "belongs_to:sibling_endpoint");
    assert_eq!(hint(&"x".repeat(65)), "");
    let inside = "{\"text\":\"t\",\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\
        \"deviceAddress\":\"d\",\"appMaker\":1,\"text\":2,\"applicationDescriptor\":3}}";
    let names: Vec<String> =
        of(inside).into_iter().map(|line| line.rsplit(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(names, ["«appMarker»", "belongs_to:body", "belongs_to:body"]);
}

#[test]
fn distances() {
    let distance = crate::hint::distance;
    assert_eq!(distance("abc", "acb"), 1);
    // Optimal string alignment, not Damerau's distance (2).
    assert_eq!(distance("ca", "abc"), 3);
    assert_eq!(distance("É", "é"), 1);
    assert_eq!(distance("", "abc"), 3);
}

#[test]
fn pointers_are_escaped_and_cut() {
    let pointer = |name: &str| {
        let body = web(&format!("\"text\":\"t\",\"{name}\":1"));
        check(&Policy::default(), body.as_bytes()).violations[0].pointer.clone()
    };
    assert_eq!(pointer("a/~b"), "/a~1~0b");
    assert_eq!(pointer(&"x".repeat(64)), format!("/{}", "x".repeat(64)));
    assert_eq!(pointer(&"x".repeat(65)), format!("/{}…", "x".repeat(64)));
    assert_eq!(pointer(&format!("{}😀", "x".repeat(63))), format!("/{}…", "x".repeat(63)));
    assert_eq!(pointer(&"~".repeat(65)), format!("/{}…", "~0".repeat(64)));
}

#[test]
fn dropped_and_kept() {
    let body = web("\"text\":\"t\",\"mode\" :  [1, 2],\"t\\u00e9\":\"\\u0041\"");
    let dropped = with("{\"unknownFields\":\"drop\"}", &body);
    assert_eq!(dropped[0], web("\"text\":\"t\",\"attachments\":[]"));
    assert_eq!(
        dropped[1..],
        ["dropped_field /mode «\"mode\"» belongs_to:sibling_endpoint", "dropped_field /té «\"t\\u00e9\"»",]
    );
    let kept = with("{\"unknownFields\":\"keep\"}", &body);
    let normalized = web("\"text\":\"t\",\"attachments\":[]");
    let normalized = normalized.strip_suffix('}').expect("an object");
    assert_eq!(kept[0], format!("{normalized},\"mode\":[1, 2],\"t\\u00e9\":\"\\u0041\"}}"));
    assert!(kept[1].starts_with("kept_field /mode"));
}

#[test]
fn only_so_many_are_kept() {
    // 63 keys in the body, two in the descriptor, which are the 64th and 65th, then two more.
    let many: Vec<String> = (0..63).map(|index| format!("\"k{index}\":1")).collect();
    let body = format!(
        "{{\"text\":\"t\",{},\"clientApplicationDescriptor\":{{\"channelType\":\"WEB\",\
         \"y\":1,\"z\":1,\"z\":2,\"y\":2,\"deviceAddress\":\"d\"}},\"w\":1,\"w\":2,\"k0\":\"\\ud800\"}}",
        many.join(",")
    );
    let all = with("{\"unknownFields\":\"keep\"}", &body);
    let violations: Vec<&String> = all.iter().filter(|line| !line.starts_with("kept")).collect();
    assert_eq!(violations.len(), 5, "{violations:?}");
    assert_eq!(violations[0], "too_many_items /clientApplicationDescriptor/z «\"z\"» limit:64");
    assert!(violations[1].starts_with("duplicate_field /clientApplicationDescriptor/z «\"z\"»"));
    assert!(violations[2].starts_with("duplicate_field /clientApplicationDescriptor/y «\"y\"»"));
    assert_eq!(violations[3], "duplicate_field /k0 «\"k0\"» related «\"k0\"»");
    assert_eq!(violations[4], "invalid_unicode /k0 «\"\\ud800\"» related «\\ud800»");
    assert_eq!(all.len(), 5 + 64);
}

#[test]
fn too_many_attachments() {
    let policy = "{\"limits\":{\"attachments\":1}}";
    let list = "\"text\":\"\",\"attachments\":[1,[\"\\ud800\"],\"\\ud801\",{\"x\":1}]";
    assert_eq!(
        with(policy, &web(list)),
        [
            "type_mismatch /attachments/0 «1» actual:number expected:object",
            "too_many_items /attachments/1 «[\"\\ud800\"]» limit:1",
            "invalid_unicode /attachments/1/0 «\"\\ud800\"» related «\\ud800»",
            "invalid_unicode /attachments/2 «\"\\ud801\"» related «\\ud801»",
        ]
    );
    // The string that is itself one too many gets no second violation.
    let policy = "{\"limits\":{\"attachments\":0}}";
    let all = with(policy, &web("\"text\":\"t\",\"attachments\":[\"\\ud800\"]"));
    assert_eq!(all, ["too_many_items /attachments/0 «\"\\ud800\"» limit:0"]);
}

#[test]
fn reports_are_capped_in_order() {
    let policy = Policy::from_json(b"{\"limits\":{\"violations\":2,\"warnings\":1}}");
    let policy = policy.expect("a valid policy");
    let bare = "{\"url\":\"http://h.x\"}";
    let list = format!("\"text\":\"t\",\"attachments\":[{bare},{bare}],\"xx\":1,\"yy\":1,\"zz\":1");
    let outcome = check(&policy, web(&list).as_bytes());
    let codes = |list: &[crate::Diagnostic]| list.iter().map(|found| found.pointer.clone()).collect();
    let (violations, warnings): (Vec<_>, Vec<_>) = (codes(&outcome.violations), codes(&outcome.warnings));
    assert_eq!(violations, ["/xx", "/yy"]);
    assert_eq!(warnings, ["/attachments/0"]);
    assert!(outcome.truncated);
    assert_eq!(outcome.warnings[0].code, "attachment_kind_unknown");
}
