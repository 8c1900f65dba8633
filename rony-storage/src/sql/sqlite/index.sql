-- The search index of a database: everything in this file is made from that database, and made anew when it does not belong to it.

-- Whose index it is: `search_index` in rony_meta.
create table rony_index (
    only integer primary key check (only = 1),
    database text not null
) strict;

-- How far the index is, as in the database's own tables of these names, which say it of notifications: everything that moved before
-- `since` is in it, and beyond that each conversation up to `seq`.
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
