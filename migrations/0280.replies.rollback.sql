delete from mail where reply_id is not null;
alter table mail drop column reply_account_id, drop column reply_id;
drop table opt_out;
drop table reply;
