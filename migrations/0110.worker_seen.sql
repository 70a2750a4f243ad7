-- A worker machine that Fly says was started may still end at once: only the worker itself knows that it runs.
alter table worker_start
    add column seen_at timestamptz,
    add column silent_starts integer not null default 0;
comment on column worker_start.seen_at is 'When a worker last began to work.';
comment on column worker_start.silent_starts is 'How often it was started in vain since: Fly reported no error, but no worker began.';
