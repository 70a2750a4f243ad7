drop table page_score;
