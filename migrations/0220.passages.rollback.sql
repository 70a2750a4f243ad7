drop table passage;
