drop table web_process;
