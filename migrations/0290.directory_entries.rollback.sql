-- transactional: false
-- The entries go with their table.
select 1;
