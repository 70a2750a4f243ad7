-- transactional: false
set lock_timeout = 0;
drop index concurrently if exists event_unmatched_account_idx;
