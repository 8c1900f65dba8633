//! The native peer (feature `peer`): takes part in a meeting from a Rust program, as a browser does from a page. For bots, recorders and
//! tests.
//!
//! A [`Peer`] drives the machines of this crate: [`Attendee`](crate::room::Attendee) keeps its seat through lost sockets, a
//! [`Negotiation`](crate::signal::negotiation::Negotiation) for each other peer agrees on what to send. Below them is one connection of the crate
//! `webrtc` for each other peer. How the server is reached is a trait, [`Dial`]; [`Gateway`] is the one over a WebSocket.
//!
//! ```no_run
//! use std::{sync::Arc, time::Duration};
//!
//! use rony_rtc::{
//!     peer::{Codec, Event, Gateway, Options, Peer},
//!     room::RoomCode,
//!     signal::{Join, Source},
//! };
//!
//! # async fn example(room: RoomCode, token: String, frames: Vec<Vec<u8>>) -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::new("wss://chat.example.org/api/v1/gateway", token, room)?;
//! let join = Join { room, name: Some("Recorder".to_owned()), password: None, resume: None };
//! let (peer, mut events) = Peer::join(Arc::new(gateway), join, Options::default());
//!
//! // Opus packets of 20 ms each, made elsewhere.
//! let microphone = peer.publish(Source::Microphone, Codec::Opus);
//! for frame in frames {
//!     microphone.write(frame.into(), Duration::from_millis(20)).await;
//!     tokio::time::sleep(Duration::from_millis(20)).await;
//! }
//!
//! while let Some(event) = events.next().await {
//!     match event {
//!         Event::Joined(view) => println!("{} people are here", view.peers.len()),
//!         Event::Track(mut track) => {
//!             tokio::spawn(async move {
//!                 while let Some(packet) = track.next().await {
//!                     println!("{} bytes of {:?} from {}", packet.payload.len(), track.kind(), track.peer());
//!                 }
//!             });
//!         }
//!         Event::Ended(_) => break,
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What to know
//!
//! - Samples are encoded by whoever writes them: Opus at 48 kHz, VP8. A picture needs a key frame whenever somebody new comes, and after
//!   loss. That others ask for one does not reach the sender through the library below, so a sender makes one every few seconds.
//! - RTP is received as it comes; decoding, or writing it to a file (`rtc::media::io` has Ogg and IVF), is up to the receiver.
//! - Retransmission by RTX is not offered, since the library's receiving side of it is broken; lost packets are asked for by NACK.
//! - There are no data channels yet: only sound and pictures.
//! - The [`events`](Events) wait without a limit: read them.

mod connection;
mod gateway;
mod run;
mod track;

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
/// A packet that was received.
pub use rtc::rtp::Packet;
use tokio::sync::mpsc;

pub use self::{
    gateway::{BadAddress, Gateway},
    track::{Codec, Kind, LocalTrack, RemoteTrack},
};
use self::{
    run::{Command, Run},
    track::Publication,
};
use crate::{
    id::PeerId,
    room::View,
    signal::{
        ClientBody, ClientMessage, Join, LeaveAction, LeaveReason, Refusal, ServerBody, ServerMessage,
        Source, negotiation::Connection,
    },
};

/// How to reach a server, again each time when the way was lost.
#[async_trait]
pub trait Dial: Send + Sync {
    /// Opens a way.
    ///
    /// # Errors
    /// When there is none at the moment.
    async fn dial(&self) -> Result<Box<dyn Line>, LineError>;
}

/// A way to the server that is open.
#[async_trait]
pub trait Line: Send + Sync {
    /// Sends a message.
    ///
    /// # Errors
    /// When the way is lost.
    async fn say(&mut self, message: &ClientMessage) -> Result<(), LineError>;

    /// Waits for the next message. Nothing is lost when the caller stops to wait.
    ///
    /// # Errors
    /// When the way is lost.
    async fn hear(&mut self) -> Result<ServerMessage, LineError>;
}

/// Why there is no way to the server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// It was lost, or could not be opened: another try may work.
    #[error("the server cannot be reached: {0}")]
    Lost(String),
    /// The server does not want this client: another try is of no use.
    #[error("the server refuses the connection: {0}")]
    Refused(String),
}

/// How a peer connects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The addresses to send and hear media at. One without a port takes any; `0.0.0.0` and `::` stand for all networks of that family but loopback.
    pub bind: Vec<SocketAddr>,
    /// Whether addresses of this machine itself count: for tests.
    pub loopback: bool,
    /// Whether media goes by relays only.
    pub relay_only: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { bind: vec![SocketAddr::from(([0, 0, 0, 0], 0))], loopback: false, relay_only: false }
    }
}

impl Options {
    /// Within this machine only.
    #[must_use]
    pub fn loopback() -> Self {
        Self { bind: vec![SocketAddr::from(([127, 0, 0, 1], 0))], loopback: true, relay_only: false }
    }
}

/// What happens to a peer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// It knocked, and waits to be let in.
    Waiting,
    /// It is in; also when it had to join anew.
    Joined(Box<View>),
    /// The room says something. What others offer to send is taken care of already.
    Told(Arc<ServerBody>),
    /// The connection with another peer changed.
    Connection {
        /// With whom.
        peer: PeerId,
        /// How it is.
        state: Connection,
    },
    /// Another peer's sound or picture arrives.
    Track(RemoteTrack),
    /// It is over. Nothing follows.
    Ended(Ending),
}

/// Why it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// It may not come in.
    Refused {
        /// Why.
        code: Refusal,
        /// What to do, for people.
        detail: String,
    },
    /// The room says so, or the peer left.
    Over {
        /// Why.
        reason: LeaveReason,
        /// What the room thinks that one should do.
        action: LeaveAction,
    },
    /// The server does not want this client.
    Unwelcome(String),
}

/// What happens to a peer, one after the other.
#[derive(Debug)]
pub struct Events(mpsc::UnboundedReceiver<Event>);

impl Events {
    /// Waits for the next; `None` after the end.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }
}

/// Somebody in a meeting. When the last clone is dropped, the peer leaves.
#[derive(Clone, Debug)]
pub struct Peer {
    commands: mpsc::UnboundedSender<Command>,
}

impl Peer {
    /// Goes to the meeting, on the current tokio runtime. It goes on by itself until it is over.
    #[must_use]
    pub fn join(dial: Arc<dyn Dial>, join: Join, options: Options) -> (Self, Events) {
        let (commands, inbox) = mpsc::unbounded_channel();
        let (events, outbox) = mpsc::unbounded_channel();
        tokio::spawn(Run::new(dial, join, options, inbox, events).run());
        (Self { commands }, Events(outbox))
    }

    /// Begins to send sound or a picture: to all who are in, and to whoever comes. A second one of a source takes the place of the first.
    #[must_use]
    pub fn publish(&self, source: Source, codec: Codec) -> LocalTrack {
        let publication = Arc::new(Publication::new(source, codec));
        let _ = self.commands.send(Command::Publish(Arc::clone(&publication)));
        LocalTrack::new(publication)
    }

    /// Says something in the room. Before one has a seat, nobody hears it.
    pub fn say(&self, body: ClientBody) {
        let _ = self.commands.send(Command::Say(body));
    }

    /// Finds the way to all others anew, as after a change of networks.
    pub fn restart(&self) {
        let _ = self.commands.send(Command::Restart);
    }

    /// Leaves. [`Event::Ended`] follows.
    pub fn leave(&self) {
        let _ = self.commands.send(Command::Say(ClientBody::Leave));
    }
}
