alter table session drop column in_account;
drop table invitation;
drop index member_owner_key;
