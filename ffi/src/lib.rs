//! The C interface of outgoing-to-device: `include/outgoing_to_device.h` is made from this crate,
//! and is its manual.
//!
//! Thin on purpose: each call guards, decodes its arguments, calls the core once and encodes what
//! comes back. The package `outgoing-to-device-c` makes the library of it.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod call;
mod checker;
mod code;
mod fix;
mod handle;
mod outcome;
mod policy;
mod reply;
mod request;
#[cfg(feature = "schema")]
mod schema;
#[doc(hidden)]
pub mod shared;
mod status;
mod table;
mod text;
mod version;

pub use call::*;
pub use checker::Checker;
pub use code::*;
pub use fix::{Edit, Fix};
pub use handle::Policy;
pub use outcome::*;
pub use policy::{Limits, otd_policy_default, otd_policy_free, otd_policy_limits};
pub use reply::{Field, Reply, Response, Strings};
pub use request::{Attachment, Request};
#[cfg(feature = "schema")]
pub use schema::*;
pub use status::*;
pub use text::Str;
pub use version::*;
