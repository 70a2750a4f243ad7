alter table export drop column reason;
