//! Pins: messages that a conversation keeps at hand.
//!
//! Pinning a message does not change the message. A message that is deleted is not pinned any more: its `message.deleted`
//! event says that too, and no `pin.removed` follows.

mod service;
mod store;
mod types;

pub use service::Pins;
pub use store::PinStore;
pub use types::{MOST_PINS, Pin, PinChange, PinEvent, PinList, may_pin};
