drop table issue;
drop table tracker;
