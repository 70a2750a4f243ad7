create function fn.delete_old_job_runs(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
    _deleted bigint;
begin
    delete from public.job_run where due_at < _now - interval '14 days';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_job_runs is 'Forgets the details of jobs that ran more than 14 days ago.';
