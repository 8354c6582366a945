//! A plain, slow model of the contract.
//!
//! It is the oracle of differential tests and fuzzing: every rule is a small function with the
//! contract's sentence above it, written for reading and not for speed, and it shares no code
//! with the library that it judges.
//!
//! ```
//! let outcome = model::check(&model::Policy::default(), b"{}");
//! assert_eq!(outcome.violations[0].code, "missing_field");
//! ```

// Diagnostics are large, and a model need not be fast.
#![allow(clippy::result_large_err)]

mod address;
mod check;
mod conformance;
mod country;
mod descriptor;
mod diagnostic;
mod fields;
mod file_name;
pub mod generate;
mod head;
mod hint;
mod json;
mod literal;
mod media_type;
mod number;
mod policy;
mod policy_file;
mod promise;
mod tally;
mod text;
mod url;

#[cfg(test)]
mod tests;

pub use check::{Outcome, check};
pub use conformance::{answer, base64, from_base64, outcome_line};
pub use diagnostic::{Actual, Diagnostic};
pub use head::{HeadFault, check_head};
pub use literal::Edit;
pub use policy::{Channel, Limits, National, Policy, UnknownFields};
pub use tally::Tally;
