alter table worker_start
    drop column seen_at,
    drop column silent_starts;
