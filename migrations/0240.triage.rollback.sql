drop table triage_action;
drop table saved_view;
drop table note;
drop table message_tag;
drop table tag;
drop table triage;
