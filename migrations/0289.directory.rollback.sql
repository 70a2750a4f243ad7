drop table directory;
