//! From a client's frames to use cases, and from their results to frames.

use std::sync::Arc;

use rony_core::{
    Error, Result,
    actor::Actor,
    hub::Link,
    wire::{Acked, ClientFrame, Failed, FrameId, PostFrame, ServerFrame},
};

use crate::app::App;

/// A signed-in socket.
pub(super) struct Session<'a> {
    app: &'a App,
    actor: Actor,
    link: Arc<Link>,
}

impl<'a> Session<'a> {
    pub(super) const fn new(app: &'a App, actor: Actor, link: Arc<Link>) -> Self {
        Self { app, actor, link }
    }

    pub(super) async fn connected(&self) {}

    pub(super) async fn disconnected(&self) {}

    /// Does what a frame asks; what to answer, if anything.
    pub(super) async fn handle(&self, frame: ClientFrame) -> Option<ServerFrame> {
        match frame {
            ClientFrame::Post(post) => {
                let id = post.id.clone();
                Some(self.post(post).await.map_or_else(|error| failed(Some(id), &error), ServerFrame::Ack))
            }
            ClientFrame::Ping { id } => Some(ServerFrame::Pong { id }),
            ClientFrame::Auth { .. } | ClientFrame::Resume { .. } => {
                let error =
                    Error::conflict("already_resumed", "This connection is signed in and resumed already.");
                Some(failed(None, &error))
            }
            _ => None,
        }
    }

    async fn post(&self, frame: PostFrame) -> Result<Acked> {
        let PostFrame { id, conversation_id, post } = frame;
        let posted = self.app.rony().messages().post(&self.actor, conversation_id, post).await?;
        Ok(Acked { id, message_id: Some(posted.message.id), seq: Some(posted.message.seq) })
    }
}

fn failed(id: Option<FrameId>, error: &Error) -> ServerFrame {
    ServerFrame::Error(Failed::new(id, error))
}
