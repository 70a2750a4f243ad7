-- Called by app, owner as server.
create function fn.overdue_jobs(_now timestamptz default now()) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(select j.name from fn.job_health(_now) as j where j.is_overdue order by j.name);
end;
$$;

comment on function fn.overdue_jobs is 'Names of overdue jobs (fn.job_health).';
