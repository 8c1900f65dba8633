-- The search index is in a file of its own, which is made from the messages: who posts does not wait for it there. What is drawn
-- here says which file belongs to this database.
drop table rony_search_words;
drop table rony_search;
insert into rony_meta (name, value) values ('search_index', lower(hex(randomblob(16))));
