//! The life of a socket: sign in, resume, then events out and frames in until one side ends it.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use hyper::upgrade::OnUpgrade;
use rony_core::{
    Error,
    actor::Actor,
    hub::{Close, Frames},
    secret::TokenKind,
    stream::Since,
    wire::{ClientFrame, Failed, FrameId, HEARTBEAT_MS, Hello, ServerFrame},
};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};

use super::{
    frames::Session,
    guest::{self, Arrived},
    halves::{self, Ear, Mouth},
};
use crate::{app::App, auth, drain::Held, error::ApiError, security::Client, telemetry::OpenSocket};

/// A socket must sign in and resume within this time; the database may take as long to answer each of the two.
const PATIENCE: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_millis(HEARTBEAT_MS);
/// A goodbye takes at most so long.
const GOODBYE: Duration = Duration::from_secs(1);
/// And so long with a client that reads slowly: it has much to read before it comes to the reason.
const SLOW_GOODBYE: Duration = Duration::from_secs(10);

/// A connection that has shaken hands.
pub(super) struct Socket {
    pub(super) ear: Ear,
    pub(super) mouth: Arc<Mouth>,
}

/// A connection whose client was greeted, or refused.
struct Visit<'a> {
    socket: Socket,
    held: Held,
    counted: OpenSocket,
    greeted: Result<Greeted<'a>, Close>,
}

/// Who is at a socket.
enum Greeted<'a> {
    Person(Session<'a>),
    Guest(Box<Arrived>),
}

/// Serves a socket until it ends. The hub knows nothing of it afterwards.
///
/// Thousands of these futures wait for something to happen. So what happens seldom is boxed, here and below: inside the future it
/// would take room for as long as the socket lives. And what is moved while it waits has room in it twice, so what lasts is
/// made inside the visit, and borrowed.
pub(super) async fn serve(app: App, upgrading: OnUpgrade, actor: Option<Actor>, client: Client) {
    let Some(mut visit) = Box::pin(arrive(&app, upgrading, actor, client)).await else { return };
    let reason = match &visit.greeted {
        Ok(Greeted::Person(session)) => live(&mut visit.socket, session).await,
        Ok(Greeted::Guest(arrived)) => {
            Box::pin(guest::live(&app, &mut visit.socket, arrived, client, &mut visit.held)).await
        }
        Err(reason) => *reason,
    };
    Box::pin(visit.end(reason)).await;
}

/// Waits for a client that shakes hands, and greets it. `None`: it left before it had its answer.
async fn arrive(app: &App, upgrading: OnUpgrade, actor: Option<Actor>, client: Client) -> Option<Visit<'_>> {
    let (ear, mouth) = halves::split(upgrading.await.ok()?).await;
    let mut socket = Socket { ear, mouth: Arc::new(mouth) };
    let (held, counted) = (app.drain().hold(), OpenSocket::count());
    let greeted = greet(app, &mut socket, actor, client).await;
    Some(Visit { socket, held, counted, greeted })
}

/// Takes `auth`, where it is needed, and `resume`; answers `hello`.
async fn greet<'a>(
    app: &'a App,
    socket: &mut Socket,
    mut actor: Option<Actor>,
    client: Client,
) -> Result<Greeted<'a>, Close> {
    let deadline = Instant::now() + PATIENCE;
    let mut guest = None;
    loop {
        let text = timeout_at(deadline, next_text(socket)).await.unwrap_or(Err(Close::Unauthenticated))?;
        let frame = match serde_json::from_str(&text) {
            Ok(frame) => frame,
            Err(error) => {
                send_in_time(&socket.mouth, &unreadable(&text, &error)).await?;
                continue;
            }
        };
        match (frame, &actor) {
            (ClientFrame::Auth { token }, _) if token.reveal().starts_with(TokenKind::Guest.prefix()) => {
                guest = Some(guest::recognize(app, &socket.mouth, &token).await?);
            }
            (ClientFrame::Auth { token }, _) => {
                let known = in_time(auth::authenticate_token(app, &token, client)).await?;
                (actor, guest) = (Some(known.map_err(|error| refusal(&error))?), None);
            }
            (ClientFrame::Resume { since }, known) => {
                if let Some(arrived) = guest {
                    send_in_time(&socket.mouth, &arrived.hello()).await?;
                    return Ok(Greeted::Guest(Box::new(arrived)));
                }
                let Some(known) = known else { return Err(Close::Unauthenticated) };
                let frames = connect(app, socket, known, since).await?;
                return Ok(Greeted::Person(Session::begin(app, known.clone(), frames, &socket.mouth).await));
            }
            _ => return Err(Close::Unauthenticated),
        }
    }
}

/// What the database does not answer in time is no fault of the client's, who is welcome again.
pub(super) async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, Close> {
    timeout(PATIENCE, work).await.map_err(|_| Close::Draining)
}

/// Sends to a client that may not read; one that is signed in is cut by the hub when its queue is full.
pub(super) async fn send_in_time(mouth: &Mouth, frame: &ServerFrame) -> Result<(), Close> {
    timeout(PATIENCE, send(mouth, frame)).await.unwrap_or(Err(Close::Gone))
}

/// A token that cannot be looked at now may be good all the same: come back with it.
fn refusal(error: &ApiError) -> Close {
    if error.status() == StatusCode::UNAUTHORIZED { Close::Unauthenticated } else { Close::Draining }
}

async fn connect(
    app: &App,
    socket: &mut Socket,
    actor: &Actor,
    since: Option<Since>,
) -> Result<Frames, Close> {
    let most = app.config().max_sockets_per_user as usize;
    match in_time(app.rony().streams().connect(actor, since, most)).await? {
        Ok(mut connected) => {
            let link = connected.frames.link();
            let moved = std::mem::take(&mut connected.moved);
            let hello = Hello::new(link.user(), link.session(), connected.since, moved, connected.more);
            if let Err(reason) = send_in_time(&socket.mouth, &ServerFrame::Hello(hello)).await {
                app.rony().hub().disconnect(connected.frames.link());
                return Err(reason);
            }
            Ok(connected.frames)
        }
        Err(error) => {
            send_in_time(&socket.mouth, &ServerFrame::Error(Failed::new(None, &error))).await?;
            Err(match error {
                Error::Unauthenticated { .. } => Close::Revoked,
                // What this token may not do it may not do the next time either.
                Error::Forbidden { .. } => Close::Unauthenticated,
                _ if error.code() == "too_many_connections" => Close::TooMany,
                _ => Close::Draining,
            })
        }
    }
}

/// Events out, frames in.
async fn live(socket: &mut Socket, session: &Session<'_>) -> Close {
    tokio::select! {
        // Ended from outside, whatever the socket is waiting for: a client that does not read must not keep it.
        reason = session.ended() => reason,
        reason = listen(socket, session) => reason,
    }
}

/// Who is at a socket, as far as frames in and heartbeats are concerned.
pub(super) trait Party {
    /// Does what a frame asks; what to answer, if anything.
    fn handle(&self, frame: ClientFrame) -> impl Future<Output = Option<ServerFrame>> + Send;

    /// Tells that the connection is alive.
    fn beat(&self, mouth: &Mouth) -> impl Future<Output = Result<(), Close>> + Send;
}

/// Frames in, and a heartbeat now and then.
pub(super) async fn listen(socket: &mut Socket, party: &impl Party) -> Close {
    let mut heartbeat = Instant::now() + HEARTBEAT;
    let mut heard = true;
    loop {
        let done = tokio::select! {
            message = socket.ear.hear() => {
                heard = true;
                match receive(&socket.mouth, message).await {
                    Ok(Some(text)) => Box::pin(answer(&socket.mouth, party, &text)).await,
                    Ok(None) => Ok(()),
                    Err(reason) => return reason,
                }
            }
            () = sleep_until(heartbeat) => {
                if !std::mem::take(&mut heard) {
                    return Close::Gone;
                }
                heartbeat = Instant::now() + HEARTBEAT;
                Box::pin(beat(&socket.mouth, party)).await
            }
        };
        if let Err(reason) = done {
            return reason;
        }
    }
}

/// Tells that the connection is alive; the ping makes the client say that it is, too.
async fn beat(mouth: &Mouth, party: &impl Party) -> Result<(), Close> {
    party.beat(mouth).await?;
    mouth.ping().await.map_err(|_| Close::Gone)
}

async fn answer(mouth: &Mouth, party: &impl Party, text: &str) -> Result<(), Close> {
    let reply = match serde_json::from_str::<ClientFrame>(text) {
        Ok(frame) => party.handle(frame).await,
        Err(error) => Some(unreadable(text, &error)),
    };
    match reply {
        Some(reply) => send(mouth, &reply).await,
        None => Ok(()),
    }
}

/// The error for a text that is not a frame: the connection goes on. Whoever named the frame waits for an answer to that
/// name, so it comes back where it can be read.
fn unreadable(text: &str, error: &serde_json::Error) -> ServerFrame {
    #[derive(Deserialize)]
    struct Named {
        id: Option<FrameId>,
    }
    let id = serde_json::from_str::<Named>(text).ok().and_then(|named| named.id);
    let (code, detail) = match error.classify() {
        serde_json::error::Category::Data => {
            ("invalid_frame", format!("This frame cannot be used: {error}."))
        }
        _ => ("invalid_json", format!("This frame is not JSON: {error}.")),
    };
    ServerFrame::Error(Failed { id, code: code.to_owned(), detail, retry_after_ms: None })
}

async fn next_text(socket: &mut Socket) -> Result<Utf8Bytes, Close> {
    loop {
        let message = socket.ear.hear().await;
        if let Some(text) = receive(&socket.mouth, message).await? {
            return Ok(text);
        }
    }
}

pub(super) async fn send(mouth: &Mouth, frame: &ServerFrame) -> Result<(), Close> {
    mouth.texts([frame.encode()]).await.map_err(|_| Close::Gone)
}

/// A text, nothing of interest, or the end.
async fn receive(
    mouth: &Mouth,
    message: Option<Result<Message, tungstenite::Error>>,
) -> Result<Option<Utf8Bytes>, Close> {
    match message {
        Some(Ok(Message::Text(text))) => Ok(Some(text)),
        Some(Ok(Message::Ping(payload))) => {
            Box::pin(mouth.pong(&payload)).await.map(|()| None).map_err(|_| Close::Gone)
        }
        Some(Ok(Message::Pong(_))) => Ok(None),
        // Too large, not UTF-8, or not our frames.
        Some(Ok(Message::Binary(_) | Message::Frame(_)) | Err(_)) => Err(Close::BadFrame),
        Some(Ok(Message::Close(_))) | None => Err(Close::Gone),
    }
}

impl Visit<'_> {
    /// Leaves the hub, and tells the client why, if it still listens: behind everything that the system still holds for it.
    async fn end(self, reason: Close) {
        let Self { mut socket, mut held, counted, greeted } = self;
        if let Ok(Greeted::Person(session)) = greeted {
            session.end();
        }
        // Counted before the goodbye, which takes its time with a client that does not read.
        counted.closed(reason.code());
        let slow = reason == Close::TooSlow;
        let goodbye = async {
            if socket.mouth.goodbye(reason).await.is_ok() {
                // Until the client has answered: to close with bytes unread resets the connection, and takes the code back.
                while let Some(Ok(_)) = socket.ear.hear().await {}
            }
        };
        tokio::select! {
            _ = timeout(if slow { SLOW_GOODBYE } else { GOODBYE }, goodbye) => {}
            () = held.drained(), if slow => {}
        }
    }
}
