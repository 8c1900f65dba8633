//! What may be done with rooms.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

use super::{
    AddGuest, AddRoom, ChangeRoom, DeleteRoom, Door, Guest, KeepCoHost, Lease, LeaseStore, ListRooms, Mail,
    NewRoom, Note, Proof, Room, RoomChange, RoomCode, RoomMade, RoomPreview, RoomStore, guest_name,
    rule::{no_guests, unknown},
};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    audit::Entry,
    bus::{Bus, Signal},
    id::{ConversationId, GuestId, NodeId, RoomId, UserId},
    page::{Cursor, Limit, Page},
    password::{PasswordHasher, hash_given},
    secret::{Secret, Token, TokenKind},
    session::{
        Links, SignInStore,
        limit::{Anonymous, anonymous, room_password},
    },
    time::{Clock, Timestamp},
    user::UserStore,
};

/// How long a guest's token lasts: longer than any meeting that somebody sits through.
const GUEST_TOKEN: Duration = Duration::from_secs(12 * 60 * 60);
/// The list's name in its cursors.
const LIST: &str = "rooms";

/// The use cases of rooms. Made by [`crate::Rony::rooms`].
pub struct Rooms<'r> {
    pub(crate) store: &'r dyn RoomStore,
    pub(crate) leases: &'r dyn LeaseStore,
    pub(crate) bus: &'r dyn Bus,
    pub(crate) node: NodeId,
    pub(crate) users: &'r dyn UserStore,
    pub(crate) limits: &'r dyn SignInStore,
    pub(crate) links: Links<'r>,
    pub(crate) hasher: &'r dyn PasswordHasher,
    pub(crate) clock: &'r dyn Clock,
}

/// Who comes to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// Somebody with an account, and the name that others see.
    Person(UserId, String),
    /// Somebody without one.
    Guest(GuestId),
}

/// Somebody stands before a room's door. Whether they come in is not said by that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Who.
    pub visitor: Visitor,
    /// Where.
    pub door: Door,
    /// They have an account, and are not of the conversation that meets here, where one does: they knock as guests do.
    pub outsider: bool,
}

/// What a guest is given.
#[derive(Clone, Debug)]
pub struct GuestPass {
    /// What opens the gateway for this room: shown now, and never again.
    pub token: Token,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Who they are.
    pub guest: Guest,
    /// Where they may ask to come in.
    pub room: RoomPreview,
}

impl Rooms<'_> {
    /// Makes a room; of a conversation the one that is there, if there is one, which changes hands when its owner has left the conversation.
    ///
    /// # Errors
    ///
    /// What [`NewRoom::validate`] and [`super::may_make`] say, and [`crate::permission::check`] of writing in the conversation.
    pub async fn create(&self, actor: &Actor, new: NewRoom) -> Result<RoomMade> {
        let (owner_id, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let NewRoom { client_id, title, conversation_id, guests, lobby, locked, password } =
            new.validate()?;
        let password = hash_given(self.hasher, password).await?;
        let room = Room {
            id: RoomId::new(at),
            code: RoomCode::random()?,
            title,
            owner_id,
            conversation_id,
            guests,
            lobby,
            locked,
            has_password: password.is_some(),
            scheduled: false,
            created_at: at,
            co_hosts: Vec::new(),
        };
        let entry = Entry::new(at, "room.created").by(actor).to(room.id);
        self.store.add_room(&AddRoom { room, client_id, password, entry }).await
    }

    /// One room that the actor owns or sees as a member of its conversation.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for others.
    pub async fn get(&self, actor: &Actor, id: RoomId) -> Result<Room> {
        self.store.room(actor.user(Scope::Read)?, id).await
    }

    /// The rooms that the actor owns or sees as a member, the newest first; of one conversation, where it is named.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not give.
    pub async fn list(
        &self,
        actor: &Actor,
        conversation_id: Option<ConversationId>,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Room>> {
        let reader = actor.user(Scope::Read)?;
        let before = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let list = ListRooms { reader, conversation_id, before, limit: limit.rows() };
        Ok(Page::cut(self.store.rooms(&list).await?, limit, LIST, |room| room.id))
    }

    /// Changes a room of the actor's.
    ///
    /// # Errors
    ///
    /// What [`RoomChange::validate`] and [`super::keeps`] say.
    pub async fn change(&self, actor: &Actor, id: RoomId, change: RoomChange) -> Result<Room> {
        let (by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let change = change.validate()?;
        let password = hash_given(self.hasher, change.password.clone().flatten()).await?;
        let entry = Entry::new(at, "room.changed").by(actor).to(id);
        self.store.change_room(&ChangeRoom { id, by, at, change, password, entry }).await
    }

    /// Deletes a room of the actor's: its code leads nowhere any more. What it was.
    ///
    /// # Errors
    ///
    /// What [`super::keeps`] and [`super::may_delete`] say.
    pub async fn delete(&self, actor: &Actor, id: RoomId) -> Result<Room> {
        let (by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let entry = Entry::new(at, "room.deleted").by(actor).to(id);
        self.store.delete_room(&DeleteRoom { id, by, at, entry }).await
    }

    /// What there is behind a code. Nobody needs to be signed in.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `room_unknown`; [`Error::RateLimited`] after too many wrong codes from an address.
    pub async fn preview(&self, code: &str, address: Option<IpAddr>) -> Result<RoomPreview> {
        Ok(self.find(code, address).await?.preview())
    }

    /// Gives somebody without an account what opens the gateway for one room, for some hours. Whether they come in is decided at the door.
    ///
    /// # Errors
    ///
    /// As [`Self::preview`]; [`Error::Forbidden`] with code `guests_not_allowed`; [`Error::Invalid`] for a name that cannot be read;
    /// [`Error::RateLimited`] also for too many guests from an address.
    pub async fn invite_in(&self, code: &str, name: &str, address: Option<IpAddr>) -> Result<GuestPass> {
        let name = guest_name(name)?;
        let door = self.find(code, address).await?;
        if !door.room.guests {
            return Err(no_guests());
        }
        let (at, token) = (self.clock.now(), Token::generate(TokenKind::Guest)?);
        self.limits.charge(&anonymous(Anonymous::Guest, address), at).await?;
        let guest = Guest { id: GuestId::new(at), room_id: door.room.id, name };
        let expires_at = at.plus(GUEST_TOKEN);
        let add = AddGuest { guest: guest.clone(), token: token.hash(), at, expires_at };
        self.store.add_guest(&add).await?;
        Ok(GuestPass { token, expires_at, guest, room: door.preview() })
    }

    /// Whoever shows a guest's token, as an actor who may come to one room; and the room. It is looked at now: where guests may not come any
    /// more, none is known.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] with code `guest_expired`; [`Error::Forbidden`] with code `guests_not_allowed`.
    pub async fn guest(&self, token: &Secret) -> Result<(Actor, Guest, RoomPreview)> {
        let over =
            || Error::Unauthenticated { code: "guest_expired", detail: "Open the meeting's link again." };
        let token = Token::parse_as(TokenKind::Guest, token.reveal()).map_err(|_| over())?;
        let (guest, door) = self.store.guest(&token.hash(), self.clock.now()).await?.ok_or_else(over)?;
        if !door.room.guests {
            return Err(no_guests());
        }
        let actor = Actor::guest(guest.room_id, guest.id);
        Ok((actor, guest, door.preview()))
    }

    /// The actor stands before the door of the room with this code.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `room_unknown`, for a guest also about every room but their own; [`Error::RateLimited`] after too many
    /// wrong codes from the actor's address; [`Error::Forbidden`] for a token that may not write.
    pub async fn visit(&self, actor: &Actor, code: RoomCode) -> Result<Visit> {
        if let Some((room, guest)) = actor.as_guest() {
            let door = self.look(code).await?;
            if door.room.id != room {
                return Err(unknown());
            }
            return Ok(Visit { visitor: Visitor::Guest(guest), door, outsider: false });
        }
        let user = actor.user(Scope::Write)?;
        let door = self.links.follow_as(user, actor.address(), self.look(code)).await?;
        let name = self.users.user(user).await?.display_name.to_string();
        let outsider = match door.room.conversation_id {
            Some(place) => self.leases.members_of(&[(place, user)]).await?.is_empty(),
            None => false,
        };
        Ok(Visit { visitor: Visitor::Person(user, name), door, outsider })
    }

    /// Compares what somebody typed with the room's password.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] after too many wrong ones from an address or for the room.
    pub async fn prove(
        &self,
        door: &Door,
        password: Option<&Secret>,
        address: Option<IpAddr>,
    ) -> Result<Proof> {
        let (Some(hash), Some(password)) = (&door.password, password) else { return Ok(Proof::Missing) };
        let charges = room_password(door.room.id, address);
        let right = self.links.opens(&charges, self.hasher, password, hash).await?;
        Ok(if right { Proof::Right } else { Proof::Wrong })
    }

    /// Keeps that somebody is a co-host of a room, or is so no more, as its owner said in the meeting: whoever drives the meeting made
    /// sure of that.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the room is gone.
    pub async fn keep_co_host(&self, room: RoomId, by: UserId, user: UserId, on: bool) -> Result<()> {
        let at = self.clock.now();
        let action = if on { "room.co_host_added" } else { "room.co_host_removed" };
        let entry = Entry::new(at, action).by_person(by).to(room).with("user_id", user.to_string());
        self.store.keep_co_host(&KeepCoHost { room, user, on, at, entry }).await
    }

    /// Removes tokens of guests that ended. A job that [`crate::Rony::run`] does.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn collect(&self) -> Result<()> {
        self.store.prune_guests(self.clock.now()).await
    }

    /// What is no code counts as a wrong one: whoever tries letters learns nothing by leaving some out.
    async fn find(&self, code: &str, address: Option<IpAddr>) -> Result<Door> {
        let look = async { self.look(code.parse().map_err(|_| unknown())?).await };
        self.links.follow(address, look).await
    }

    async fn look(&self, code: RoomCode) -> Result<Door> {
        self.store.door(code).await?.ok_or_else(unknown)
    }
}

/// What a node that drives meetings needs. None of it is for people: they come by [`Rooms::visit`].
impl Rooms<'_> {
    /// Gives a node the lease of a room, unless another one has it; see [`LeaseStore::acquire_lease`].
    ///
    /// # Errors
    ///
    /// When the database is away; so for all of these.
    pub async fn acquire(&self, room: RoomId, node: NodeId, span: Duration) -> Result<Option<Lease>> {
        self.leases.acquire_lease(room, node, span).await
    }

    /// Renews the leases of a node; those that it still has.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn renew(&self, node: NodeId, rooms: &[(RoomId, u64)], span: Duration) -> Result<Vec<RoomId>> {
        self.leases.renew_leases(node, rooms, span).await
    }

    /// Ends the lease of a meeting that is over or goes elsewhere.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn release(&self, room: RoomId, node: NodeId, epoch: u64) -> Result<()> {
        self.leases.release_lease(room, node, epoch).await
    }

    /// The leases of these rooms that hold.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn leases(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Lease)>> {
        self.leases.leases(rooms).await
    }

    /// Writes down which message says that a meeting goes on, or that none does.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn note_meeting(
        &self,
        room: RoomId,
        node: NodeId,
        epoch: u64,
        note: Option<Note>,
    ) -> Result<()> {
        self.leases.note_meeting(room, node, epoch, note).await
    }

    /// The notes of meetings that ended without a word longer than `span` ago, with the moment. Whoever asks says that they are over, which may be
    /// said twice, and then [clears](Self::clear_note) them.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn abandoned(&self, span: Duration) -> Result<Vec<(RoomId, Note, Timestamp)>> {
        self.leases.left_notes(span).await
    }

    /// It was said of a meeting that it is over.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn clear_note(&self, room: RoomId, note: &Note) -> Result<()> {
        self.leases.clear_note(room, note).await
    }

    /// These rooms as they are kept; those that nobody may come to any more are left out.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn doors(&self, rooms: &[RoomId]) -> Result<Vec<Door>> {
        self.leases.doors_of(rooms).await
    }

    /// The code of a room, if it is still there.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn code_of(&self, room: RoomId) -> Result<Option<RoomCode>> {
        Ok(self.leases.doors_of(&[room]).await?.first().map(|door| door.room.code))
    }

    /// Which of these people are members of the conversation beside them.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn members(
        &self,
        people: &[(ConversationId, UserId)],
    ) -> Result<Vec<(ConversationId, UserId)>> {
        self.leases.members_of(people).await
    }

    /// The nodes that there are; one that is gone may be among them for a while.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn nodes(&self) -> Result<Vec<NodeId>> {
        self.leases.nodes().await
    }

    /// Sends mail to other nodes, and says so by the bus.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn send_mail(&self, mail: &[Mail]) -> Result<()> {
        self.leases.send_mail(mail).await?;
        for to in mail.iter().map(|mail| mail.node).collect::<BTreeSet<_>>() {
            self.bus.publish(self.node, Signal::Mail(to));
        }
        Ok(())
    }

    /// Takes mail for a node.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn take_mail(&self, node: NodeId, lifetime: Duration, most: usize) -> Result<Vec<String>> {
        self.leases.take_mail(node, lifetime, i64::try_from(most).unwrap_or(i64::MAX)).await
    }

    /// Removes mail that nobody took.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn prune_mail(&self, lifetime: Duration) -> Result<()> {
        self.leases.prune_mail(lifetime).await
    }
}
