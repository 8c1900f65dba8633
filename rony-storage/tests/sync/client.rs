//! The client: what the documentation of the gateway asks of one, on frames that arrive or do not.

use std::collections::{BTreeMap, VecDeque};

use rony_core::{
    id::ConversationId,
    stream::{Head, Seq, Since, StreamId},
    sync::{Connected, SyncRequest},
};
use rony_storage::conformance::{Person, World};
use serde_json::Value;

/// What becomes of a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    Arrives,
    IsDropped,
    IsDoubled,
    /// Arrives after others that were sent later.
    IsLate,
}

/// See the module's documentation.
pub(crate) struct Client {
    person: Person,
    streams: BTreeMap<StreamId, Stream>,
    order: Vec<ConversationId>,
    connection: Option<Connected>,
    /// Frames that were held back, the oldest first.
    late: VecDeque<Value>,
    /// A moment that the server named, and from which to resume once nothing before it is missing.
    named: Option<Since>,
    since: Option<Since>,
}

#[derive(Default)]
struct Stream {
    last: Seq,
    /// The newest number that the server has spoken of.
    head: Seq,
    texts: Vec<String>,
}

impl Client {
    /// A client of `person` that follows these conversations and has never been connected.
    pub(crate) fn new(person: Person, places: Vec<ConversationId>) -> Self {
        let streams = places.iter().map(|place| (StreamId::from(*place), Stream::default())).collect();
        let (order, late) = (places, VecDeque::new());
        Self { person, streams, order, connection: None, late, named: None, since: None }
    }

    /// The messages of each conversation that it knows, in order.
    pub(crate) fn known(&self) -> impl Iterator<Item = &[String]> {
        self.order.iter().map(|place| self.streams[&StreamId::from(*place)].texts.as_slice())
    }

    /// Connects, resuming from where everything was seen.
    pub(crate) async fn connect(&mut self, world: &World) {
        let connected = world.rony.streams().connect(&self.person.actor, self.since, 10).await;
        let connected = connected.expect("may connect");
        assert!(!connected.more, "so few streams fit into one greeting");
        self.told(&connected.moved);
        self.named = Some(connected.since);
        self.connection = Some(connected);
        self.settle();
    }

    /// The connection breaks: what was on its way is gone.
    pub(crate) fn disconnect(&mut self, world: &World) {
        if let Some(connected) = self.connection.take() {
            world.rony.hub().disconnect(connected.frames.link());
        }
        self.late.clear();
        self.named = None;
    }

    /// The next frame from the server, if there is one.
    pub(crate) fn frame(&mut self, fate: Fate) {
        let Some(frame) = self.connection.as_mut().and_then(|it| it.frames.try_next()) else { return };
        let frame: Value = serde_json::from_slice(&frame).expect("JSON");
        match fate {
            Fate::Arrives => self.take(&frame),
            Fate::IsDropped => {}
            Fate::IsDoubled => {
                self.take(&frame);
                self.take(&frame);
            }
            Fate::IsLate => self.late.push_back(frame),
        }
    }

    /// The oldest frame that was held back arrives.
    pub(crate) fn late(&mut self) {
        if let Some(frame) = self.late.pop_front() {
            self.take(&frame);
        }
    }

    /// A heartbeat, as the gateway sends it: the moment first.
    pub(crate) fn beat(&mut self, world: &World) {
        let Some(connected) = &self.connection else { return };
        let hub = world.rony.hub();
        let since = hub.since();
        let heads = hub.news(connected.frames.link());
        self.told(&heads);
        self.named = Some(since);
        self.settle();
    }

    /// Asks for everything that is known to be missing, page by page.
    pub(crate) async fn sync(&mut self, world: &World) {
        loop {
            let behind = self.streams.iter().filter(|(_, stream)| stream.last < stream.head);
            let streams: BTreeMap<_, _> = behind.map(|(id, stream)| (*id, stream.last)).collect();
            if streams.is_empty() {
                return self.settle();
            }
            // Small pages, so that there are several.
            let request = SyncRequest { streams, limit: Some(3), ..SyncRequest::default() };
            let answer = world.rony.streams().sync(&self.person.actor, &request).await.expect("an answer");
            for answered in answer.streams {
                assert!(!answered.reset, "it is not that far behind");
                for event in &answered.events {
                    let event = serde_json::from_str(event.get()).expect("JSON");
                    self.event(answered.id, &event);
                }
            }
        }
    }

    fn told(&mut self, heads: &[Head]) {
        for head in heads {
            if let Some(stream) = self.streams.get_mut(&head.id) {
                stream.head = stream.head.max(head.head);
            }
        }
    }

    fn take(&mut self, frame: &Value) {
        if frame["type"] == "event" {
            let stream = serde_json::from_value(frame["stream"].clone()).expect("a stream");
            self.event(stream, &frame["event"]);
        }
        self.settle();
    }

    /// Applies the event that comes next; of one beyond a gap it learns only that there is more.
    fn event(&mut self, id: StreamId, event: &Value) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        let seq = event["seq"].as_i64().expect("a number");
        stream.head = stream.head.max(seq);
        if seq == stream.last + 1 {
            stream.last = seq;
            if event["type"] == "message.posted" {
                stream.texts.push(event["message"]["text"].as_str().expect("a text").to_owned());
            }
        }
    }

    /// Nothing is known to be missing: the moment that the server named counts as seen.
    fn settle(&mut self) {
        if self.streams.values().all(|stream| stream.last >= stream.head) {
            self.since = self.named.take().or(self.since);
        }
    }
}
