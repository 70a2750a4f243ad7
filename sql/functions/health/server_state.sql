-- Called by app as server.
create function fn.server_state()
returns table (
    at timestamptz, database_bytes bigint, standbys integer, waits_for_standby boolean, last_check timestamptz,
    worker_started_at timestamptz, worker_failures integer
)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select clock_timestamp(), pg_catalog.pg_database_size(pg_catalog.current_database()),
        (select count(*)::integer from pg_catalog.pg_stat_replication),
        pg_catalog.current_setting('synchronous_standby_names') <> ''
            and pg_catalog.current_setting('synchronous_commit') not in ('off', 'local'),
        (select max(c.checked_at) from public.write_check as c), w.started_at, w.failures + w.silent_starts
    from public.worker_start as w
$$;

comment on function fn.server_state is
'What the server''s clock says; the size of the database; how many standbys are connected, and whether commits wait for one;
when a machine last found that responses can be stored; and when the worker machine was last started, and how many starts in a
row failed.';
