//! Ours, and contenders that do its work by its own rules.

pub mod contender;
pub mod ours;

mod library;

#[cfg(feature = "peers")]
pub mod cpp;
#[cfg(feature = "readers")]
pub mod floor;
#[cfg(feature = "readers")]
pub mod judge;
#[cfg(feature = "readers")]
pub mod peers;
#[cfg(feature = "readers")]
pub mod visitor;

#[cfg(feature = "readers")]
mod jiter_peer;
#[cfg(feature = "readers")]
mod serde_peers;
#[cfg(feature = "peers")]
mod stacks;
#[cfg(feature = "readers")]
mod write;
