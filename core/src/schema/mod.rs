//! The rules of a policy in the standards' own words: JSON Schema (2020-12) and OpenAPI (3.1).

mod input;
mod node;
mod normalized;
mod openapi;
mod pattern;
mod unsaid;

use crate::memory::OutOfMemory;
use crate::memory::or_abort;
use crate::policy::Policy;
use alloc::string::String;
use alloc::vec::Vec;

/// A document that says a policy's rules in a standard's own words.
///
/// No schema can say them all. What a document leaves to the library stands in it under
/// `x-outgoing-to-device-unsaid`: for each diagnostic code that only the library finds, why.
///
/// ```
/// use outgoing_to_device::{Policy, Schema};
/// let policy = Policy::from_json(br#"{"limits": {"attachments": 3}}"#)?;
/// assert!(policy.schema(Schema::Normalized).contains(r#""maxItems": 3"#));
/// # Ok::<(), outgoing_to_device::RejectionBuf>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Schema {
    /// JSON Schema of the normalized request, which is what the library writes: for forms,
    /// generators and whoever sends requests. It never rejects a normalized request.
    Normalized,
    /// JSON Schema of the bodies that the library takes, for gateways before it. It never rejects a
    /// body that the library accepts, and leaves out what would take more than a simple pattern.
    Input,
    /// OpenAPI description of the endpoint: the normalized request, the response, the problem
    /// documents and what the request's head must say.
    OpenApi,
}

impl Schema {
    /// Every document.
    pub const ALL: [Schema; 3] = [Schema::Normalized, Schema::Input, Schema::OpenApi];

    /// The document's name: `schema`, `input-schema` or `openapi`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Schema::Normalized => "schema",
            Schema::Input => "input-schema",
            Schema::OpenApi => "openapi",
        }
    }

    /// The document of that name.
    pub fn parse(name: &str) -> Option<Schema> {
        Self::ALL.into_iter().find(|schema| schema.as_str() == name)
    }

    /// Appends the document: JSON, indented by two spaces, ASCII but for the names that a policy
    /// gives, with a newline at its end.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had; the buffer then holds a part.
    pub fn write(self, policy: &Policy, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let mut compact = Vec::new();
        match self {
            Schema::Normalized => normalized::write(policy, &mut compact)?,
            Schema::Input => input::write(policy, &mut compact)?,
            Schema::OpenApi => openapi::write(policy, &mut compact)?,
        }
        node::indent(&compact, out)
    }
}

impl Policy {
    /// A document that says these rules in a standard's own words.
    pub fn schema(&self, schema: Schema) -> String {
        let mut out = Vec::new();
        or_abort(schema.write(self, &mut out));
        // It is made of texts only.
        String::from_utf8(out).unwrap_or_default()
    }
}
