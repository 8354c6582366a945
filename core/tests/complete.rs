//! What nothing else names if it is forgotten: a field, a channel, an address kind or a code stands
//! wherever it must (CONTRIBUTING.md has the recipes). The sources are read as text, since they are in
//! several languages; the library and the vectors are asked where they can be.
#![cfg(not(miri))]

use outgoing_to_device::{AddressKind, Channel, Checker, Code, Outcome, Policy};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A vector; a policy in it may hold what serde_json does not take.
type Vector = BTreeMap<String, Box<RawValue>>;

fn vectors() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("tests/vectors") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let text = fs::read_to_string(&path).expect("a file of vectors");
            all.extend(text.lines().map(|line| serde_json::from_str::<Vector>(line).expect("JSON")));
        }
    }
    assert!(all.len() > 900, "only {} vectors", all.len());
    all
}

fn outcome(vector: &Vector) -> Value {
    vector.get("outcome").map_or(Value::Null, |outcome| serde_json::from_str(outcome.get()).expect("JSON"))
}

/// The normalized requests of the vectors that are accepted.
fn accepted(vectors: &[Vector]) -> Vec<Value> {
    let request = |vector| Some(serde_json::from_str(outcome(vector)["request"].as_str()?).expect("JSON"));
    vectors.iter().filter_map(request).collect()
}

fn assert_all_stand(missing: &[String]) {
    assert!(missing.is_empty(), "missing:\n  {}", missing.join("\n  "));
}

/// `clientId` as `client_id`.
fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |text, c| match c.is_ascii_uppercase() {
        true => format!("{text}_{}", c.to_ascii_lowercase()),
        false => format!("{text}{c}"),
    })
}

/// The rows of `fields!`: name and object.
fn fields() -> Vec<(String, String)> {
    let table = read("core/src/field.rs");
    let table = table.split("\nfields! {").nth(1).expect("the table").split("\n}").next().expect("its end");
    let row = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let name = words.next()?.strip_prefix('"')?.strip_suffix('"')?.to_owned();
        let object = words.next()?;
        ["Body", "Attachment", "Descriptor"].contains(&object).then(|| (name, object.to_owned()))
    };
    let rows: Vec<_> = table.lines().filter_map(row).collect();
    assert!(rows.len() >= 12, "{rows:?}");
    rows
}

#[test]
fn every_field_stands_wherever_it_must() {
    let requests = accepted(&vectors());
    let schemas = ["schema/request.schema.json", "schema/request.input.schema.json"]
        .map(|path| (path, serde_json::from_str::<Value>(&read(path)).expect("JSON")));
    let texts = [
        "docs/contract.md",
        "core/public-api.txt",
        "include/outgoing_to_device.h",
        "include/outgoing_to_device.hpp",
        "wasm/types/index.d.ts",
        "tests/fuzz/dictionary",
    ]
    .map(|path| (path, read(path)));
    let mut checker = Checker::new();
    let policy = Policy::default();
    let mut missing = Vec::new();
    for (name, object) in fields() {
        // The library reads it: whatever else is wrong, it is no unknown field.
        let body = match object.as_str() {
            "Body" => format!(r#"{{"{name}":true}}"#),
            "Attachment" => format!(r#"{{"attachments":[{{"{name}":true}}]}}"#),
            _ => format!(r#"{{"clientApplicationDescriptor":{{"{name}":true}}}}"#),
        };
        match checker.check(&policy, body.as_bytes()) {
            Outcome::Rejected(rejection) if rejection.violations().all(|one| one.code() != Code::UnknownField) => {}
            _ => missing.push(format!("the library does not read {name}")),
        }
        let part = |request: &Value| match object.as_str() {
            "Body" => !request[&name].is_null(),
            "Attachment" => {
                request["attachments"].as_array().is_some_and(|all| all.iter().any(|one| !one[&name].is_null()))
            }
            _ => !request["clientApplicationDescriptor"][&name].is_null(),
        };
        if !requests.iter().any(part) {
            missing.push(format!("no vector is accepted with {name}"));
        }
        for (path, schema) in &schemas {
            let of = match object.as_str() {
                "Body" => &schema["properties"],
                "Attachment" => &schema["$defs"]["Attachment"]["properties"],
                _ => &schema["$defs"]["ClientApplicationDescriptor"]["properties"],
            };
            if of[&name].is_null() {
                missing.push(format!("{path} has no property {name}"));
            }
        }
        // A name of Rust's, where the wire's is a keyword or an object of its own.
        let getter = match name.as_str() {
            "type" => "media_type".to_owned(),
            "clientApplicationDescriptor" => "channel_type".to_owned(),
            other => snake(other),
        };
        let wanted = [
            format!("`{name}`"),
            format!("pub fn {getter}(&self)"),
            format!("{getter};"),
            format!("{getter};"),
            format!("  {name}"),
            format!("\"{name}\\\":"),
        ];
        for ((path, text), wanted) in texts.iter().zip(wanted) {
            if !text.contains(&wanted) {
                missing.push(format!("{path} does not have {wanted}"));
            }
        }
    }
    assert_all_stand(&missing);
}

/// A row of the table of channels in the contract, taken apart; one row may name several.
struct Row {
    names: String,
    requires: String,
    kinds: String,
    text: String,
    warns: String,
}

fn table_of_channels() -> Vec<Row> {
    let doc = read("docs/contract.md");
    let section = doc.split("### 4.1 ").nth(1).expect("§4.1").split("\n### ").next().expect("its end");
    let plain = |cell: &str| {
        cell.replace(['`', ','], "").replace("*(ours)*", "").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    let rows: Vec<Row> = rows
        .map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(|cell| plain(cell.trim()));
            let mut next = || cells.next().expect("a cell");
            Row { names: next(), requires: next(), kinds: next(), text: next(), warns: next() }
        })
        .collect();
    assert!(rows.len() >= 5, "{}", rows.len());
    rows
}

#[test]
fn every_channel_stands_wherever_it_must() {
    let vectors = vectors();
    let requests = accepted(&vectors);
    let rejected = vectors.iter().filter(|vector| outcome(vector)["ok"] == false);
    let rejected: Vec<String> =
        rejected.filter_map(|vector| serde_json::from_str(vector.get("body")?.get()).expect("a string")).collect();
    let table = table_of_channels();
    let texts = ["tests/model/src/generate/request.rs", "wasm/console/src/examples.ts"].map(|path| (path, read(path)));
    let mut missing = Vec::new();
    let policy = Policy::default();
    let words = |list: &mut dyn Iterator<Item = &'static str>| list.collect::<Vec<_>>().join(" ");
    let row_of = |name: &str| table.iter().find(|row| row.names.split(' ').any(|other| other == name));
    for channel in policy.channels() {
        let name = channel.name();
        match row_of(name) {
            None => missing.push(format!("docs/contract.md §4.1 has no row for {name}")),
            Some(row) => {
                let says = (row.requires.clone(), row.kinds.clone(), row.text.clone(), row.warns.clone());
                let warns = [(channel.text_warning(), ""), (channel.caption_warning(), " with attachments")];
                let warns = warns.iter().filter_map(|(length, when)| Some(format!("{}{when}", (*length)?)));
                let is = (
                    words(&mut channel.requires()),
                    words(&mut channel.addresses().map(AddressKind::as_str)),
                    channel.text_limit().to_string(),
                    warns.collect::<Vec<_>>().join(" "),
                );
                if says != is {
                    missing.push(format!("docs/contract.md §4.1 says {says:?} of {name}, and not {is:?}"));
                }
            }
        }
        if !requests.iter().any(|request| request["clientApplicationDescriptor"]["channelType"] == name) {
            missing.push(format!("no vector is accepted on {name}"));
        }
        if !rejected.iter().any(|body| body.contains(&format!("\"{name}\""))) {
            missing.push(format!("no vector is rejected on {name}"));
        }
        for (path, text) in &texts {
            if !text.contains(&format!("\"{name}\"")) && !text.contains(&format!(" {name}: ")) {
                missing.push(format!("{path} does not have {name}"));
            }
        }
    }
    let names: Vec<&str> = policy.channels().map(|channel: Channel<'_>| channel.name()).collect();
    for name in table.iter().flat_map(|row| row.names.split(' ')) {
        if !names.contains(&name) {
            missing.push(format!("docs/contract.md §4.1 has {name}, the policy has not"));
        }
    }
    assert_all_stand(&missing);
}

#[test]
fn every_address_kind_stands_wherever_it_must() {
    let doc = read("docs/contract.md");
    let vectors = vectors();
    let named = |member: &str, word: &str| {
        vectors.iter().filter_map(|vector| vector.get(member)).any(|text| text.get().contains(word))
    };
    let generators = read("tests/model/src/generate/policies.rs");
    let mut missing = Vec::new();
    for kind in AddressKind::ALL {
        let kind = kind.as_str();
        if !doc.lines().any(|line| line.starts_with("### 4.") && line.ends_with(&format!(" `{kind}`"))) {
            missing.push(format!("docs/contract.md has no section on {kind}"));
        }
        if !["policy", "written"].iter().any(|member| named(member, &format!("\"{kind}\""))) {
            missing.push(format!("no vector has a policy with {kind}"));
        }
        // Of several kinds the first is what is expected, and everything but a blank is opaque.
        let first = !["bsuid", "opaque"].contains(&kind);
        if first && !named("outcome", &format!("\"expected\":\"{kind}\"")) {
            missing.push(format!("no vector has an invalid address of {kind}"));
        }
        if !generators.contains(&format!("\"{kind}\"")) {
            missing.push(format!("tests/model/src/generate/policies.rs does not have {kind}"));
        }
    }
    assert_all_stand(&missing);
}

#[test]
fn every_code_is_seen_in_a_vector() {
    let vectors = vectors();
    let seen = |code: &str| {
        let wanted = [format!("\"code\":\"{code}\""), format!("\"code\": \"{code}\"")];
        vectors.iter().flat_map(BTreeMap::values).any(|text| wanted.iter().any(|wanted| text.get().contains(wanted)))
    };
    let missing = Code::ALL.iter().filter(|code| !seen(code.as_str())).map(|code| format!("no vector has {code}"));
    assert_all_stand(&missing.collect::<Vec<_>>());
}
