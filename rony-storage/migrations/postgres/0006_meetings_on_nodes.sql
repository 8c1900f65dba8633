-- What lasts of a room and was not there before, and who drives the meeting in it.

alter table rony_rooms add column client_id uuid;
-- People's ids, as JSON.
alter table rony_rooms add column co_hosts text not null default '[]';
create unique index rony_rooms_client on rony_rooms (owner_id, client_id) where client_id is not null;

-- Which node drives the meeting in a room, until when by the database's clock. `epoch` grows each time a meeting is opened, and the row
-- stays as long as the room. `note`: the message that says in the room's conversation that the meeting goes on, as JSON.
create table rony_room_leases (
    room_id uuid primary key,
    node_id uuid not null,
    epoch bigint not null,
    until_ms bigint not null,
    note text
);

-- What nodes say to each other about meetings. All of it may be lost, so it costs no writing ahead.
create unlogged table rony_room_mail (
    id bigint generated always as identity primary key,
    node_id uuid not null,
    sent_ms bigint not null,
    body text not null
);
create index rony_room_mail_node on rony_room_mail (node_id, id);
create index rony_room_mail_sent on rony_room_mail (sent_ms);
