//! From a client's frames to use cases, and from their results to frames.

use std::sync::{Arc, OnceLock};

use rony_core::{
    Error, Result,
    actor::Actor,
    hub::{Close, Frames, Link},
    read::ReadMark,
    wire::{Acked, ClientFrame, Failed, FrameId, Heartbeat, PostFrame, ServerFrame},
};

use super::{
    carriers::{self, Carried},
    halves::Mouth,
    socket::Party,
};
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
    carried: Carried,
    /// Only who comes to a meeting pays for it.
    caller: OnceLock<Box<Caller<'a>>>,
    /// As the caller.
    speaker: OnceLock<Box<Speaker<'a>>>,
}

impl<'a> Session<'a> {
    /// Of a socket that is in the hub: from now on it hears what the hub has for it.
    pub(super) async fn begin(app: &'a App, actor: Actor, frames: Frames, mouth: &Arc<Mouth>) -> Self {
        let link = Arc::clone(frames.link());
        if let Err(error) = app.rony().presence().connected(&link).await {
            // Messages flow; how present people are is told when they change, or are watched.
            tracing::warn!(%error, "a socket could not be told who is present");
        }
        if app.drain().is_draining() {
            // The sockets in the hub may have been told before this one was there.
            link.close(Close::Draining);
        }
        let carried = carriers::carry(frames, Arc::clone(mouth));
        Self { app, actor, link, carried, caller: OnceLock::new(), speaker: OnceLock::new() }
    }

    /// Waits until the socket is ended from outside.
    pub(super) async fn ended(&self) -> Close {
        self.link.ended().await
    }

    /// Leaves the hub.
    pub(super) fn end(self) {
        self.app.rony().hub().disconnect(&self.link);
        drop(self.carried);
        self.app.rony().presence().disconnected(&self.link);
    }

    fn caller(&self) -> &Caller<'a> {
        self.caller.get_or_init(|| {
            let link = Arc::clone(&self.link);
            // A queue that is full ends the socket by itself.
            let phone = Phone::new(move |frame| link.send(frame));
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
