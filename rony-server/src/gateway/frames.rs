//! From a client's frames to use cases, and from their results to frames.

use std::sync::{Arc, OnceLock};

use rony_core::{
    Error, Result,
    actor::Actor,
    hub::{Close, Link},
    read::ReadMark,
    wire::{Acked, ClientFrame, Failed, FrameId, Heartbeat, PostFrame, ServerFrame},
};

use super::{halves::Mouth, socket::Party};
use crate::{
    app::App,
    calls::Speaker,
    error::chain,
    meetings::{Caller, Phone},
};

/// A signed-in socket.
pub(super) struct Session<'a> {
    app: &'a App,
    actor: Actor,
    link: Arc<Link>,
    /// Only who comes to a meeting pays for it.
    caller: OnceLock<Box<Caller<'a>>>,
    /// As the caller.
    speaker: OnceLock<Box<Speaker<'a>>>,
}

impl<'a> Session<'a> {
    pub(super) const fn new(app: &'a App, actor: Actor, link: Arc<Link>) -> Self {
        Self { app, actor, link, caller: OnceLock::new(), speaker: OnceLock::new() }
    }

    /// The socket is in the hub.
    pub(super) async fn connected(&self) {
        if let Err(error) = self.app.rony().presence().connected(&self.link).await {
            // Messages flow; how present people are is told when they change, or are watched.
            tracing::warn!(%error, "a socket could not be told who is present");
        }
    }

    /// The socket has left the hub.
    pub(super) fn disconnected(&self) {
        self.app.rony().presence().disconnected(&self.link);
    }

    fn caller(&self) -> &Caller<'a> {
        self.caller.get_or_init(|| {
            let link = Arc::clone(&self.link);
            // A queue that is full ends the socket by itself.
            let phone = Phone::new(move |frame| _ = link.send(frame));
            let live = (self.app.meetings(), self.app.calls());
            Box::new(Caller::new(self.app.rony(), live, self.actor.clone(), None, phone))
        })
    }

    fn speaker(&self) -> &Speaker<'a> {
        self.speaker.get_or_init(|| {
            Box::new(Speaker::new(self.app.calls(), self.actor.clone(), Arc::clone(&self.link)))
        })
    }

    async fn post(&self, frame: PostFrame) -> Result<Acked> {
        let PostFrame { id, conversation_id, post } = frame;
        self.app.rony().presence().active(&self.link);
        let posted = self.app.rony().messages().post(&self.actor, conversation_id, post).await?;
        Ok(Acked { id, message_id: Some(posted.message.id), seq: Some(posted.message.seq) })
    }
}

impl Party for Session<'_> {
    async fn handle(&self, frame: ClientFrame) -> Option<ServerFrame> {
        match frame {
            ClientFrame::Post(post) => {
                let id = post.id.clone();
                Some(self.post(post).await.map_or_else(|error| failed(Some(id), &error), ServerFrame::Ack))
            }
            ClientFrame::Watch { user_ids, conversation_id } => {
                let presence = self.app.rony().presence();
                let watched = presence.watch(&self.actor, &self.link, &user_ids, conversation_id).await;
                watched.err().map(|error| failed(None, &error))
            }
            ClientFrame::Typing { conversation_id } => {
                let typing = self.app.rony().presence().typing(&self.actor, &self.link, conversation_id);
                typing.err().map(|error| failed(None, &error))
            }
            ClientFrame::Presence { status } => {
                self.app.rony().presence().report(&self.link, status);
                None
            }
            ClientFrame::Rtc { room, message } => self.caller().hear(room, &message).await,
            ClientFrame::Call { device, message } => self.speaker().hear(device, &message).await,
            ClientFrame::Ping { id } => Some(ServerFrame::Pong { id }),
            ClientFrame::Auth { .. } | ClientFrame::Resume { .. } => {
                let error =
                    Error::conflict("already_resumed", "This connection is signed in and resumed already.");
                Some(failed(None, &error))
            }
            ClientFrame::Read { id, conversation_id, thread_id, ordinal } => {
                let mark = ReadMark { conversation_id, thread_id, ordinal };
                match (self.app.rony().reads().mark(&self.actor, mark).await, id) {
                    (Ok(_), Some(id)) => Some(ServerFrame::Ack(Acked { id, message_id: None, seq: None })),
                    (Ok(_), None) => None,
                    (Err(error), id) => Some(failed(id, &error)),
                }
            }
            // Frames of a later version of the protocol than this one.
            _ => {
                let error = Error::conflict("unknown_frame", "This server does not know this frame.");
                Some(failed(None, &error))
            }
        }
    }

    /// Up to where everything was sent, too.
    async fn beat(&self, _: &Mouth) -> Result<(), Close> {
        let hub = self.app.rony().hub();
        // The moment first: what is delivered after it is in the heads or comes by itself.
        let since = hub.since();
        let heads = hub.news(&self.link).into_iter().map(|head| (head.id, head.head)).collect();
        // Through the queue, behind the events that it speaks of.
        self.link.send(ServerFrame::Heartbeat(Heartbeat { since, heads }).encode());
        Ok(())
    }
}

/// The answer to a frame that failed. What is the server's own fault goes to the log, for the client is told no more than that.
fn failed(id: Option<FrameId>, error: &Error) -> ServerFrame {
    if let Error::Internal(source) = error {
        tracing::error!(cause = %chain(source.as_ref()), "a frame failed");
    }
    ServerFrame::Error(Failed::new(id, error))
}
