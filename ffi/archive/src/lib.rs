//! The archive.
pub use outgoing_to_device_ffi::*;
