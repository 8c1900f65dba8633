-- Chat: people, conversations, messages and the streams that carry what happens to clients.
-- Ids are UUIDs; times are unix milliseconds; a host's other tables are respected by the prefix.

create table rony_meta (
    name text primary key,
    value text not null
);

-- Where each stream stands. `ordinal` is the number of the newest message of a conversation, `trimmed` the newest event
-- that retention removed, `moved` the database's clock at the last change.
create table rony_streams (
    id uuid primary key,
    head bigint not null,
    ordinal bigint not null,
    trimmed bigint not null,
    moved bigint not null
);
create index rony_streams_moved on rony_streams (moved);

-- All events but posted messages: those are their own event (rony_messages).
create table rony_events (
    stream_id uuid not null,
    seq bigint not null,
    at bigint not null,
    body text not null,
    about bigint,
    message_id uuid,
    audience text,
    primary key (stream_id, seq)
);

-- What others may see of a person's presence has `presence_moved`, as `moved` in rony_streams.
-- `username_fold` is what names that are taken for each other have in common; `search` is what people are found by, and
-- listed in the order of.
create table rony_users (
    id uuid primary key,
    username text not null,
    username_fold text not null unique,
    password_hash text,
    role text not null,
    bot boolean not null,
    display_name text not null,
    search text collate "C" not null,
    title text not null,
    phone text not null,
    email text not null,
    time_zone text not null,
    about text not null,
    status_text text not null,
    status_until bigint,
    presence text not null,
    presence_until bigint,
    last_seen_at bigint,
    last_seen_privacy text not null,
    presence_moved bigint not null default 0,
    dnd_until bigint,
    avatar bigint,
    created_at bigint not null,
    deactivated_at bigint
);
create index rony_users_presence_moved on rony_users (presence_moved);
create index rony_users_search on rony_users (search, id);

create table rony_avatars (
    user_id uuid primary key,
    version bigint not null,
    content_type text not null,
    bytes bytea not null
);

-- Signed-in devices (kind 'session') and personal access tokens (kind 'token').
create table rony_sessions (
    id uuid primary key,
    user_id uuid not null,
    token_hash bytea not null unique,
    kind text not null,
    name text not null,
    scopes text not null,
    address text not null,
    user_agent text not null,
    created_at bigint not null,
    last_used_at bigint not null,
    expires_at bigint
);
create index rony_sessions_user on rony_sessions (user_id);

-- What nodes must cut at once: a session, or all of a person's when session_id is null. `moved` as in rony_streams.
create table rony_revocations (
    id uuid primary key,
    user_id uuid not null,
    session_id uuid,
    at bigint not null,
    moved bigint not null
);
create index rony_revocations_moved on rony_revocations (moved);

-- One-time password-reset links.
create table rony_resets (
    token_hash bytea primary key,
    user_id uuid not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index rony_resets_user on rony_resets (user_id);

create table rony_invites (
    id uuid primary key,
    token_hash bytea not null unique,
    created_by uuid,
    conversation_id uuid,
    created_at bigint not null,
    expires_at bigint,
    uses_left bigint,
    used bigint not null,
    revoked_at bigint
);
create index rony_invites_conversation on rony_invites (conversation_id);
create index rony_invites_creator on rony_invites (created_by);

-- Failed sign-ins. `subject` is a hash of who is limited (an account's name, an address): what people type as a name may be
-- their password. `clear_at` is when all of its failures are forgiven.
create table rony_attempts (
    subject bytea primary key,
    clear_at bigint not null
);

-- A contact that was removed, and is not blocked, stays as a row that is neither: so other nodes learn of it by `moved`.
create table rony_contacts (
    owner_id uuid not null,
    user_id uuid not null,
    listed boolean not null,
    favorite boolean not null,
    groups text not null,
    nickname text not null,
    note text not null,
    blocked boolean not null,
    created_at bigint not null,
    moved bigint not null,
    primary key (owner_id, user_id)
);
create index rony_contacts_user on rony_contacts (user_id, owner_id);
create index rony_contacts_moved on rony_contacts (moved);

-- `fold` is the title and the topic as they are searched; `direct_key` names the pair of a direct conversation.
create table rony_conversations (
    id uuid primary key,
    kind text not null,
    visibility text not null,
    history text not null,
    title text not null,
    topic text not null,
    icon text not null,
    fold text not null,
    created_by uuid,
    client_id uuid,
    direct_key text unique,
    is_general boolean not null,
    member_count bigint not null,
    created_at bigint not null,
    archived_at bigint,
    unique (created_by, client_id)
);
create index rony_conversations_public on rony_conversations (visibility, id);

-- `hidden_upto`: messages with a seq up to it are from before the person joined, where history is since joining.
create table rony_members (
    conversation_id uuid not null,
    user_id uuid not null,
    role text not null,
    joined_at bigint not null,
    hidden_upto bigint not null,
    read_ordinal bigint not null,
    level text not null,
    muted_until bigint,
    favorite boolean not null,
    primary key (conversation_id, user_id)
);
create index rony_members_user on rony_members (user_id, conversation_id);

-- A message is its own posted event: it is kept, read and paged in the order of its stream.
-- `ordinal` counts the messages of the conversation; a reply in a thread has 0 there and its own `thread_ordinal`.
create table rony_messages (
    conversation_id uuid not null,
    seq bigint not null,
    id uuid not null unique,
    sender_id uuid not null,
    client_id uuid not null,
    ordinal bigint not null,
    thread_id uuid,
    thread_ordinal bigint not null,
    reply_to uuid,
    text text not null,
    mentions text not null,
    at bigint not null,
    version bigint not null,
    edited_at bigint,
    deleted_at bigint,
    primary key (conversation_id, seq),
    unique (conversation_id, sender_id, client_id)
);
create index rony_messages_thread on rony_messages (thread_id, thread_ordinal) where thread_id is not null;

-- What an edited message said before.
create table rony_message_versions (
    message_id uuid not null,
    version bigint not null,
    text text not null,
    replaced_at bigint not null,
    replaced_by uuid not null,
    primary key (message_id, version)
);

create table rony_threads (
    id uuid primary key,
    conversation_id uuid not null,
    newest_ordinal bigint not null,
    last_reply_at bigint not null
);

-- `follows`: is told of replies, as whoever replied; who only read has a mark and is not told.
create table rony_thread_members (
    thread_id uuid not null,
    user_id uuid not null,
    read_ordinal bigint not null,
    follows boolean not null,
    primary key (thread_id, user_id)
);

-- Named mentions, one row each; @all is one row on the conversation (user_id nil), whatever its size.
create table rony_mentions (
    conversation_id uuid not null,
    user_id uuid not null,
    seq bigint not null,
    ordinal bigint not null,
    sender_id uuid not null,
    primary key (conversation_id, user_id, seq)
);

create table rony_reactions (
    message_id uuid not null,
    emoji text not null,
    user_id uuid not null,
    at bigint not null,
    primary key (message_id, emoji, user_id)
);

create table rony_pins (
    conversation_id uuid not null,
    message_id uuid not null,
    pinned_by uuid not null,
    at bigint not null,
    primary key (conversation_id, message_id)
);

create table rony_drafts (
    user_id uuid not null,
    conversation_id uuid not null,
    thread_id uuid not null,
    text text not null,
    updated_at bigint not null,
    primary key (user_id, conversation_id, thread_id)
);

-- Named persons' notifications: @all is no row here, it is found through rony_mentions, and only who clears one without
-- reading gets a row that says so (`everybody`). `ordinal` is the message's number in its conversation or thread, up to which
-- reading clears; a direct conversation and a thread have one open row, which counts.
create table rony_notifications (
    user_id uuid not null,
    id uuid not null,
    kind text not null,
    conversation_id uuid not null,
    thread_id uuid,
    message_id uuid,
    message_seq bigint not null,
    ordinal bigint not null,
    everybody boolean not null,
    actor_id uuid,
    count bigint not null,
    quiet boolean not null,
    at bigint not null,
    cleared_at bigint,
    primary key (user_id, id)
);
create unique index rony_notifications_message on rony_notifications (message_id, user_id) where message_id is not null;
create unique index rony_notifications_direct on rony_notifications (user_id, conversation_id)
    where kind = 'direct' and cleared_at is null;
create unique index rony_notifications_thread on rony_notifications (user_id, thread_id)
    where kind = 'reply' and thread_id is not null and cleared_at is null;
create index rony_notifications_open on rony_notifications (user_id, conversation_id, ordinal) where cleared_at is null;
create index rony_notifications_list on rony_notifications (user_id, at, id);
create index rony_notifications_conversation on rony_notifications (conversation_id);

create table rony_audit (
    id uuid primary key,
    at bigint not null,
    actor_id uuid,
    action text not null,
    target_id uuid,
    detail text not null,
    address text not null
);
create index rony_audit_actor on rony_audit (actor_id, id);

-- A node that is alive renews its lease (`renewed` is a tick of the database's clock); presence belongs to a node and goes
-- with it. Somebody who is not on a node any more is `offline` there.
create table rony_nodes (
    id uuid primary key,
    started_at bigint not null,
    renewed bigint not null
);

create table rony_presence (
    user_id uuid not null,
    node_id uuid not null,
    status text not null,
    since bigint not null,
    moved bigint not null,
    primary key (user_id, node_id)
);
create index rony_presence_node on rony_presence (node_id);
create index rony_presence_moved on rony_presence (moved);

-- How far the job is that makes the search index and the notifications, off the way of posting: everything that moved
-- before `since` is done, and beyond that each conversation up to `seq`. Not a column of rony_streams: the job must not
-- hold a row that posting needs. Whoever holds the row of rony_projector is the one node that does the job.
create table rony_projector (
    id bigint primary key check (id = 1),
    since bigint not null
);
insert into rony_projector (id, since) values (1, 0);
create table rony_projected (
    stream_id uuid primary key,
    seq bigint not null
);

-- What can be searched. `position` sorts by the time of posting: milliseconds * 2^20, and the seq within it.
create table rony_search (
    conversation_id uuid not null,
    seq bigint not null,
    position bigint not null,
    sender_id uuid not null,
    link boolean not null,
    words tsvector not null,
    primary key (conversation_id, seq)
);
create index rony_search_position on rony_search (position);
create index rony_search_words on rony_search using gin (words);
