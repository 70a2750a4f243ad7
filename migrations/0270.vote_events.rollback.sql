drop table late_vote;
alter table roll_up drop column votes_until;
