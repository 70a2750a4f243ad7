alter table export drop column page_id, drop column origin;
