create function fn.reconcile_widget_days(_day date, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _count bigint;
begin
    perform pg_advisory_xact_lock(hashtext('fn.reconcile'));
    with actual as (
        select s.account_id, s.project_id, s.id as widget_id, t.option_no, sum(t.rolled)::bigint as n
        from public.tally_day as t
        join public.placement as c on c.account_id = t.account_id and c.id = t.placement_id
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        where t.day = _day
        group by s.account_id, s.project_id, s.id, t.option_no
    ), difference as (
        select account_id, project_id, widget_id, option_no, coalesce(d.count, 0) as counted,
            coalesce(a.n, 0) as actual
        from actual as a
        full join (select * from public.widget_day where day = _day) as d
            using (account_id, project_id, widget_id, option_no)
        where coalesce(d.count, 0) <> coalesce(a.n, 0)
    ), mended as (
        insert into public.widget_day as t (account_id, project_id, day, widget_id, option_no, count)
        select account_id, project_id, _day, widget_id, option_no, actual - counted from difference
        on conflict (account_id, project_id, day, widget_id, option_no)
            do update set count = t.count + excluded.count
    ), record as (
        insert into public.reconciliation (account_id, id, detected_at, what, placement_id, day, option_no, counted, actual)
        select account_id, fn.uuid_v7(_now), _now, 'widget', widget_id, _day, option_no, counted, actual
        from difference
    )
    select count(*) into _count from difference;

    with actual as (
        select d.account_id, d.project_id, sum(d.count)::bigint as n
        from public.widget_day as d
        where d.day = _day
        group by d.account_id, d.project_id
    ), difference as (
        select account_id, project_id, coalesce(d.count, 0) as counted, coalesce(a.n, 0) as actual
        from actual as a
        full join (select * from public.project_day where day = _day) as d using (account_id, project_id)
        where coalesce(d.count, 0) <> coalesce(a.n, 0)
    ), mended as (
        insert into public.project_day as t (account_id, project_id, day, count)
        select account_id, project_id, _day, actual - counted from difference
        on conflict (account_id, project_id, day) do update set count = t.count + excluded.count
    ), record as (
        insert into public.reconciliation (account_id, id, detected_at, what, placement_id, day, option_no, counted, actual)
        select account_id, fn.uuid_v7(_now), _now, 'project', project_id, _day, 0, counted, actual from difference
    )
    select _count + count(*) into _count from difference;
    return _count;
end;
$$;

comment on function fn.reconcile_widget_days is
'Compares the days of widgets with the tallies that were rolled up into them, and those of projects with their widgets'', for
one day; corrects and records differences. Returns how many.';
