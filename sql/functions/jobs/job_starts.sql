-- Called by jobs as server.
create function fn.job_starts() returns table (job text, started_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with run as materialized (
        select r.job, case when r.state = 'running' then clock_timestamp() else r.started_at end as started_at, r.state
        from fn.job_runs() as r
    )
    -- A job that has never run is not late before any has.
    select j.name, coalesce(
        max(r.started_at) filter (where r.state in ('running', 'done')), (select min(e.started_at) from run as e)
    )
    from fn.job as j
    left join run as r on r.job = j.name
    group by j.name;
end;
$$;

comment on function fn.job_starts is
'When each job last ran, by pg_cron or to make up for it: now where it runs; where it never did, when any job first was started.';
