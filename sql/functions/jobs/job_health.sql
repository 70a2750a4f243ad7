-- Called by owner as caller.
create function fn.job_health(_now timestamptz default now())
returns table (
    name text, schedule text, purpose text, last_run timestamptz, seconds double precision, error text,
    last_success timestamptz, is_overdue boolean
)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
    -- Where pg_cron runs the jobs, its own table says how they went.
    _runs text := case when to_regclass('cron.job_run_details') is null then
        'select r.job, r.started_at, r.finished_at, r.error from public.job_run as r'
    else
        $runs$
            select substr(j.jobname, 10) as job, d.start_time as started_at, d.end_time as finished_at,
                case when d.status = 'failed' then d.return_message end as error
            from cron.job_run_details as d
            join cron.job as j on j.jobid = d.jobid
            where starts_with(j.jobname, 'feelback:') and d.start_time is not null
            union all
            select r.job, r.started_at, r.finished_at, r.error from public.job_run as r
        $runs$
    end;
begin
    return query execute format(
        $query$
            with run as (%s)
            select j.name, j.schedule, j.purpose, l.started_at,
                extract(epoch from l.finished_at - l.started_at)::double precision, l.error, s.finished_at,
                coalesce(s.finished_at, (select min(started_at) from run), $1) < $1 - j.late_after
            from fn.job as j
            left join lateral (
                select * from run where run.job = j.name order by run.started_at desc limit 1
            ) as l on true
            left join lateral (
                select max(run.finished_at) as finished_at from run where run.job = j.name and run.error is null
            ) as s on true
            order by j.name
        $query$, _runs
    ) using _now;
end;
$$;

comment on function fn.job_health is
'State of every job: its last run, duration and error, its last success, and whether that is overdue (counted from the first run
of any job where it never ran). Runs of both schedulers count.';
