//! Native peers in a room: real connections over loopback, by way of a room in this process.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use rony_core::{
    id::{NodeId, UserId},
    time::{Clock, ManualClock, Timestamp},
};
use rony_rtc::{
    ice::{IceProvider, NoIce, SharedSecret, TurnSecret},
    id::{ConnectionId, SeatKey},
    media::Mesh,
    now::Now,
    peer::{
        Codec, Dial, Ending, Event, Events, Kind, Line, LineError, LocalTrack, Options, Peer, RemoteTrack,
    },
    person::Person,
    room::{Effect, Entrance, Input, Limits, Proof, Room, RoomCode, Settings},
    signal::{ClientBody, ClientMessage, Join, LeaveReason, ServerMessage, Source},
    turn::{Options as RelayOptions, TurnServer, Unwatched},
};
use tokio::{net::UdpSocket, sync::mpsc, task::JoinHandle, time::timeout};

/// A machine that is busy takes its time.
const SOON: Duration = Duration::from_secs(60);

/// A room with its timer, as a server has it.
struct Hall {
    room: Mutex<Room>,
    began: Instant,
    sockets: Mutex<HashMap<ConnectionId, mpsc::UnboundedSender<ServerMessage>>>,
    next: AtomicU64,
}

fn code() -> RoomCode {
    "abc-defg-hjk".parse().unwrap()
}

fn user(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

impl Hall {
    fn new(ice: Arc<dyn IceProvider>) -> Arc<Self> {
        let room = Room::new(code(), Settings::new(user(1)), Limits::default(), Box::new(Mesh::new()), ice);
        let hall = Arc::new(Self {
            room: Mutex::new(room),
            began: Instant::now(),
            sockets: Mutex::default(),
            next: AtomicU64::new(1),
        });
        let weak = Arc::downgrade(&hall);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            while let Some(hall) = weak.upgrade() {
                hall.tell(Input::Tick);
                drop(hall);
                ticks.tick().await;
            }
        });
        hall
    }

    fn tell(&self, input: Input) {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Now { elapsed: self.began.elapsed(), at: Timestamp::from_millis(0) };
        let sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        for effect in room.handle(now, input) {
            if let Effect::Send { to, message } = effect
                && let Some(socket) = sockets.get(&to)
            {
                let _ = socket.send(message);
            }
        }
    }

    /// Breaks all sockets that there are.
    fn cut(&self) {
        let sockets = std::mem::take(&mut *self.sockets.lock().unwrap_or_else(PoisonError::into_inner));
        sockets.into_keys().for_each(|connection| self.tell(Input::Lost { connection }));
    }
}

/// Somebody's way to the hall.
struct Way {
    hall: Arc<Hall>,
    person: Person,
}

#[async_trait]
impl Dial for Way {
    async fn dial(&self) -> Result<Box<dyn Line>, LineError> {
        let node = NodeId(uuid::Uuid::from_u128(7));
        let connection = ConnectionId { node, number: self.hall.next.fetch_add(1, Ordering::Relaxed) };
        let (sender, inbox) = mpsc::unbounded_channel();
        self.hall.sockets.lock().unwrap().insert(connection, sender);
        Ok(Box::new(Socket { hall: Arc::clone(&self.hall), person: self.person.clone(), connection, inbox }))
    }
}

struct Socket {
    hall: Arc<Hall>,
    person: Person,
    connection: ConnectionId,
    inbox: mpsc::UnboundedReceiver<ServerMessage>,
}

#[async_trait]
impl Line for Socket {
    async fn say(&mut self, message: &ClientMessage) -> Result<(), LineError> {
        let connection = self.connection;
        self.hall.tell(match &message.body {
            ClientBody::Join(join) => Input::Join(Entrance {
                connection,
                person: self.person.clone(),
                key: SeatKey::random().unwrap(),
                password: Proof::Missing,
                outsider: false,
                resume: join.resume.clone(),
            }),
            _ => Input::Say { connection, message: message.clone() },
        });
        Ok(())
    }

    async fn hear(&mut self) -> Result<ServerMessage, LineError> {
        self.inbox.recv().await.ok_or_else(|| LineError::Lost("it was cut".to_owned()))
    }
}

/// Somebody in the room, who sends sound and a picture without end.
struct Guest {
    peer: Peer,
    events: Events,
    playing: Vec<JoinHandle<()>>,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.playing.iter().for_each(JoinHandle::abort);
    }
}

/// Sends the same frame again and again.
fn play(track: LocalTrack, frame: Vec<u8>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            track.write(frame.clone().into(), Duration::from_millis(20)).await;
        }
    })
}

fn sound(number: u128) -> Vec<u8> {
    vec![0xf8, u8::try_from(number).unwrap(), 1, 2, 3]
}

/// More than fits into a packet.
fn picture(number: u128) -> Vec<u8> {
    vec![u8::try_from(number).unwrap() << 1; 3000]
}

fn come(hall: &Arc<Hall>, number: u128, options: Options) -> Guest {
    let way = Way { hall: Arc::clone(hall), person: Person::user(user(number), format!("User {number}")) };
    let join = Join { room: code(), name: None, password: None, resume: None };
    let (peer, events) = Peer::join(Arc::new(way), join, options);
    let microphone = peer.publish(Source::Microphone, Codec::Opus);
    let camera = peer.publish(Source::Camera, Codec::Vp8);
    let playing = vec![play(microphone, sound(number)), play(camera, picture(number))];
    Guest { peer, events, playing }
}

impl Guest {
    async fn until<T>(&mut self, mut want: impl FnMut(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.events.next().await.expect("it goes on");
                if let Some(found) = want(event) {
                    return found;
                }
            }
        };
        timeout(SOON, found).await.expect("it happens")
    }

    /// The next track of that kind.
    async fn track(&mut self, kind: Kind) -> RemoteTrack {
        self.until(|event| match event {
            Event::Track(track) if track.kind() == kind => Some(track),
            _ => None,
        })
        .await
    }

    /// The next two tracks, whichever comes first: sound, picture.
    async fn tracks(&mut self) -> (RemoteTrack, RemoteTrack) {
        let (mut sound, mut picture) = (None, None);
        loop {
            let track =
                self.until(|event| if let Event::Track(track) = event { Some(track) } else { None }).await;
            match track.kind() {
                Kind::Audio => sound = Some(track),
                Kind::Video => picture = Some(track),
            }
            if let (Some(_), Some(_)) = (&sound, &picture) {
                return (sound.unwrap(), picture.unwrap());
            }
        }
    }
}

/// Waits until that person's sound arrives.
async fn hears(track: &mut RemoteTrack, number: u128) {
    let heard = async { while track.next().await.expect("it goes on").payload[..] != sound(number)[..] {} };
    timeout(SOON, heard).await.expect("it is heard");
}

/// Waits until a whole frame of that person's picture arrived: its packets, with what VP8 over RTP puts before each.
async fn sees(track: &mut RemoteTrack, number: u128) {
    let byte = picture(number)[0];
    let seen = async {
        let mut bytes = 0;
        loop {
            let packet = track.next().await.expect("it goes on");
            bytes += packet.payload.iter().filter(|other| **other == byte).count();
            if packet.header.marker && std::mem::take(&mut bytes) >= 3000 {
                return;
            }
        }
    };
    timeout(SOON, seen).await.expect("it is seen");
}

#[tokio::test]
async fn two_peers_hear_and_see_each_other_until_one_leaves() {
    let hall = Hall::new(Arc::new(NoIce));
    let mut ann = come(&hall, 1, Options::loopback());
    let mut bob = come(&hall, 2, Options::loopback());
    let (mut of_bob, mut face_of_bob) = ann.tracks().await;
    let (mut of_ann, mut face_of_ann) = bob.tracks().await;
    tokio::join!(
        hears(&mut of_bob, 2),
        sees(&mut face_of_bob, 2),
        hears(&mut of_ann, 1),
        sees(&mut face_of_ann, 1)
    );

    bob.peer.leave();
    let ending = bob.until(|event| if let Event::Ended(ending) = event { Some(ending) } else { None }).await;
    assert!(matches!(ending, Ending::Over { reason: LeaveReason::Left, .. }), "{ending:?}");
}

#[tokio::test]
async fn whoever_comes_later_hears_all_who_are_there() {
    let hall = Hall::new(Arc::new(NoIce));
    let mut ann = come(&hall, 1, Options::loopback());
    let _bob = come(&hall, 2, Options::loopback());
    hears(&mut ann.track(Kind::Audio).await, 2).await;
    let mut cleo = come(&hall, 3, Options::loopback());
    let (mut first, mut second) = (cleo.track(Kind::Audio).await, cleo.track(Kind::Audio).await);
    assert_ne!(first.peer(), second.peer());
    if first.peer() > second.peer() {
        std::mem::swap(&mut first, &mut second);
    }
    tokio::join!(hears(&mut first, 1), hears(&mut second, 2));
    hears(&mut ann.track(Kind::Audio).await, 3).await;
}

#[tokio::test]
async fn a_lost_socket_ends_no_sound() {
    let hall = Hall::new(Arc::new(NoIce));
    let mut ann = come(&hall, 1, Options::loopback());
    let _bob = come(&hall, 2, Options::loopback());
    let mut of_bob = ann.track(Kind::Audio).await;
    hears(&mut of_bob, 2).await;
    hall.cut();
    // Who comes now is told to both, so both are back at their seats; and the way between them was found anew.
    let _cleo = come(&hall, 3, Options::loopback());
    hears(&mut ann.track(Kind::Audio).await, 3).await;
    for _ in 0..50 {
        hears(&mut of_bob, 2).await;
    }
}

#[tokio::test]
async fn sound_finds_its_way_by_the_built_in_relay_alone() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(0)));
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let secret = TurnSecret::new("north-of-the-river").unwrap();
    let clock = clock as Arc<dyn Clock>;
    let relay =
        TurnServer::start(socket, secret.clone(), RelayOptions::default(), clock, Arc::new(Unwatched));
    let relay = relay.unwrap();
    let address = format!("turn:{}?transport=udp", relay.address());
    let hall = Hall::new(Arc::new(SharedSecret::new(secret, vec![], vec![address])));
    let mut options = Options::loopback();
    options.relay_only = true;
    let mut ann = come(&hall, 1, options.clone());
    let mut bob = come(&hall, 2, options);
    let (mut of_bob, mut of_ann) = (ann.track(Kind::Audio).await, bob.track(Kind::Audio).await);
    tokio::join!(hears(&mut of_bob, 2), hears(&mut of_ann, 1));
    relay.close().await;
}
