//! Batches: a column of bodies is checked in one call, with Arrow's buffers on both sides.
//! `include/outgoing_to_device_batch.h` is made from this crate, and is its manual.
#![no_std]

extern crate alloc;

mod answer;
mod arrow;
mod call;
mod column;
mod offset;

pub use arrow::{ArrowArray, ArrowSchema};
pub use call::*;
pub use column::Column;
