//! Policies, valid and with faults.

use super::Rng;

fn string(text: &str) -> String {
    format!("\"{text}\"")
}

/// A policy for one body in three; of those one in four has faults.
pub fn policy(rng: &mut Rng) -> Option<String> {
    if !rng.chance(33) {
        return None;
    }
    let valid = rng.chance(75);
    let mut members = Vec::new();
    if rng.chance(75) {
        let word = rng.pick(&["reject", "drop", "drop", "keep", "keep", "keep"]);
        members.push(("unknownFields", string(word)));
    }
    if rng.chance(25) {
        members.push(("refuse", refuse(rng, valid)));
    }
    if rng.chance(30) {
        members.push(("limits", limits(rng, valid)));
    }
    if rng.chance(50) {
        members.push(("channels", channels(rng, valid)));
    }
    if !valid {
        spoil(rng, &mut members);
    }
    Some(object(rng, members))
}

fn object(rng: &mut Rng, members: Vec<(&str, String)>) -> String {
    let space = rng.pick(&["", "", " ", "\t"]);
    let written: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{space}{value}")).collect();
    format!("{{{space}{}{space}}}", written.join(&format!(",{space}")))
}

/// A list of words, each once if it is to be valid, otherwise with bad elements among them, which
/// are JSON.
fn list(rng: &mut Rng, words: &[&str], bad: &[&str], most: usize, valid: bool) -> String {
    let mut left = words.to_vec();
    let mut chosen = Vec::new();
    for _ in 0..rng.range(0, most) {
        if !valid && rng.chance(30) {
            chosen.push(rng.pick(bad).to_owned());
        } else if !left.is_empty() {
            chosen.push(string(left.remove(rng.below(left.len()))));
        }
    }
    format!("[{}]", chosen.join(","))
}

fn refuse(rng: &mut Rng, valid: bool) -> String {
    let codes = [
        "alias_field",
        "national_number",
        "unlikely_address",
        "unlikely_identifier",
        "garbled_text",
        "attachment_kind_unknown",
        "insecure_url",
        "unescaped_url",
        "private_host",
        "long_text",
        "dropped_field",
        "kept_field",
    ];
    let bad = ["\"blank\"", "\"alias_field\"", "\"ALIAS_FIELD\"", "null", "1", "\"\\ud800\"", "[]", "\"private_host\""];
    let most = rng.pick(&[1, 2, 12]);
    list(rng, &codes, &bad, most, valid)
}

/// One kind, or several; the second value says whether `phone` is among them.
fn kinds(rng: &mut Rng, valid: bool) -> (String, bool) {
    let all = ["phone", "phone", "bsuid", "token", "email", "numeric", "opaque"];
    if rng.chance(50) {
        let kind = rng.pick(&all);
        return (string(kind), kind == "phone");
    }
    let bad = ["\"fax\"", "\"token\"", "\"opaque\"", "\"Phone\"", "null", "1", "\"\\ud800\"", "\"email\""];
    let most = if valid { 4 } else { 6 };
    let list = match list(rng, &all[1..], &bad, most, valid) {
        // An empty one is out of range.
        empty if valid && empty == "[]" => "[\"opaque\"]".to_owned(),
        list => list,
    };
    let has_phone = list.contains("\"phone\"");
    (list, has_phone)
}

/// A value that is wrong nearly everywhere.
fn odd(rng: &mut Rng) -> String {
    rng.pick(&[
        "null",
        "true",
        "\"x\"",
        "[]",
        "{}",
        "-1",
        "0",
        "1e400",
        "0.5",
        "17000000",
        "\"\\ud800\"",
        "[\"\\udc00\",1]",
        "{\"\\ud800\":1}",
        "\"ж\"",
        "100001",
    ])
    .to_owned()
}

/// One fault, or more, among the members of an object.
fn spoil(rng: &mut Rng, members: &mut Vec<(&'static str, String)>) {
    for _ in 0..rng.range(1, 2) {
        let index = rng.below(members.len() + 1);
        match rng.below(4) {
            0 => {
                let name = rng.pick(&[
                    "x",
                    "txet",
                    "adress",
                    "LIMITS",
                    "",
                    "prefx",
                    "\\ud800",
                    "chanels",
                    "refuze",
                    "caption_warning",
                    "u n k n o w n fields",
                    "message",
                ]);
                members.insert(index, (name, odd(rng)));
            }
            1 if !members.is_empty() => {
                let (name, _) = rng.pick(members);
                members.insert(index, (name, odd(rng)));
            }
            _ if !members.is_empty() => {
                let index = rng.below(members.len());
                members[index].1 = odd(rng);
            }
            _ => {}
        }
    }
}

fn limits(rng: &mut Rng, valid: bool) -> String {
    let edges = [
        ("body", ["1024", "4096", "1048576", "16777216", "1023", "16777217"]),
        ("depth", ["4", "5", "8", "64", "3", "65"]),
        ("attachments", ["0", "1", "2", "1000", "-1", "1001"]),
        ("identifier", ["1", "10", "255", "4096", "0", "4097"]),
        ("address", ["1", "11", "1024", "4.096e3", "0", "4097"]),
        ("violations", ["1", "2", "64", "1000", "0", "1001"]),
        ("warnings", ["1", "2.0", "64", "1000", "0", "1001"]),
    ];
    let mut members = Vec::new();
    for (name, values) in edges {
        if rng.chance(25) {
            let known = if valid { 4 } else { 6 };
            members.push((name, rng.pick(&values[..known]).to_owned()));
        }
    }
    if !valid && rng.chance(30) {
        spoil(rng, &mut members);
    }
    object(rng, members)
}

fn channels(rng: &mut Rng, valid: bool) -> String {
    let good = ["WHATSAPP", "VIBER", "MOBILE", "EMAIL", "WEB", "TELEGRAM", "SMS", "A_1", "VIBERX"];
    let bad = ["viber", "1A", "", "A-B", "VIBR", "\\ud800", "_A", "Ж", "VK", "WA", "VIBER_BOT", "TG"];
    let mut names: Vec<&'static str> = Vec::new();
    for _ in 0..rng.range(0, 3) {
        let name = if valid || rng.chance(70) { rng.pick(&good) } else { rng.pick(&bad) };
        if !(valid && names.contains(&name)) {
            names.push(name);
        }
    }
    if rng.chance(1) {
        // As many channels as there may be, or more.
        let count = rng.range(243, 249);
        let many: Vec<String> = (0..count).map(|index| format!("N{index}")).collect();
        let mut members: Vec<(&str, String)> = many.iter().map(|name| (name.as_str(), "{}".to_owned())).collect();
        members.push(("WEB", "null".to_owned()));
        members.push((rng.pick(&bad), odd(rng)));
        members.push(("LAST", odd(rng)));
        return object(rng, members);
    }
    if rng.chance(2) {
        let all = super::request::CHANNELS.map(|name| (name, "null".to_owned()));
        return object(rng, all.to_vec());
    }
    let mut members = Vec::new();
    for name in names {
        let removable = !valid || !["SMS", "A_1", "VIBERX"].contains(&name);
        let value = match removable && rng.chance(20) {
            true => "null".to_owned(),
            false => channel(rng, name, valid),
        };
        members.push((name, value));
    }
    if !valid && rng.chance(20) {
        spoil(rng, &mut members);
    }
    object(rng, members)
}

fn channel(rng: &mut Rng, name: &str, valid: bool) -> String {
    let mut members = Vec::new();
    if rng.chance(40) {
        let lists = [
            "[]",
            "[\"clientId\"]",
            "[\"appMarker\",\"clientId\"]",
            "[\"unauthorizedClientId\"]",
            "[\"deviceAddress\"]",
            "[\"clientId\",\"clientId\"]",
            "[1,\"\\ud800\",null]",
        ];
        let known = if valid { 4 } else { 7 };
        members.push(("requires", rng.pick(&lists[..known]).to_owned()));
    }
    let is_phone = ["WHATSAPP", "VIBER"].contains(&name);
    let is_phone = if rng.chance(45) {
        let (kinds, has_phone) = kinds(rng, valid);
        members.push(("address", kinds));
        has_phone
    } else {
        is_phone
    };
    if rng.chance(30) {
        let texts = ["1500", "100000", "2e3", "1001", "1", "0", "1000", "100001"];
        let known = if valid { 4 } else { 8 };
        members.push(("text", rng.pick(&texts[..known]).to_owned()));
    }
    for name in ["textWarning", "captionWarning"] {
        if rng.chance(20) {
            let warnings = ["null", "5", "1000", "2000", "0", "100001"];
            let known = if valid { 3 } else { 6 };
            members.push((name, rng.pick(&warnings[..known]).to_owned()));
        }
    }
    if (is_phone && rng.chance(60)) || (!valid && rng.chance(30)) {
        members.push(("national", national(rng, valid)));
    }
    if !valid && rng.chance(30) {
        spoil(rng, &mut members);
    }
    if rng.chance(30) {
        members.reverse();
    }
    object(rng, members)
}

fn national(rng: &mut Rng, valid: bool) -> String {
    if rng.chance(10) {
        return "null".to_owned();
    }
    if rng.chance(50) {
        return rule(rng, valid);
    }
    let most = if valid { 4 } else { 10 };
    let rules: Vec<String> = (0..rng.range(0, most)).map(|_| rule(rng, valid)).collect();
    format!("[{}]", rules.join(","))
}

fn rule(rng: &mut Rng, valid: bool) -> String {
    let (prefix, country, length) = rng.pick(&[
        ("8", "7", "11"),
        ("8", "7", "11"),
        ("", "7", "10"),
        ("0", "49", "11"),
        ("0", "81", "10"),
        ("8", "880", "11"),
        ("89", "880", "11"),
        ("900", "1", "9"),
        ("", "9665", "8"),
        ("", "44", "5"),
        ("0", "8701", "10"),
        ("6", "996", "9"),
    ]);
    let (prefix, country, length) = if valid || rng.chance(40) {
        (prefix, country, length)
    } else {
        rng.pick(&[
            ("00", "7", "11"),
            ("1234", "07", "3"),
            ("x", "", "16"),
            ("900", "1", "8"),
            ("8", "380", "15"),
            ("", "870", "8"),
            ("8", "89", "11"),
            ("٣", "7", "11.5"),
            ("", "12345", "7"),
        ])
    };
    let mut members = vec![("prefix", string(prefix)), ("country", string(country)), ("length", length.to_owned())];
    if !valid && rng.chance(20) {
        drop(members.remove(rng.below(3)));
    }
    if !valid && rng.chance(20) {
        spoil(rng, &mut members);
    }
    object(rng, members)
}
