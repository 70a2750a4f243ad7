-- Called by jobs as server.
create function fn.job_starts() returns table (job text, started_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    with run as materialized (
        select r.job, r.started_at
        from fn.job_runs() as r
        -- A run of our scheduler that neither ended nor failed was cut off, or is going on in the process that asks.
        where r.is_pg_cron or r.finished_at is not null or r.error is not null
    )
    -- A job that has never run is not late before any has.
    select j.name, coalesce(max(r.started_at), (select min(e.started_at) from run as e))
    from fn.job as j
    left join run as r on r.job = j.name
    group by j.name;
end;
$$;

comment on function fn.job_starts is
'When each job was last started, by pg_cron or to make up for it; where it never was, when any job first was.';
