//! The socket of a guest: somebody without an account, who may come to one room and do nothing else. The hub knows nothing of it.

use std::sync::Arc;

use rony_core::{
    Error,
    actor::Actor,
    hub::Close,
    room::{Guest, RoomCode},
    secret::Secret,
    wire::{ClientFrame, Failed, GuestHello, Heartbeat, ServerFrame},
};
use tokio::sync::{Notify, mpsc};

use super::{
    halves::Mouth,
    socket::{Party, Socket, in_time, listen, send, send_in_time},
};
use crate::{
    app::App,
    drain::Held,
    meetings::{Caller, Phone},
    security::Client,
};

/// Frames that may wait for a socket, as many as for people with an account.
const QUEUE: usize = 512;
/// Frames that are written in one go.
const AT_ONCE: usize = 64;

/// A guest whose token is good.
pub(super) struct Arrived {
    actor: Actor,
    guest: Guest,
    room: RoomCode,
}

impl Arrived {
    pub(super) fn hello(&self) -> ServerFrame {
        ServerFrame::GuestHello(GuestHello::new(&self.guest, self.room))
    }
}

/// Whose token this is. Who may not come is told why before the connection ends.
pub(super) async fn recognize(app: &App, mouth: &Mouth, token: &Secret) -> Result<Arrived, Close> {
    match in_time(app.rony().rooms().guest(token)).await? {
        Ok((actor, guest, room)) => Ok(Arrived { actor, guest, room: room.code }),
        Err(error) => {
            send_in_time(mouth, &ServerFrame::Error(Failed::new(None, &error))).await?;
            Err(match error {
                Error::Unauthenticated { .. } | Error::Forbidden { .. } => Close::Unauthenticated,
                _ => Close::Draining,
            })
        }
    }
}

/// What the room says out, frames in, until one side ends it.
pub(super) async fn live(
    app: &App,
    socket: &mut Socket,
    arrived: &Arrived,
    client: Client,
    held: &mut Held,
) -> Close {
    let Some(_counted) = app.meetings().guest(arrived.guest.id) else { return Close::TooMany };
    let (queue, frames) = mpsc::channel(QUEUE);
    let full = Arc::new(Notify::new());
    let phone = Phone::new({
        let full = Arc::clone(&full);
        move |frame| {
            if queue.try_send(frame).is_err() {
                full.notify_one();
            }
        }
    });
    let actor = arrived.actor.clone().from_address(client.address);
    let guest = Some((arrived.guest.clone(), arrived.room));
    let caller = Caller::new(app.rony(), (app.meetings(), app.calls()), actor, guest, phone);
    let mouth = Arc::clone(&socket.mouth);
    tokio::select! {
        () = held.drained() => Close::Draining,
        () = full.notified() => Close::TooSlow,
        reason = speak(&mouth, frames) => reason,
        reason = listen(socket, &caller) => reason,
    }
}

async fn speak(mouth: &Mouth, mut frames: mpsc::Receiver<bytes::Bytes>) -> Close {
    let mut texts = Vec::new();
    while frames.recv_many(&mut texts, AT_ONCE).await > 0 {
        if mouth.texts(texts.drain(..)).await.is_err() {
            break;
        }
    }
    Close::Gone
}

impl Party for Caller<'_> {
    async fn handle(&self, frame: ClientFrame) -> Option<ServerFrame> {
        match frame {
            ClientFrame::Rtc { room, message } => self.hear(room, &message).await,
            ClientFrame::Ping { id } => Some(ServerFrame::Pong { id }),
            _ => {
                let error = Error::forbidden(
                    "person_needed",
                    "Without an account you can only take part in the meeting.",
                );
                Some(ServerFrame::Error(Failed::new(None, &error)))
            }
        }
    }

    /// There is nothing to catch up with for somebody who reads no stream.
    async fn beat(&self, mouth: &Mouth) -> Result<(), Close> {
        send(mouth, &ServerFrame::Heartbeat(Heartbeat::default())).await
    }
}
