//! Random things that people do. What is not allowed is refused, and then nothing may have happened.

use std::time::Duration;

use rand::{Rng as _, rngs::StdRng, seq::IndexedRandom as _};
use rony_core::{
    contact::{AddContact, ContactChanges},
    conversation::{ConversationChange, History, NewConversation, Visibility},
    id::{ClientId, ConversationId, MeetingId, MessageId},
    meeting::{Answer, SetAnswer},
    member::{AddPeople, Level, SettingsChange},
    message::Post,
    notification::{DoNotDisturb, SetClear},
    permission::Role,
    presence::{SetPresence, Status},
    read::ReadMark,
    time::Clock as _,
    user::ProfileChange,
};
use uuid::Uuid;

use crate::conformance::{World, world::Person};

/// See the module's documentation.
pub(super) struct Deeds {
    random: StdRng,
    people: Vec<Person>,
    places: Vec<ConversationId>,
    messages: Vec<(ConversationId, MessageId)>,
    meetings: Vec<MeetingId>,
    ordinal: i64,
}

impl Deeds {
    /// Three people, with an open group, a group that hides its past from newcomers, and a direct conversation.
    pub(super) async fn begin(world: &World, random: StdRng) -> Self {
        let mut people = Vec::new();
        for name in ["ann", "bob", "cleo"] {
            people.push(world.person(name).await);
        }
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        let client = || ClientId(Uuid::new_v4());
        let open = NewConversation {
            visibility: Visibility::Public,
            ..NewConversation::group(client(), ids.clone())
        };
        let hiding =
            NewConversation { history: History::SinceJoin, ..NewConversation::group(client(), vec![ids[1]]) };
        let mut places = Vec::new();
        for new in [open, hiding, NewConversation::direct(client(), ids[1])] {
            let created =
                world.rony.conversations().create(&people[0].actor, new).await.expect("a conversation");
            places.push(created.conversation.conversation.id);
        }
        Self { random, people, places, messages: Vec::new(), meetings: Vec::new(), ordinal: 0 }
    }

    pub(super) fn people(&self) -> Vec<Person> {
        self.people.clone()
    }

    /// Does something, and says what.
    pub(super) async fn next(&mut self, world: &World) -> String {
        let who = self.random.random_range(0..self.people.len());
        let place = *self.places.choose(&mut self.random).expect("there are some");
        let kind = self.random.random_range(0..28_u32);
        let done = match kind {
            0..=4 => self.write(world, who, place).await,
            5..=10 => self.touch(world, who, kind).await,
            11..=15 => self.manage(world, who, place, kind).await,
            25.. => self.meet(world, who, kind).await,
            22..=24 => self.appear(world, who, place, kind).await,
            _ => self.keep(world, who, place, kind).await,
        };
        format!("{} in {place}, kind {kind}: {done}", ["ann", "bob", "cleo"][who])
    }

    async fn write(&mut self, world: &World, who: usize, place: ConversationId) -> String {
        let text = *["Hello", "See @bob and @cleo", "@all come here", "**bold**"]
            .choose(&mut self.random)
            .expect("some");
        let mut refer = |chance| {
            let known: Vec<_> = self.messages.iter().filter(|(at, _)| *at == place).collect();
            let message = known.choose(&mut self.random).map(|(_, id)| *id);
            message.filter(|_| self.random.random_bool(chance))
        };
        let (reply_to, thread_id) = (refer(0.2), refer(0.2));
        let post = Post {
            client_id: ClientId(Uuid::new_v4()),
            text: text.to_owned(),
            reply_to,
            thread_id,
            attachments: Vec::new(),
        };
        match world.rony.messages().post(&self.people[who].actor, place, post).await {
            Ok(posted) => {
                self.messages.push((place, posted.message.id));
                self.ordinal = self.ordinal.max(posted.message.ordinal);
                format!("posts {text}")
            }
            Err(error) => format!("may not post: {error}"),
        }
    }

    /// To a message that is there.
    async fn touch(&mut self, world: &World, who: usize, kind: u32) -> String {
        let Some((place, message)) = self.messages.choose(&mut self.random).copied() else {
            return "nothing".to_owned();
        };
        let emoji = (*["👍", "🎉"].choose(&mut self.random).expect("some")).to_owned();
        let actor = &self.people[who].actor;
        let rony = &world.rony;
        match kind {
            5 => said(
                "edits",
                rony.messages().edit(actor, place, message, format!("Edited {}", Uuid::new_v4())).await,
            ),
            6 => said("deletes", rony.messages().delete(actor, place, message).await),
            7 => said("reacts", rony.reactions().add(actor, place, message, emoji).await),
            8 => said("takes back", rony.reactions().remove(actor, place, message, emoji).await),
            9 => said("pins", rony.pins().add(actor, place, message).await),
            _ => said("unpins", rony.pins().remove(actor, place, message).await),
        }
    }

    /// The conversation and who is in it.
    async fn manage(&mut self, world: &World, who: usize, place: ConversationId, kind: u32) -> String {
        let other = self.people.choose(&mut self.random).expect("some").id;
        let role = *[Role::Guest, Role::Member, Role::Admin].choose(&mut self.random).expect("some");
        let actor = &self.people[who].actor;
        let rony = &world.rony;
        match kind {
            11 => said(
                "adds",
                rony.members().add(actor, place, AddPeople { user_ids: vec![other], role }).await,
            ),
            12 => said("removes", rony.members().remove(actor, place, other).await),
            13 => said("joins", rony.members().join(actor, place).await),
            14 => said("changes a role", rony.members().change_role(actor, place, other, role).await),
            _ => {
                let archived = Some(self.random.random_bool(0.3));
                let title = Some(format!("Title {}", self.random.random_range(0..3)));
                let direct = place == self.places[2];
                let change =
                    ConversationChange { title: title.filter(|_| !direct), archived, ..Default::default() };
                said("changes", rony.conversations().change(actor, place, change).await)
            }
        }
    }

    /// How one appears, and what one is notified of.
    async fn appear(&mut self, world: &World, who: usize, place: ConversationId, kind: u32) -> String {
        let status = *[Status::Online, Status::Busy, Status::Offline].choose(&mut self.random).expect("some");
        let text = (*["", "Lunch", "Exam"].choose(&mut self.random).expect("some")).to_owned();
        let (all, quiet) = (self.random.random_bool(0.3), self.random.random_bool(0.5));
        let actor = &self.people[who].actor;
        let rony = &world.rony;
        match kind {
            22 => {
                let set = SetPresence { status, text: Some(text), until: None };
                said("appears otherwise", rony.presence().set(actor, set).await)
            }
            23 => {
                let until = quiet.then(|| world.clock.now().plus(Duration::from_secs(1_000)));
                said(
                    "wants peace",
                    rony.notifications().set_do_not_disturb(actor, DoNotDisturb { until }).await,
                )
            }
            _ => {
                let conversation_id = Some(place).filter(|_| !all);
                let clear = SetClear { conversation_id, ..Default::default() };
                said("clears notifications", rony.notifications().clear(actor, clear).await)
            }
        }
    }

    /// Meetings, which notify those who are asked to come.
    async fn meet(&mut self, world: &World, who: usize, kind: u32) -> String {
        let asked: Vec<_> = self.people.iter().filter(|_| self.random.random_bool(0.7)).collect();
        let known = self.meetings.choose(&mut self.random).copied();
        let actor = &self.people[who].actor;
        let meetings = world.rony.meetings();
        match (kind, known) {
            (25, _) | (_, None) => {
                let made = meetings.create(actor, world.wish(&asked)).await;
                self.meetings.extend(made.as_ref().map(|made| made.meeting.id));
                said("schedules a meeting", made)
            }
            (26, Some(id)) => said("cancels a meeting", meetings.cancel(actor, id).await),
            (_, Some(id)) => {
                let answer = SetAnswer { answer: Answer::Tentative };
                said("answers", meetings.answer(actor, id, answer).await)
            }
        }
    }

    /// What is one's own.
    async fn keep(&mut self, world: &World, who: usize, place: ConversationId, kind: u32) -> String {
        let other = self.people.choose(&mut self.random).expect("some").id;
        let ordinal = self.random.random_range(0..=self.ordinal);
        let flag = self.random.random_bool(0.5);
        let word = (*["", "one", "two"].choose(&mut self.random).expect("some")).to_owned();
        let actor = &self.people[who].actor;
        let rony = &world.rony;
        match kind {
            16 => {
                let mark = ReadMark { conversation_id: place, thread_id: None, ordinal };
                said("reads", rony.reads().mark(actor, mark).await)
            }
            17 => said("drafts", rony.drafts().save(actor, place, None, word).await),
            18 => {
                let level = Some(if flag { Level::All } else { Level::Mentions });
                let change = SettingsChange { level, favorite: Some(flag), ..Default::default() };
                said("keeps", rony.members().keep(actor, place, change).await)
            }
            19 => {
                let add = AddContact {
                    user_id: Some(other),
                    favorite: Some(flag),
                    nickname: Some(word),
                    ..Default::default()
                };
                said("adds a contact", rony.contacts().add(actor, add).await)
            }
            20 => {
                let changes = ContactChanges { blocked: Some(flag), ..Default::default() };
                let changed = said("blocks", rony.contacts().change(actor, other, changes).await);
                if flag {
                    changed
                } else {
                    said("removes a contact", rony.contacts().remove(actor, other).await)
                }
            }
            _ => {
                let change = ProfileChange { title: Some(word), ..Default::default() };
                said("changes the profile", rony.profiles().change(actor, change).await)
            }
        }
    }
}

fn said<T>(what: &str, done: rony_core::Result<T>) -> String {
    done.map_or_else(|error| format!("{what}: {error}"), |_| what.to_owned())
}
