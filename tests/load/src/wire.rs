//! What this tool reads and writes on the wire: only the fields that it needs, borrowed from the frame where possible.
//!
//! These types are its own on purpose: a judge that shared the server's types would not notice when they change.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A frame from the gateway. Which fields are there depends on `kind`; one pass reads them all.
#[derive(Debug, Deserialize)]
pub(crate) struct Frame<'a> {
    /// `hello`, `event`, `ack`, `error`, `heartbeat`, …
    #[serde(rename = "type", borrow)]
    pub(crate) kind: Cow<'a, str>,
    /// `event`: the stream that it belongs to.
    pub(crate) stream: Option<Uuid>,
    /// `event`: what happened.
    #[serde(borrow)]
    pub(crate) event: Option<Event<'a>>,
    /// `ack` and `error`: the id that the post was sent under.
    pub(crate) id: Option<Uuid>,
    /// `ack`: the post's number in its stream.
    pub(crate) seq: Option<i64>,
    /// `error`: its stable code.
    pub(crate) code: Option<String>,
    /// `error`: what to do, for people.
    pub(crate) detail: Option<String>,
    /// `hello` and `heartbeat`: a moment to resume from.
    pub(crate) since: Option<String>,
    /// `hello`: how often the server shows that it lives, in milliseconds.
    pub(crate) heartbeat_ms: Option<u64>,
    /// `hello`: which streams moved since the moment that the client named.
    pub(crate) moved: Option<Vec<Head>>,
    /// `hello`: whether there are more streams than `moved` lists.
    pub(crate) more: Option<bool>,
    /// `heartbeat`: where streams stand that changed.
    pub(crate) heads: Option<HashMap<Uuid, i64>>,
}

/// Where a stream stands.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Head {
    /// The stream.
    pub(crate) id: Uuid,
    /// The number of its newest event.
    pub(crate) head: i64,
}

/// One event of a stream, live or from `sync`.
#[derive(Debug, Deserialize)]
pub(crate) struct Event<'a> {
    /// Its number in the stream.
    pub(crate) seq: i64,
    /// `message.posted`, `member.joined`, …
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    message: Option<Message<'a>>,
}

/// What a message says.
#[derive(Debug, Deserialize)]
pub(crate) struct Message<'a> {
    /// Its number in the stream.
    pub(crate) seq: i64,
    /// Its number among the messages of its conversation.
    pub(crate) ordinal: i64,
    /// The id that its sender gave it.
    pub(crate) client_id: Uuid,
    /// Whose it is.
    pub(crate) sender_id: Uuid,
    /// Its text as written.
    #[serde(borrow)]
    pub(crate) text: Cow<'a, str>,
}

impl Event<'_> {
    /// The message, where the event says that one was posted.
    pub(crate) fn posted(&self) -> Option<&Message<'_>> {
        self.message.as_ref().filter(|_| self.kind == "message.posted")
    }
}

/// The first frame of a connection.
#[derive(Debug, Serialize)]
pub(crate) struct Resume<'a> {
    /// Always `resume`.
    pub(crate) r#type: &'static str,
    /// The moment up to which this client has seen everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<&'a str>,
}

/// A message to post.
#[derive(Debug, Serialize)]
pub(crate) struct PostFrame<'a> {
    /// Always `post`.
    pub(crate) r#type: &'static str,
    /// What the answer is to carry.
    pub(crate) id: Uuid,
    /// Where.
    pub(crate) conversation_id: Uuid,
    /// What makes a second try the same message.
    pub(crate) client_id: Uuid,
    /// What.
    pub(crate) text: &'a str,
}

/// A sign of life.
#[derive(Debug, Serialize)]
pub(crate) struct Ping {
    /// Always `ping`.
    pub(crate) r#type: &'static str,
}

/// Asks for what happened in streams after the numbers given.
#[derive(Debug, Serialize)]
pub(crate) struct SyncRequest {
    /// The last number that the client has of each stream.
    pub(crate) streams: HashMap<Uuid, i64>,
}

/// The answer to [`SyncRequest`].
#[derive(Debug, Deserialize)]
pub(crate) struct SyncAnswer<'a> {
    /// One entry for each stream that was asked for.
    #[serde(borrow)]
    pub(crate) streams: Vec<SyncStream<'a>>,
}

/// What happened in one stream.
#[derive(Debug, Deserialize)]
pub(crate) struct SyncStream<'a> {
    /// The stream.
    pub(crate) id: Uuid,
    /// The number of its newest event.
    pub(crate) head: i64,
    /// The next events, in order.
    #[serde(borrow)]
    pub(crate) events: Vec<Event<'a>>,
    /// Whether the client is so far behind that it must read the messages instead.
    #[serde(default)]
    pub(crate) reset: bool,
}

/// A page of the messages of a conversation, the oldest first.
#[derive(Debug, Deserialize)]
pub(crate) struct MessagePage<'a> {
    /// What is on it.
    #[serde(borrow)]
    pub(crate) items: Vec<Message<'a>>,
}
