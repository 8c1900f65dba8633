//! Contacts: whom a person keeps at hand, what they note about them, and whom they have blocked.
//!
//! A contact belongs to its owner alone: nobody else learns that there is one, what it is called or that it is blocked. A
//! block stands by itself, with or without the person being in the list. It works both ways: neither of the two can write
//! to the other directly or see how present the other is.

mod service;
mod store;
mod types;

pub use service::Contacts;
pub use store::{ContactStore, Relation, SaveContact, SaveFacts};
pub use types::{AddContact, Contact, ContactChanges, ContactEvent};
