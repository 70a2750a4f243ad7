-- transactional: false
-- What they were about is deleted.
select 1;
