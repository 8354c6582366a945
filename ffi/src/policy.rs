//! Policies: made once, shared by threads.

use crate::handle::{Policy, Share, out};
use crate::status::{Failure, OTD_NULL, Status, answer};
use core::ptr::{self, NonNull};

/// The policy that a caller passed.
pub(crate) fn given(policy: *const Policy) -> Result<NonNull<Policy>, Failure> {
    NonNull::new(policy.cast_mut()).ok_or(Failure(OTD_NULL))
}

/// Makes the default policy: the channels and limits that the documentation of the library lists.
///
/// `*policy` becomes a handle to free with `otd_policy_free`, or NULL on failure.
/// Any thread may call it. Fails with `OTD_NULL`, `OTD_OUT_OF_MEMORY`.
///
/// ```c
/// otd_policy *rules;
/// if (otd_policy_default(&rules) == OTD_OK) otd_policy_free(rules);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_policy_default(policy: *mut *mut Policy) -> Status {
    answer(|| {
        // SAFETY: NULL or a place for the answer, as the caller must see to.
        let policy = unsafe { out(policy, ptr::null_mut()) }?;
        *policy = Policy::place(outgoing_to_device::Policy::try_default()?)?.as_ptr();
        Ok(())
    })
}

/// Frees a policy; NULL is fine. Checkers that have used it keep what they need, and go on.
///
/// Any thread may call it, once for a policy; a second time is a double free, as with `free`.
///
/// ```c
/// otd_policy_free(NULL);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn otd_policy_free(policy: *mut Policy) {
    if let Some(policy) = NonNull::new(policy) {
        // SAFETY: a policy of this library, freed once, as the caller must see to.
        drop(unsafe { Share::take_back(policy) });
    }
}
