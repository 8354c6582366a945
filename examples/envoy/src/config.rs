//! The plugin's configuration: `{"mode": …, "path": …, "policy": …}`, every member optional.

use crate::findings::escaped;
use outgoing_to_device::{Code, Lines, PATH, Policy};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

pub(crate) struct Config {
    /// Where the endpoint is mounted.
    pub(crate) path: String,
    pub(crate) policy: Policy,
    /// Whether requests are passed on as they came, whatever is found.
    pub(crate) report_only: bool,
}

/// Reads the configuration; an empty one is that of the defaults.
///
/// # Errors
/// Every fault, as `LINE:COLUMN: code pointer: message`. Lines and columns are those of the whole
/// configuration, for the faults of its policy too.
pub(crate) fn read(json: &[u8]) -> Result<Config, Vec<String>> {
    let mut config = Config { path: PATH.to_owned(), policy: Policy::default(), report_only: false };
    if json.trim_ascii().is_empty() {
        return Ok(config);
    }
    let Members(members) = serde_json::from_slice(json).map_err(|error| vec![not_an_object(&error)])?;
    let mut faults = Faults { json, lines: Lines::new(json), list: Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for (key, value) in members {
        let name: String = serde_json::from_str(key.get()).unwrap_or_default();
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        if names.contains(&name) {
            faults.add(key, 0, Code::DuplicateField, &pointer, "The member stands more than once.");
            continue;
        }
        let text = serde_json::from_str::<String>(value.get()).ok();
        match (name.as_str(), text.as_deref()) {
            ("mode", Some("enforce")) => config.report_only = false,
            ("mode", Some("report-only")) => config.report_only = true,
            ("mode", _) => {
                faults.add(value, 0, Code::OutOfRange, &pointer, "It is not \"enforce\" or \"report-only\".")
            }
            ("path", Some(path)) if path.starts_with('/') && !path.contains('?') => config.path = path.to_owned(),
            ("path", _) => {
                faults.add(value, 0, Code::OutOfRange, &pointer, "It is not a path that begins with a slash.")
            }
            ("policy", _) => match Policy::from_json(value.get().as_bytes()) {
                Ok(policy) => config.policy = policy,
                Err(rejection) => {
                    for fault in &rejection.violations {
                        let pointer = format!("{pointer}{}", fault.pointer);
                        faults.add(value, fault.offset, fault.code, &pointer, &fault.message);
                    }
                    if rejection.truncated {
                        faults.list.push("there are more".to_owned());
                    }
                }
            },
            _ => faults.add(key, 0, Code::UnknownField, &pointer, "There are \"mode\", \"path\" and \"policy\"."),
        }
        names.push(name);
    }
    if faults.list.is_empty() { Ok(config) } else { Err(faults.list) }
}

/// What serde_json says of a text that is not a JSON object, with the place in front.
fn not_an_object(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    format!("{}:{}: {}: {message}", error.line(), error.column(), Code::InvalidJson)
}

struct Faults<'a> {
    json: &'a [u8],
    lines: Lines<'a>,
    list: Vec<String>,
}

impl Faults<'_> {
    /// Adds the fault `offset` bytes behind the beginning of `part`, which is a part of the configuration.
    fn add(&mut self, part: &RawValue, offset: u32, code: Code, pointer: &str, message: &str) {
        let start = part.get().as_ptr() as usize - self.json.as_ptr() as usize;
        let place = self.lines.position(start as u32 + offset);
        self.list.push(format!("{}:{}: {code} {}: {message}", place.line, place.column, escaped(pointer)));
    }
}

/// The members of an object, in their order, as they stand in its text.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
