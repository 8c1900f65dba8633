//! A room, its people, and the network between them, which does what a test wants.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use rony_core::{
    id::{ClientId, NodeId, UserId},
    time::Timestamp,
};
use rony_rtc::{
    bus::MAIL_LIFETIME,
    ice::{SharedSecret, TurnSecret},
    id::{ConnectionId, GuestId, PeerId, SeatKey},
    media::Mesh,
    now::Now,
    person::{Person, Role},
    room::{
        Attendee, AttendeeEffect, AttendeeInput, Effect, Entrance, Happened, Input, Limits, Proof, Room,
        RoomCode, Settings,
    },
    signal::{
        ClientBody, ClientMessage, Join, LeaveAction, LeaveReason, Moderate, Nid, Refusal, Sdp, ServerBody,
        ServerMessage,
    },
};

pub(crate) fn user(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

fn code() -> RoomCode {
    "abc-defg-hjk".parse().unwrap()
}

/// Somebody with one device.
pub(crate) struct Client {
    pub(crate) person: Person,
    pub(crate) attendee: Attendee,
    /// The socket, while there is one.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) told: Vec<Arc<ServerBody>>,
    pub(crate) end: Option<(LeaveReason, LeaveAction)>,
    pub(crate) refused: Option<Refusal>,
    /// The numbers of the chat messages that this attendee read.
    chats: Vec<usize>,
}

pub(crate) struct World {
    pub(crate) room: Room,
    pub(crate) now: Now,
    pub(crate) clients: Vec<Client>,
    /// What is on its way to the room, and since when.
    pub(crate) to_room: Vec<(Duration, Input)>,
    pub(crate) to_clients: Vec<(usize, ConnectionId, ServerMessage)>,
    pub(crate) happened: Vec<Happened>,
    /// Who is in, by the room's own report.
    inside: BTreeMap<PeerId, Person>,
    /// Whether what is sent arrives at once.
    pub(crate) calm: bool,
    pub(crate) password: Proof,
    sockets: u64,
    keys: u128,
    chats: usize,
}

impl World {
    /// A room of the person 1, who is not there yet.
    pub(crate) fn new(settings: Settings, limits: Limits) -> Self {
        let secret = TurnSecret::new("a secret of sixteen bytes").unwrap();
        let ice = SharedSecret::new(secret, vec![], vec!["turn:relay".to_owned()]);
        Self {
            room: Room::new(code(), settings, limits, Box::new(Mesh::new()), Arc::new(ice)),
            now: Now { elapsed: Duration::ZERO, at: Timestamp::from_millis(0) },
            clients: Vec::new(),
            to_room: Vec::new(),
            to_clients: Vec::new(),
            happened: Vec::new(),
            inside: BTreeMap::new(),
            calm: true,
            password: Proof::Missing,
            sockets: 0,
            keys: 0,
            chats: 0,
        }
    }

    pub(crate) fn stories() -> Self {
        Self::new(Settings::new(user(1)), Limits::default())
    }

    pub(crate) fn add(&mut self, person: Person) -> usize {
        let attendee = Attendee::new(Join { room: code(), name: None, password: None, resume: None });
        let (told, chats) = (Vec::new(), Vec::new());
        self.clients.push(Client {
            person,
            attendee,
            connection: None,
            told,
            end: None,
            refused: None,
            chats,
        });
        self.clients.len() - 1
    }

    /// Somebody with an account comes.
    pub(crate) fn user(&mut self, number: u128) -> usize {
        let client = self.add(Person::user(user(number), format!("User {number}")));
        self.online(client);
        client
    }

    /// Somebody without one does.
    pub(crate) fn guest(&mut self, number: u128) -> usize {
        let client =
            self.add(Person::guest(GuestId(uuid::Uuid::from_u128(number)), format!("Guest {number}")));
        self.online(client);
        client
    }

    /// A socket is there, and the person asks to come in or back; who was sent away tries again.
    pub(crate) fn online(&mut self, client: usize) {
        if self.clients[client].connection.is_some() {
            return;
        }
        if self.clients[client].attendee.is_over() {
            self.renew(client);
        }
        self.connect(client);
    }

    fn connect(&mut self, client: usize) {
        self.sockets += 1;
        let node = NodeId(uuid::Uuid::from_u128(1));
        self.clients[client].connection = Some(ConnectionId { node, number: self.sockets });
        self.feed(client, AttendeeInput::Connected);
        self.calm_down();
    }

    /// A new attendee, as a client makes one that joins anew.
    fn renew(&mut self, client: usize) {
        let client = &mut self.clients[client];
        client.attendee = Attendee::new(Join { room: code(), name: None, password: None, resume: None });
        (client.end, client.refused) = (None, None);
        client.chats.clear();
        client.told.clear();
    }

    pub(crate) fn offline(&mut self, client: usize) {
        if let Some(connection) = self.clients[client].connection.take() {
            self.to_room.push((self.now.elapsed, Input::Lost { connection }));
            self.feed(client, AttendeeInput::Disconnected);
            self.calm_down();
        }
    }

    pub(crate) fn say(&mut self, client: usize, body: ClientBody) {
        self.feed(client, AttendeeInput::Say { id: None, body });
        self.calm_down();
    }

    pub(crate) fn moderate(&mut self, client: usize, what: Moderate) {
        self.say(client, ClientBody::Moderate(what));
    }

    pub(crate) fn chat(&mut self, client: usize) {
        self.chats += 1;
        let client_id = ClientId(uuid::Uuid::from_u128(self.chats as u128));
        self.say(client, ClientBody::Chat { text: format!("{}", self.chats), client_id });
    }

    pub(crate) fn offer(&mut self, client: usize, target: PeerId, nid: u32) {
        let Some(from) = self.me(client) else { return };
        let sdp = Sdp(format!("v=0 from {from} to {target}"));
        self.say(client, ClientBody::Offer { target, nid: Nid(nid), sdp });
    }

    pub(crate) fn me(&self, client: usize) -> Option<PeerId> {
        self.clients[client].attendee.view().map(|view| view.me)
    }

    pub(crate) fn role(&self, client: usize) -> Option<Role> {
        self.clients[client].attendee.view().and_then(rony_rtc::room::View::role)
    }

    pub(crate) fn heard(&self, client: usize, which: impl Fn(&ServerBody) -> bool) -> usize {
        self.clients[client].told.iter().filter(|body| which(body)).count()
    }

    pub(crate) fn knocks(&self, client: usize) -> Vec<PeerId> {
        self.clients[client].attendee.view().map_or(Vec::new(), |view| view.knocks.keys().copied().collect())
    }

    pub(crate) fn wait(&mut self, span: Duration) {
        self.now = self.now.plus(span);
        self.room(Input::Tick);
        for client in 0..self.clients.len() {
            self.feed(client, AttendeeInput::Tick);
        }
        self.calm_down();
    }

    /// Lets time pass in small steps, with everything arriving.
    pub(crate) fn pass(&mut self, span: Duration) {
        let until = self.now.elapsed + span;
        while self.now.elapsed < until {
            self.wait(Duration::from_millis(250));
        }
    }

    fn calm_down(&mut self) {
        while self.calm && !(self.to_room.is_empty() && self.to_clients.is_empty()) {
            if self.to_room.is_empty() { self.deliver_to_client(0) } else { self.deliver_to_room(0) }
        }
    }

    pub(crate) fn deliver_to_room(&mut self, at: usize) {
        let (sent, input) = self.to_room.remove(at);
        // A bus delays for a while only.
        if self.now.elapsed < sent + MAIL_LIFETIME {
            self.room(input);
        }
    }

    pub(crate) fn deliver_to_client(&mut self, at: usize) {
        let (client, connection, message) = self.to_clients.remove(at);
        // What is late on a socket that is gone reaches nobody.
        if self.clients[client].connection == Some(connection) {
            self.feed(client, AttendeeInput::Heard(message));
        }
    }

    fn feed(&mut self, client: usize, input: AttendeeInput) {
        for effect in self.clients[client].attendee.handle(self.now.elapsed, input) {
            match effect {
                AttendeeEffect::Send(message) => self.gateway(client, message),
                AttendeeEffect::Told(body) => self.told(client, body),
                AttendeeEffect::Refused { code, .. } => self.clients[client].refused = Some(code),
                AttendeeEffect::Over { reason, action } => {
                    self.clients[client].end = Some((reason, action));
                    if action == LeaveAction::Reconnect && self.clients[client].connection.is_some() {
                        self.renew(client);
                        self.connect(client);
                    }
                }
                _ => {}
            }
        }
    }

    /// The server's part: who somebody is, and a key for their seat.
    fn gateway(&mut self, client: usize, message: ClientMessage) {
        let Some(connection) = self.clients[client].connection else { return };
        self.keys += 1;
        let input = match message.body {
            ClientBody::Join(join) => Input::Join(Entrance {
                connection,
                person: self.clients[client].person.clone(),
                key: SeatKey::from_bytes(self.keys.to_be_bytes()),
                password: self.password,
                resume: join.resume,
                outsider: false,
            }),
            _ => Input::Say { connection, message },
        };
        self.to_room.push((self.now.elapsed, input));
    }

    /// What a client hears must be meant for it, stamped rightly, and in the room's order.
    fn told(&mut self, client: usize, body: Arc<ServerBody>) {
        let me = self.me(client);
        let here = &mut self.clients[client];
        match &*body {
            ServerBody::Offer { from, sdp, .. } | ServerBody::Answer { from, sdp, .. }
                if sdp.0.starts_with("v=0 from") =>
            {
                assert_eq!(Some(sdp.0.clone()), me.map(|me| format!("v=0 from {from} to {me}")));
            }
            ServerBody::Chat { text, .. } => {
                let order = self.happened.iter().filter_map(|happened| match happened {
                    Happened::Chat { text, .. } => Some(text),
                    _ => None,
                });
                let place = order.into_iter().position(|said| said == text).expect("what is read was said");
                assert!(here.chats.last().is_none_or(|last| *last < place), "in order, and once");
                here.chats.push(place);
            }
            _ => {}
        }
        here.told.push(body);
    }

    /// One turn of the room, with what must always hold.
    pub(crate) fn room(&mut self, input: Input) {
        let effects = self.room.handle(self.now, input);
        let mut hosts = 0;
        let mut went = Vec::new();
        for effect in &effects {
            match effect {
                Effect::Happened(Happened::Entered { peer, person, .. }) => {
                    self.inside.insert(*peer, person.clone());
                }
                Effect::Happened(Happened::Went { peer, .. }) => went.push(*peer),
                Effect::Happened(Happened::Host { .. }) => hosts += 1,
                _ => {}
            }
        }
        assert!(hosts <= 1, "one hand-over at most");
        let hosts = self.room.peers().filter(|peer| peer.role == Role::Host);
        assert!(hosts.count() <= 1, "one host at most");
        for effect in effects {
            match effect {
                Effect::Send { to, message } => self.send(to, message),
                Effect::Happened(happened) => self.happened.push(happened),
                _ => {}
            }
        }
        went.iter().for_each(|peer| drop(self.inside.remove(peer)));
        let inside: BTreeSet<PeerId> = self.room.peers().map(|peer| peer.peer).collect();
        assert_eq!(inside, self.inside.keys().copied().collect(), "all is reported");
    }

    fn send(&mut self, to: ConnectionId, message: ServerMessage) {
        // A socket that is gone belongs to nobody.
        let Some(client) = self.clients.iter().position(|client| client.connection == Some(to)) else {
            return;
        };
        let who = self.clients[client].person.who;
        let for_all = matches!(
            &*message.body,
            ServerBody::Waiting { .. }
                | ServerBody::Leave { .. }
                | ServerBody::Error { .. }
                | ServerBody::Resumed
                | ServerBody::Pong
                | ServerBody::Ack
        );
        let inside = self.inside.values().any(|person| person.who == who);
        assert!(for_all || inside, "who was not admitted is told {:?}", message.body);
        self.to_clients.push((client, to, message));
    }

    /// What everybody sees is the room.
    #[track_caller]
    pub(crate) fn assert_agreed(&self) {
        let peers: BTreeMap<_, _> = self.room.peers().map(|peer| (peer.peer, peer)).collect();
        let tracks: BTreeMap<_, _> = self.room.tracks().map(|track| (track.track, track.clone())).collect();
        let knocks: BTreeMap<_, _> = self.room.knocks().map(|knock| (knock.peer, knock)).collect();
        let (mut seen, mut waiting) = (BTreeSet::new(), 0);
        for client in self.clients.iter().filter(|client| client.connection.is_some()) {
            waiting += usize::from(client.attendee.is_waiting());
            let sent_away = client.end.is_some_and(|(reason, action)| {
                action == LeaveAction::Disconnect && reason != LeaveReason::Replaced
            });
            assert_eq!(client.attendee.is_over(), sent_away || client.refused.is_some(), "{:?}", client.end);
            let Some(view) = client.attendee.view().filter(|_| !client.attendee.is_over()) else { continue };
            seen.insert(view.me);
            assert_eq!(view.peers, peers);
            assert_eq!(view.tracks, tracks);
            assert_eq!(view.speakers, self.room.speakers());
            assert_eq!(view.locked, self.room.is_locked());
            let moderates = view.role().is_some_and(Role::moderates);
            assert_eq!(view.knocks, if moderates { knocks.clone() } else { BTreeMap::new() });
        }
        assert_eq!(seen, peers.keys().copied().collect(), "everybody who is in knows it, and nobody else");
        assert_eq!(waiting, knocks.len());
    }
}
