drop table turn_test;
