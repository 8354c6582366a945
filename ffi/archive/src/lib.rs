//! The library that C programs link: the C interface, and the little that `core` and `alloc` ask of
//! a host. Needs nothing but libc's memory functions and `abort`, and `panic = "abort"`.
#![no_std]

#[cfg(feature = "batch")]
pub use outgoing_to_device_batch::*;
pub use outgoing_to_device_ffi::*;

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::c_void;

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn realloc(memory: *mut c_void, size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
    safe fn abort() -> !;
}

/// libc's memory. A failed allocation is the null pointer, which the interface answers with a status.
struct Libc;

/// What malloc aligns everything to, at least: `alignof(max_align_t)` of 64-bit and 32-bit systems.
const ALIGNED: usize = 2 * size_of::<usize>();

// SAFETY: malloc, realloc and free keep GlobalAlloc's contract for every layout that is let through.
unsafe impl GlobalAlloc for Libc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGNED {
            return core::ptr::null_mut();
        }
        // SAFETY: the size is not 0, as GlobalAlloc's contract has it.
        unsafe { malloc(layout.size()).cast() }
    }

    unsafe fn dealloc(&self, memory: *mut u8, _: Layout) {
        // SAFETY: it came from `alloc` or `realloc`.
        unsafe { free(memory.cast()) }
    }

    unsafe fn realloc(&self, memory: *mut u8, _: Layout, size: usize) -> *mut u8 {
        // SAFETY: it came from `alloc` or `realloc`, so its alignment is one that they keep.
        unsafe { realloc(memory.cast(), size).cast() }
    }
}

#[global_allocator]
static ALLOCATOR: Libc = Libc;

/// There is nothing left in the archive that panics, which the tests show by its symbols; but `core`
/// wants to be told what would happen.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    abort()
}
