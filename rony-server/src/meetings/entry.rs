//! From a client's frames to what a room is told: who says it, and for a `join` what became of the password.

use std::sync::{Arc, Mutex};

use rony_core::{
    Error, Result, Rony,
    actor::{Actor, Scope},
    room::{Door, Guest, RoomCode, Visit, Visitor},
    wire::{Failed, ServerFrame},
};
use rony_rtc::{
    id::SeatKey,
    person::Person,
    rate::{Bucket, Rate},
    room::Entrance,
    signal::{
        ClientBody, ClientMessage, Join, LeaveAction, LeaveReason, Refusal, ServerBody, check, guest_name,
    },
};
use serde_json::Value;

use super::{Meetings, Phone, farewell, lock};
use crate::{
    calls::{Calls, Door as CallDoor, Route as CallRoute},
    error::chain,
};

/// How often a socket may ask to be let in: each time the database is asked, and a password may be compared. Clients ask once a second until
/// they are answered.
const JOINS: Rate = Rate { burst: 30, per_second: 2 };

/// The way to the room of a call.
enum Way {
    /// This node drives it, by the lease with this number.
    Here(u64),
    /// Another one does.
    There(CallRoute),
}

/// Somebody at a socket who takes part in meetings. Dropped, the socket counts as lost.
pub(crate) struct Caller<'a> {
    rony: &'a Rony,
    meetings: &'a Meetings,
    calls: &'a Calls,
    actor: Actor,
    /// Set for who has no account, with the code of the one room to which they may come.
    guest: Option<(Guest, RoomCode)>,
    phone: Arc<Phone>,
    joins: Mutex<Bucket>,
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.meetings.lost(&self.phone);
    }
}

impl<'a> Caller<'a> {
    pub(crate) fn new(
        rony: &'a Rony,
        (meetings, calls): (&'a Meetings, &'a Calls),
        actor: Actor,
        guest: Option<(Guest, RoomCode)>,
        phone: Phone,
    ) -> Self {
        let joins = Mutex::new(Bucket::new(JOINS, meetings.elapsed()));
        Self { rony, meetings, calls, actor, guest, phone: Arc::new(phone), joins }
    }

    /// Does what a frame asks. What a room answers goes through the phone; what is answered here is the gateway's own matter.
    pub(crate) async fn hear(&self, code: RoomCode, json: &Value) -> Option<ServerFrame> {
        let Ok(message) = ClientMessage::read(json) else {
            let error = Error::invalid("message", "A message of a room has at least a number, `seq`.");
            return Some(ServerFrame::Error(Failed::new(None, &error)));
        };
        if self.guest.as_ref().is_some_and(|(_, own)| *own != code) {
            return self.refuse(code, Refusal::NoSuchRoom, message);
        }
        match message.body {
            ClientBody::Join(_) if !lock(&self.joins).take(self.meetings.elapsed(), 1) => {
                self.refuse(code, Refusal::RateLimited, message)
            }
            ClientBody::Join(ref join) => match self.join(code, &message, join).await {
                Ok(()) => None,
                Err(error) => self.not_let_in(code, &error, message),
            },
            _ => {
                if !self.meetings.say(&self.phone, code, json, message) {
                    let (reason, action) = (LeaveReason::NotHere, LeaveAction::Resume);
                    self.answer(code, ServerBody::Leave { reason, action });
                }
                None
            }
        }
    }

    async fn join(&self, code: RoomCode, message: &ClientMessage, join: &Join) -> Result<()> {
        check(message).map_err(|invalid| Error::invalid("message", format!("{invalid}.")))?;
        let (visit, of_call) = self.visit(code).await?;
        let typed = join.password.as_ref().map(|password| &password.0);
        let password = self.rony.rooms().prove(&visit.door, typed, self.actor.address()).await?;
        let person = self.person(&visit, join)?;
        let key = SeatKey::random().map_err(Error::internal)?;
        let (connection, new) = self.meetings.connection(&self.phone, code).ok_or_else(|| {
            Error::conflict("too_many_rooms", "You are in too many meetings. Leave one of them first.")
        })?;
        let (resume, outsider) = (join.resume.clone(), visit.outsider);
        let entrance = Entrance { connection, person, key, password, resume, outsider };
        match of_call {
            None => self.meetings.enter(&visit.door.room, &entrance, new).await,
            Some(Way::Here(epoch)) => self.meetings.enter_here(&visit.door.room, epoch, &entrance),
            Some(Way::There(route)) => {
                self.meetings.enter_there(&visit.door.room, route, &entrance);
                Ok(())
            }
        }
    }

    /// The room with a code, and the way to it if it is a call's.
    async fn visit(&self, code: RoomCode) -> Result<(Visit, Option<Way>)> {
        if let Some(door) = self.calls.door(code, self.actor.id()) {
            return self.visit_of_call(door).await;
        }
        match self.rony.rooms().visit(&self.actor, code).await {
            Err(error) if error.code() == "room_unknown" => {
                let door = self.actor.id().and_then(|user| self.calls.door_elsewhere(code, user));
                self.visit_of_call(door.ok_or(error)?).await
            }
            visit => Ok((visit?, None)),
        }
    }

    /// The room of a call is kept nowhere.
    async fn visit_of_call(&self, door: CallDoor) -> Result<(Visit, Option<Way>)> {
        let (room, way) = match door {
            CallDoor::Here(room, epoch) => (room?, Way::Here(epoch)),
            CallDoor::There(room, route) => (room, Way::There(route)),
        };
        let user = self.rony.users().get(&self.actor, self.actor.user(Scope::Write)?).await?;
        let name = user.display_name;
        let visitor = Visitor::Person(user.id, name.to_string());
        let door = Door { room, password: None, host: name };
        Ok((Visit { visitor, door, outsider: false }, Some(way)))
    }

    /// People with an account have their own name; a guest may take another one each time.
    fn person(&self, visit: &Visit, join: &Join) -> Result<Person> {
        match &visit.visitor {
            Visitor::Person(user, name) => Ok(Person::user(*user, name.clone())),
            Visitor::Guest(guest) => {
                let given = self.guest.as_ref().map(|(guest, _)| guest.name.as_str()).unwrap_or_default();
                let name = guest_name(join.name.as_deref().unwrap_or(given));
                let name = name.map_err(|invalid| Error::invalid("name", format!("{invalid}.")))?;
                Ok(Person::guest(*guest, name))
            }
        }
    }

    /// What a room could have said is said in its name; all else is an error of the gateway.
    fn not_let_in(&self, code: RoomCode, error: &Error, message: ClientMessage) -> Option<ServerFrame> {
        match error {
            Error::RateLimited { .. } => self.refuse(code, Refusal::RateLimited, message),
            _ if error.code() == "room_unknown" => self.refuse(code, Refusal::NoSuchRoom, message),
            _ => {
                if let Error::Internal(source) = error {
                    tracing::error!(cause = %chain(source.as_ref()), "somebody could not join a meeting");
                }
                Some(ServerFrame::Error(Failed::new(message.id, error)))
            }
        }
    }

    fn refuse(&self, room: RoomCode, code: Refusal, message: ClientMessage) -> Option<ServerFrame> {
        self.answer(room, ServerBody::Error { id: message.id, code, detail: code.to_string() });
        None
    }

    /// Says something that has no number, since there is no seat.
    fn answer(&self, room: RoomCode, body: ServerBody) {
        self.phone.say(room, &farewell(body));
    }
}
