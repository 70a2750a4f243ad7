-- transactional: false
set lock_timeout = 0;
-- Few mails are replies, so that others do not write to this index.
drop index concurrently if exists mail_reply_idx;
create index concurrently mail_reply_idx on mail (reply_account_id, reply_id) where reply_id is not null;
alter table mail validate constraint mail_reply_fkey;
