alter table customer_subscription drop column is_trial_repeated, drop column reminded_for;
drop table trial;
