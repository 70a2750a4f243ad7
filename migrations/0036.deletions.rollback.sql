drop table deletion;
