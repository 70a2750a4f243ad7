-- transactional: false
drop index concurrently if exists mail_reply_idx;
