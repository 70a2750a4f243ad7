drop table page_key_change;
drop table window_choice;
