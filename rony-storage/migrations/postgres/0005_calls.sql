-- Calls: the log of them. How devices ring is kept nowhere.

-- `outcome`, `ended_at`: null as long as it goes on; whoever drives it renews `lease_until`. `told`: false as long as somebody missed it of
-- which no message tells.
create table rony_calls (
    id uuid primary key,
    conversation_id uuid not null,
    caller_id uuid not null,
    video boolean not null,
    outcome text,
    started_at bigint not null,
    answered_at bigint,
    ended_at bigint,
    lease_until bigint not null,
    told boolean not null
);
create index rony_calls_open on rony_calls (lease_until) where ended_at is null;
create index rony_calls_untold on rony_calls (started_at) where not told;
create index rony_calls_conversation on rony_calls (conversation_id);

-- Who has a part in a call, the caller too, whose `ringing` is null. `ringing`: loud, quiet or unheard.
create table rony_call_people (
    user_id uuid not null,
    started_at bigint not null,
    call_id uuid not null,
    ringing text,
    outcome text,
    primary key (user_id, started_at, call_id)
);
create index rony_call_people_call on rony_call_people (call_id);

-- What a message tells of a missed call: JSON, empty for nearly all.
alter table rony_messages add column call text not null default '';
