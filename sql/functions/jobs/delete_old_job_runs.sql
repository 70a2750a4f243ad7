-- Called by jobs as caller.
create function fn.delete_old_job_runs(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
    _details regclass := to_regclass('cron.job_run_details');
begin
    -- Each job's last run stays: by it the scheduler knows that the job is not due.
    delete from public.job_run as r
    where r.due_at < _now - interval '14 days'
        and exists (select 1 from public.job_run as later where later.job = r.job and later.due_at > r.due_at);
    get diagnostics _deleted = row_count;
    if _details is not null then
        execute format('delete from %s where end_time < $1', _details) using _now - interval '14 days';
    end if;
    return _deleted;
end;
$$;

comment on function fn.delete_old_job_runs is
'Deletes job runs after 14 days, except each job''s last, and pg_cron''s too. Returns how many of ours.';
