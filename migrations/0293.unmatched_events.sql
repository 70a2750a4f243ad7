-- transactional: false
set lock_timeout = 0;
-- Those of one account, which are matched in a transaction of their own.
drop index concurrently if exists event_unmatched_account_idx;
create index concurrently event_unmatched_account_idx on event (account_id, created_at) where matched_at is null;
