-- Scheduled meetings.

-- `local_start` and `zone` are what people agreed on, `starts_at` the moment that follows. `reminders`: minutes before the start, JSON.
create table rony_meetings (
    id blob primary key,
    organizer_id blob not null,
    client_id blob not null,
    title text not null,
    description text not null,
    local_start text not null,
    zone text not null,
    minutes integer not null,
    starts_at integer not null,
    ends_at integer not null,
    reminders text not null,
    room_id blob not null,
    cancelled_at integer,
    version integer not null,
    created_at integer not null,
    changed_at integer not null
) strict, without rowid;
create unique index rony_meetings_client on rony_meetings (organizer_id, client_id);
create index rony_meetings_organizer on rony_meetings (organizer_id, ends_at);

-- Who takes part, the organizer too, with the meeting's times, so that what somebody has in a week is one range of an index.
create table rony_meeting_people (
    user_id blob not null,
    meeting_id blob not null,
    starts_at integer not null,
    ends_at integer not null,
    answer text not null,
    primary key (meeting_id, user_id)
) strict, without rowid;
create index rony_meeting_people_times on rony_meeting_people (user_id, ends_at, starts_at);

-- Reminders that wait until they are due: who deletes one gives it.
create table rony_meeting_reminders (
    meeting_id blob not null,
    due_at integer not null,
    primary key (meeting_id, due_at)
) strict, without rowid;
create index rony_meeting_reminders_due on rony_meeting_reminders (due_at);

-- A room that was made with a scheduled meeting goes with it.
alter table rony_rooms add column scheduled integer not null default 0;

-- About a meeting, `conversation_id` is all zeros. There is one open notification about each meeting.
alter table rony_notifications add column meeting_id blob;
create unique index rony_notifications_meeting on rony_notifications (user_id, meeting_id)
    where meeting_id is not null and cleared_at is null;
