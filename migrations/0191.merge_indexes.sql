-- transactional: false
set lock_timeout = 0;
-- Few pages are merged, so that ingestion does not write to these indexes.
drop index concurrently if exists page_merged_into_idx;
create index concurrently page_merged_into_idx on page (account_id, merged_into) where merged_into is not null;
drop index concurrently if exists placement_target_id_idx;
create index concurrently placement_target_id_idx on placement (account_id, target_id) where target_id is not null;
