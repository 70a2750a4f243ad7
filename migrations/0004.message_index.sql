-- What visitors wrote, newest first, without passing all the signals that are only counted.
create index feelback_message_idx on feelback (account_id, content_set_id, id)
where body is not null or fields is not null;
