-- What lasts of a room and was not there before, and who drives the meeting in it.

alter table rony_rooms add column client_id blob;
-- People's ids, as JSON.
alter table rony_rooms add column co_hosts text not null default '[]';
create unique index rony_rooms_client on rony_rooms (owner_id, client_id) where client_id is not null;

-- Which node drives the meeting in a room, until when by the database's clock. `epoch` grows each time a meeting is opened, and the row
-- stays as long as the room. `note`: the message that says in the room's conversation that the meeting goes on, as JSON.
create table rony_room_leases (
    room_id blob primary key,
    node_id blob not null,
    epoch integer not null,
    until_ms integer not null,
    note text
) strict, without rowid;

-- What nodes say to each other about meetings. All of it may be lost.
create table rony_room_mail (
    id integer primary key autoincrement,
    node_id blob not null,
    sent_ms integer not null,
    body text not null
) strict;
create index rony_room_mail_node on rony_room_mail (node_id, id);
create index rony_room_mail_sent on rony_room_mail (sent_ms);
