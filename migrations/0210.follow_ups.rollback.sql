drop table merge_reason_tally;
alter table merge_hold drop column contact, drop column body, drop column reason_nos;
drop table reason_tally_day;
drop table reason_tally;
alter table response_edit drop column reason_nos;
alter table response drop column contact, drop column reason_nos;
drop table reason;
drop table follow_up;
