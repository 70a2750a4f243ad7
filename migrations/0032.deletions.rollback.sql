drop table deleted_account;
alter table person drop column deletion_at, drop column deletion_told_at;
alter table account drop column deletion_at, drop column deletion_told_at;
