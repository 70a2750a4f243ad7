drop table usage;
drop table project_usage;
drop table billing_event;
drop table invoice;
drop table subscription;
drop table plan_price;
drop table plan;
drop table billing;
