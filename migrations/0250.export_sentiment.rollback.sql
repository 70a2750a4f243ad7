alter table export drop column sentiment;
