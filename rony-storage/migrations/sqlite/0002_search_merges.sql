-- The job that makes the index merges its segments itself, a little after each step. FTS5 would do it within the transaction that happens
-- to fill a level, and everybody who posts would wait for that.
insert into rony_search_words (rony_search_words, rank) values ('automerge', 0);
insert into rony_search_words (rony_search_words, rank) values ('crisismerge', 500);
