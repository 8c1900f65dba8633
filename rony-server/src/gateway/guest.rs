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
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep_until},
};

use super::{
    halves::Mouth,
    socket::{HEARTBEAT, Socket, in_time, receive, send, send_in_time, unreadable},
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
    arrived: Arrived,
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
    let actor = arrived.actor.from_address(client.address);
    let guest = Some((arrived.guest, arrived.room));
    let caller = Caller::new(app.rony(), app.meetings(), actor, guest, phone);
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

/// Frames in, and a heartbeat now and then.
async fn listen(socket: &mut Socket, caller: &Caller<'_>) -> Close {
    let mut heartbeat = Instant::now() + HEARTBEAT;
    let mut heard = true;
    loop {
        let done = tokio::select! {
            message = socket.ear.hear() => {
                heard = true;
                match receive(&socket.mouth, message).await {
                    Ok(Some(text)) => answer(&socket.mouth, caller, &text).await,
                    Ok(None) => Ok(()),
                    Err(reason) => return reason,
                }
            }
            () = sleep_until(heartbeat) => {
                if !std::mem::take(&mut heard) {
                    return Close::Gone;
                }
                heartbeat = Instant::now() + HEARTBEAT;
                beat(&socket.mouth).await
            }
        };
        if let Err(reason) = done {
            return reason;
        }
    }
}

/// There is nothing to catch up with for somebody who reads no stream.
async fn beat(mouth: &Mouth) -> Result<(), Close> {
    send(mouth, &ServerFrame::Heartbeat(Heartbeat::default())).await?;
    mouth.ping().await.map_err(|_| Close::Gone)
}

async fn answer(mouth: &Mouth, caller: &Caller<'_>, text: &str) -> Result<(), Close> {
    let reply = match serde_json::from_str::<ClientFrame>(text) {
        Ok(ClientFrame::Rtc { room, message }) => caller.hear(room, &message).await,
        Ok(ClientFrame::Ping { id }) => Some(ServerFrame::Pong { id }),
        Ok(_) => {
            let error = Error::forbidden(
                "person_needed",
                "Without an account you can only take part in the meeting.",
            );
            Some(ServerFrame::Error(Failed::new(None, &error)))
        }
        Err(error) => Some(unreadable(text, &error)),
    };
    match reply {
        Some(reply) => send(mouth, &reply).await,
        None => Ok(()),
    }
}
