//! Memory for handles, allocated without an abort; policies are shared. And out-parameters.

use crate::status::{Failure, OTD_NULL, OTD_OUT_OF_MEMORY, Status, status_of};
use alloc::boxed::Box;
use core::alloc::Layout;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering, fence};

/// Moves `value` to memory of its own, which `Box::from_raw` takes back. (`Box::new` aborts if there
/// is no memory.)
pub fn place<T>(value: T) -> Result<NonNull<T>, Failure> {
    const { assert!(size_of::<T>() > 0) };
    // SAFETY: the layout is not of size 0.
    let memory = unsafe { alloc::alloc::alloc(Layout::new::<T>()) };
    let memory = NonNull::new(memory.cast::<T>()).ok_or(Failure(OTD_OUT_OF_MEMORY))?;
    // SAFETY: the memory is fresh, and has the size and alignment of a T.
    unsafe { memory.write(value) };
    Ok(memory)
}

/// An out-parameter of a call. It is set to `none` at once, so that nothing undefined is read there
/// after a failure.
///
/// # Safety
/// `to` is NULL, or a T can be written there for as long as `'a`, and nobody else uses the place.
#[inline]
pub(crate) unsafe fn out_param<'a, T: Copy>(to: *mut T, none: T) -> Result<&'a mut T, Failure> {
    let to = NonNull::new(to).ok_or(Failure(OTD_NULL))?;
    // SAFETY: the caller vouches for it; it is not NULL.
    unsafe {
        to.write(none);
        Ok(&mut *to.as_ptr())
    }
}

/// A call with one out-parameter, for what `call` gives.
///
/// # Safety
/// As for [`out_param`].
#[inline]
pub(crate) unsafe fn fill<T: Copy>(to: *mut T, none: T, call: impl FnOnce() -> Result<T, Failure>) -> Status {
    status_of(|| {
        // SAFETY: the caller vouches for it.
        let to = unsafe { out_param(to, none) }?;
        *to = call()?;
        Ok(())
    })
}

/// Rules as data: limits, channels, what becomes of unknown fields. Immutable, and shared by any
/// number of threads and checkers.
#[derive(Debug)]
pub struct Policy {
    owners: AtomicUsize,
    pub(crate) rules: outgoing_to_device::Policy,
}

impl Policy {
    pub(crate) fn place(rules: outgoing_to_device::Policy) -> Result<NonNull<Policy>, Failure> {
        place(Policy { owners: AtomicUsize::new(1), rules })
    }
}

/// One owner's share of a policy.
#[derive(Debug)]
pub(crate) struct Share(NonNull<Policy>);

impl Share {
    /// One share more.
    ///
    /// # Safety
    /// `policy` is a policy that has an owner.
    pub(crate) unsafe fn new(policy: NonNull<Policy>) -> Share {
        // SAFETY: it lives, as it has an owner.
        let policy_ref = unsafe { policy.as_ref() };
        // Each share lives in a checker of its own, so there is no memory for so many that this overflows.
        policy_ref.owners.fetch_add(1, Ordering::Relaxed);
        Share(policy)
    }

    /// The share that the host has had since the policy was made.
    ///
    /// # Safety
    /// `policy` came from [`Policy::place`], and this is not called for it again.
    pub(crate) unsafe fn take_back(policy: NonNull<Policy>) -> Share {
        Share(policy)
    }

    #[inline]
    pub(crate) fn is_of(&self, policy: NonNull<Policy>) -> bool {
        self.0 == policy
    }

    #[inline]
    pub(crate) fn rules(&self) -> &outgoing_to_device::Policy {
        // SAFETY: a policy lives as long as it has an owner, and nobody changes its rules.
        unsafe { &(*self.0.as_ptr()).rules }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // SAFETY: this share keeps the policy alive up to here.
        let before = unsafe { self.0.as_ref() }.owners.fetch_sub(1, Ordering::Release);
        if before == 1 {
            // All that other owners did with the policy has happened before it goes.
            fence(Ordering::Acquire);
            // SAFETY: it came from `place`, and this was the last owner.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}
