//! Parses, validates and normalizes the requests of edna Chat Center's
//! `POST /api/v1/messages/outgoing-to-device`, and builds them and their responses.
//!
//! The server behind drops a misspelled field in silence, and sends a number in national form to a
//! stranger. Here such a mistake is caught, named, placed and, if there is one way to mend it, mended:
//!
//! ```
//! use outgoing_to_device::{Checker, Code, Outcome, Policy};
//!
//! let policy = Policy::default(); // built once, shared by threads
//! let mut checker = Checker::new(); // one a thread; allocates nothing once warm
//! let body = br#"{"text": "hi", "clientApplicationDescriptor":
//!     {"channelType": "MOBILE", "deviceAddress": "a1", "clientId": "7", "appMaker": "shop"}}"#;
//!
//! let Outcome::Rejected(rejection) = checker.check(&policy, body) else { panic!("a field is misspelled") };
//! let violation = rejection.violations().last().unwrap();
//! assert_eq!(violation.code(), Code::UnknownField);
//! assert_eq!(violation.pointer().to_string(), "/clientApplicationDescriptor/appMaker");
//! assert_eq!(violation.fix().unwrap().edits()[0].text, "appMarker");
//! ```
//!
//! What the library decides is the contract (`docs/contract.md` in the repository): the same bytes get the
//! same verdict, the same diagnostics and the same normalized bytes in Rust, C, C++ and JavaScript.
//!
//! # Reading requests
//! [`Checker::check`] takes the bytes of a body and a [`Policy`], and gives either a [`Request`], which is
//! read field by field and written in its normalized form ([`Request::write`]), or a [`Rejection`] with
//! everything that is wrong: each [`Diagnostic`] with a JSON Pointer, offset and length in bytes, line and
//! column when asked for, a second place ([`Diagnostic::related`]) and a [`Fix`] if there is one.
//! [`Outcome::into_result`] makes `?` work; [`AcceptedBuf`] and [`RejectionBuf`] own what the others borrow.
//! [`check_head`] does the same for the request's head, before there is a body.
//!
//! # Building requests
//! ```
//! use outgoing_to_device::{AttachmentRef, Policy, RequestBuf};
//!
//! let policy = Policy::default();
//! let accepted = RequestBuf::builder("WHATSAPP", "+7 900 000-00-00")
//!     .text("Your order is ready")
//!     .attachment(AttachmentRef::new("https://cdn.example.com/receipt.pdf").name("receipt.pdf"))
//!     .build(&policy)?; // the warnings are accepted.warnings
//! let body = accepted.request.to_json();
//! # assert!(body.starts_with(b"{\"text\":\"Your order is ready\""));
//! # Ok::<(), outgoing_to_device::RejectionBuf>(())
//! ```
//! The values are written as JSON and checked like any body, so a built request can't disagree with one that
//! was read. Diagnostics have pointers and no places then. [`RequestRef`] writes into buffers of yours.
//!
//! # Policies from a file
//! Limits and channels are data, the same file for every language. It names what differs from the default:
//! ```
//! use outgoing_to_device::Policy;
//!
//! let policy: Policy = r#"{"refuse": ["national_number"], "channels": {"SMS": {"address": "phone"}}}"#.parse()?;
//! assert!(policy.channel("sms").is_some());
//!
//! let faults = Policy::from_json(br#"{"limits": {"bodi": 1}}"#).unwrap_err();
//! assert_eq!(faults.to_string(), "1:13: /limits/bodi: No such field is known here; did you mean body?");
//! # Ok::<(), outgoing_to_device::RejectionBuf>(())
//! ```
//! [`Policy::builder`] sets the same in code, [`Policy::to_builder`] changes a policy that there is.
//!
//! # Answering
//! A rejection knows its response: status, header fields and a problem document (RFC 9457). [`Response`] is
//! the success response. With the feature `http` each of them has `to_response`, and `check_parts` checks the
//! head of `http`'s requests; the crate `outgoing-to-device-axum` has an extractor and a responder.
//! ```
//! use outgoing_to_device::{AcceptedBuf, Policy};
//!
//! let rejection = AcceptedBuf::from_json(&Policy::default(), b"{}").unwrap_err();
//! assert_eq!(rejection.status(), 400);
//! assert_eq!(rejection.header_fields(), [("content-type", "application/problem+json")]);
//! assert!(rejection.to_problem().starts_with(b"{\"type\":\"urn:outgoing-to-device:problem:invalid-request\""));
//! ```
//!
//! # Testing your own handlers
//! A [`Request`] can't be made without a check, so tests make one from JSON or with the builder. The default
//! policy has every channel; `"refuse"` turns a warning that your handler must not see into a violation.
//!
//! # Async
//! A check is a few hundred nanoseconds to a few microseconds of pure computing: call it where the body is,
//! without `spawn_blocking`. A [`Checker`] is `Send` and holds buffers only: keep one in a `thread_local!`, or
//! make one for a request if allocations don't matter. Nothing borrowed from it can cross an `.await` that
//! gives the checker away; [`Accepted::to_owned`] and [`Rejection::to_owned`] can.
//!
//! # Features
//! | feature | what it adds |
//! |---|---|
//! | (none) | `no_std` with `alloc`; the dependencies are `thiserror`, which leaves nothing at run time, and `wide` |
//! | `serde` | `Serialize` and `Deserialize` on the public types |
//! | `schema` | [`Policy::schema`](crate::Policy): JSON Schemas and an OpenAPI document of a policy |
//! | `http` | `http::Response` of rejections and of the success response, `check_parts`; brings std |
//!
//! # Codes
//! [`Code`] is the registry: its variants are in the order of reports, each with its meaning.
//! [`Code::meaning`], [`Code::group`] and [`Code::severity`] are the same as data, and `docs/contract.md` has
//! an example of each and what to do about it.
//!
//! # What it never does
//! Input or output, logging, panicking, keeping or showing a value of a message. Diagnostics, errors and
//! `Debug` output name fields, and nothing that stands in them. The code is safe Rust throughout.
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
mod lines;
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
pub use code::{Code, Group, Severity, UnknownWord};
pub use edit::{Edit, EditBuf};
pub use http::HeaderFields;
pub use http::head::{FIELDS_ABOUT_BYTES, HeadFault, HeadRejection, PATH, check_head};
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

/// The package's README: its examples are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
