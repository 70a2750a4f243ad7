drop table write_check;
