drop index mail_created_at_idx;
alter table mail drop column handed_at, drop column body;
drop table recap_turn, recap_recipient, recap_choice;
