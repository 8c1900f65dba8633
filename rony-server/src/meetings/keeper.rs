//! What of a meeting lasts, written down behind its back: lines of members become messages of the room's conversation, a message there says
//! that the meeting goes on and how long it lasted, co-hosts stay co-hosts, and a lease ends with its meeting.
//!
//! One task does it, in the order in which it happened. Nothing here holds a room up, and what cannot be written is said in the log.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use rony_core::{
    Error, Result, Rony,
    actor::{Actor, Trusted},
    id::{ClientId, ConversationId, MessageId, RoomId, UserId},
    message::Post,
    permission::ServerRole,
    room::Note,
    time::Timestamp,
};
use rony_rtc::room::Happened;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{Shared, lock, open::Open};
use crate::error::chain;

/// Deeds that may wait. Past that they are lost, which is said in the log.
pub(super) const WAITING: usize = 4096;
/// How often something is tried that the database does not take now.
const TRIES: usize = 3;
/// How long one try may take, and how long to wait after it.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(300);
/// A meeting whose node fell silent may go on at another one for so long; then its message says that it is over.
pub(super) const ABANDONED: Duration = Duration::from_secs(20);

/// Something to write down.
pub(super) enum Deed {
    /// Something happened in a meeting.
    Happened(Arc<Open>, Happened),
    /// The meeting is over on this node, or goes on at another one.
    Release(Arc<Open>),
    /// Says when everything before it is done.
    Tell(oneshot::Sender<()>),
}

/// Writes down what comes, until nobody can send more.
pub(super) async fn keep(shared: Weak<Shared>, mut deeds: mpsc::Receiver<Deed>) {
    while let Some(deed) = deeds.recv().await {
        let Some(keeper) = shared.upgrade().map(Keeper) else { return };
        match deed {
            Deed::Tell(done) => drop(done.send(())),
            Deed::Happened(open, happened) => keeper.happened(&open, happened).await,
            Deed::Release(open) => keeper.release(&open).await,
        }
    }
}

/// Ends the messages of meetings that ended with their node.
pub(super) async fn close_abandoned(shared: &Arc<Shared>) -> Result<()> {
    let keeper = Keeper(Arc::clone(shared));
    for (room, note, until) in shared.rony.rooms().abandoned(ABANDONED).await? {
        if keeper.over(room, note, until).await {
            shared.rony.rooms().clear_note(room, &note).await?;
        }
    }
    Ok(())
}

struct Keeper(Arc<Shared>);

impl Keeper {
    async fn happened(&self, open: &Open, happened: Happened) {
        match happened {
            Happened::Entered { person, .. } => {
                if let (Some(place), Some(user)) = (open.conversation, person.user_id()) {
                    self.begins(open, place, user).await;
                }
            }
            Happened::Empty | Happened::Ended => self.ends(open).await,
            Happened::Chat { person, text, client_id, .. } => {
                if let (Some(place), Some(user)) = (open.conversation, person.user_id()) {
                    self.post(place, user, client_id, text).await;
                }
            }
            Happened::CoHost { by, user, on } => {
                let room = open.id;
                let keep = |rony: Rony| async move { rony.rooms().keep_co_host(room, by, user, on).await };
                self.insist("a co-host", keep).await;
            }
            _ => {}
        }
    }

    /// Says in the conversation that its meeting goes on, in the name of who opened it, as far as they may write there.
    async fn begins(&self, open: &Open, place: ConversationId, by: UserId) {
        if lock(&open.note).is_some() {
            return;
        }
        let since = self.0.clock.now();
        let text = format!("Started a meeting: {}", (self.0.link)(open.code));
        let client_id = ClientId::new(since);
        let Some(message_id) = self.post(place, by, client_id, text).await else { return };
        let note = Note { message_id, conversation_id: place, by, since };
        *lock(&open.note) = Some(note);
        self.note(open, Some(note)).await;
    }

    async fn ends(&self, open: &Open) {
        let note = lock(&open.note).take();
        let Some(note) = note else { return };
        // What could not be said stays noted, and whoever looks for meetings that nobody ended says it.
        if self.over(open.id, note, self.0.clock.now()).await {
            self.note(open, None).await;
        }
    }

    async fn note(&self, open: &Open, note: Option<Note>) {
        let (room, node, epoch) = (open.id, self.0.node, open.epoch);
        let write = |rony: Rony| async move { rony.rooms().note_meeting(room, node, epoch, note).await };
        self.insist("which message says that a meeting goes on", write).await;
    }

    /// Says that a meeting is over, as far as that can be said where it was held: whether that is settled.
    async fn over(&self, room: RoomId, note: Note, until: Timestamp) -> bool {
        let link = match self.0.rony.rooms().code_of(room).await {
            Ok(Some(code)) => format!(": {}", (self.0.link)(code)),
            _ => String::new(),
        };
        let text = format!("Meeting ended after {}{link}", lasted(until.since(note.since)));
        let edit = |rony: Rony| {
            let text = text.clone();
            async move {
                let (place, message) = (note.conversation_id, note.message_id);
                match rony.messages().edit(&acting(note.by), place, message, text).await {
                    Err(error @ (Error::Unavailable { .. } | Error::Internal(_))) => Err(error),
                    // The message was deleted, or they may not write there any more: then nothing says any more that it goes on, or nobody can.
                    Ok(_) | Err(_) => Ok(()),
                }
            }
        };
        self.insist("the end of a meeting", edit).await.is_some()
    }

    async fn post(
        &self,
        place: ConversationId,
        by: UserId,
        client_id: ClientId,
        text: String,
    ) -> Option<MessageId> {
        let post = |rony: Rony| {
            let post = Post::text(client_id, text.clone());
            async move {
                let posted = rony.messages().post(&acting(by), place, post).await?;
                Ok(posted.message.id)
            }
        };
        self.insist("a line of a meeting", post).await
    }

    async fn release(&self, open: &Open) {
        let (room, node, epoch) = (open.id, self.0.node, open.epoch);
        let release = |rony: Rony| async move { rony.rooms().release(room, node, epoch).await };
        self.insist("a lease", release).await;
    }

    /// Does something, and again where the database does not answer. What people may not do is not done, and that is all.
    async fn insist<T, F: Future<Output = Result<T>>>(
        &self,
        what: &'static str,
        deed: impl Fn(Rony) -> F,
    ) -> Option<T> {
        for _ in 0..TRIES {
            match timeout(PATIENCE, deed(self.0.rony.clone())).await {
                Ok(Ok(done)) => return Some(done),
                Ok(Err(Error::Unavailable { .. })) | Err(_) => self.0.clock.sleep(PAUSE).await,
                Ok(Err(Error::Internal(source))) => {
                    tracing::error!(cause = %chain(source.as_ref()), what, "something of a meeting was not kept");
                    return None;
                }
                Ok(Err(_)) => return None,
            }
        }
        tracing::warn!(what, "something of a meeting was not kept: the database does not answer");
        None
    }
}

/// A member of a meeting, who came in as themselves. What they may do in the conversation is decided there.
const fn acting(user: UserId) -> Actor {
    Actor::trusted(Trusted::User(user, ServerRole::Member))
}

/// A span in words, as people say it.
fn lasted(span: Duration) -> String {
    match (span.as_secs() + 30) / 60 {
        0 => "less than a minute".to_owned(),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_as_people_say_it() {
        let spans = [(20, "less than a minute"), (50, "1 min"), (12 * 60, "12 min"), (7200, "2 h")];
        for (seconds, words) in spans {
            assert_eq!(lasted(Duration::from_secs(seconds)), words);
        }
        assert_eq!(lasted(Duration::from_secs(3900)), "1 h 5 min");
    }
}
