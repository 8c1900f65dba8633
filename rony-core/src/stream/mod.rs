//! Streams: how nothing is lost.
//!
//! Every durable change that a client must see is an event in a [stream](StreamId): a conversation's, a person's own, or
//! the installation's one directory. In a stream events are numbered 1, 2, 3 … in the order in which they were committed,
//! with no hole; so whoever knows the last number that they saw can tell whether something is missing, and ask for it.
//!
//! This is ground: it carries envelopes and knows no noun. What an event says is defined by the noun whose event it is.

mod store;
mod types;

pub use store::{Announce, Moves, StreamStore, Subscription, Subscriptions};
pub use types::{
    AudienceChange, Envelope, EventBody, Head, NewEvent, Seq, Since, StreamId, encode_event, encode_skipped,
};
