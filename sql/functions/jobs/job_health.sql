-- Called by owner as caller.
create function fn.job_health(_now timestamptz default now())
returns table (
    name text, schedule text, purpose text, last_run timestamptz, seconds double precision, error text,
    last_success timestamptz, is_overdue boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with run as materialized (
        select r.*, row_number() over (partition by r.job order by r.started_at desc nulls last, r.error nulls last) as n
        from fn.job_runs() as r
    ), state as (
        select r.job, max(r.finished_at) filter (where r.error is null) as last_success from run as r group by r.job
    )
    select j.name, j.schedule, j.purpose, l.started_at,
        extract(epoch from l.finished_at - l.started_at)::double precision, l.error, s.last_success,
        coalesce(s.last_success, (select min(r.started_at) from run as r), _now) < _now - j.late_after
    from fn.job as j
    left join run as l on l.job = j.name and l.n = 1
    left join state as s on s.job = j.name
    order by j.name;
end;
$$;

comment on function fn.job_health is
'State of every job: its last run, duration and error, its last success, and whether that is overdue (counted from the first run
of any job where it never ran). Runs of both schedulers count.';
