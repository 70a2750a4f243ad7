drop table deleted_customer;
alter table billing drop column comparison_next_at, drop column comparison_attempts;
