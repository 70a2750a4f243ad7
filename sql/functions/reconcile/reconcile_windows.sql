create function fn.reconcile_windows(_account_id uuid, _project_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _through date;
    _count bigint;
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    select r.through into _through
    from public.project_roll as r
    where r.account_id = _account_id and r.project_id = _project_id
    for update;
    if not found then
        return 0;
    end if;
    with actual as (
        select s.id as widget_id, t.placement_id, w.days, t.option_no,
            coalesce(sum(t.rolled) filter (where t.day > _through - w.days), 0)::bigint as count,
            coalesce(sum(t.rolled) filter (where t.day <= _through - w.days), 0)::bigint as before
        from public.widget as s
        join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
        join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        cross join fn.window as w
        where s.account_id = _account_id and s.project_id = _project_id and t.rolled <> 0
            and t.day <= _through and t.day > _through - 2 * w.days
        group by s.id, t.placement_id, w.days, t.option_no
    ), counted as (
        select w.placement_id, w.days, w.option_no, w.count, w.before
        from public.widget as s
        join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
        join public.placement_window as w on w.account_id = c.account_id and w.placement_id = c.id
        where s.account_id = _account_id and s.project_id = _project_id and (w.count <> 0 or w.before <> 0)
    ), difference as (
        select placement_id, option_no, coalesce(c.count, 0) as counted, coalesce(a.count, 0) as actual
        from actual as a full join counted as c using (placement_id, days, option_no)
        where (coalesce(c.count, 0), coalesce(c.before, 0)) <> (coalesce(a.count, 0), coalesce(a.before, 0))
        union all
        select widget_id, option_no, coalesce(c.count, 0), coalesce(a.count, 0)
        from (
            select widget_id, days, option_no, sum(count)::bigint as count, sum(before)::bigint as before
            from actual group by widget_id, days, option_no
        ) as a
        full join (
            select widget_id, days, option_no, count, before from public.widget_window
            where account_id = _account_id and project_id = _project_id
        ) as c using (widget_id, days, option_no)
        where (coalesce(c.count, 0), coalesce(c.before, 0)) <> (coalesce(a.count, 0), coalesce(a.before, 0))
        union all
        select placement_id, 0::smallint, coalesce(c.total, 0), coalesce(a.count, 0)
        from (
            select placement_id, days, sum(count)::bigint as count, sum(before)::bigint as before
            from actual group by placement_id, days having sum(count) <> 0 or sum(before) <> 0
        ) as a
        full join (
            select k.placement_id, k.days, k.total, k.before
            from public.widget as s
            join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
            join public.placement_score as k on k.account_id = c.account_id and k.placement_id = c.id
            where s.account_id = _account_id and s.project_id = _project_id
        ) as c using (placement_id, days)
        where (c.total, c.before) is distinct from (a.count, a.before)
    ), record as (
        insert into public.reconciliation (account_id, id, detected_at, what, placement_id, option_no, counted, actual)
        select _account_id, fn.uuid_v7(_now), _now, 'window', placement_id, option_no, counted, actual from difference
    )
    select count(*) into _count from difference;
    if _count > 0 then
        perform fn.rebuild_windows(_account_id, _project_id, _through);
    end if;
    return _count;
end;
$$;

comment on function fn.reconcile_windows is
'Compares windows of a project''s placements and widgets, and totals of scores, with the daily tallies that were rolled up;
rebuilds all of the project''s if one differs. Returns how many differed; a score is recorded as option 0.';
