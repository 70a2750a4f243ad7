drop table worker_start;
