//! What the crate of batches shares with this one: no part of the interface.

use crate::call::checker_mut;
use crate::checker::Checker;
use crate::handle::Policy;
use crate::policy::rules;
use outgoing_to_device as otd;

pub use crate::handle::place;
pub use crate::status::{Failure, status_of};
pub use crate::text::{put, slice};

/// Core's checker and rules behind the handles. What the checker read last is forgotten.
///
/// # Safety
/// Each is NULL, or a handle of this library that lives for as long as `'a`; nobody else uses the checker.
#[allow(clippy::missing_errors_doc, reason = "OTD_NULL")]
pub unsafe fn lend<'a>(
    checker: *mut Checker,
    policy: *const Policy,
) -> Result<(&'a mut otd::Checker, &'a otd::Policy), Failure> {
    // SAFETY: the caller vouches for them.
    unsafe { Ok((checker_mut(checker)?.lend(), rules(policy)?)) }
}
