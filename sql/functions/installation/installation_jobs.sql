-- Called by app as server.
create function fn.installation_jobs(_person_id uuid, _now timestamptz default now())
returns table (
    name text, schedule text, purpose text, last_run timestamptz, seconds double precision, error text,
    last_success timestamptz, is_overdue boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow_installation(_person_id);
    return query select * from fn.job_health(_now);
end;
$$;

comment on function fn.installation_jobs is
'State of every job (fn.job_health), for the installation''s owner. FB404 for everybody else.';
