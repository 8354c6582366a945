//! Repeated keys, as they are found by whoever reads JSON with serde_json.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// JSON as serde_json reads it, members in order.
pub(crate) enum Json {
    Other,
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Other)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
                Ok(Json::Other)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
                Ok(Json::Other)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
                Ok(Json::Other)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
                Ok(Json::Other)
            }
            fn visit_str<E>(self, _: &str) -> Result<Json, E> {
                Ok(Json::Other)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Json::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
                let mut object = Vec::new();
                while let Some(member) = members.next_entry()? {
                    object.push(member);
                }
                // So numbers come with arbitrary precision.
                if object.first().is_some_and(|(key, _): &(String, Json)| key == "$serde_json::private::Number") {
                    return Ok(Json::Other);
                }
                Ok(Json::Object(object))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// How many known fields are repeated where the contract looks for them, by a policy that allows so
/// many attachments.
pub(crate) fn count(json: &Json, most_attachments: usize) -> usize {
    let repeated = |object: &[(String, Json)], names: &[&[&str]]| -> usize {
        let count = |names: &&[&str]| object.iter().filter(|(key, _)| names.contains(&key.as_str())).count();
        names.iter().map(|names| count(names).saturating_sub(1)).sum()
    };
    let Json::Object(body) = json else { return 0 };
    let alias: &[&str] = &["clientApplicationDescriptor", "applicationDescriptor"];
    let mut count = repeated(body, &[&["text"], &["attachments"], alias]);
    let first = |names: &[&str]| body.iter().find(|(key, _)| names.contains(&key.as_str())).map(|(_, value)| value);
    if let Some(Json::Object(descriptor)) = first(alias) {
        let names: [&[&str]; 5] =
            [&["channelType"], &["clientId"], &["unauthorizedClientId"], &["appMarker"], &["deviceAddress"]];
        count += repeated(descriptor, &names);
    }
    if let Some(Json::List(attachments)) = first(&["attachments"]) {
        for attachment in attachments.iter().take(most_attachments) {
            if let Json::Object(attachment) = attachment {
                count += repeated(attachment, &[&["url"], &["name"], &["type"], &["size"]]);
            }
        }
    }
    count
}
