drop table backup_state;
