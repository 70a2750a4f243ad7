-- transactional: false
drop index concurrently if exists visit_past_idx;
