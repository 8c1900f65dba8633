//! A client's side of a seat: asks to be let in until it is answered, comes back after a lost socket, and folds what it hears.

use std::{mem, sync::Arc, time::Duration};

use rony_core::wire::FrameId;

use super::view::View;
use crate::id::SeatKey;
use crate::signal::{
    ClientBody, ClientMessage, Full, Join, LeaveAction, LeaveReason, Link, PING_EVERY, Refusal, Resume,
    ServerBody, ServerMessage,
};

/// How often one asks to be let in.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// What happens to an attendee.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AttendeeInput {
    /// There is a socket, for the first time or again.
    Connected,
    /// There is none any more.
    Disconnected,
    /// The server says something over the socket that there is.
    Heard(ServerMessage),
    /// The person or the device says something.
    Say {
        /// Comes back in an error.
        id: Option<FrameId>,
        /// What.
        body: ClientBody,
    },
    /// Time has passed; see [`Attendee::next_due`].
    Tick,
}

/// What an attendee wants done.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AttendeeEffect {
    /// Send this over the socket.
    Send(ClientMessage),
    /// The server said this, once and in order; the view has it already.
    Told(Arc<ServerBody>),
    /// One may not come in; asking again (with a password, later) needs a new attendee.
    Refused {
        /// Why.
        code: Refusal,
        /// What to do, for people.
        detail: String,
    },
    /// It is over.
    Over {
        /// Why.
        reason: LeaveReason,
        /// What to do: [`LeaveAction::Reconnect`] asks for a new attendee.
        action: LeaveAction,
    },
}

/// See the module's documentation. The native peer drives one; the page has the same machine.
#[derive(Debug)]
pub struct Attendee {
    join: Join,
    key: Option<SeatKey>,
    view: Option<View>,
    link: Link<ClientBodyOf, Arc<ServerBody>>,
    connected: bool,
    /// How many sockets there were.
    attempt: u32,
    /// When to ask (again) to be let in, until something is heard on this socket.
    ask_at: Option<Duration>,
    ping_at: Duration,
    over: bool,
}

/// What was said, and what it is called.
type ClientBodyOf = (Option<FrameId>, ClientBody);

impl Attendee {
    /// Somebody who wants to be let in by `join`.
    #[must_use]
    pub const fn new(join: Join) -> Self {
        Self {
            join,
            key: None,
            view: None,
            link: Link::new(),
            connected: false,
            attempt: 0,
            ask_at: None,
            ping_at: Duration::ZERO,
            over: false,
        }
    }

    /// The room, once one is in.
    #[must_use]
    pub const fn view(&self) -> Option<&View> {
        self.view.as_ref()
    }

    /// Whether one waits before the door.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.key.is_some() && self.view.is_none() && !self.over
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// When to tell [`AttendeeInput::Tick`].
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        if !self.connected || self.over {
            return None;
        }
        [self.ask_at, self.link.next_due(), Some(self.ping_at)].into_iter().flatten().min()
    }

    /// Takes what happened, and says what to do.
    pub fn handle(&mut self, now: Duration, input: AttendeeInput) -> Vec<AttendeeEffect> {
        let mut effects = Vec::new();
        if self.over {
            return effects;
        }
        match input {
            AttendeeInput::Connected => {
                self.connected = true;
                self.attempt += 1;
                self.ping_at = now + PING_EVERY;
                if self.key.is_none() {
                    // What came early on the last socket was for a seat that nobody has the key of.
                    self.link = Link::new();
                }
                self.ask(now, &mut effects);
            }
            AttendeeInput::Disconnected => (self.connected, self.ask_at) = (false, None),
            AttendeeInput::Heard(message) => self.hear(now, message, &mut effects),
            AttendeeInput::Say { id, body } => self.say(now, id, body, &mut effects),
            AttendeeInput::Tick => self.tick(now, &mut effects),
        }
        effects
    }

    fn ask(&mut self, now: Duration, effects: &mut Vec<AttendeeEffect>) {
        self.ask_at = Some(now + ASK_EVERY);
        let (last_seq, attempt) = (self.link.seen(), self.attempt);
        let resume = self.key.clone().map(|session| Resume { session, last_seq, attempt });
        self.send_bare(ClientBody::Join(Join { resume, ..self.join.clone() }), effects);
    }

    fn say(
        &mut self,
        now: Duration,
        id: Option<FrameId>,
        body: ClientBody,
        effects: &mut Vec<AttendeeEffect>,
    ) {
        if !body.is_numbered() {
            return self.send_bare(body, effects);
        }
        // Before one has a seat there is nobody to say it to.
        if self.key.is_none() {
            return;
        }
        match self.link.say(now, (id.clone(), body.clone()), 0) {
            Ok(seq) => self.send(seq, id, body, effects),
            Err(Full) => self.end(LeaveReason::TooSlow, LeaveAction::Reconnect, effects),
        }
    }

    fn send(&self, seq: u64, id: Option<FrameId>, body: ClientBody, effects: &mut Vec<AttendeeEffect>) {
        if self.connected {
            effects.push(AttendeeEffect::Send(ClientMessage { seq, ack: self.link.seen(), id, body }));
        }
    }

    fn send_bare(&mut self, body: ClientBody, effects: &mut Vec<AttendeeEffect>) {
        self.link.ack_went();
        self.send(0, None, body, effects);
    }

    fn hear(&mut self, now: Duration, message: ServerMessage, effects: &mut Vec<AttendeeEffect>) {
        self.link.acked(now, message.ack);
        if message.seq == 0 {
            return self.hear_bare(now, &message.body, effects);
        }
        self.ask_at = None;
        for body in self.link.hear(now, message.seq, message.body) {
            self.take(&body, effects);
            if self.over {
                return;
            }
            effects.push(AttendeeEffect::Told(body));
        }
    }

    fn hear_bare(&mut self, now: Duration, body: &Arc<ServerBody>, effects: &mut Vec<AttendeeEffect>) {
        match &**body {
            // What the room has not acknowledged may have been lost with the old socket.
            ServerBody::Resumed if self.ask_at.take().is_some() => {
                let again = self.link.again(now);
                again.into_iter().for_each(|(seq, (id, body))| self.send(seq, id, body, effects));
            }
            ServerBody::Leave { action: LeaveAction::Resume, .. } => {
                let asked = self.ask_at.is_some();
                if !asked {
                    self.ask(now, effects);
                }
            }
            ServerBody::Leave { reason, action } => self.end(*reason, *action, effects),
            ServerBody::Error { code, detail, .. } if self.key.is_none() => {
                self.over = true;
                effects.push(AttendeeEffect::Refused { code: *code, detail: detail.clone() });
            }
            _ => {}
        }
    }

    fn take(&mut self, body: &ServerBody, effects: &mut Vec<AttendeeEffect>) {
        match body {
            ServerBody::Waiting { session, .. } => self.key = Some(session.clone()),
            ServerBody::Joined(joined) => {
                self.key = Some(joined.session.clone());
                self.view = Some(View::new(joined));
            }
            ServerBody::Leave { reason, action } => self.end(*reason, *action, effects),
            other => self.view.iter_mut().for_each(|view| view.apply(other)),
        }
    }

    fn end(&mut self, reason: LeaveReason, action: LeaveAction, effects: &mut Vec<AttendeeEffect>) {
        if !mem::replace(&mut self.over, true) {
            effects.push(AttendeeEffect::Over { reason, action });
        }
    }

    fn tick(&mut self, now: Duration, effects: &mut Vec<AttendeeEffect>) {
        if !self.connected {
            return;
        }
        if self.ask_at.is_some_and(|at| at <= now) {
            self.ask(now, effects);
        }
        let due = self.link.due(now);
        for (seq, (id, body)) in due.again {
            self.send(seq, id, body, effects);
        }
        if self.ping_at <= now {
            self.ping_at = now + PING_EVERY;
            self.send_bare(ClientBody::Ping, effects);
        } else if due.ack {
            self.send_bare(ClientBody::Ack, effects);
        }
    }
}
