//! Meetings over several nodes: who drives which, and the mail between them.
//!
//! A socket stays at the node that took it. When its room is driven by another one (its **route**), what the client says goes there as mail,
//! and what the room says comes back as mail. Mail goes through the database, whose bus, where there is one, makes it arrive sooner.
//!
//! An owner that falls silent loses its lease, and whoever joins next has their node drive the room anew. An owner that cannot reach the
//! database goes on with those whose sockets it holds: its mail would go nowhere, and when the database is back it sees whether the room is still its
//! own. Everybody else is told `moved`, and joins anew by themselves.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use rony_core::{
    Result,
    id::{NodeId, RoomId},
    room::{Mail, RoomCode},
};
use rony_rtc::{
    bus::{MAIL_LIFETIME, SignalBus, ToRoom, ToSocket},
    room::{Entrance, Input},
    signal::{LeaveAction, LeaveReason, Refusal, ServerBody},
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::{Shared, farewell, keeper, lock, settings};

/// How long an owner may be silent until another node may take its rooms, or the calls.
pub(crate) const LEASE: Duration = Duration::from_secs(6);
/// How often leases are renewed, and everything is compared with what is kept.
pub(crate) const TEND: Duration = Duration::from_millis(1500);
/// How long the database may take for that.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Letters that may wait to be sent; past that they are lost, and what they said is said again by those who talk.
pub(super) const WAITING: usize = 8192;
/// Letters that are sent or taken at once.
const AT_ONCE: usize = 256;
/// How often mail is sent again that must not be lost, and how long to wait before.
const INSISTING: usize = 30;
const AGAIN: Duration = Duration::from_secs(1);
/// How long a node looks often for more mail after some came.
const LIVELY: Duration = Duration::from_secs(3);
/// How often, then.
const OFTEN: Duration = Duration::from_millis(30);
/// How often old mail, and messages of meetings that nobody ended, are looked for.
const CLEARING: Duration = Duration::from_secs(10);

/// Who drives a room in which there are sockets of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) room: RoomId,
    pub(super) owner: NodeId,
    pub(super) epoch: u64,
}

/// What is in a letter from node to node.
#[derive(Serialize, Deserialize)]
struct Letter {
    from: NodeId,
    epoch: u64,
    room: RoomCode,
    says: Says,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Says {
    ToRoom(ToRoom),
    /// Somebody comes to the room of a call.
    Enter(Box<Entrance>),
    ToSocket(ToSocket),
}

/// Where letters are put that go to other nodes.
pub(super) struct Outbox {
    node: NodeId,
    letters: mpsc::Sender<Post>,
}

/// What is put into the outbox.
pub(super) enum Post {
    /// To be sent.
    Letter(Mail),
    /// To be sent, and tried again when it cannot be.
    Certain(Mail),
    /// Says when everything before it was sent, or is lost.
    Tell(oneshot::Sender<()>),
}

impl Outbox {
    pub(super) fn new(node: NodeId) -> (Self, mpsc::Receiver<Post>) {
        let (letters, queue) = mpsc::channel(WAITING);
        (Self { node, letters }, queue)
    }

    fn put(&self, to: NodeId, epoch: u64, room: RoomCode, says: Says) {
        let letter = Letter { from: self.node, epoch, room, says };
        let body = serde_json::to_string(&letter).expect("mail is plain data");
        if self.letters.try_send(Post::Letter(Mail { node: to, body })).is_err() {
            tracing::warn!(
                "more is said in meetings over several nodes than the database takes: some is lost and said again"
            );
        }
    }

    pub(super) fn post(&self, letter: Mail) {
        if self.letters.try_send(Post::Certain(letter)).is_err() {
            tracing::warn!(
                "more is said between nodes than the database takes: something about a call is lost"
            );
        }
    }

    /// To the node that drives a call: somebody comes to its room.
    pub(super) fn to_call(&self, owner: NodeId, epoch: u64, room: RoomCode, entrance: Entrance) {
        self.put(owner, epoch, room, Says::Enter(Box::new(entrance)));
    }

    /// Waits until everything was sent that was put in before.
    pub(super) async fn sent(&self) {
        let (done, waits) = oneshot::channel();
        if self.letters.send(Post::Tell(done)).await.is_ok() {
            let _ = waits.await;
        }
    }
}

impl SignalBus for Outbox {
    fn to_room(&self, owner: NodeId, epoch: u64, room: RoomCode, mail: ToRoom) {
        self.put(owner, epoch, room, Says::ToRoom(mail));
    }

    fn to_socket(&self, epoch: u64, room: RoomCode, mail: ToSocket) {
        self.put(mail.node(), epoch, room, Says::ToSocket(mail));
    }
}

/// Sends what is put into the outbox, until the node ends.
pub(super) async fn send(shared: Weak<Shared>, mut letters: mpsc::Receiver<Post>) {
    let mut posts = Vec::new();
    while letters.recv_many(&mut posts, AT_ONCE).await > 0 {
        let Some(shared) = shared.upgrade() else { return };
        let (mut mail, mut certain, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for post in posts.drain(..) {
            match post {
                Post::Letter(letter) => mail.push(letter),
                Post::Certain(letter) => {
                    certain.push(letter.clone());
                    mail.push(letter);
                }
                Post::Tell(done) => waiting.push(done),
            }
        }
        let mut sent = timeout(PATIENCE, shared.rony.rooms().send_mail(&mail)).await;
        if !certain.is_empty() {
            // In their order, before all that comes after them. What is said twice is one.
            for _ in 0..INSISTING {
                if matches!(sent, Ok(Ok(()))) {
                    break;
                }
                shared.clock.sleep(AGAIN).await;
                sent = timeout(PATIENCE, shared.rony.rooms().send_mail(&certain)).await;
            }
        }
        if !matches!(sent, Ok(Ok(()))) {
            tracing::warn!(
                letters = mail.len(),
                "mail between nodes was lost: the database does not take it"
            );
            // Those who talk say it again; not as fast as the database refuses it.
            shared.clock.sleep(OFTEN).await;
        }
        for done in waiting {
            let _ = done.send(());
        }
    }
}

/// Takes mail for this node.
pub(super) async fn receive(shared: Weak<Shared>) {
    let mut lively_until = Instant::now();
    loop {
        let Some(shared) = shared.upgrade() else { return };
        let (rony, busy) = (shared.rony.clone(), Arc::clone(&shared.busy));
        let taken = timeout(PATIENCE, rony.rooms().take_mail(shared.node, MAIL_LIFETIME, AT_ONCE)).await;
        let letters = match taken {
            Ok(Ok(letters)) => letters,
            _ => {
                let clock = Arc::clone(&shared.clock);
                drop(shared);
                clock.sleep(LIVELY).await;
                continue;
            }
        };
        let many = letters.len() >= AT_ONCE;
        if !letters.is_empty() {
            lively_until = Instant::now() + LIVELY;
        }
        for letter in letters {
            shared.open_letter(&letter);
        }
        drop(shared);
        if many {
            continue;
        }
        let pause = if Instant::now() < lively_until { OFTEN } else { rony.settings().poll };
        // A meeting that begins here is worth a look at once: others may say something soon.
        let _ = timeout(pause, async {
            tokio::select! {
                () = rony.mail_came() => {}
                () = busy.notified() => {}
            }
        })
        .await;
    }
}

/// Keeps what goes on here in step with what is kept.
pub(super) async fn tend(shared: Weak<Shared>) {
    let mut beat = interval(TEND);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut clear_at = Instant::now();
    loop {
        beat.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        let clear = Instant::now() >= clear_at;
        let work = async {
            shared.tend_own().await?;
            shared.tend_routes().await?;
            if clear {
                shared.rony.rooms().prune_mail(MAIL_LIFETIME).await?;
                keeper::close_abandoned(&shared).await?;
            }
            Ok::<_, rony_core::Error>(())
        };
        match timeout(PATIENCE, work).await {
            Ok(Ok(())) if clear => clear_at = Instant::now() + CLEARING,
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "meetings could not be compared with what is kept of them");
            }
            Err(_) => tracing::warn!("meetings could not be compared with what is kept of them in time"),
        }
    }
}

/// Whether the mail says that the room goes on elsewhere.
fn is_move(mail: &ToSocket) -> bool {
    let ToSocket::Send { message, .. } = mail else { return false };
    matches!(*message.body, ServerBody::Leave { reason: LeaveReason::Moved, .. })
}

impl Shared {
    fn open_letter(self: &Arc<Self>, letter: &str) {
        let unread = match serde_json::from_str(letter) {
            Ok(letter) => return self.deliver(letter),
            Err(error) => error,
        };
        match (serde_json::from_str(letter), self.calls.get()) {
            // At once, so that what is said about a call and in its room comes in order.
            (Ok(letter), Some(calls)) => (calls.hear)(letter),
            (Ok(_), None) => {}
            (Err(_), _) => tracing::warn!(error = %unread, "mail of another version cannot be read"),
        }
    }

    /// Somebody comes by way of another node to the room of a call that is driven here.
    fn come_to_call(self: &Arc<Self>, epoch: u64, code: RoomCode, entrance: &Entrance) {
        let door = self.calls.get().map(|calls| &calls.door);
        let user = entrance.person.user_id();
        let room = door.zip(user).and_then(|(door, user)| door(code, user)).filter(|(_, own)| *own == epoch);
        if let Some((room, epoch)) = room {
            self.enter_call(&room, epoch, entrance);
            return;
        }
        let refusal = Refusal::NoSuchRoom;
        let message = farewell(ServerBody::Error { id: None, code: refusal, detail: refusal.to_string() });
        let connection = entrance.connection;
        self.outbox.to_socket(epoch, code, ToSocket::Send { to: connection, message });
        self.outbox.to_socket(epoch, code, ToSocket::Close { connection });
    }

    fn deliver(self: &Arc<Self>, letter: Letter) {
        let Letter { from, epoch, room, says } = letter;
        match says {
            Says::ToRoom(mail) => {
                let open = lock(&self.rooms).get(&room).map(Arc::clone);
                // What is for an earlier meeting is thrown away.
                let Some(open) = open.filter(|open| open.epoch == epoch) else { return };
                if let Ok(input) = mail.into_input() {
                    open.tell(self, input);
                }
            }
            Says::Enter(entrance) => self.come_to_call(epoch, room, &entrance),
            Says::ToSocket(mail) => {
                let mut routes = lock(&self.routes);
                let Some(route) = routes.get_mut(&room).filter(|route| route.epoch <= epoch) else { return };
                (route.owner, route.epoch) = (from, epoch);
                let route = *route;
                drop(routes);
                if mail.node() != self.node {
                    return;
                }
                if is_move(&mail) {
                    // What is true for one socket is so for all in this room.
                    self.lose_route(room, route);
                } else {
                    self.to_socket(room, mail);
                }
            }
        }
    }

    /// Gives a socket of this node what its room says.
    pub(super) fn to_socket(&self, room: RoomCode, mail: ToSocket) {
        match mail {
            ToSocket::Send { to, message } => {
                let phone = lock(&self.phones).get(&to).map(Arc::clone);
                if let Some(phone) = phone {
                    phone.say(room, &message);
                }
            }
            ToSocket::Close { connection } => {
                let phone = lock(&self.phones).remove(&connection);
                if let Some(phone) = phone {
                    phone.forget(room, connection);
                }
            }
            // Of a later version than this one.
            _ => {}
        }
    }

    /// Renews the leases of the rooms that are driven here, and tells each what changed about it.
    async fn tend_own(self: &Arc<Self>) -> Result<()> {
        let opens: Vec<_> = lock(&self.rooms).values().filter(|open| !open.of_call).map(Arc::clone).collect();
        if opens.is_empty() {
            return Ok(());
        }
        let rooms = self.rony.rooms();
        let leases: Vec<_> = opens.iter().map(|open| (open.id, open.epoch)).collect();
        let renewed: HashSet<_> = rooms.renew(self.node, &leases, LEASE).await?.into_iter().collect();
        let ids: Vec<_> = opens.iter().map(|open| open.id).collect();
        let doors = rooms.doors(&ids).await?;
        let doors: HashMap<RoomId, _> = doors.iter().map(|door| (door.room.id, &door.room)).collect();
        for open in &opens {
            match doors.get(&open.id) {
                None => drop(open.tell(self, Input::End)),
                Some(_) if !renewed.contains(&open.id) => open.step_down(self),
                Some(kept) => open.tell_if_new(self, &settings(kept)),
            }
        }
        // People are read before the members are: who became one in between counts.
        let mut present = Vec::new();
        for open in opens {
            if let Some(place) = open.conversation {
                present.extend(open.members().into_iter().map(|user| ((place, user), Arc::clone(&open))));
            }
        }
        let asked: Vec<_> = present.iter().map(|(person, _)| *person).collect();
        let members: HashSet<_> = rooms.members(&asked).await?.into_iter().collect();
        for (person, open) in present {
            if !members.contains(&person) {
                open.tell(self, Input::Out(person.1));
            }
        }
        Ok(())
    }

    /// Looks whether the rooms that others drive are still driven by them.
    async fn tend_routes(&self) -> Result<()> {
        let used: HashSet<RoomCode> = lock(&self.phones).values().flat_map(|phone| phone.rooms()).collect();
        lock(&self.routes).retain(|code, _| used.contains(code));
        let routes: Vec<(RoomCode, Route)> =
            lock(&self.routes).iter().map(|(code, route)| (*code, *route)).collect();
        if routes.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = routes.iter().map(|(_, route)| route.room).collect();
        let leases: HashMap<_, _> = self.rony.rooms().leases(&ids).await?.into_iter().collect();
        for (code, route) in routes {
            let holds = leases.get(&route.room);
            if holds.is_none_or(|lease| (lease.node, lease.epoch) != (route.owner, route.epoch)) {
                self.lose_route(code, route);
            }
        }
        Ok(())
    }

    /// A room is not driven any more where it was: all who are in it by way of this node join anew.
    fn lose_route(&self, code: RoomCode, lost: Route) {
        let mut routes = lock(&self.routes);
        if routes.get(&code).is_some_and(|route| route.epoch <= lost.epoch) {
            routes.remove(&code);
            drop(routes);
            self.send_elsewhere(code, None);
        }
    }

    /// Tells the sockets in a room that it goes on elsewhere; not the one that has just asked to be let in.
    pub(super) fn send_elsewhere(&self, code: RoomCode, except: Option<rony_rtc::id::ConnectionId>) {
        let phones = lock(&self.phones);
        let there = phones.iter().filter(|(connection, phone)| {
            Some(**connection) != except && phone.connection(code) == Some(**connection)
        });
        let there: Vec<_> = there.map(|(connection, phone)| (*connection, Arc::clone(phone))).collect();
        drop(phones);
        for (connection, phone) in there {
            lock(&self.phones).remove(&connection);
            phone.forget(code, connection);
            let (reason, action) = (LeaveReason::Moved, LeaveAction::Reconnect);
            phone.say(code, &farewell(ServerBody::Leave { reason, action }));
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
