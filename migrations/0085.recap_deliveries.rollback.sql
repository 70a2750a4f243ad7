drop table recap_delivery;
update mail set outcome = 'failed' where outcome = 'unknown';
alter table mail drop constraint mail_outcome_check;
alter table mail add constraint mail_outcome_check check (outcome in ('sent', 'kept', 'failed'));
alter table mail drop column copies, drop column phase;
