alter table usage drop column quota, drop column warned_quota;
