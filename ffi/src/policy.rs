//! Policies: made once, shared by threads.

use crate::handle::{Policy, Share, fill};
use crate::status::{Failure, OTD_NULL, Status};
use core::ptr::{self, NonNull};
use outgoing_to_device as otd;

/// The policy that the caller passed.
pub(crate) fn policy_ref(policy: *const Policy) -> Result<NonNull<Policy>, Failure> {
    NonNull::new(policy.cast_mut()).ok_or(Failure(OTD_NULL))
}

/// Its rules.
///
/// # Safety
/// `policy` is NULL or a policy that lives for as long as `'a`.
pub(crate) unsafe fn rules<'a>(policy: *const Policy) -> Result<&'a otd::Policy, Failure> {
    // SAFETY: the caller vouches for it; nobody changes the rules.
    Ok(unsafe { &(*policy_ref(policy)?.as_ptr()).rules })
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
    // SAFETY: NULL or a place for the handle, as the caller must see to.
    unsafe { fill(policy, ptr::null_mut(), || Ok(Policy::place(otd::Policy::try_default()?)?.as_ptr())) }
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

/// The limits of a policy, as its file names them.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body: a host need not keep more than one byte above it.
    pub body: u32,
    /// Arrays and objects inside each other.
    pub depth: u32,
    /// Attachments of a message.
    pub attachments: u32,
    /// UTF-16 code units of `clientId`, `unauthorizedClientId` and `appMarker`.
    pub identifier: u32,
    /// UTF-16 code units of `deviceAddress`.
    pub address: u32,
    /// Violations that are reported.
    pub violations: u32,
    /// Warnings that are reported.
    pub warnings: u32,
}

impl Limits {
    const NONE: Limits =
        Limits { body: 0, depth: 0, attachments: 0, identifier: 0, address: 0, violations: 0, warnings: 0 };
}

/// Tells the limits of a policy.
///
/// Any thread may call it. Fails with `OTD_NULL`; then `*limits` is all 0.
///
/// ```c
/// otd_limits limits;
/// if (otd_policy_limits(policy, &limits) == OTD_OK)
///     printf("Bodies have at most %u bytes.\n", (unsigned)limits.body);
/// ```
///
/// # Safety
/// See the three rules above.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn otd_policy_limits(policy: *const Policy, limits: *mut Limits) -> Status {
    // SAFETY: a policy and a place that are what the three rules ask for.
    unsafe {
        fill(limits, Limits::NONE, || {
            let otd::Limits { body, depth, attachments, identifier, address, violations, warnings, .. } =
                *rules(policy)?.limits();
            Ok(Limits { body, depth, attachments, identifier, address, violations, warnings })
        })
    }
}
