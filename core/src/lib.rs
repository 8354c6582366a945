//! Parses, validates and normalizes the requests of edna Chat Center's
//! `POST /api/v1/messages/outgoing-to-device`, and builds its responses.
#![no_std]
#![forbid(unsafe_code)]
// Nothing in here can panic; each exception says why.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod address;
mod channel;
mod check;
mod checker;
mod code;
mod diagnostic;
mod document;
mod field;
mod findings;
mod head;
mod integer;
mod iri;
mod json;
mod meaning;
mod media_type;
mod memory;
mod message;
mod outcome_json;
mod parts;
mod path;
mod policy;
mod position;
mod reply;
mod request;
mod response;
#[cfg(feature = "serde")]
mod serde_impls;
#[cfg(feature = "bench-rules")]
#[doc(hidden)]
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
mod suggest;
mod text;
mod unknown;
mod white_space;

pub use address::{AddressKind, National};
pub use checker::{Accepted, Checker, Outcome, Rejected, Rejection};
pub use code::{Code, Group, Severity};
pub use diagnostic::{Actual, Diagnostic, DiagnosticBuf, Diagnostics, Params, Span};
pub use findings::JsonType;
pub use head::{HeadFault, HeadRejection, PATH, check_head};
pub use memory::OutOfMemory;
pub use path::Pointer;
pub use policy::{
    BuildError, Channel, ChannelBuilder, Limits, Policy, PolicyBuilder, SettingFault, UnknownFields,
};
pub use position::{Lines, Position};
pub use reply::HeaderFields;
pub use request::{Attachment, Request, RequestBuf, max_normalized_len};
pub use response::{Response, ResponseRef};
#[cfg(feature = "schema")]
pub use schema::Schema;
