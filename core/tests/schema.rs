//! The schemas: the committed ones are those of the default policy, and what they say is true.

use outgoing_to_device::{
    AddressKind, Checker, Code, Group, HeadFault, Limits, Outcome, PATH, Policy, Schema, check_head,
};
use serde_json::Value;
use std::collections::BTreeSet;

fn document(policy: &Policy, schema: Schema) -> Value {
    serde_json::from_str(&policy.schema(schema)).expect("JSON")
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item.as_str().expect("a text")).collect()
}

/// `UPDATE_SCHEMAS=1` writes them anew.
#[test]
fn committed_documents_are_those_of_the_default_policy() {
    for (schema, file) in [
        (Schema::Normalized, "request.schema.json"),
        (Schema::Input, "request.input.schema.json"),
        (Schema::OpenApi, "openapi.json"),
    ] {
        let file = format!("{}/../schema/{file}", env!("CARGO_MANIFEST_DIR"));
        let document = Policy::default().schema(schema);
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&file, &document).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == document, "{file} has drifted; UPDATE_SCHEMAS=1 writes it anew");
    }
}

#[test]
fn every_document_is_json_with_an_end_of_line() {
    let policy = br#"{"unknownFields":"keep","limits":{"attachments":0},
        "channels":{"WEB":null,"SMS":{"address":"phone","text":70,"textWarning":20,"requires":["clientId"]}}}"#;
    let policy = Policy::from_json(policy).unwrap();
    for schema in Schema::ALL {
        assert_eq!(Schema::parse(schema.as_str()), Some(schema));
        let text = policy.schema(schema);
        assert!(text.ends_with("}\n") && text.is_ascii());
        let value: Value = serde_json::from_str(&text).unwrap();
        let mut appended = b"before".to_vec();
        schema.write(&policy, &mut appended).unwrap();
        assert_eq!(appended.strip_prefix(b"before"), Some(text.as_bytes()));
        assert!(text.contains("SMS") && !text.contains("\"WEB\""), "{schema:?}");
        assert!(value.is_object());
    }
}

#[test]
fn a_policy_changes_what_it_should() {
    let policy = br#"{"unknownFields":"keep","limits":{"attachments":3,"identifier":9,"address":20},
        "channels":{"SMS":{"address":"phone","text":70,"requires":["appMarker"]}}}"#;
    let schema = document(&Policy::from_json(policy).unwrap(), Schema::Normalized);
    assert_eq!(schema["properties"]["attachments"]["maxItems"], 3);
    assert_eq!(schema["properties"]["text"]["maxLength"], 2000);
    assert_eq!(schema["allOf"][1]["then"]["properties"]["text"]["maxLength"], 70);
    assert_eq!(schema["additionalProperties"], true);
    assert_eq!(schema["$defs"]["Identifier"]["maxLength"], 9);
    let descriptor = &schema["$defs"]["ClientApplicationDescriptor"];
    assert_eq!(descriptor["properties"]["deviceAddress"]["maxLength"], 20);
    let rules = descriptor["allOf"].as_array().unwrap();
    let sms = rules.iter().find(|rule| rule["if"]["properties"]["channelType"]["const"] == "SMS").unwrap();
    assert_eq!(sms["then"]["required"][0], "appMarker");
    assert_eq!(sms["then"]["properties"]["deviceAddress"]["$ref"], "#/$defs/PhoneAddress");
}

#[test]
fn an_unknown_field_is_allowed_where_a_body_may_have_it() {
    for (policy, normalized, input) in [
        (r#"{"unknownFields":"reject"}"#, false, false),
        (r#"{"unknownFields":"drop"}"#, false, true),
        (r#"{"unknownFields":"drop","refuse":["kept_field"]}"#, false, true),
        (r#"{"unknownFields":"drop","refuse":["dropped_field"]}"#, false, false),
        (r#"{"unknownFields":"keep"}"#, true, true),
        (r#"{"unknownFields":"keep","refuse":["dropped_field"]}"#, true, true),
        (r#"{"unknownFields":"keep","refuse":["kept_field"]}"#, false, false),
    ] {
        let policy = Policy::from_json(policy.as_bytes()).unwrap();
        let allowed = |schema| document(&policy, schema)["additionalProperties"] == true;
        assert_eq!((allowed(Schema::Normalized), allowed(Schema::Input)), (normalized, input), "{policy:?}");
    }
}

#[test]
fn no_definition_is_left_over() {
    let channels = "{\"channels\": {\"FACEBOOK\": null, \"MOBILE\": null, \"EMAIL\": {\"address\": \"opaque\"}}}";
    for policy in [Policy::default(), Policy::from_json(channels.as_bytes()).unwrap()] {
        let schema = document(&policy, Schema::Normalized);
        let definitions = schema["$defs"].as_object().unwrap();
        let text = schema.to_string();
        for name in definitions.keys() {
            assert!(text.contains(&format!("\"#/$defs/{name}\"")), "nothing refers to {name}");
        }
        let kinds = ["PhoneAddress", "BsuidAddress", "TokenAddress", "EmailAddress", "NumericAddress"];
        for kind in AddressKind::ALL.iter().copied() {
            let used = policy.channels().any(|channel| channel.addresses().any(|other| other == kind));
            let name = kinds.iter().find(|name| name.to_lowercase().starts_with(kind.as_str()));
            assert_eq!(name.is_some_and(|name| definitions.contains_key(*name)), used && name.is_some(), "{kind:?}");
        }
    }
}

#[test]
fn openapi_names_every_code_that_a_response_can_have() {
    let document = document(&Policy::default(), Schema::OpenApi);
    let schemas = &document["components"]["schemas"];
    let named: BTreeSet<&str> = ["Violation", "Warning"]
        .into_iter()
        .flat_map(|name| texts(&schemas[name]["properties"]["code"]["enum"]))
        .collect();
    let codes = Code::ALL.iter().filter(|code| code.group() != Group::Policy).map(|code| code.as_str());
    assert_eq!(named, codes.collect());
    for code in Code::ALL.iter().filter(|code| code.group() != Group::Policy) {
        assert!(document.to_string().contains(code.meaning()), "{code} is explained");
    }
}

/// The examples are the library's own words: here they are compared with their sources.
#[test]
fn examples_are_true() {
    let document = document(&Policy::default(), Schema::OpenApi);
    let post = &document["paths"][PATH]["post"];
    let requests = &post["requestBody"]["content"]["application/json"]["examples"];
    let documented = |name: &str| {
        let file = format!("{}/../examples/documented/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_slice::<Value>(&std::fs::read(file).unwrap()).unwrap()
    };
    assert_eq!(requests.as_object().unwrap().len(), 2);
    for name in ["whatsapp", "mobile"] {
        assert_eq!(requests[name]["value"], documented(name));
    }
    let responses = post["responses"].as_object().unwrap();
    let success = &responses["200"]["content"]["application/json"]["examples"]["success"]["value"];
    assert_eq!(*success, documented("success"));

    let problem = &document["components"]["schemas"]["Problem"]["properties"];
    let violation = &document["components"]["schemas"]["Violation"]["properties"];
    let (types, codes) = (texts(&problem["type"]["enum"]), texts(&violation["code"]["enum"]));
    let statuses: Vec<u64> = problem["status"]["enum"].as_array().unwrap().iter().flat_map(Value::as_u64).collect();
    assert_eq!(statuses, [400, 401, 404, 405, 413, 415]);
    for status in statuses {
        let example = &responses[&status.to_string()]["content"]["application/problem+json"]["example"];
        assert_eq!(example["status"], status);
        assert!(types.contains(&example["type"].as_str().unwrap()), "{status}");
        let errors = example["errors"].as_array().unwrap();
        assert!(!errors.is_empty() && errors.iter().all(|error| codes.contains(&error["code"].as_str().unwrap())));
    }
}

/// Every type, status and header field of a refusal is one that the document names.
#[test]
fn refusals_are_as_the_document_says() {
    let document = document(&Policy::default(), Schema::OpenApi);
    let problem = &document["components"]["schemas"]["Problem"]["properties"];
    let types = texts(&problem["type"]["enum"]);
    let responses = &document["paths"][PATH]["post"]["responses"];
    let mut seen = BTreeSet::new();
    let fields: [(&[u8], &[u8]); 6] = [
        (b"Authorization", b"Bearer x"),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", b"5"),
        (b"Content-Length", b"99999999"),
        (b"Content-Length", b"x"),
        (b"Content-Type", b"text/plain"),
    ];
    for (method, target) in [("POST", PATH), ("PUT", PATH), ("POST", "/x")] {
        for chosen in 0_u32..64 {
            let fields = fields.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1).map(|(_, field)| *field);
            let head = check_head(&Limits::DEFAULT, PATH, method.as_bytes(), target.as_bytes(), fields);
            let Err(rejection) = head else { continue };
            let mut body = Vec::new();
            rejection.write_problem(&mut body).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert!(types.contains(&body["type"].as_str().unwrap()), "{body}");
            seen.extend(rejection.faults().map(|fault: HeadFault| fault.code()));
            let response = &responses[rejection.status().to_string()];
            assert!(response.is_object(), "{body}");
            let sent = rejection.header_fields().iter().filter(|(name, _)| *name != "content-type");
            let sent: Vec<(&str, &str)> = sent.copied().collect();
            let named = response["headers"].as_object().into_iter().flatten().map(|(name, header)| {
                assert_eq!(header["required"], true, "{name}");
                (name.as_str(), header["schema"]["const"].as_str().expect("a value"))
            });
            assert_eq!(sent, named.collect::<Vec<_>>(), "{}", rejection.status());
        }
    }
    assert_eq!(seen.len(), 6, "each code of a head: {seen:?}");
    let (policy, mut checker) = (Policy::default(), Checker::new());
    for body in [&b""[..], b"{}", &[b' '; 1 << 21]] {
        let Outcome::Rejected(rejected) = checker.check(&policy, body) else { panic!() };
        let mut problem = Vec::new();
        rejected.write_problem(&mut problem).unwrap();
        let problem: Value = serde_json::from_slice(&problem).unwrap();
        assert!(types.contains(&problem["type"].as_str().unwrap()), "{problem}");
        assert!(responses[rejected.status().to_string()].is_object());
    }
}

/// schema/README.md has the list of what the schemas leave to the library.
#[test]
fn the_documentation_lists_the_same_codes() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/README.md")).unwrap();
    let (_, section) = readme.split_once("## What only the library finds").unwrap();
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 5);
    let codes = |column: usize, marks: &[&str]| {
        let rows = rows.iter().filter(|row| marks.contains(&row[column]));
        rows.flat_map(|row| row[1].split(", ").map(|code| code.trim_matches('`').to_owned()))
            .collect::<BTreeSet<String>>()
    };
    let keeping = Policy::from_json(br#"{"unknownFields":"keep"}"#).unwrap();
    for (policy, marks) in [(Policy::default(), &["x"][..]), (keeping, &["x", "keep"])] {
        for (schema, column) in [(Schema::Normalized, 2), (Schema::Input, 3)] {
            let document = document(&policy, schema);
            let list = document["x-outgoing-to-device-unsaid"].as_array().unwrap();
            let listed = list.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect::<BTreeSet<String>>();
            assert_eq!(codes(column, marks), listed, "{schema:?}");
        }
    }
}
