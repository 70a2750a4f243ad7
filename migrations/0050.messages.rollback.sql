drop index feelback_words_idx;
drop table message_act, message_roll, message_state;
