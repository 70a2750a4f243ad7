-- Called by jobs as installation.
create function fn.emit_overdue_jobs(_now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _names constant text[] := fn.overdue_jobs(_now);
    _name text;
    _to record;
begin
    if _names = '{}' then
        return;
    end if;
    for _to in
        select distinct d.account_id, d.project_id
        from public.destination as d
        join public.member as m on m.account_id = d.account_id and m.role = 'owner'
        join public.person as n on n.id = m.person_id and n.is_operator
        where 'job.overdue' = any (d.events)
    loop
        foreach _name in array _names loop
            continue when exists (
                select 1 from public.event as e
                where e.account_id = _to.account_id and e.project_id = _to.project_id and e.type = 'job.overdue'
                    and e.data ->> 'job' = _name and e.created_at > _now - interval '1 day'
            );
            perform fn.emit(_to.account_id, _to.project_id, 'job.overdue', jsonb_build_object('job', _name), _now);
        end loop;
    end loop;
end;
$$;

comment on function fn.emit_overdue_jobs is
'Emits each overdue job, once a day, in the projects of operators that have a destination for it: jobs are no matter of other accounts.';
