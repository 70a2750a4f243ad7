drop table billing_issue;
alter table plan_price drop column amount, drop column currency;
alter table subscription drop column listed_at;
drop table entitlement;
drop table customer_subscription;
