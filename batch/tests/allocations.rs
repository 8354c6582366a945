//! Every allocation may fail, nothing leaks, and none is made for a single row.

mod support;

use outgoing_to_device_batch::*;
use outgoing_to_device_ffi::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr;
use support::Memory;

thread_local! {
    /// How many allocations are still granted.
    static GRANTED: Cell<usize> = const { Cell::new(usize::MAX) };
    static MADE: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

struct Counted;

impl Counted {
    fn grants() -> bool {
        MADE.set(MADE.get() + 1);
        let left = GRANTED.get();
        GRANTED.set(left.saturating_sub(1));
        left > 0
    }
}

// SAFETY: the system's allocator, or a null pointer.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !Counted::grants() {
            return ptr::null_mut();
        }
        LIVE.set(LIVE.get() + 1);
        // SAFETY: the caller vouches for the layout.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - 1);
        // SAFETY: it came from the system.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !Counted::grants() {
            return ptr::null_mut();
        }
        // SAFETY: it came from the system.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

fn handles() -> (*mut Checker, *mut Policy) {
    let (mut checker, mut policy) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the places are there.
    unsafe {
        assert_eq!(otd_checker_new(&mut checker), OTD_OK);
        assert_eq!(otd_policy_default(&mut policy), OTD_OK);
    }
    (checker, policy)
}

fn column(rows: usize) -> Memory {
    let some: [Option<&[u8]>; 4] = [
        Some(br#"{"text":"a\u00e9","clientApplicationDescriptor":{"channelType":"web","deviceAddress":"d"}}"#),
        Some(br#"{"clientId":1,"tex":[{"y":"\ud800"}],"text":5,"text":6}"#),
        None,
        Some(b"["),
    ];
    let bodies: Vec<_> = (0..rows).map(|row| some[row % 4].map(<[u8]>::to_vec)).collect();
    Memory::new(&bodies, 4, 0)
}

#[test]
fn every_allocation_may_fail() {
    let (checker, policy) = handles();
    let memory = column(if cfg!(miri) { 8 } else { 200 });
    let column = memory.column();
    let mut failures = 0;
    let mut schemas = 0;
    // SAFETY: handles and column are in order, and the places are filled in whatever the status.
    unsafe {
        // A new checker each time, so that its own buffers fail, too.
        for granted in 0.. {
            assert_eq!(otd_checker_shrink(checker), OTD_OK);
            let live = LIVE.get();
            let mut array = MaybeUninit::<ArrowArray>::uninit();
            GRANTED.set(granted);
            let status = otd_check_batch(checker, policy, &column, usize::MAX, array.as_mut_ptr());
            GRANTED.set(usize::MAX);
            let array = array.assume_init();
            if status == OTD_OK {
                assert_eq!(array.length as usize, column.rows);
                drop(array);
                assert_eq!(otd_checker_shrink(checker), OTD_OK);
                assert_eq!(LIVE.get(), live, "a leak");
                break;
            }
            assert_eq!(status, OTD_OUT_OF_MEMORY);
            assert!(array.release.is_none());
            assert_eq!(otd_checker_shrink(checker), OTD_OK);
            assert_eq!(LIVE.get(), live, "a leak after {granted} allocations");
            failures += 1;
        }
        for granted in 0.. {
            let live = LIVE.get();
            let mut schema = MaybeUninit::<ArrowSchema>::uninit();
            GRANTED.set(granted);
            let status = otd_batch_schema(4, schema.as_mut_ptr());
            GRANTED.set(usize::MAX);
            drop(schema.assume_init());
            assert_eq!(LIVE.get(), live);
            if status == OTD_OK {
                break;
            }
            assert_eq!(status, OTD_OUT_OF_MEMORY);
            schemas += 1;
        }
        otd_checker_free(checker);
        otd_policy_free(policy);
    }
    assert!(failures > 40 && schemas == 12, "{failures} {schemas}");
}

#[test]
fn no_row_has_an_allocation_of_its_own() {
    let (checker, policy) = handles();
    let made = |rows: usize| {
        let memory = column(rows);
        let before = MADE.get();
        let mut array = MaybeUninit::<ArrowArray>::uninit();
        // SAFETY: as above.
        unsafe {
            assert_eq!(otd_check_batch(checker, policy, &memory.column(), usize::MAX, array.as_mut_ptr()), OTD_OK);
            drop(array.assume_init());
        }
        MADE.get() - before
    };
    let (few, many) = if cfg!(miri) { (4, 16) } else { (1_000, 16_000) };
    made(few);
    let (few, many) = (made(few), made(many));
    // Each of the 16 buffers doubles four times more.
    assert!(many <= few + 4 * 16, "{few} and {many}");
    // SAFETY: freed once.
    unsafe {
        otd_checker_free(checker);
        otd_policy_free(policy);
    }
}
