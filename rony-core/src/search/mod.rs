//! Search: finding messages by their words, and people by their names.
//!
//! Both databases find the same, because the words are cut and folded here ([`words`]) before they are indexed, and what
//! somebody looks for ([`Query`]) is made of such words: it holds nothing that a database could take for syntax. An
//! answer shows each message as it is now, with the part of it that matches ([`snippet`]), and only what its reader may
//! see. New messages are found after a moment (see [`crate::projection`]); changed and deleted ones at once.

mod query;
mod service;
mod snippet;
mod store;
mod types;
mod words;

pub use query::{Clause, LONGEST_QUERY, Query};
pub use service::Searches;
pub use snippet::{SnippetPart, snippet};
pub use store::SearchStore;
pub use types::{Found, Has, Kind, MessageFilter, MessageHit, Position, SearchAnswer, SearchRequest};
pub use words::{Word, has_link, index_text, words};
