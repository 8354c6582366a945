//! The jsonschema crate.

use serde_json::Value;

/// What a validator says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    Refused,
    /// Its JSON reader refuses the text.
    Unreadable,
}

pub(crate) struct Validator(jsonschema::Validator);

impl Validator {
    pub(crate) fn new(schema: &Value) -> Result<Validator, Box<dyn std::error::Error>> {
        jsonschema::draft202012::meta::validate(schema).map_err(|error| error.to_string())?;
        Ok(Validator(jsonschema::draft202012::new(schema).map_err(|error| error.to_string())?))
    }

    pub(crate) fn judge(&self, text: &[u8]) -> Verdict {
        // What decodes a body drops its byte order mark, as browsers and servers do.
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        match serde_json::from_slice(text) {
            Err(_) => Verdict::Unreadable,
            Ok(value) if self.0.is_valid(&value) => Verdict::Accepted,
            Ok(_) => Verdict::Refused,
        }
    }
}
