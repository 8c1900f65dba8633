-- Rooms where people meet. What happens in one at the moment is kept nowhere.

-- `code`: the letters alone. `lobby`: off, guests or everyone. There is one room for a conversation.
create table rony_rooms (
    id blob primary key,
    code text not null unique,
    title text not null,
    owner_id blob not null,
    conversation_id blob,
    guests integer not null,
    lobby text not null,
    locked integer not null,
    password_hash text,
    created_at integer not null
) strict, without rowid;
create index rony_rooms_owner on rony_rooms (owner_id, id);
create unique index rony_rooms_conversation on rony_rooms (conversation_id) where conversation_id is not null;

-- What a guest of a room shows, for some hours.
create table rony_room_guests (
    token_hash blob primary key,
    guest_id blob not null,
    room_id blob not null,
    name text not null,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;
create index rony_room_guests_room on rony_room_guests (room_id);
create index rony_room_guests_expires on rony_room_guests (expires_at);
