create function fn.reconcile_day(_day date, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _count bigint;
    -- A deletion in progress has fewer responses than counts.
    _deleted uuid[] := array(select d.id from public.deletion as d);
begin
    perform pg_advisory_xact_lock(hashtext('fn.reconcile'));
    -- One statement compares one snapshot, and corrects by differences, which stay right whatever is counted meanwhile.
    with actual as (
        select f.account_id, f.placement_id, f.option_no, count(*) as n
        from public.response as f
        join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
        join public.project as p on p.account_id = s.account_id and p.id = s.project_id
        where f.created_at >= (_day - 2)::timestamp at time zone 'UTC'
            and f.created_at < (_day + 3)::timestamp at time zone 'UTC' and f.counted_on = _day
            and (p.retained_from is null or p.retained_from <= _day)
            and p.id <> all (_deleted) and s.id <> all (_deleted) and f.placement_id <> all (_deleted)
        group by f.account_id, f.placement_id, f.option_no
    ), counted as (
        select t.account_id, t.placement_id, t.option_no, t.count as n
        from public.tally_day as t
        join public.placement as c on c.account_id = t.account_id and c.id = t.placement_id
        join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
        join public.project as p on p.account_id = s.account_id and p.id = s.project_id
        where t.day = _day and (p.retained_from is null or p.retained_from <= _day)
            and p.id <> all (_deleted) and s.id <> all (_deleted) and t.placement_id <> all (_deleted)
    ), difference as (
        select account_id, placement_id, option_no, coalesce(c.n, 0) as counted, coalesce(a.n, 0) as actual
        from actual as a full join counted as c using (account_id, placement_id, option_no)
        where coalesce(c.n, 0) <> coalesce(a.n, 0)
    ), mended as (
        update public.tally_day as t
        set count = t.count + d.actual - d.counted
        from difference as d
        where t.account_id = d.account_id and t.placement_id = d.placement_id and t.day = _day
            and t.option_no = d.option_no
    ), missing as (
        insert into public.tally_day as t (account_id, placement_id, day, option_no, count)
        select account_id, placement_id, _day, option_no, actual from difference where counted = 0
        on conflict (account_id, placement_id, day, option_no) do nothing
    ), changed as (
        insert into public.tally_change (account_id, placement_id, day)
        select account_id, placement_id, _day from difference
        union
        -- Also counts that were never rolled up; recording one twice is harmless.
        select t.account_id, t.placement_id, _day from public.tally_day as t where t.day = _day and t.count <> t.rolled
        on conflict (account_id, placement_id, day) do nothing
    ), record as (
        insert into public.reconciliation (account_id, id, detected_at, what, placement_id, day, option_no, counted, actual)
        select account_id, fn.uuid_v7(_now), _now, 'day', placement_id, _day, option_no, counted, actual from difference
    )
    select count(*) into _count from difference;
    return _count;
end;
$$;

comment on function fn.reconcile_day is
'Compares the tallies of one day with its stored responses; corrects and records differences. Returns how many. Reads responses
of that day only.';
