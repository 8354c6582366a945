//! The browser and Node interface.
