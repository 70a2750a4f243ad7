create function fn.recap_widgets(_account_id uuid, _project_id uuid, _unit text, _starts_on date)
returns table (
    id uuid, name text, type text, total bigint, before bigint, positive double precision, sentiment double precision,
    average double precision, options json
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.id, s.name, s.type, p.total, coalesce(p.before, 0),
        case when w.is_judging then p.positive end, case when w.is_judging then p.sentiment end, p.average, o.options
    from public.widget as s
    join fn.widget_type as w on w.name = s.type
    join public.period as p
        on p.account_id = s.account_id and p.scope_id = s.id and p.unit = _unit and p.starts_on = _starts_on
        and p.scope = 'widget'
    cross join lateral (
        select
            json_agg(
                json_build_object('label', i.label, 'icon', i.icon, 'weight', i.weight, 'count', coalesce(u.n, 0))
                order by i.position
            ) filter (where i.retired_at is null or u.n > 0) as options
        from public.option as i
        left join unnest(p.option_nos, p.counts) as u (no, n) on u.no = i.no
        where i.account_id = s.account_id and i.widget_id = s.id
    ) as o
    where s.account_id = _account_id and s.project_id = _project_id
    order by p.total desc, s.created_at, s.id;
end;
$$;

comment on function fn.recap_widgets is
'Widgets of a project with responses in a closed period, most responses first, with their options in order.';
