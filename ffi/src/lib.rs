//! The C interface of outgoing-to-device.
