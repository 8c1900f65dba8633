//! What a client asks, and what it is answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::stream::{Head, Seq, Since, StreamId};

/// A client that misses more events of a stream than this is told to load the snapshot.
pub const FURTHEST: i64 = 10_000;
/// Streams in one page of `moved`.
pub const PAGE: u32 = 500;
/// Events in one answer at most, over all streams, and the default for each stream.
pub const MOST_EVENTS: u32 = 1_000;

/// What a client knows, and wants to know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    /// For each stream the last number that the client has; at most 500 of them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, i64>))]
    pub streams: BTreeMap<StreamId, Seq>,
    /// Also list the streams that may have moved since then; from a `hello`, a heartbeat or an earlier answer.
    #[serde(default)]
    pub since: Option<Since>,
    /// Events for each stream at most, 1 to 1,000.
    #[serde(default)]
    pub limit: Option<u32>,
    /// The next page of `moved`: `next` of the answer before, with the same `since`.
    #[serde(default)]
    pub next: Option<StreamId>,
}

/// What happened.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncAnswer {
    /// One for each stream that was asked for and that the caller still reads.
    pub streams: Vec<SyncStream>,
    /// The streams that may have moved since the request's `since`, with their heads.
    pub moved: Vec<Head>,
    /// Those of `moved` that the request did not name: new to a client that named all it knows.
    pub joined: Vec<StreamId>,
    /// Streams that were asked for and that the caller does not read (any more).
    pub left: Vec<StreamId>,
    /// The `since` for the next time, once all pages of `moved` are read; of the first page, where there are several.
    pub since: Since,
    /// There are more pages of `moved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<StreamId>,
}

/// What happened in one stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncStream {
    /// Which.
    pub id: StreamId,
    /// Its newest number.
    pub head: Seq,
    /// The events that came after the client's number, without a hole.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub events: Vec<Box<RawValue>>,
    /// There are more: ask again from the last of these.
    pub more: bool,
    /// The client is too far behind (or ahead, after the server was restored from a backup): load the snapshot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
}
