alter table account drop column audit_days;
drop table audit;
