drop table merge_tally;
drop table merge_visit;
drop table merge_visitor;
drop table merge_hold;
drop table merge_response;
drop table page_merge;
alter table placement drop column alias_version, drop column target_id;
alter table page drop column merged_into;
