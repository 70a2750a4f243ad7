drop table installation;
alter table person drop column is_operator;
alter table account drop column is_demo;
