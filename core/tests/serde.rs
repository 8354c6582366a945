//! The feature `serde`: the same texts and the same rules by way of serde.

use outgoing_to_device::{
    AddressKind, ChannelBuilder, Checker, Outcome, Policy, RejectionBuf, RequestBuf, Response, UnknownFields,
};
use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};
use serde_json::{Value, json};

const BODY: &str = r#"{"text":" \"é\"\r\n😀","attachments":[{"url":" https://a/b ","size":2.56e2},{"url":"https://c","name":"d.png","type":"image/JPG"}],"applicationDescriptor":{"channelType":"mobile","clientId":"1","appMarker":"x","deviceAddress":"a"}}"#;

fn request() -> RequestBuf {
    RequestBuf::from_json(&Policy::default(), BODY.as_bytes()).unwrap()
}

#[test]
fn a_request_is_its_normalized_text() {
    let normalized = String::from_utf8(request().as_request().to_json()).unwrap();
    assert_eq!(serde_json::to_string(&request()).unwrap(), normalized);
    let normalized = normalized.replace("\\\"", "").replace("\\n", "");
    let compact = RequestBuf::from_json(&Policy::default(), normalized.as_bytes()).unwrap();
    assert!(compact.as_request().as_normalized().is_some());
    assert_eq!(serde_json::to_string(&compact.as_request()).unwrap(), normalized);
    let attachments: Vec<Value> =
        request().as_request().attachments().map(|attachment| serde_json::to_value(attachment).unwrap()).collect();
    let want = json!([{"url":"https://a/b","size":256}, {"url":"https://c","name":"d.png","type":"image/jpeg"}]);
    assert_eq!(Value::Array(attachments), want);
}

#[test]
fn a_request_reads_back() {
    assert_eq!(serde_json::from_str::<RequestBuf>(BODY).unwrap(), request());
    assert_eq!(serde_json::from_slice::<RequestBuf>(BODY.as_bytes()).unwrap(), request());
    assert_eq!(serde_json::from_value::<RequestBuf>(serde_json::to_value(request()).unwrap()).unwrap(), request());
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Envelope {
        requests: Vec<Option<RequestBuf>>,
    }
    let text = serde_json::to_string(&Envelope { requests: vec![None, Some(request())] }).unwrap();
    let Envelope { requests } = serde_json::from_str(&text).unwrap();
    assert_eq!(requests, [None, Some(request())]);
}

#[test]
fn what_is_refused_is_refused_and_shows_no_value() {
    let hush = "hush";
    for (body, fault) in [
        (json!({"text": hush}), "/clientApplicationDescriptor: A required field is absent."),
        (json!(hush), "The value must be an object, not a string."),
        (json!(1), "The value must be an object, not a number."),
        (json!(null), "The value must be an object, not null."),
        (json!([[hush], true, 1.5, -1, u64::MAX, {"a": {}, "b": []}]), "The value must be an object, not an array."),
        (
            json!({"text": hush, "clientApplicationDescriptor": {"channelType": hush, "deviceAddress": {"x": hush}}}),
            "/clientApplicationDescriptor/channelType: The policy has no such channel.; \
             /clientApplicationDescriptor/deviceAddress: The value must be a string, not an object.",
        ),
    ] {
        for error in [
            serde_json::from_str::<RequestBuf>(&body.to_string()).unwrap_err().to_string(),
            serde_json::from_value::<RequestBuf>(body.clone()).unwrap_err().to_string(),
        ] {
            assert!(error.starts_with(fault), "{error}");
            assert!(!error.contains(hush), "{error}");
        }
    }
    let unknown = BODY.replacen('{', r#"{"threadId":1,"#, 1);
    let error = serde_json::from_str::<RequestBuf>(&unknown).unwrap_err().to_string();
    assert!(error.starts_with("/threadId: No such field is known here; it belongs to a sibling endpoint."), "{error}");
    let twice = BODY.replacen('{', r#"{"text":"a","#, 1);
    let error = serde_json::from_str::<RequestBuf>(&twice).unwrap_err().to_string();
    assert!(error.starts_with("/text: "), "repeated keys come through: {error}");
}

#[test]
fn nesting_is_bounded() {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let error = serde_json::from_str::<RequestBuf>(&deep).unwrap_err().to_string();
    assert!(error.starts_with("arrays and objects are nested too deep"), "{error}");
}

#[test]
fn numbers_that_are_handed_over_as_maps() {
    // serde_json's own form, under its feature arbitrary_precision; what only looks like it is refused.
    for (number, fine) in [("7", true), ("1e400", true), ("hush", false), ("", false), ("1 ", false), ("1\"", false)] {
        let map = json!({"$serde_json::private::Number": number});
        let deserializer = MapDeserializer::<_, serde_json::Error>::new(
            map.as_object().unwrap().iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())),
        );
        let error = (&Policy::default()).deserialize(deserializer).unwrap_err().to_string();
        assert_eq!(error == "The value must be an object, not a number.", fine, "{error}");
        assert!(!error.contains("hush"));
    }
}

#[test]
fn kept_fields_come_along() {
    let policy = Policy::builder().unknown_fields(UnknownFields::Keep).build().unwrap();
    let more = r#"{ "a b" : { "x\n" : [ 1 , -2, 1.5, 2e0, true, false, null, "\u00e9\"" , [ ] , { } ] }, "threadId":18446744073709551615,"#;
    let body = BODY.replacen('{', more, 1);
    let request = policy.deserialize(&mut serde_json::Deserializer::from_str(&body)).unwrap();
    let value = serde_json::to_value(&request).unwrap();
    assert_eq!(value["a b"], json!({"x\n": [1, -2, 1.5, 2.0, true, false, null, "é\"", [], {}]}));
    assert_eq!(value["threadId"], json!(u64::MAX));
    let mut checker = Checker::new();
    let body = BODY.replacen('{', r#"{"x":1e400,"#, 1);
    let Outcome::Accepted(accepted) = checker.check(&policy, body.as_bytes()) else { panic!() };
    assert!(serde_json::to_string(&accepted.request).is_err(), "no f64 holds it");
}

#[test]
fn policies() {
    let policy = Policy::builder()
        .channel("SMS", ChannelBuilder::new().address(AddressKind::Phone).requires(["clientId"]))
        .without_channel("WEB")
        .build()
        .unwrap();
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(text, policy.to_json());
    assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
    let error = serde_json::from_str::<Policy>(r#"{"limits":{"depth":1.5}}"#).unwrap_err().to_string();
    assert!(error.starts_with("/limits/depth: "), "{error}");
}

#[test]
fn responses() {
    let external = Some(String::from("7"));
    let response = Response { id: i64::MIN, thread_id: 2, client_id: 1, client_external_id: external, agent_id: 3 };
    let text = serde_json::to_vec(&response).unwrap();
    assert_eq!(text, response.to_json());
    assert_eq!(serde_json::from_slice::<Response>(&text).unwrap(), response);
    assert!(serde_json::from_str::<Response>(r#"{"id":1}"#).is_err());
}

/// What formats other than JSON hand over.
#[derive(Clone)]
enum Given {
    Signed(i128),
    Unsigned(u128),
    Float(f64),
    None,
    Some(Box<Given>),
    Newtype(Box<Given>),
    Bytes,
}

impl<'de> Deserializer<'de> for Given {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Given::Signed(number) => visitor.visit_i128(number),
            Given::Unsigned(number) => visitor.visit_u128(number),
            Given::Float(number) => visitor.visit_f64(number),
            Given::None => visitor.visit_none(),
            Given::Some(value) => visitor.visit_some(*value),
            Given::Newtype(value) => visitor.visit_newtype_struct(*value),
            Given::Bytes => visitor.visit_bytes(b""),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Given {
    type Deserializer = Given;

    fn into_deserializer(self) -> Given {
        self
    }
}

#[test]
fn whatever_another_format_hands_over() {
    let response = |external: Given, agent: Given| {
        let newtype = Given::Newtype(Box::new(Given::Signed(3)));
        let members = [
            ("id", Given::Signed(-1)),
            ("threadId", Given::Unsigned(2)),
            ("clientId", newtype),
            ("clientExternalId", external),
            ("agentId", agent),
        ];
        Response::deserialize(MapDeserializer::new(members.into_iter())).map_err(|error| error.to_string())
    };
    let four = Given::Some(Box::new(Given::Float(4.0)));
    let want = Response { id: -1, thread_id: 2, client_id: 3, client_external_id: None, agent_id: 4 };
    assert_eq!(response(Given::None, four), Ok(want));
    let refused = |given| response(Given::None, given).unwrap_err();
    assert_eq!(refused(Given::Bytes), "invalid type: byte array, expected a value that JSON has");
    assert_eq!(refused(Given::Float(f64::NAN)), "JSON has only finite numbers");
    let numbered = Response::deserialize(MapDeserializer::<_, Error>::new([(1, 2)].into_iter()));
    assert_eq!(numbered.unwrap_err().to_string(), "a key is not a string");
    let number = Given::Unsigned(u128::MAX);
    assert_eq!(refused(number), "/agentId: The value must be a signed 64-bit integer.");
}

#[test]
fn words_and_reports() {
    fn round<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, json: Value) {
        assert_eq!(serde_json::to_value(&value).unwrap(), json);
        assert_eq!(serde_json::from_value::<T>(json).unwrap(), value);
    }
    for kind in AddressKind::ALL {
        round(*kind, json!(kind.as_str()));
    }
    for word in [UnknownFields::Reject, UnknownFields::Drop, UnknownFields::Keep] {
        round(word, json!(word.as_str()));
    }
    assert!(serde_json::from_str::<AddressKind>("\"Phone\"").is_err());
    assert!(serde_json::from_str::<UnknownFields>("\"\"").is_err());
    let rejection = RequestBuf::from_json(&Policy::default(), br#"{"text":1,"text":2}"#).unwrap_err();
    let text = serde_json::to_string(&rejection).unwrap();
    assert_eq!(serde_json::from_str::<RejectionBuf>(&text).unwrap(), rejection);
    assert!(text.contains(r#""code":"duplicate_field""#));
}

#[test]
fn an_attachment_is_written_by_itself() {
    let policy = Policy::from_json(br#"{"unknownFields":"keep"}"#).unwrap();
    let name = r#"\""#.repeat(100);
    let long = "k".repeat(300);
    let body = format!(
        r#"{{"text":"m","attachments":[{{"url":"https://a/","kept":"{long}"}},{{"kept" : [1, 2],"size":1e3,"name":"{name}.b","url":"https://b/"}}],
            "clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"d"}}}}"#
    );
    let request = RequestBuf::from_json(&policy, body.as_bytes()).unwrap();
    let written: Vec<String> =
        request.as_request().attachments().map(|attachment| serde_json::to_string(&attachment).unwrap()).collect();
    let second = format!(r#"{{"url":"https://b/","name":"{name}.b","size":1000,"kept":[1, 2]}}"#);
    assert_eq!(written[0], format!(r#"{{"url":"https://a/","kept":"{long}"}}"#));
    assert_eq!(serde_json::from_str::<Value>(&written[1]).unwrap(), serde_json::from_str::<Value>(&second).unwrap());
}
