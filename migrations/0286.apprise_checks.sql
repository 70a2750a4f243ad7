-- In a transaction of its own, so that nobody waits for it.
alter table destination validate constraint destination_type_check;
alter table destination validate constraint destination_check;
alter table destination validate constraint destination_secret_check;
