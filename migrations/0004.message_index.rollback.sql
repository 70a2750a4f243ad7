drop index feelback_message_idx;
