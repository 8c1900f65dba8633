-- Calls: the log of them. How devices ring is kept nowhere.

-- `outcome`, `ended_at`: null as long as it goes on; whoever drives it renews `lease_until`. `told`: false as long as somebody missed it of
-- which no message tells.
create table rony_calls (
    id blob primary key,
    conversation_id blob not null,
    caller_id blob not null,
    video integer not null,
    outcome text,
    started_at integer not null,
    answered_at integer,
    ended_at integer,
    lease_until integer not null,
    told integer not null
) strict, without rowid;
create index rony_calls_open on rony_calls (lease_until) where ended_at is null;
create index rony_calls_untold on rony_calls (started_at) where not told;
create index rony_calls_conversation on rony_calls (conversation_id);

-- Who has a part in a call, the caller too, whose `ringing` is null. `ringing`: loud, quiet or unheard.
create table rony_call_people (
    user_id blob not null,
    started_at integer not null,
    call_id blob not null,
    ringing text,
    outcome text,
    primary key (user_id, started_at, call_id)
) strict, without rowid;
create index rony_call_people_call on rony_call_people (call_id);

-- What a message tells of a missed call: JSON, empty for nearly all.
alter table rony_messages add column call text not null default '';
