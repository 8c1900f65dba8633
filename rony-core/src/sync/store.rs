//! What sync needs of a database.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Result,
    id::UserId,
    stream::{Envelope, Seq, StreamId},
};

/// A part of a stream, as its reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which stream.
    pub id: StreamId,
    /// Its newest number.
    pub head: Seq,
    /// The newest number that retention removed; 0 for none.
    pub trimmed: Seq,
    /// Encoded event objects, dense and in order; none when the number that was asked from is trimmed or past the head.
    pub events: Vec<String>,
}

/// The port for reading streams.
#[async_trait]
pub trait SyncStore: Send + Sync {
    /// For each stream that `reader` reads, up to `each` events after the given number, `all` over all streams; streams
    /// that they do not read are left out. Read in one consistent transaction. A stream that misses more than
    /// [`super::FURTHEST`] events comes without any.
    async fn parts(
        &self,
        reader: UserId,
        streams: &[(StreamId, Seq)],
        each: u32,
        all: u32,
    ) -> Result<Vec<Part>>;

    /// Up to `limit` events of a stream after `after`, for the hub: dense, but that the first ones may be trimmed.
    async fn envelopes(&self, stream: StreamId, after: Seq, limit: u32) -> Result<Vec<Arc<Envelope>>>;
}
