create table worker_start (
    is_only boolean primary key default true check (is_only),
    started_at timestamptz,
    started_by text check (length(started_by) <= 100),
    failures integer not null default 0 check (failures >= 0),
    last_error text check (length(last_error) <= 500)
);
comment on table worker_start is
'One row: when the worker machine was last told to start and by which machine, and how often that failed since it last
did not. Whoever is to start it locks the row.';
insert into worker_start default values;
