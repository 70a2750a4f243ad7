alter table destination drop column languages;
