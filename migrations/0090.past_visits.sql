-- transactional: false
-- Visits whose response has been deleted by retention: found by their placement when that is deleted. Few rows have it, so
-- that ingestion does not write to it.
drop index concurrently if exists visit_past_idx;
create index concurrently visit_past_idx on visit (account_id, placement_id)
    where response_id = '00000000-0000-0000-0000-000000000000';
comment on column visit.response_id is
'The response that counted; zeros where retention has deleted it, and only the hash remains that keeps the visitor from being counted again.';
