alter table invoice drop column attempts, drop column credited;
alter table subscription drop column billing_name, drop column billing_email, drop column billing_address;
