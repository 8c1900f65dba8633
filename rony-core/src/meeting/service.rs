//! What may be done with scheduled meetings.

use super::{
    AddMeeting, Answer, CancelMeeting, ChangeMeeting, GiveAnswer, Invitee, ListMeetings, Meeting,
    MeetingChange, MeetingKey, MeetingMade, MeetingStatus, MeetingStore, NewMeeting, Range, SetAnswer,
    WhoIsBusy,
    free::{self, FindTime, FreeTimes},
    types::end,
};
use crate::{
    Result,
    actor::{Actor, Scope},
    audit::Entry,
    id::{MeetingId, RoomId, UserId},
    page::{Cursor, Limit, Page},
    room::{Lobby, Room, RoomCode},
    time::{Clock, Timestamp},
    username::DisplayName,
};

/// The list's name in its cursors.
const LIST: &str = "meetings";
/// Reminders that are given before it is looked again which are due.
const AT_ONCE: i64 = 100;

/// The use cases of scheduled meetings. Made by [`crate::Rony::meetings`].
pub struct Meetings<'r> {
    pub(crate) store: &'r dyn MeetingStore,
    pub(crate) clock: &'r dyn Clock,
}

/// A meeting was cancelled.
#[derive(Clone, Debug)]
pub struct Cancelled {
    /// What it is now.
    pub meeting: Meeting,
    /// The code that leads nowhere any more: whoever is there has to go.
    pub code: Option<RoomCode>,
}

impl Meetings<'_> {
    /// Schedules a meeting, and asks people to come.
    ///
    /// # Errors
    ///
    /// What [`NewMeeting::validate`], [`super::may_schedule`] and [`MeetingStore::add_meeting`] say.
    pub async fn create(&self, actor: &Actor, new: NewMeeting) -> Result<MeetingMade> {
        let (organizer_id, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let new = new.validate(at)?;
        let starts_at = new.zone.moment(new.start);
        let room = room_of(&new, organizer_id, at)?;
        let people = new.people.into_iter().filter(|person| *person != organizer_id);
        let meeting = Meeting {
            id: MeetingId::new(at),
            organizer_id,
            title: new.title,
            description: new.description,
            start: new.start,
            zone: new.zone,
            minutes: new.minutes,
            starts_at,
            ends_at: end(starts_at, new.minutes),
            reminders: new.reminders,
            room_id: room.id,
            code: Some(room.code),
            status: MeetingStatus::Scheduled,
            invitees: people.map(|user_id| Invitee { user_id, answer: Answer::None }).collect(),
            version: 1,
            created_at: at,
            changed_at: at,
        };
        let entry = Entry::new(at, "meeting.created").by(actor).to(meeting.id);
        let (client_id, conversation_id) = (new.client_id, new.conversation_id);
        self.store.add_meeting(&AddMeeting { meeting, client_id, conversation_id, room, entry }).await
    }

    /// One meeting that the actor scheduled or is asked to come to.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for others.
    pub async fn get(&self, actor: &Actor, id: MeetingId) -> Result<Meeting> {
        self.store.meeting(actor.user(Scope::Read)?, id).await
    }

    /// As [`Self::get`], with the names of all who take part: what a calendar is told.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn with_names(
        &self,
        actor: &Actor,
        id: MeetingId,
    ) -> Result<(Meeting, Vec<(UserId, DisplayName)>)> {
        let reader = actor.user(Scope::Read)?;
        Ok((self.store.meeting(reader, id).await?, self.store.meeting_names(reader, id).await?))
    }

    /// The actor's meetings of which a part lies in the range, the next one first: what is not said is from now on, and without an end.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not give.
    pub async fn list(
        &self,
        actor: &Actor,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Meeting>> {
        let reader = actor.user(Scope::Read)?;
        let after = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let from = from.unwrap_or_else(|| self.clock.now());
        let range = Range { from, to: to.unwrap_or(Timestamp::from_millis(i64::MAX)) };
        let list = ListMeetings { reader, range, after, limit: limit.rows() };
        Ok(Page::cut(self.store.meetings(&list).await?, limit, LIST, MeetingKey::of))
    }

    /// Changes a meeting of the actor's.
    ///
    /// # Errors
    ///
    /// What [`MeetingChange::validate`] and [`MeetingStore::change_meeting`] say.
    pub async fn change(&self, actor: &Actor, id: MeetingId, change: MeetingChange) -> Result<Meeting> {
        let (by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let change = change.validate()?;
        let entry = Entry::new(at, "meeting.changed").by(actor).to(id);
        self.store.change_meeting(&ChangeMeeting { id, by, at, change, entry }).await
    }

    /// Cancels a meeting of the actor's: it is not going to be, and its link leads nowhere any more.
    ///
    /// # Errors
    ///
    /// What [`MeetingStore::cancel_meeting`] says.
    pub async fn cancel(&self, actor: &Actor, id: MeetingId) -> Result<Cancelled> {
        let (by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let entry = Entry::new(at, "meeting.cancelled").by(actor).to(id);
        let was = self.store.cancel_meeting(&CancelMeeting { id, by, at, entry }).await?;
        let code = was.code;
        let version = was.version + 1;
        let status = MeetingStatus::Cancelled;
        Ok(Cancelled { meeting: Meeting { code: None, status, version, changed_at: at, ..was }, code })
    }

    /// Says if the actor comes to a meeting.
    ///
    /// # Errors
    ///
    /// What [`super::answers`] says.
    pub async fn answer(&self, actor: &Actor, id: MeetingId, answer: SetAnswer) -> Result<Meeting> {
        let (by, at) = (actor.user(Scope::Write)?, self.clock.now());
        self.store.answer_meeting(&GiveAnswer { id, by, at, answer: answer.answer }).await
    }

    /// Finds times at which neither the actor nor any of these people has another meeting. Of people it says when they are busy, and nothing
    /// about why; of who has blocked the actor it says nothing.
    ///
    /// # Errors
    ///
    /// What [`FindTime::validate`] and [`MeetingStore::busy`] say.
    pub async fn free_times(&self, actor: &Actor, find: FindTime) -> Result<FreeTimes> {
        let reader = actor.user(Scope::Read)?;
        let find = find.validate()?;
        let range = Range { from: find.from.max(self.clock.now()), to: find.to };
        let mut people = find.people.clone();
        if !people.contains(&reader) {
            people.push(reader);
        }
        let busy = self.store.busy(&WhoIsBusy { reader, people, range, without: find.meeting_id }).await?;
        Ok(free::times(busy, range, &find))
    }

    /// Gives the reminders that are due; answers how many meetings this node reminded of. A job that [`crate::Rony::run`] does.
    ///
    /// # Errors
    ///
    /// When the database is away: what is not given is given later.
    pub async fn remind(&self) -> Result<usize> {
        let now = self.clock.now();
        let mut reminded = 0;
        loop {
            let due = self.store.due_reminders(now, AT_ONCE).await?;
            for id in &due {
                reminded += usize::from(self.store.remind(*id, now).await?);
            }
            if (due.len() as i64) < AT_ONCE {
                return Ok(reminded);
            }
        }
    }
}

fn room_of(new: &NewMeeting, owner_id: UserId, at: Timestamp) -> Result<Room> {
    Ok(Room {
        id: RoomId::new(at),
        code: RoomCode::random()?,
        title: new.title.clone(),
        owner_id,
        conversation_id: None,
        guests: new.guests,
        lobby: Lobby::default(),
        locked: false,
        has_password: false,
        co_hosts: Vec::new(),
        scheduled: true,
        created_at: at,
    })
}
