-- The `client_id` of the message that tells of a missed call: nobody knows it before. Null for calls from before, whose id it was.
alter table rony_calls add column note blob;
