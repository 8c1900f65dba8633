//! Snapshots: the state of things at one moment, with the numbers from which to go on.
//!
//! A client starts with the personal snapshot, and with a conversation's when it is opened; later events, folded in, keep
//! it true: snapshot + events = a fresh snapshot. Each is read in one consistent transaction.

mod service;
mod store;
mod types;

pub use service::Snapshots;
pub use store::SnapshotStore;
pub use types::{AsOf, ConversationSnapshot, PersonalSnapshot};
