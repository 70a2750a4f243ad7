alter table subscription drop column plan_at;
alter table billing drop column on_since;
