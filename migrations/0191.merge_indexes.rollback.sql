-- transactional: false
drop index concurrently if exists placement_target_id_idx;
drop index concurrently if exists page_merged_into_idx;
