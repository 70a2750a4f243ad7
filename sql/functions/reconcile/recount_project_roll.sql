create function fn.recount_project_roll(_account_id uuid, _project_id uuid, _now timestamptz default now())
returns setof public.project_roll
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.account_id, p.id, least(r.through, (_now at time zone p.time_zone)::date),
        least(r.counted_until, fn.full_hour(_now)), p.time_zone, coalesce(r.has_moved, false), coalesce(r.is_late, false)
    from public.project as p
    left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id
        -- Without a row a project's windows are built by the next refresh.
        and (
            r.through is not null or exists (
                select 1 from public.widget_window as w where w.account_id = _account_id and w.project_id = _project_id
            )
        );
end;
$$;

comment on function fn.recount_project_roll is
'Until which day and full hour the windows of a project may go, in its zone: none after its today. They may lag until the next
refresh.';
