drop table late_response;
alter table roll_up drop column votes_until;
