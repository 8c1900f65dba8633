//! The one task of a peer: socket, seat and connections, in one order.

use std::{
    collections::HashMap,
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use super::{
    Dial, Ending, Event, Line, LineError, Options, RemoteTrack,
    connection::{Other, Report, Said, What},
    track::Publication,
};
use crate::{
    ice::IceGrant,
    id::PeerId,
    room::{Attendee, AttendeeEffect, AttendeeInput},
    signal::{
        ClientBody, Description, Join, LeaveAction, LeaveReason, PeerState, ServerBody, negotiation::Input,
    },
};

/// How long to wait before another try to reach the server; each one that fails doubles it.
const FIRST_TRY: Duration = Duration::from_millis(250);
/// The longest wait.
const LAST_TRY: Duration = Duration::from_secs(8);
/// Before one joins anew, so that a room which sends one away is not asked without end.
const ANEW: Duration = Duration::from_secs(1);
/// When nothing is due.
const LONG: Duration = Duration::from_secs(3600);

pub(super) enum Command {
    Say(ClientBody),
    Publish(Arc<Publication>),
    Restart,
}

pub(super) struct Run {
    dial: Arc<dyn Dial>,
    join: Join,
    options: Options,
    began: Instant,
    commands: mpsc::UnboundedReceiver<Command>,
    events: mpsc::UnboundedSender<Event>,
    reports: (mpsc::UnboundedSender<Report>, mpsc::UnboundedReceiver<Report>),
    attendee: Attendee,
    line: Option<Box<dyn Line>>,
    /// When to dial, while there is no line; and how long to wait after that.
    dial_at: Duration,
    wait: Duration,
    /// Since the last time in the room, the line was lost: what was connected must find its way anew.
    was_away: bool,
    others: HashMap<PeerId, Other>,
    /// Connections are counted, so that reports of one that was closed are known.
    made: u64,
    publications: Vec<Arc<Publication>>,
    ended: Option<Ending>,
}

/// What there is to do next.
enum Next {
    Command(Option<Command>),
    Report(Option<Report>),
    Heard(Result<crate::signal::ServerMessage, LineError>),
    Dial,
    Tick,
}

impl Run {
    pub(super) fn new(
        dial: Arc<dyn Dial>,
        join: Join,
        options: Options,
        commands: mpsc::UnboundedReceiver<Command>,
        events: mpsc::UnboundedSender<Event>,
    ) -> Self {
        Self {
            dial,
            attendee: Attendee::new(join.clone()),
            join,
            options,
            began: Instant::now(),
            commands,
            events,
            reports: mpsc::unbounded_channel(),
            line: None,
            dial_at: Duration::ZERO,
            wait: FIRST_TRY,
            was_away: false,
            others: HashMap::new(),
            made: 0,
            publications: Vec::new(),
            ended: None,
        }
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn emit(&self, event: Event) {
        let _ = self.events.send(event);
    }

    pub(super) async fn run(mut self) {
        while self.ended.is_none() {
            match self.next().await {
                Next::Command(Some(command)) => self.obey(command).await,
                // Nobody can say anything any more.
                Next::Command(None) => self.leave().await,
                Next::Report(Some(report)) => self.reported(report).await,
                Next::Report(None) => {}
                Next::Heard(Ok(message)) => self.attend(AttendeeInput::Heard(message)).await,
                Next::Heard(Err(error)) => self.lost(error).await,
                Next::Dial => self.dial().await,
                Next::Tick => self.tick().await,
            }
        }
        self.hang_up().await;
        if let Some(ending) = self.ended.take() {
            self.emit(Event::Ended(ending));
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "below it is a library with the runtime's clock; the machines above have no other"
    )]
    async fn next(&mut self) -> Next {
        let now = self.now();
        let dues = self.others.values().filter_map(Other::next_due).chain(self.attendee.next_due());
        let rest = dues.min().map_or(LONG, |due| due.saturating_sub(now));
        let hear = async {
            match &mut self.line {
                Some(line) => Next::Heard(line.hear().await),
                None => {
                    tokio::time::sleep(self.dial_at.saturating_sub(now)).await;
                    Next::Dial
                }
            }
        };
        tokio::select! {
            command = self.commands.recv() => Next::Command(command),
            report = self.reports.1.recv() => Next::Report(report),
            next = hear => next,
            () = tokio::time::sleep(rest) => Next::Tick,
        }
    }

    async fn dial(&mut self) {
        match self.dial.dial().await {
            Ok(line) => {
                (self.line, self.wait) = (Some(line), FIRST_TRY);
                self.attend(AttendeeInput::Connected).await;
            }
            Err(error) => self.lost(error).await,
        }
    }

    async fn lost(&mut self, error: LineError) {
        self.line = None;
        if let LineError::Refused(why) = error {
            self.ended = Some(Ending::Unwelcome(why));
            return;
        }
        self.was_away = true;
        self.dial_at = self.now() + self.wait;
        self.wait = (self.wait * 2).min(LAST_TRY);
        self.attend(AttendeeInput::Disconnected).await;
    }

    async fn leave(&mut self) {
        self.say(ClientBody::Leave).await;
        let (reason, action) = (LeaveReason::Left, LeaveAction::Disconnect);
        self.ended.get_or_insert(Ending::Over { reason, action });
    }

    async fn tick(&mut self) {
        self.attend(AttendeeInput::Tick).await;
        let now = self.now();
        let due = |other: &Other| other.next_due().is_some_and(|due| due <= now);
        let due: Vec<PeerId> =
            self.others.iter().filter(|(_, other)| due(other)).map(|(peer, _)| *peer).collect();
        for peer in due {
            self.negotiate(peer, Input::Tick).await;
        }
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Say(ClientBody::Leave) if self.attendee.view().is_none() => self.leave().await,
            Command::Say(body) => self.say(body).await,
            Command::Publish(publication) => self.publish(publication).await,
            Command::Restart => self.restart().await,
        }
    }

    async fn say(&mut self, body: ClientBody) {
        self.attend(AttendeeInput::Say { id: None, body }).await;
    }

    /// Tells the seat's machine what happened, and does what it says.
    async fn attend(&mut self, input: AttendeeInput) {
        for effect in self.attendee.handle(self.now(), input) {
            match effect {
                AttendeeEffect::Send(message) => {
                    if let Some(line) = &mut self.line
                        && line.say(&message).await.is_err()
                    {
                        // That it is lost is heard at once; what was said waits in the machine.
                    }
                }
                AttendeeEffect::Told(body) => Box::pin(self.told(body)).await,
                AttendeeEffect::Refused { code, detail } => {
                    self.ended = Some(Ending::Refused { code, detail });
                }
                AttendeeEffect::Over { action: LeaveAction::Reconnect, .. } => {
                    Box::pin(self.anew()).await;
                }
                AttendeeEffect::Over { reason, action } => self.ended = Some(Ending::Over { reason, action }),
            }
        }
    }

    /// The seat is gone, and another may be had.
    async fn anew(&mut self) {
        self.hang_up().await;
        self.attendee = Attendee::new(self.join.clone());
        // A new way too: the server has closed its end of the old one for this room.
        self.line = None;
        self.dial_at = self.now() + ANEW;
    }

    async fn hang_up(&mut self) {
        for (_, other) in mem::take(&mut self.others) {
            other.close().await;
        }
    }

    async fn told(&mut self, body: Arc<ServerBody>) {
        match &*body {
            ServerBody::Waiting { .. } => return self.emit(Event::Waiting),
            ServerBody::Joined(_) => return self.joined().await,
            ServerBody::PeerUpdate(info) if info.state == PeerState::Left => {
                if let Some(other) = self.others.remove(&info.peer) {
                    other.close().await;
                }
            }
            ServerBody::PeerUpdate(info) => self.meet(info.peer).await,
            ServerBody::IceRefresh { ice } => {
                for other in self.others.values() {
                    other.use_servers(ice, &self.options).await;
                }
                if mem::take(&mut self.was_away) {
                    self.restart().await;
                }
            }
            other => {
                if let Some((from, description)) = other.description() {
                    self.negotiate(from, Input::Heard(description)).await;
                    return;
                }
            }
        }
        self.emit(Event::Told(body));
    }

    async fn joined(&mut self) {
        self.was_away = false;
        let Some(view) = self.attendee.view().cloned() else { return };
        for publication in self.publications.clone() {
            self.announce(&publication).await;
        }
        for peer in view.peers.keys() {
            self.meet(*peer).await;
        }
        self.emit(Event::Joined(Box::new(view)));
    }

    async fn announce(&mut self, publication: &Publication) {
        let (cid, source) = (publication.cid.clone(), publication.source);
        self.say(ClientBody::TrackAdd { cid, source, muted: false }).await;
    }

    /// Connects with somebody who is in, unless it is oneself, or they are connected.
    async fn meet(&mut self, peer: PeerId) {
        let Some(view) = self.attendee.view() else { return };
        if peer == view.me || self.others.contains_key(&peer) {
            return;
        }
        let ice: IceGrant = view.ice.clone();
        self.made += 1;
        let reports = self.reports.0.clone();
        let made = Other::new((view.me, peer), self.made, &self.options, &ice, reports).await;
        // Without sockets there is no connection; whoever needs one sees that it never comes.
        let Ok(other) = made else { return };
        self.others.insert(peer, other);
        for publication in self.publications.clone() {
            self.send(peer, &publication).await;
        }
    }

    async fn send(&mut self, peer: PeerId, publication: &Arc<Publication>) {
        let Some(other) = self.others.get_mut(&peer) else { return };
        if other.publish(publication).await.is_ok() {
            self.negotiate(peer, Input::Needed).await;
        }
    }

    async fn publish(&mut self, publication: Arc<Publication>) {
        self.publications.retain(|other| other.source != publication.source);
        self.publications.push(Arc::clone(&publication));
        if self.attendee.view().is_none() {
            return;
        }
        self.announce(&publication).await;
        for peer in self.others.keys().copied().collect::<Vec<_>>() {
            self.send(peer, &publication).await;
        }
    }

    async fn restart(&mut self) {
        for peer in self.others.keys().copied().collect::<Vec<_>>() {
            self.negotiate(peer, Input::Restart).await;
        }
    }

    async fn negotiate(&mut self, peer: PeerId, input: Input) {
        let now = self.now();
        let Some(other) = self.others.get_mut(&peer) else { return };
        let Said { descriptions, gave_up } = other.handle(now, input).await;
        self.describe(peer, descriptions).await;
        if gave_up {
            // Nothing helps but another seat, as a page does it.
            self.say(ClientBody::Leave).await;
            Box::pin(self.anew()).await;
        }
    }

    async fn describe(&mut self, peer: PeerId, descriptions: Vec<Description>) {
        for description in descriptions {
            let body = ClientBody::describe(peer, description);
            Box::pin(self.say(body)).await;
        }
    }

    async fn reported(&mut self, Report { peer, number, what }: Report) {
        if self.others.get(&peer).is_none_or(|other| other.number != number) {
            return;
        }
        match what {
            What::Found(candidate) => {
                let last = candidate.is_none();
                self.negotiate(peer, Input::Found { candidate, last }).await;
            }
            What::State(state) => {
                self.negotiate(peer, Input::Connection(state)).await;
                self.emit(Event::Connection { peer, state });
            }
            What::Track(track) => self.emit(Event::Track(RemoteTrack::new(peer, track).await)),
        }
    }
}
