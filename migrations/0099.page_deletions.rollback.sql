-- transactional: false
drop index concurrently if exists page_deletion_id_idx;
