//! What is kept between calls.

use crate::report::{Report, Unit};
use alloc::alloc::{Layout, alloc_zeroed, dealloc};
use core::cell::UnsafeCell;
use core::ptr::null_mut;
use outgoing_to_device::{Accepted, Checker, HeadRejection, Policy, Rejection};

/// A value that is kept.
pub(crate) struct Kept<T>(UnsafeCell<T>);

// SAFETY: the module has one thread, and its functions do not call each other.
unsafe impl<T> Sync for Kept<T> {}

impl<T> Kept<T> {
    const fn new(value: T) -> Kept<T> {
        Kept(UnsafeCell::new(value))
    }

    /// # Safety
    /// No other reference to the value may be in use. Of the values that [`Last`] borrows from (the checker, the
    /// policies, the input) that is so after [`forget`].
    #[allow(clippy::mut_from_ref, reason = "that is what the cell is for")]
    pub(crate) unsafe fn get(&self) -> &mut T {
        // SAFETY: the caller's promise.
        unsafe { &mut *self.0.get() }
    }
}

/// What the last call decided, about which text, and what its places count.
pub(crate) enum Last {
    Nothing,
    Accepted(Accepted<'static>, &'static [u8], Unit),
    Refused(Rejection<'static>, &'static [u8], Unit),
    Head(HeadRejection),
}

/// How many policies are kept ready: the default policy, and those that were read last. JavaScript keeps every policy
/// as JSON, and has it read again if its slot was given to another one; so none has to be freed.
pub(crate) const POLICIES: usize = 9;
/// The slot of the default policy.
pub(crate) const DEFAULT_POLICY: usize = 0;

pub(crate) static INPUT: Kept<Input> = Kept::new(Input { start: null_mut(), capacity: 0 });
pub(crate) static CHECKER: Kept<Checker> = Kept::new(Checker::new());
pub(crate) static SLOTS: Kept<[Option<Policy>; POLICIES]> = Kept::new([const { None }; POLICIES]);
pub(crate) static NEXT_SLOT: Kept<usize> = Kept::new(DEFAULT_POLICY + 1);
pub(crate) static REPORT: Kept<Report> = Kept::new(Report::new());
static LAST: Kept<Last> = Kept::new(Last::Nothing);

/// Ends all use of what the last call decided, so that what it borrows from can be changed.
pub(crate) fn forget() {
    decide(Last::Nothing);
}

pub(crate) fn decide(what: Last) {
    // SAFETY: the only reference in use.
    *unsafe { LAST.get() } = what;
}

pub(crate) fn last() -> &'static Last {
    // SAFETY: who reads it does not decide anything.
    unsafe { LAST.get() }
}

/// The input buffer: JavaScript writes it between calls.
pub(crate) struct Input {
    start: *mut u8,
    capacity: usize,
}

const SMALLEST: usize = 4_096;

impl Input {
    pub(crate) fn address(&self) -> *const u8 {
        self.start
    }

    /// Makes it hold `len` bytes or more; how many it has. Nothing may refer to its bytes.
    pub(crate) fn reserve(&mut self, len: usize) -> Option<usize> {
        let layout = |size| Layout::from_size_align(size, 1).ok();
        if self.capacity < len.max(SMALLEST) {
            let wanted = layout(len.max(SMALLEST).checked_next_power_of_two()?)?;
            if let (1.., Some(layout)) = (self.capacity, layout(self.capacity)) {
                // SAFETY: it was allocated with this layout, and is not used again.
                unsafe { dealloc(self.start, layout) };
                *self = Input { start: null_mut(), capacity: 0 };
            }
            // SAFETY: the layout's size is not zero.
            let start = unsafe { alloc_zeroed(wanted) };
            if start.is_null() {
                return None;
            }
            *self = Input { start, capacity: wanted.size() };
        }
        Some(self.capacity)
    }
}

/// The first `len` bytes of the input.
///
/// # Safety
/// After [`forget`]; and the result may be kept in [`Last`], but nowhere else.
pub(crate) unsafe fn input(len: usize) -> &'static [u8] {
    // SAFETY: the only reference in use.
    let Input { start, capacity } = *unsafe { INPUT.get() };
    if capacity == 0 {
        return &[];
    }
    // SAFETY: `capacity` bytes from `start` on were allocated, as zeros.
    unsafe { core::slice::from_raw_parts(start, len.min(capacity)) }
}
