//! What a stream is made of: its id, the events that go in, and the envelopes that come out.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::{
    id::{ConversationId, MessageId, UserId},
    time::Timestamp,
};

/// The number of an event in its stream: 1, 2, 3 … without a hole. 0 stands for "before the first".
pub type Seq = i64;

/// Names a stream. A conversation's stream has the conversation's id, a person's own stream has the person's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct StreamId(pub Uuid);

impl StreamId {
    /// The installation's one stream of what everybody may know of everybody: names, avatars, titles.
    pub const DIRECTORY: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

    /// The UUID inside, as databases want it.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<ConversationId> for StreamId {
    fn from(id: ConversationId) -> Self {
        Self(id.0)
    }
}

impl From<UserId> for StreamId {
    fn from(id: UserId) -> Self {
        Self(id.0)
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({})", self.0)
    }
}

/// Where a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Head {
    /// The stream.
    pub id: StreamId,
    /// The number of its newest event; 0 when it has none.
    pub head: Seq,
}

/// What a noun defines its events as: serde types with `#[serde(tag = "type")]`, so that the first field is `type`.
pub trait EventBody: Serialize {
    /// The older message that the event is about, by its seq: whoever may not see that message is told `skipped`.
    fn about(&self) -> Option<Seq> {
        None
    }

    /// The message whose current state goes out with the event.
    fn message(&self) -> Option<MessageId> {
        None
    }

    /// Who starts or stops to receive the stream with this event.
    fn audience(&self) -> Vec<AudienceChange> {
        Vec::new()
    }
}

/// Who starts or stops to receive a stream, and from where they may see its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceChange {
    /// The person.
    pub user: UserId,
    /// Messages with a seq up to and including this stay hidden from them (0: all are visible); `None`: they leave.
    pub hidden_upto: Option<Seq>,
}

/// An event that is to be appended: references only, never text (text leaves by rendering, so deleted text cannot leave).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The event as a JSON object whose first field is `type`.
    pub body: String,
    /// See [`EventBody::about`].
    pub about: Option<Seq>,
    /// See [`EventBody::message`].
    pub message: Option<MessageId>,
    /// See [`EventBody::audience`].
    pub audience: Vec<AudienceChange>,
}

impl NewEvent {
    /// Encodes what a noun says.
    ///
    /// # Panics
    ///
    /// When the noun's type does not serialize to a JSON object, which its tests show.
    #[must_use]
    pub fn new(event: &impl EventBody) -> Self {
        let body = serde_json::to_string(event).expect("events are plain data");
        assert!(body.starts_with(r#"{"type":""#), "an event is an object that starts with its type: {body}");
        Self { body, about: event.about(), message: event.message(), audience: event.audience() }
    }
}

/// A committed event on its way to the sockets of a node, encoded once for all of them.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The stream that it belongs to.
    pub stream: StreamId,
    /// Its number there.
    pub seq: Seq,
    /// See [`EventBody::about`].
    pub about: Option<Seq>,
    /// See [`EventBody::audience`].
    pub audience: Vec<AudienceChange>,
    /// The whole gateway frame, UTF-8 JSON: `{"type":"event","stream":…,"event":{…}}`.
    pub frame: Bytes,
}

impl Envelope {
    /// Wraps an event object, as [`encode_event`] makes it, into its frame.
    #[must_use]
    pub fn new(
        stream: StreamId,
        seq: Seq,
        about: Option<Seq>,
        audience: Vec<AudienceChange>,
        event: &str,
    ) -> Arc<Self> {
        Arc::new(Self { stream, seq, about, audience, frame: frame(stream, event) })
    }

    /// The frame for whoever may not see the message that this event is about: the number, and nothing else.
    #[must_use]
    pub fn skipped(&self) -> Bytes {
        frame(self.stream, &encode_skipped(self.seq))
    }
}

fn frame(stream: StreamId, event: &str) -> Bytes {
    format!(r#"{{"type":"event","stream":"{stream}","event":{event}}}"#).into()
}

/// The event object as clients see it, live and in `sync` alike: `{"seq":…,"at":…,"type":…, …, "message":{…}}`.
/// `body` is a JSON object that starts with its type; `message` is the current state of the message it is about.
#[must_use]
pub fn encode_event(seq: Seq, at: Timestamp, body: &str, message: Option<&str>) -> String {
    let fields = body.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(body);
    match message {
        None => format!(r#"{{"seq":{seq},"at":"{at}",{fields}}}"#),
        Some(message) => format!(r#"{{"seq":{seq},"at":"{at}",{fields},"message":{message}}}"#),
    }
}

/// The event object under a number whose content the reader may not see: no gap, and no leak.
#[must_use]
pub fn encode_skipped(seq: Seq) -> String {
    format!(r#"{{"seq":{seq},"type":"skipped"}}"#)
}

/// A moment on the database's own clock, which never goes back: "what moved after this" can be asked of it.
///
/// Opaque to clients. It counts transactions, not seconds, so no clock that is set back can hide a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct Since(pub i64);

impl Serialize for Since {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Since {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match i64::from_str_radix(&text, 16) {
            Ok(value) if value >= 0 => Ok(Self(value)),
            _ => {
                Err(de::Error::custom("is not a `since` that this server gave: leave it out to start again"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    #[serde(tag = "type")]
    enum Said {
        #[serde(rename = "greeting.said")]
        Hello { to: &'static str },
    }

    impl EventBody for Said {}

    #[test]
    fn an_event_starts_with_its_number_and_carries_the_current_message() {
        let body = NewEvent::new(&Said::Hello { to: "Ann" }).body;
        let at = Timestamp::from_millis(0);
        insta::assert_snapshot!(encode_event(7, at, &body, None), @r#"{"seq":7,"at":"1970-01-01T00:00:00.000Z","type":"greeting.said","to":"Ann"}"#);
        insta::assert_snapshot!(encode_event(7, at, &body, Some("{}")), @r#"{"seq":7,"at":"1970-01-01T00:00:00.000Z","type":"greeting.said","to":"Ann","message":{}}"#);
    }

    #[test]
    fn since_is_opaque_text_and_refuses_what_the_server_never_gave() {
        assert_eq!(serde_json::to_string(&Since(255)).unwrap(), "\"ff\"");
        assert_eq!(serde_json::from_str::<Since>("\"ff\"").unwrap(), Since(255));
        assert!(serde_json::from_str::<Since>("\"-1\"").is_err());
        assert!(serde_json::from_str::<Since>("\"yesterday\"").is_err());
    }
}
