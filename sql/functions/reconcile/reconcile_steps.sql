-- Called by jobs as installation.
create function fn.reconcile_steps(_account_id uuid, _project_id uuid, _now timestamptz)
returns table (table_name text, first_day date, last_day date)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with day as (
        select t.day
        from public.widget as w
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        where w.account_id = _account_id and w.project_id = _project_id
        union
        select t.day
        from public.widget as w
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        join public.reason_tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        where w.account_id = _account_id and w.project_id = _project_id
        union
        select t.day from public.widget_day as t where t.account_id = _account_id and t.project_id = _project_id
        union
        select t.day from public.project_day as t where t.account_id = _account_id and t.project_id = _project_id
        union
        -- Responses that no tally counts.
        select d.day from (
            select to_date(substring(c.relname from '^response_(\d{4}_\d{2})$'), 'YYYY_MM') as day
            from pg_catalog.pg_inherits as i
            join pg_catalog.pg_class as c on c.oid = i.inhrelid
            where i.inhparent = 'public.response'::regclass
        ) as d
        where d.day <= (_now at time zone 'UTC')::date + 1
    ), month as (
        select distinct date_trunc('month', d.day)::date as starts_on from day as d
    )
    select a.table_name, m.starts_on, (m.starts_on + interval '1 month')::date - 1
    from fn.aggregate as a
    left join month as m on a.table_name in ('tally_day', 'widget_day', 'project_day', 'reason_tally_day')
    order by a.no, m.starts_on;
end;
$$;

comment on function fn.reconcile_steps is
'What fn.reconcile_step compares of a project, in order: days by month, so that no step takes long.';
