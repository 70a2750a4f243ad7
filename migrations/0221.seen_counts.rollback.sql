drop table seen_day;
