-- Chat: people, conversations, messages and the streams that carry what happens to clients.
-- Ids are UUIDs; times are unix milliseconds; a host's other tables are respected by the prefix.

create table rony_meta (
    name text primary key,
    value text not null
) strict, without rowid;

-- Where each stream stands. `ordinal` is the number of the newest message of a conversation, `trimmed` the newest event
-- that retention removed, `moved` the database's clock at the last change.
create table rony_streams (
    id blob primary key,
    head integer not null,
    ordinal integer not null,
    trimmed integer not null,
    moved integer not null
) strict, without rowid;
create index rony_streams_moved on rony_streams (moved);

-- All events but posted messages: those are their own event (rony_messages).
create table rony_events (
    stream_id blob not null,
    seq integer not null,
    at integer not null,
    body text not null,
    about integer,
    message_id blob,
    audience text,
    primary key (stream_id, seq)
) strict, without rowid;

-- What others may see of a person's presence has `presence_moved`, as `moved` in rony_streams.
-- `username_fold` is what names that are taken for each other have in common; `search` is what people are found by, and
-- listed in the order of.
create table rony_users (
    id blob primary key,
    username text not null,
    username_fold text not null unique,
    password_hash text,
    role text not null,
    bot integer not null,
    display_name text not null,
    search text not null,
    title text not null,
    phone text not null,
    email text not null,
    time_zone text not null,
    about text not null,
    status_text text not null,
    status_until integer,
    presence text not null,
    presence_until integer,
    last_seen_at integer,
    last_seen_privacy text not null,
    presence_moved integer not null default 0,
    dnd_until integer,
    avatar integer,
    created_at integer not null,
    deactivated_at integer
) strict, without rowid;
create index rony_users_presence_moved on rony_users (presence_moved);
create index rony_users_search on rony_users (search, id);

create table rony_avatars (
    user_id blob primary key,
    version integer not null,
    content_type text not null,
    bytes blob not null
) strict;

-- Signed-in devices (kind 'session') and personal access tokens (kind 'token').
create table rony_sessions (
    id blob primary key,
    user_id blob not null,
    token_hash blob not null unique,
    kind text not null,
    name text not null,
    scopes text not null,
    address text not null,
    user_agent text not null,
    created_at integer not null,
    last_used_at integer not null,
    expires_at integer
) strict, without rowid;
create index rony_sessions_user on rony_sessions (user_id);

-- What nodes must cut at once: a session, or all of a person's when session_id is null. `moved` as in rony_streams.
create table rony_revocations (
    id blob primary key,
    user_id blob not null,
    session_id blob,
    at integer not null,
    moved integer not null
) strict, without rowid;
create index rony_revocations_moved on rony_revocations (moved);

-- One-time password-reset links.
create table rony_resets (
    token_hash blob primary key,
    user_id blob not null,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;
create index rony_resets_user on rony_resets (user_id);

create table rony_invites (
    id blob primary key,
    token_hash blob not null unique,
    created_by blob,
    conversation_id blob,
    created_at integer not null,
    expires_at integer,
    uses_left integer,
    used integer not null,
    revoked_at integer
) strict, without rowid;
create index rony_invites_conversation on rony_invites (conversation_id);
create index rony_invites_creator on rony_invites (created_by);

-- Failed sign-ins. `subject` is a hash of who is limited (an account's name, an address): what people type as a name may be
-- their password. `clear_at` is when all of its failures are forgiven.
create table rony_attempts (
    subject blob primary key,
    clear_at integer not null
) strict, without rowid;

-- A contact that was removed, and is not blocked, stays as a row that is neither: so other nodes learn of it by `moved`.
create table rony_contacts (
    owner_id blob not null,
    user_id blob not null,
    listed integer not null,
    favorite integer not null,
    groups text not null,
    nickname text not null,
    note text not null,
    blocked integer not null,
    created_at integer not null,
    moved integer not null,
    primary key (owner_id, user_id)
) strict, without rowid;
create index rony_contacts_user on rony_contacts (user_id, owner_id);
create index rony_contacts_moved on rony_contacts (moved);

-- `fold` is the title and the topic as they are searched; `direct_key` names the pair of a direct conversation.
create table rony_conversations (
    id blob primary key,
    kind text not null,
    visibility text not null,
    history text not null,
    title text not null,
    topic text not null,
    icon text not null,
    fold text not null,
    created_by blob,
    client_id blob,
    direct_key text unique,
    is_general integer not null,
    member_count integer not null,
    created_at integer not null,
    archived_at integer,
    unique (created_by, client_id)
) strict, without rowid;
create index rony_conversations_public on rony_conversations (visibility, id);

-- `hidden_upto`: messages with a seq up to it are from before the person joined, where history is since joining.
create table rony_members (
    conversation_id blob not null,
    user_id blob not null,
    role text not null,
    joined_at integer not null,
    hidden_upto integer not null,
    read_ordinal integer not null,
    level text not null,
    muted_until integer,
    favorite integer not null,
    primary key (conversation_id, user_id)
) strict, without rowid;
create index rony_members_user on rony_members (user_id, conversation_id);

-- A message is its own posted event: it is kept, read and paged in the order of its stream.
-- `ordinal` counts the messages of the conversation; a reply in a thread has 0 there and its own `thread_ordinal`.
create table rony_messages (
    conversation_id blob not null,
    seq integer not null,
    id blob not null unique,
    sender_id blob not null,
    client_id blob not null,
    ordinal integer not null,
    thread_id blob,
    thread_ordinal integer not null,
    reply_to blob,
    text text not null,
    mentions text not null,
    at integer not null,
    version integer not null,
    edited_at integer,
    deleted_at integer,
    primary key (conversation_id, seq),
    unique (conversation_id, sender_id, client_id)
) strict, without rowid;
create index rony_messages_thread on rony_messages (thread_id, thread_ordinal) where thread_id is not null;

-- What an edited message said before.
create table rony_message_versions (
    message_id blob not null,
    version integer not null,
    text text not null,
    replaced_at integer not null,
    replaced_by blob not null,
    primary key (message_id, version)
) strict, without rowid;

create table rony_threads (
    id blob primary key,
    conversation_id blob not null,
    newest_ordinal integer not null,
    last_reply_at integer not null
) strict, without rowid;

-- `follows`: is told of replies, as whoever replied; who only read has a mark and is not told.
create table rony_thread_members (
    thread_id blob not null,
    user_id blob not null,
    read_ordinal integer not null,
    follows integer not null,
    primary key (thread_id, user_id)
) strict, without rowid;

-- Named mentions, one row each; @all is one row on the conversation (user_id nil), whatever its size.
create table rony_mentions (
    conversation_id blob not null,
    user_id blob not null,
    seq integer not null,
    ordinal integer not null,
    sender_id blob not null,
    primary key (conversation_id, user_id, seq)
) strict, without rowid;

create table rony_reactions (
    message_id blob not null,
    emoji text not null,
    user_id blob not null,
    at integer not null,
    primary key (message_id, emoji, user_id)
) strict, without rowid;

create table rony_pins (
    conversation_id blob not null,
    message_id blob not null,
    pinned_by blob not null,
    at integer not null,
    primary key (conversation_id, message_id)
) strict, without rowid;

create table rony_drafts (
    user_id blob not null,
    conversation_id blob not null,
    thread_id blob not null,
    text text not null,
    updated_at integer not null,
    primary key (user_id, conversation_id, thread_id)
) strict, without rowid;

-- Named persons' notifications: @all is no row here, it is found through rony_mentions, and only who clears one without
-- reading gets a row that says so (`everybody`). `ordinal` is the message's number in its conversation or thread, up to which
-- reading clears; a direct conversation and a thread have one open row, which counts.
create table rony_notifications (
    user_id blob not null,
    id blob not null,
    kind text not null,
    conversation_id blob not null,
    thread_id blob,
    message_id blob,
    message_seq integer not null,
    ordinal integer not null,
    everybody integer not null,
    actor_id blob,
    count integer not null,
    quiet integer not null,
    at integer not null,
    cleared_at integer,
    primary key (user_id, id)
) strict, without rowid;
create unique index rony_notifications_message on rony_notifications (message_id, user_id) where message_id is not null;
create unique index rony_notifications_direct on rony_notifications (user_id, conversation_id)
    where kind = 'direct' and cleared_at is null;
create unique index rony_notifications_thread on rony_notifications (user_id, thread_id)
    where kind = 'reply' and thread_id is not null and cleared_at is null;
create index rony_notifications_open on rony_notifications (user_id, conversation_id, ordinal) where cleared_at is null;
create index rony_notifications_list on rony_notifications (user_id, at, id);
create index rony_notifications_conversation on rony_notifications (conversation_id);

create table rony_audit (
    id blob primary key,
    at integer not null,
    actor_id blob,
    action text not null,
    target_id blob,
    detail text not null,
    address text not null
) strict, without rowid;
create index rony_audit_actor on rony_audit (actor_id, id);

-- A node that is alive renews its lease (`renewed` is a tick of the database's clock); presence belongs to a node and goes
-- with it. Somebody who is not on a node any more is `offline` there.
create table rony_nodes (
    id blob primary key,
    started_at integer not null,
    renewed integer not null
) strict, without rowid;

create table rony_presence (
    user_id blob not null,
    node_id blob not null,
    status text not null,
    since integer not null,
    moved integer not null,
    primary key (user_id, node_id)
) strict, without rowid;
create index rony_presence_node on rony_presence (node_id);
create index rony_presence_moved on rony_presence (moved);

-- The database's own clock: one tick for each transaction that moves something. (PostgreSQL counts transactions itself.)
create table rony_clock (
    only integer primary key check (only = 1),
    tick integer not null
) strict;
insert into rony_clock (only, tick) values (1, 1);

-- How far the job is that makes the search index and the notifications, off the way of posting: everything that moved
-- before `since` is done, and beyond that each conversation up to `seq`. Not a column of rony_streams: the job must not
-- hold a row that posting needs.
create table rony_projector (
    id integer primary key check (id = 1),
    since integer not null
) strict;
insert into rony_projector (id, since) values (1, 0);
create table rony_projected (
    stream_id blob primary key,
    seq integer not null
) strict, without rowid;

-- What can be searched. `position` sorts by the time of posting: milliseconds * 2^20 and a number that makes it unique.
-- `rony_search_words` holds words that were cut and folded before (so its own tokenizer only splits at spaces), and no
-- text; its rowid is the position.
create table rony_search (
    position integer primary key,
    conversation_id blob not null,
    seq integer not null,
    sender_id blob not null,
    link integer not null,
    unique (conversation_id, seq)
) strict;
create virtual table rony_search_words using fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3'
);
