//! Facts about the built-in STUN and TURN server, by another implementation's client over loopback.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rony_core::time::{ManualClock, Timestamp};
use rony_rtc::{
    ice::{Credential, TurnSecret},
    turn::{Options, Refused, TurnServer, Watch},
};
use stun::{
    attributes::{ATTR_REALM, ATTR_USERNAME},
    error_code::ErrorCodeAttribute,
    integrity::MessageIntegrity,
    message::{
        CLASS_ERROR_RESPONSE, CLASS_REQUEST, CLASS_SUCCESS_RESPONSE, Getter as _, METHOD_ALLOCATE,
        METHOD_CREATE_PERMISSION, METHOD_REFRESH, Message, MessageType, Method, Setter,
    },
    textattrs::{Nonce, Realm, TextAttribute, Username},
};
use tokio::{net::UdpSocket, time::timeout};
use turn::{
    client::{Client, ClientConfig},
    proto::{
        PROTO_UDP, evenport::EvenPort, lifetime::Lifetime, peeraddr::PeerAddress, relayaddr::RelayedAddress,
        reqtrans::RequestedTransport,
    },
};
use util::Conn;

const SOON: Duration = Duration::from_secs(10);
/// What is not to come has had time to come when what was sent after it is there; where nothing follows, this long is waited.
const NEVER: Duration = Duration::from_millis(300);

#[derive(Default)]
struct Counted {
    live: AtomicUsize,
    bytes: AtomicUsize,
    addresses: AtomicUsize,
    rates: AtomicUsize,
}

impl Watch for Counted {
    fn allocations(&self, live: usize) {
        self.live.store(live, Ordering::SeqCst);
    }

    fn relayed(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::SeqCst);
    }

    fn refused(&self, why: Refused) {
        match why {
            Refused::Address => drop(self.addresses.fetch_add(1, Ordering::SeqCst)),
            Refused::Rate => drop(self.rates.fetch_add(1, Ordering::SeqCst)),
            _ => {}
        }
    }
}

struct World {
    server: TurnServer,
    clock: Arc<ManualClock>,
    counted: Arc<Counted>,
}

fn secret() -> TurnSecret {
    TurnSecret::new("north-of-the-river").unwrap()
}

/// What Rony gives `user` in its first second, for a minute.
fn credential(user: &str) -> Credential {
    secret().credential(Timestamp::from_millis(60_000), user)
}

impl World {
    async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(0)));
        let mut options = Options::default();
        change(&mut options);
        let counted = Arc::new(Counted::default());
        let watch = Arc::clone(&counted) as Arc<dyn Watch>;
        let server = TurnServer::start(socket, secret(), options, clock.clone(), watch).unwrap();
        Self { server, clock, counted }
    }

    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn client(&self, credential: Credential) -> Client {
        client_of(self.server.address().to_string(), credential.username, credential.password).await
    }

    async fn raw(&self) -> Raw {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        socket.connect(self.server.address()).await.unwrap();
        Raw { socket, nonce: None }
    }
}

/// A client that can be made to say anything.
struct Raw {
    socket: UdpSocket,
    nonce: Option<String>,
}

impl Raw {
    async fn ask(&mut self, credential: &Credential, method: Method, more: Vec<Box<dyn Setter>>) -> Message {
        if self.nonce.is_none() {
            let transport = RequestedTransport { protocol: PROTO_UDP };
            let challenge = self.exchange(METHOD_ALLOCATE, vec![Box::new(transport)]).await;
            let mut nonce = Nonce::new(stun::attributes::ATTR_NONCE, String::new());
            nonce.get_from(&challenge).unwrap();
            self.nonce = Some(nonce.text);
        }
        let nonce = self.nonce.clone().unwrap();
        let integrity = MessageIntegrity::new_long_term_integrity(
            credential.username.clone(),
            "rony".to_owned(),
            credential.password.clone(),
        );
        let mut attributes = more;
        attributes.push(Box::new(Username::new(ATTR_USERNAME, credential.username.clone())));
        attributes.push(Box::new(Realm::new(ATTR_REALM, "rony".to_owned())));
        attributes.push(Box::new(TextAttribute::new(stun::attributes::ATTR_NONCE, nonce)));
        attributes.push(Box::new(integrity));
        self.exchange(method, attributes).await
    }

    async fn exchange(&self, method: Method, attributes: Vec<Box<dyn Setter>>) -> Message {
        let mut message = Message::new();
        let head: Box<dyn Setter> = Box::new(MessageType::new(method, CLASS_REQUEST));
        message.new_transaction_id().unwrap();
        let all: Vec<Box<dyn Setter>> = std::iter::once(head).chain(attributes).collect();
        message.build(&all).unwrap();
        self.socket.send(&message.raw).await.unwrap();
        let mut buffer = [0; 1500];
        let length = timeout(SOON, self.socket.recv(&mut buffer)).await.expect("an answer").unwrap();
        let mut answer = Message::new();
        answer.write(&buffer[..length]).unwrap();
        assert_eq!(answer.transaction_id, message.transaction_id);
        answer
    }

    async fn allocate(&mut self, credential: &Credential) -> Message {
        self.ask(credential, METHOD_ALLOCATE, vec![Box::new(RequestedTransport { protocol: PROTO_UDP })])
            .await
    }

    async fn permit(&mut self, credential: &Credential, peer: &str) -> Message {
        let peer: SocketAddr = peer.parse().unwrap();
        let peer = PeerAddress { ip: peer.ip(), port: peer.port() };
        self.ask(credential, METHOD_CREATE_PERMISSION, vec![Box::new(peer)]).await
    }
}

/// The code of an error; 0 for what succeeded.
fn code(answer: &Message) -> u16 {
    if answer.typ.class == CLASS_SUCCESS_RESPONSE {
        return 0;
    }
    assert_eq!(answer.typ.class, CLASS_ERROR_RESPONSE);
    let mut error = ErrorCodeAttribute::default();
    error.get_from(answer).unwrap();
    error.code.0
}

#[tokio::test]
async fn a_device_learns_the_address_it_comes_from() {
    let world = World::new().await;
    let client = world.client(credential("ann")).await;
    let seen = client.send_binding_request().await.unwrap();
    assert!(seen.ip().is_loopback() && seen.port() != 0);
}

#[tokio::test]
async fn two_people_who_both_reach_the_relay_reach_each_other() {
    // As behind NAT: the address that both are told leads nowhere from here.
    let outside: Ipv4Addr = [192, 0, 2, 77].into();
    let world = World::with(|options| options.external_ip = vec![outside.into()]).await;
    let (ann, bob) = (world.client(credential("ann")).await, world.client(credential("bob")).await);
    let (a, b) = (ann.allocate().await.unwrap(), bob.allocate().await.unwrap());
    let (at_a, at_b) = (a.local_addr().unwrap(), b.local_addr().unwrap());
    assert_eq!((at_a.ip(), at_b.ip()), (outside.into(), outside.into()));
    // Both ask for the permission; the first packets may come before the other's is there.
    let mut buffer = [0; 1500];
    let heard = timeout(SOON, async {
        loop {
            a.send_to(b"hello bob", at_b).await.unwrap();
            b.send_to(b"hello ann", at_a).await.unwrap();
            if let Ok(heard) = timeout(NEVER, b.recv_from(&mut buffer)).await {
                break heard.unwrap();
            }
        }
    });
    let (length, from) = heard.await.expect("bob hears ann");
    assert_eq!((&buffer[..length], from), (&b"hello bob"[..], at_a));
    let (length, from) = timeout(SOON, a.recv_from(&mut buffer)).await.expect("ann hears bob").unwrap();
    assert_eq!((&buffer[..length], from), (&b"hello ann"[..], at_b));
    assert_eq!(world.counted.live.load(Ordering::SeqCst), 2);
    assert!(world.counted.bytes.load(Ordering::SeqCst) >= 36);
}

#[tokio::test]
async fn nobody_relays_without_a_credential_that_is_good() {
    let world = World::new().await;
    let good = credential("ann");
    let forged = Credential { password: "c2VjcmV0".to_owned(), ..good.clone() };
    let others = Credential { username: "60:bob".to_owned(), ..good.clone() };
    let expired = secret().credential(Timestamp::from_millis(0), "ann");
    let nobodys = Credential { username: "ann".to_owned(), ..good.clone() };
    for bad in [forged, others, expired, nobodys] {
        assert_eq!(code(&world.raw().await.allocate(&bad).await), 400, "{bad:?}");
    }
    assert_eq!(world.counted.live.load(Ordering::SeqCst), 0);
    assert_eq!(code(&world.raw().await.allocate(&good).await), 0);
}

#[tokio::test]
async fn whoever_has_an_allocation_keeps_it_when_the_hour_is_over() {
    let world = World::new().await;
    let (mut early, mut late) = (world.raw().await, world.raw().await);
    assert_eq!(code(&early.allocate(&credential("ann")).await), 0);
    world.clock.advance(Duration::from_secs(61));
    let more = || -> Vec<Box<dyn Setter>> { vec![Box::new(Lifetime(Duration::from_secs(600)))] };
    assert_eq!(code(&early.ask(&credential("ann"), METHOD_REFRESH, more()).await), 0);
    assert_eq!(code(&early.permit(&credential("ann"), "9.9.9.9:9").await), 0);
    // But begins none, and nobody goes on with it by another name.
    assert_eq!(code(&late.allocate(&credential("ann")).await), 400);
    assert_eq!(code(&early.ask(&credential("bob"), METHOD_REFRESH, more()).await), 400);
}

#[tokio::test]
async fn nobody_is_let_to_what_is_not_a_persons_device() {
    let world = World::new().await;
    let mut ann = world.raw().await;
    let ours = credential("ann");
    assert_eq!(code(&ann.allocate(&ours).await), 0);
    let denied = [
        "127.0.0.2:5432",
        "10.0.0.1:80",
        "192.168.1.1:80",
        "172.16.0.1:80",
        "100.64.0.1:80",
        "169.254.169.254:80",
        "168.63.129.16:80",
        "0.0.0.0:80",
        "224.0.0.1:80",
        "255.255.255.255:80",
        "[::1]:80",
        "[fd00:ec2::254]:80",
        "[::ffff:10.0.0.1]:80",
        "[64:ff9b::a9fe:a9fe]:80",
    ];
    for peer in denied {
        assert_eq!(code(&ann.permit(&ours, peer).await), 403, "{peer}");
    }
    assert_eq!(code(&ann.permit(&ours, "9.9.9.9:80").await), 0);
    assert_eq!(world.counted.addresses.load(Ordering::SeqCst), denied.len());
}

#[tokio::test]
async fn private_addresses_are_reached_where_the_operator_says_so() {
    let world = World::with(|options| options.allow_lan = true).await;
    let mut ann = world.raw().await;
    assert_eq!(code(&ann.allocate(&credential("ann")).await), 0);
    assert_eq!(code(&ann.permit(&credential("ann"), "192.168.255.254:80").await), 0);
    for peer in ["127.0.0.2:80", "169.254.169.254:80", "100.100.100.200:80"] {
        assert_eq!(code(&ann.permit(&credential("ann"), peer).await), 403, "{peer}");
    }
}

#[tokio::test]
async fn a_permission_for_the_relay_itself_opens_no_other_port_of_its_machine() {
    let world = World::new().await;
    let service = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (ann, bob) = (world.client(credential("ann")).await, world.client(credential("bob")).await);
    let (a, b) = (ann.allocate().await.unwrap(), bob.allocate().await.unwrap());
    // The relays are at 127.0.0.1, and so is the service.
    a.send_to(b"let me in", service.local_addr().unwrap()).await.unwrap();
    let mut buffer = [0; 64];
    assert!(timeout(NEVER, service.recv_from(&mut buffer)).await.is_err());
    assert!(world.counted.addresses.load(Ordering::SeqCst) >= 1);
    // Nor does the service reach her, although her permission is for its address.
    service.send_to(b"hello", a.local_addr().unwrap()).await.unwrap();
    b.send_to(b"hello", a.local_addr().unwrap()).await.unwrap();
    let (_, from) = timeout(SOON, a.recv_from(&mut buffer)).await.expect("bob's packet").unwrap();
    assert_eq!(from, b.local_addr().unwrap());
}

#[tokio::test]
async fn a_person_has_a_few_allocations_and_all_together_have_some_more() {
    let world = World::with(|options| {
        options.quotas.per_person = 2;
        options.quotas.total = 3;
    })
    .await;
    let mut raws = [world.raw().await, world.raw().await, world.raw().await, world.raw().await];
    let [first, second, third, fourth] = &mut raws;
    assert_eq!(code(&first.allocate(&credential("ann")).await), 0);
    assert_eq!(code(&second.allocate(&credential("ann")).await), 0);
    // A newer credential makes nobody another person.
    let newer = secret().credential(Timestamp::from_millis(90_000), "ann");
    assert_eq!(code(&third.allocate(&newer).await), 486);
    assert_eq!(code(&third.allocate(&credential("bob")).await), 0);
    assert_eq!(code(&fourth.allocate(&credential("cleo")).await), 508);
    // What is given back is free.
    let end: Vec<Box<dyn Setter>> = vec![Box::new(Lifetime(Duration::ZERO))];
    assert_eq!(code(&first.ask(&credential("ann"), METHOD_REFRESH, end).await), 0);
    assert_eq!(world.counted.live.load(Ordering::SeqCst), 2);
    assert_eq!(code(&fourth.allocate(&credential("ann")).await), 0);
}

#[tokio::test]
async fn allocations_are_in_the_range_of_ports() {
    // Of these, some may be in use on this machine; never are others given.
    let world = World::with(|options| options.ports = 40_000..=40_063).await;
    for user in ["ann", "bob", "cleo"] {
        let mut raw = world.raw().await;
        let answer = raw.allocate(&credential(user)).await;
        let mut relayed = RelayedAddress::default();
        relayed.get_from(&answer).unwrap();
        assert!((40_000..=40_063).contains(&relayed.port), "{}", relayed.port);
        assert!(relayed.ip.is_loopback());
    }
}

#[tokio::test]
async fn more_than_an_allocation_may_carry_is_lost() {
    let world = World::with(|options| options.quotas.bytes_per_second = 1000).await;
    let (ann, bob) = (world.client(credential("ann")).await, world.client(credential("bob")).await);
    let (a, b) = (ann.allocate().await.unwrap(), bob.allocate().await.unwrap());
    b.send_to(b"x", a.local_addr().unwrap()).await.unwrap();
    // The clock stands still, so nothing flows in after two seconds' worth.
    for _ in 0..5 {
        a.send_to(&[7; 900], b.local_addr().unwrap()).await.unwrap();
    }
    let mut buffer = [0; 1500];
    for _ in 0..2 {
        let (length, _) = timeout(SOON, b.recv_from(&mut buffer)).await.expect("within the limit").unwrap();
        assert_eq!(length, 900);
    }
    assert!(timeout(NEVER, b.recv_from(&mut buffer)).await.is_err());
    assert_eq!(world.counted.rates.load(Ordering::SeqCst), 3);
    world.clock.advance(Duration::from_secs(2));
    a.send_to(&[8; 900], b.local_addr().unwrap()).await.unwrap();
    assert_eq!(timeout(SOON, b.recv_from(&mut buffer)).await.expect("a new second").unwrap().0, 900);
}

#[tokio::test]
async fn who_asks_without_end_is_not_answered() {
    let world = World::with(|options| options.quotas.requests_per_second = 2).await;
    let raw = world.raw().await;
    for _ in 0..10 {
        raw.exchange(stun::message::METHOD_BINDING, vec![]).await;
    }
    let mut message = Message::new();
    message.build(&[Box::new(stun::message::BINDING_REQUEST)]).unwrap();
    raw.socket.send(&message.raw).await.unwrap();
    assert!(timeout(NEVER, raw.socket.recv(&mut [0; 100])).await.is_err());
    world.clock.advance(Duration::from_secs(1));
    raw.exchange(stun::message::METHOD_BINDING, vec![]).await;
}

#[tokio::test]
async fn what_makes_no_sense_ends_nothing() {
    let world = World::new().await;
    let mut raw = world.raw().await;
    for junk in [&[][..], &[0x40, 0, 0xff, 0xff], &[0x40, 0, 0, 1, 9], &[0; 20], &[0xff; 1400]] {
        raw.socket.send(junk).await.unwrap();
    }
    // The head of a message, and then a lie about what follows.
    let mut lie = Message::new();
    lie.build(&[Box::new(MessageType::new(METHOD_ALLOCATE, CLASS_REQUEST))]).unwrap();
    lie.raw.extend([0, 6, 0xff, 0xff, 1]);
    lie.raw[3] = 5;
    raw.socket.send(&lie.raw).await.unwrap();
    let even = EvenPort::default();
    let transport = RequestedTransport { protocol: PROTO_UDP };
    let attributes: Vec<Box<dyn Setter>> = vec![Box::new(transport), Box::new(even)];
    assert_eq!(code(&raw.ask(&credential("ann"), METHOD_ALLOCATE, attributes).await), 508);
    // What belongs to no allocation is told so.
    assert_eq!(code(&raw.permit(&credential("ann"), "9.9.9.9:9").await), 437);
    assert_eq!(code(&raw.allocate(&credential("ann")).await), 0);
}

#[tokio::test]
async fn what_is_closed_frees_its_port() {
    let world = World::new().await;
    let address = world.server.address();
    let mut raw = world.raw().await;
    assert_eq!(code(&raw.allocate(&credential("ann")).await), 0);
    world.server.close().await;
    assert_eq!(world.counted.live.load(Ordering::SeqCst), 0);
    UdpSocket::bind(address).await.expect("the port is free again");
}

/// A client of the relay at `server`, which answers.
pub(crate) async fn client_of(server: String, username: String, password: String) -> Client {
    let client = Client::new(ClientConfig {
        stun_serv_addr: server.clone(),
        turn_serv_addr: server,
        username,
        password,
        realm: String::new(),
        software: String::new(),
        rto_in_ms: 0,
        conn: Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap()),
        vnet: None,
    });
    let client = client.await.unwrap();
    client.listen().await.unwrap();
    client
}
