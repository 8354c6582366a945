//! Ours, and contenders that do its work by its own rules.

pub mod contender;
pub mod ours;

mod library;

#[cfg(feature = "peers")]
pub mod cpp;
#[cfg(feature = "peers")]
pub mod judge;
#[cfg(feature = "peers")]
pub mod peers;
#[cfg(feature = "peers")]
pub mod visitor;

#[cfg(feature = "peers")]
mod jiter_peer;
#[cfg(feature = "peers")]
mod serde_peers;
#[cfg(feature = "stacks")]
mod stacks;
#[cfg(feature = "peers")]
mod write;
