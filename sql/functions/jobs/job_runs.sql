create function fn.job_runs()
returns table (job text, started_at timestamptz, finished_at timestamptz, error text, state text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A variable, since plpgsql_check looks for the tables of constant texts.
    _details regclass := to_regclass('cron.job_run_details');
begin
    return query
    select r.job, r.started_at, r.finished_at, r.error,
        -- A run that neither ended nor failed goes on in the process that asks, or was cut off.
        case when r.finished_at is null and r.error is null then 'open' else 'done' end
    from public.job_run as r;
    if _details is not null then
        return query execute format($runs$
            select substr(j.jobname, 10),
                -- pg_cron gives a run whose connection failed no time, but ids in order of time.
                coalesce(d.start_time, max(d.start_time) over (order by d.runid)), d.end_time,
                case when d.status = 'failed' then coalesce(d.return_message, 'failed') end,
                case
                    when d.status not in ('succeeded', 'failed') then 'running'
                    when d.start_time is null then 'not started'
                    else 'done'
                end
            from %s as d
            join cron.job as j on j.jobid = d.jobid
            where starts_with(j.jobname, 'feelback:')
        $runs$, _details);
    end if;
end;
$$;

comment on function fn.job_runs is
'Every run of a job that is on record, by our scheduler or by pg_cron, with its error if it failed, and its state: running, done, not
started or open.';
