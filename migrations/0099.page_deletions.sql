-- transactional: false
-- Few pages have a deletion, so that ingestion does not write to this index.
drop index concurrently if exists page_deletion_id_idx;
create index concurrently page_deletion_id_idx on page (account_id, deletion_id) where deletion_id is not null;
