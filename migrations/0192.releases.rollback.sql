drop table release;
