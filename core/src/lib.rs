//! Parses, validates and normalizes the requests of edna Chat Center's
//! `POST /api/v1/messages/outgoing-to-device`, and builds its responses.
//!
//! [`Checker::check`] takes the bytes of a body and a [`Policy`], and gives either a [`Request`],
//! which can be read and written in its normal form, or everything that is wrong with the body,
//! each with its place: a JSON Pointer, offsets in bytes, and line and column when asked for.
//! [`check_head`] does the same for the request's head; [`Response`] is the success response;
//! [`Rejection::write_problem`] writes the answer to a refused request (RFC 9457).
//!
//! ```
//! use outgoing_to_device::{Checker, Code, Outcome, Policy};
//!
//! let policy = Policy::default(); // built once, shared by threads
//! let mut checker = Checker::new(); // one a thread; allocates nothing once warm
//! let body = br#"{"text": "hi", "clientApplicationDescriptor":
//!     {"channelType": "MOBILE", "deviceAddress": "a1", "clientId": "7", "appMaker": "shop"}}"#;
//!
//! let Outcome::Rejected(rejected) = checker.check(&policy, body) else { panic!("a field is misspelled") };
//! let violation = rejected.violations().last().unwrap();
//! assert_eq!(violation.code(), Code::UnknownField);
//! assert_eq!(violation.pointer().to_string(), "/clientApplicationDescriptor/appMaker");
//! assert_eq!(violation.params().suggestion, Some("appMarker"));
//! ```
//!
//! What the library never does: input or output, logging, panicking, keeping or showing a value of a
//! message. Diagnostics, errors and `Debug` output name fields, and nothing that stands in them.
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

#[cfg(feature = "bench-rules")]
#[doc(hidden)]
pub mod bench;
mod check;
mod checker;
mod code;
mod edit;
mod few;
mod field;
mod findings;
mod http;
mod json;
mod json_type;
mod limits;
mod meaning;
mod memory;
mod path;
mod policy;
mod report;
mod request;
mod rules;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "serde")]
mod serde;
mod word;

pub use checker::Checker;
pub use code::{Code, Group, Severity};
pub use edit::{Edit, EditBuf};
pub use http::HeaderFields;
pub use http::head::{HeadFault, HeadRejection, PATH, check_head};
#[cfg(feature = "http")]
pub use http::http_types::check_parts;
pub use http::response::{Response, ResponseRef};
pub use json_type::JsonType;
pub use limits::Limits;
pub use memory::OutOfMemory;
pub use policy::{BuildError, Channel, ChannelBuilder, Policy, PolicyBuilder, SettingFault, UnknownFields};
pub use report::diagnostic::{Diagnostic, DiagnosticBuf, Diagnostics};
pub use report::fix::Fix;
pub use report::message::Message;
pub use report::outcome::{Accepted, AcceptedBuf, Outcome, Rejection, RejectionBuf};
pub use report::params::{Actual, Params, Span};
pub use report::pointer::Pointer;
pub use report::position::{Lines, Position};
pub use request::build::{AttachmentRef, RequestBuilder, RequestRef};
pub use request::{Attachment, Request, RequestBuf, max_normalized_len};
pub use rules::address::{AddressKind, National};
#[cfg(feature = "schema")]
pub use schema::Schema;

/// The README's examples are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
