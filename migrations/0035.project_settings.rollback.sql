drop index feelback_test_idx;
delete from feelback where counted_on is null;
alter table feelback alter column counted_on set not null;
alter table api_key drop column name;
alter table content drop column archived_at;
alter table content_set drop column archived_at;
alter table project drop column archived_at, drop column visitor_policy;
