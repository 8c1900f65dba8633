//! A client that loads snapshots once and lives on events.

use std::collections::{BTreeMap, BTreeSet};

use rony_core::{
    id::ConversationId,
    snapshot::{ConversationSnapshot, PersonalSnapshot},
    stream::{Seq, StreamId},
    sync::SyncRequest,
};
use serde_json::{Value, json};

use crate::conformance::{World, world::Person};

/// See the module's documentation.
pub(super) struct Mirror {
    person: Person,
    last: BTreeMap<StreamId, Seq>,
    own: Own,
    open: BTreeMap<ConversationId, Open>,
}

/// What is the person's own.
#[derive(Clone, Debug, PartialEq)]
struct Own {
    me: Value,
    contacts: BTreeMap<String, Value>,
    presence: Value,
    do_not_disturb: Value,
    notifications: BTreeMap<String, Value>,
    drafts: BTreeMap<String, Value>,
    people: BTreeMap<String, Value>,
}

/// A conversation that the person is in.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    view: Value,
    members: BTreeMap<String, Value>,
    messages: BTreeMap<String, Value>,
    pins: BTreeSet<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).expect("plain data")
}

fn by<T: serde::Serialize>(items: &[T], key: impl Fn(&Value) -> String) -> BTreeMap<String, Value> {
    items.iter().map(value).map(|item| (key(&item), item)).collect()
}

fn draft_key(draft: &Value) -> String {
    format!("{}/{}", text(&draft["conversation_id"]), text(&draft["thread_id"]))
}

impl Own {
    fn of(snapshot: &PersonalSnapshot) -> Self {
        Self {
            me: value(&snapshot.me),
            contacts: by(&snapshot.contacts, |contact| text(&contact["user_id"])),
            presence: value(&snapshot.presence),
            do_not_disturb: value(&snapshot.do_not_disturb),
            notifications: by(&snapshot.notifications, |notification| text(&notification["id"])),
            drafts: by(&snapshot.drafts, draft_key),
            people: by(&snapshot.people, |person| text(&person["id"])),
        }
    }
}

impl Open {
    fn of(snapshot: &ConversationSnapshot) -> Self {
        let members = snapshot.members.iter().map(value);
        let pins = snapshot.pins.iter().map(|pin| pin.message.id.to_string());
        Self {
            view: value(&snapshot.conversation),
            members: members.map(|member| (text(&member["user_id"]), member["role"].clone())).collect(),
            messages: by(&snapshot.messages.items, |message| text(&message["id"])),
            pins: pins.collect(),
        }
    }

    /// Folds one event of the conversation's stream.
    fn fold(&mut self, me: &str, event: &Value) {
        self.view["head"] = event["seq"].clone();
        let member = text(&event["user_id"]);
        match event["type"].as_str().expect("a type") {
            "message.posted" => self.posted(me, &event["message"]),
            "message.edited" | "reaction.added" | "reaction.removed" => self.changed(&event["message"]),
            "message.deleted" => {
                self.changed(&event["message"]);
                self.pins.remove(&text(&event["message"]["id"]));
            }
            "pin.added" => drop(self.pins.insert(text(&event["message_id"]))),
            "pin.removed" => drop(self.pins.remove(&text(&event["message_id"]))),
            "member.joined" => drop(self.members.insert(member, event["role"].clone())),
            "member.left" => drop(self.members.remove(&member)),
            "member.changed" => {
                if member == me {
                    self.view["role"] = event["role"].clone();
                }
                self.members.insert(member, event["role"].clone());
            }
            "conversation.changed" => {
                for (name, field) in event["conversation"].as_object().expect("a conversation") {
                    self.view[name] = field.clone();
                }
            }
            "conversation.created" | "skipped" => {}
            other => panic!("an event that no client knows: {other}"),
        }
        self.view["member_count"] = json!(self.members.len());
        self.count(me);
    }

    fn posted(&mut self, me: &str, message: &Value) {
        if !message["thread_id"].is_null() {
            let summary =
                json!({"newest_ordinal": message["thread_ordinal"], "last_reply_at": message["created_at"]});
            if let Some(root) = self.messages.get_mut(&text(&message["thread_id"])) {
                root["thread"] = summary;
            }
            return;
        }
        self.view["newest_ordinal"] = message["ordinal"].clone();
        if message["sender_id"] == me {
            self.view["read_ordinal"] = message["ordinal"].clone();
        }
        self.messages.insert(text(&message["id"]), message.clone());
    }

    /// A change that is in the message already changes nothing.
    fn changed(&mut self, message: &Value) {
        if let Some(known) = self.messages.get_mut(&text(&message["id"]))
            && number(&known["version"]) < number(&message["version"])
        {
            *known = message.clone();
        }
    }

    /// What follows from messages and the read mark.
    fn count(&mut self, me: &str) {
        let read = number(&self.view["read_ordinal"]);
        self.view["unread"] = json!(number(&self.view["newest_ordinal"]) - read);
        let mentions = |message: &&Value| {
            let named = message["mentions"]["users"]
                .as_array()
                .is_some_and(|users| users.iter().any(|user| user == me));
            number(&message["ordinal"]) > read
                && message["sender_id"] != me
                && (named || message["mentions"]["all"] == true)
        };
        self.view["mentions"] = json!(self.messages.values().filter(mentions).count());
        let newest = self.messages.values().max_by_key(|message| number(&message["seq"]));
        self.view["last_message"] = newest.cloned().unwrap_or_default();
    }
}

impl Mirror {
    /// Loads all snapshots, for the first and last time.
    pub(super) async fn start(world: &World, person: Person) -> Self {
        let snapshot = world.rony.snapshots().personal(&person.actor).await.expect("a snapshot");
        let heads = [snapshot.as_of, snapshot.directory_as_of].map(|as_of| (as_of.stream, as_of.seq));
        let mut mirror = Self { person, last: heads.into(), own: Own::of(&snapshot), open: BTreeMap::new() };
        for view in &snapshot.conversations {
            mirror.load(world, view.conversation.id).await;
        }
        mirror
    }

    async fn load(&mut self, world: &World, id: ConversationId) {
        let snapshot = world.rony.snapshots().conversation(&self.person.actor, id).await.expect("a snapshot");
        self.last.insert(snapshot.as_of.stream, snapshot.as_of.seq);
        self.open.insert(id, Open::of(&snapshot));
    }

    /// Folds what happened.
    pub(super) async fn catch_up(&mut self, world: &World) {
        loop {
            let request = SyncRequest { streams: self.last.clone(), ..SyncRequest::default() };
            let answer = world.rony.streams().sync(&self.person.actor, &request).await.expect("an answer");
            for left in &answer.left {
                self.leave(ConversationId(left.uuid()));
            }
            let mut news = false;
            for stream in &answer.streams {
                assert!(!stream.reset && !stream.more, "nobody is that far behind");
                for event in &stream.events {
                    let event: Value = serde_json::from_str(event.get()).expect("JSON");
                    let last = self.last.insert(stream.id, number(&event["seq"])).expect("it was asked for");
                    assert_eq!(number(&event["seq"]), last + 1, "dense");
                    self.fold(world, stream.id, &event).await;
                    news = true;
                }
            }
            if !news {
                return;
            }
        }
    }

    async fn fold(&mut self, world: &World, stream: StreamId, event: &Value) {
        let me = self.person.id.to_string();
        if stream == StreamId::from(self.person.id) {
            self.fold_own(world, &me, event).await;
        } else if stream == StreamId::DIRECTORY {
            if let Some(known) = self.own.people.get_mut(&text(&event["user"]["id"])) {
                *known = event["user"].clone();
            }
        } else if let Some(open) = self.open.get_mut(&ConversationId(stream.uuid())) {
            open.fold(&me, event);
        }
    }

    async fn fold_own(&mut self, world: &World, me: &str, event: &Value) {
        let conversation =
            event["conversation_id"].as_str().map(|id| id.parse::<ConversationId>().expect("an id"));
        match (event["type"].as_str().expect("a type"), conversation) {
            ("member.joined", Some(id)) => {
                // Somebody may be out again by now; then their stream says so next.
                if world.rony.snapshots().conversation(&self.person.actor, id).await.is_ok() {
                    self.load(world, id).await;
                    // What one was about to write when one left is there again.
                    self.draft(world, id, event).await;
                }
                self.peers(world).await;
            }
            ("member.left" | "conversation.deleted", Some(id)) => {
                self.leave(id);
            }
            ("member.settings", Some(id)) => {
                let view = &mut self.open.get_mut(&id).expect("one keeps what one is in").view;
                for (name, field) in event["settings"].as_object().expect("settings") {
                    view[name] = field.clone();
                }
            }
            ("read.moved", Some(id)) => {
                // A mark in a thread changes nothing of what is compared here.
                if let Some(open) = self.open.get_mut(&id).filter(|_| event["thread_id"].is_null()) {
                    open.view["read_ordinal"] = event["ordinal"].clone();
                    open.count(me);
                }
            }
            ("draft.changed", Some(id)) => self.draft(world, id, event).await,
            ("contact.changed", _) => {
                self.own.contacts.insert(text(&event["contact"]["user_id"]), event["contact"].clone());
                self.peers(world).await;
            }
            ("contact.removed", _) => {
                self.own.contacts.remove(&text(&event["user_id"]));
                self.peers(world).await;
            }
            ("profile.changed", _) => {
                self.own.me = event["profile"].clone();
                self.own.presence["text"] = event["profile"]["status_text"].clone();
                self.own.presence["text_until"] = event["profile"]["status_until"].clone();
            }
            ("presence.set", _) => self.own.presence = event["presence"].clone(),
            ("dnd.changed", _) => self.own.do_not_disturb["until"] = event["until"].clone(),
            ("notification.added", _) => {
                let notification = event["notification"].clone();
                self.own.notifications.insert(text(&notification["id"]), notification);
            }
            ("notification.cleared", _) => {
                let ids = event["ids"].as_array().expect("ids");
                self.own.notifications.retain(|id, _| !ids.contains(&json!(id)));
            }
            // What a meeting is, is asked for.
            ("meeting.changed" | "meeting.removed", _) => {}
            // The conversation's own stream says so too.
            ("member.changed", _) => {}
            (other, _) => panic!("an event that no client knows: {other}"),
        }
    }

    /// Nothing of a conversation that one is out of is shown any more.
    fn leave(&mut self, id: ConversationId) {
        self.last.remove(&StreamId::from(id));
        self.open.remove(&id);
        self.own.drafts.retain(|key, _| !key.starts_with(&id.to_string()));
        self.own.notifications.retain(|_, notification| notification["conversation_id"] != id.to_string());
    }

    /// The event says only that there is something to read.
    async fn draft(&mut self, world: &World, id: ConversationId, event: &Value) {
        let thread = event["thread_id"].as_str().map(|id| id.parse().expect("an id"));
        match world.rony.drafts().get(&self.person.actor, id, thread).await {
            Ok(draft) if !draft.text.is_empty() => {
                drop(self.own.drafts.insert(draft_key(event), value(&draft)));
            }
            _ => drop(self.own.drafts.remove(&draft_key(event))),
        }
    }

    /// Whose names one needs follows from contacts and direct conversations: looked up when these change.
    async fn peers(&mut self, world: &World) {
        let snapshot = world.rony.snapshots().personal(&self.person.actor).await.expect("a snapshot");
        self.own.people = Own::of(&snapshot).people;
    }

    /// Makes sure that a client that starts anew would know the same.
    pub(super) async fn compare(&self, world: &World, when: &str) {
        let fresh = world.rony.snapshots().personal(&self.person.actor).await.expect("a snapshot");
        assert_eq!(self.own, Own::of(&fresh), "{when}");
        let known: BTreeSet<_> = self.open.keys().copied().collect();
        let there: BTreeSet<_> = fresh.conversations.iter().map(|view| view.conversation.id).collect();
        assert_eq!(known, there, "{when}");
        for view in &fresh.conversations {
            let id = view.conversation.id;
            let snapshot =
                world.rony.snapshots().conversation(&self.person.actor, id).await.expect("a snapshot");
            assert_eq!(value(&snapshot.conversation), value(view), "{when}: both snapshots say the same");
            assert_eq!(self.open[&id], Open::of(&snapshot), "{when}");
        }
    }
}
