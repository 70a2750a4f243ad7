alter table follow_up drop column thanks;
