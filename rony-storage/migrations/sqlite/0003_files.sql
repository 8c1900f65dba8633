-- Files: each person's drive, what is shared of it, and the bytes that it all stands for.

-- A file (`kind` 'file') or a folder. The parent of what is at the top of a drive is the drive's owner, so that names are unique there
-- too. `fold` is the name as names are compared. Only the top of what was thrown away has `trashed_at`, and only the top of what was
-- deleted for good `purged_at`: what lies below is hidden through it. Content is as in the newest of rony_file_versions.
create table rony_files (
    id blob primary key,
    owner_id blob not null,
    parent_id blob not null,
    kind text not null,
    name text not null,
    fold text not null,
    icon text not null,
    color text not null,
    blob_id blob,
    media_type text not null,
    size integer not null,
    version integer not null,
    created_at integer not null,
    created_by blob,
    modified_at integer not null,
    modified_by blob,
    trashed_at integer,
    purged_at integer
) strict, without rowid;
create unique index rony_files_name on rony_files (parent_id, fold) where trashed_at is null and purged_at is null;
-- One for each order in which a folder is listed, folders and files for themselves.
create index rony_files_by_name on rony_files (parent_id, kind, fold, id)
    where trashed_at is null and purged_at is null;
create index rony_files_by_modified on rony_files (parent_id, kind, modified_at, id)
    where trashed_at is null and purged_at is null;
create index rony_files_by_size on rony_files (parent_id, kind, size, fold, id)
    where trashed_at is null and purged_at is null;
create index rony_files_by_type on rony_files (parent_id, kind, media_type, fold, id)
    where trashed_at is null and purged_at is null;
-- What lies below, thrown away or not.
create index rony_files_parent on rony_files (parent_id);
create index rony_files_recent on rony_files (owner_id, kind, modified_at, id);
create index rony_files_trash on rony_files (owner_id, trashed_at) where trashed_at is not null;
create index rony_files_trashed on rony_files (trashed_at) where trashed_at is not null and purged_at is null;
create index rony_files_purged on rony_files (purged_at) where purged_at is not null;
create index rony_files_blob on rony_files (blob_id) where blob_id is not null;

-- All contents that a file has or had, that of now included.
create table rony_file_versions (
    file_id blob not null,
    version integer not null,
    blob_id blob not null,
    size integer not null,
    media_type text not null,
    created_at integer not null,
    created_by blob,
    primary key (file_id, version)
) strict, without rowid;

-- What is shared with a person or a conversation (`kind`), which holds for all that lies below. `level`: 1 viewer, 2 editor, 3 manager.
create table rony_grants (
    file_id blob not null,
    subject_id blob not null,
    kind text not null,
    level integer not null,
    granted_by blob not null,
    created_at integer not null,
    primary key (file_id, subject_id)
) strict, without rowid;
create index rony_grants_subject on rony_grants (subject_id, file_id);

create table rony_stars (
    user_id blob not null,
    file_id blob not null,
    at integer not null,
    primary key (user_id, file_id)
) strict, without rowid;
create index rony_stars_file on rony_stars (file_id);

-- `used`: bytes of all versions of all files of the drive; `reserved`: what uploads on their way will need; `quota` NULL: as for everybody.
create table rony_drives (
    owner_id blob primary key,
    used integer not null,
    reserved integer not null,
    quota integer
) strict, without rowid;

-- `refs` counts the rows of rony_file_versions; what nothing refers to any more moves to rony_blob_removals until its bytes are gone.
create table rony_blobs (
    id blob primary key,
    size integer not null,
    sha256 blob not null,
    refs integer not null,
    preview text not null,
    width integer,
    height integer,
    created_at integer not null
) strict, without rowid;
create index rony_blobs_waiting on rony_blobs (created_at) where preview = 'waiting';

create table rony_blob_removals (
    id blob primary key,
    at integer not null
) strict, without rowid;

-- Which messages show a file: who sees one of them sees the file.
create table rony_attachments (
    file_id blob not null,
    conversation_id blob not null,
    seq integer not null,
    primary key (file_id, conversation_id, seq)
) strict, without rowid;
create index rony_attachments_message on rony_attachments (conversation_id, seq);

-- What is attached to a message, as it was when it was posted; empty for nothing, which is nearly always.
alter table rony_messages add column attachments text not null default '';
