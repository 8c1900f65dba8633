-- Uploads on their way into drives, and links that share files with whoever holds them.

-- `person_id` or `share_id` alone may go on. `blob_id` is what the bytes become, `file_id` the file, if it becomes a new one; `item_id` the file that
-- it became. The room for `length` is reserved in rony_drives until then.
create table rony_uploads (
    id blob primary key,
    blob_id blob not null,
    file_id blob not null,
    owner_id blob not null,
    person_id blob,
    share_id blob,
    parent_id blob,
    replace_id blob,
    name text not null,
    media_type text not null,
    if_exists text not null,
    sha256 blob,
    modified_at integer,
    sent integer not null,
    length integer not null,
    expires_at integer not null,
    item_id blob
) strict, without rowid;
create index rony_uploads_expires on rony_uploads (expires_at);
create index rony_uploads_blob on rony_uploads (blob_id);
create index rony_uploads_person on rony_uploads (person_id) where person_id is not null;
create index rony_uploads_share on rony_uploads (share_id) where share_id is not null;

-- `level`: viewer, editor or drop. A link is as good as `created_by`, who must still be allowed to share `file_id`.
create table rony_shares (
    id blob primary key,
    token_hash blob not null unique,
    file_id blob not null,
    name text not null,
    level text not null,
    created_by blob not null,
    created_at integer not null,
    expires_at integer,
    password_hash text,
    max_downloads integer,
    downloads integer not null,
    log_openings integer not null,
    opened integer not null,
    last_opened_at integer,
    revoked_at integer
) strict, without rowid;
create index rony_shares_file on rony_shares (file_id) where revoked_at is null;
create index rony_shares_maker on rony_shares (created_by, id) where revoked_at is null;

-- Who opened a link, where its maker wants to know.
create table rony_openings (
    share_id blob not null,
    id blob not null,
    at integer not null,
    address text not null,
    user_agent text not null,
    primary key (share_id, id)
) strict, without rowid;

-- What an opened link gives, for a while.
create table rony_passes (
    token_hash blob primary key,
    share_id blob not null,
    expires_at integer not null
) strict, without rowid;
create index rony_passes_expires on rony_passes (expires_at);

-- One download without further asking, by `person_id` or by the holder of `share_id`; `version` NULL: whatever the file holds then.
create table rony_tickets (
    token_hash blob primary key,
    file_id blob not null,
    version integer,
    person_id blob,
    share_id blob,
    expires_at integer not null
) strict, without rowid;
create index rony_tickets_expires on rony_tickets (expires_at);
