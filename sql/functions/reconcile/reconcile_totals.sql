create function fn.reconcile_totals(
    _slice integer default null, _slices integer default 96, _now timestamptz default now()
) returns bigint
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _count bigint;
begin
    perform pg_advisory_xact_lock(hashtext('fn.reconcile'));
    with mended_days as materialized (
        -- What was put right a moment ago in a day may be wrong, or have been wrong, in the total.
        select r.account_id, r.placement_id from public.reconciliation as r where r.detected_at = _now and r.what = 'day'
    ), by_day as (
        select t.account_id, t.placement_id, t.option_no, sum(t.count)::bigint as n
        from public.tally_day as t
        where _slice is null or abs(hashtext(t.placement_id::text)::bigint) % _slices = _slice
            or (t.account_id, t.placement_id) in (select m.account_id, m.placement_id from mended_days as m)
        group by t.account_id, t.placement_id, t.option_no
    ), ever as (
        select t.account_id, t.placement_id, t.option_no, t.count as n
        from public.tally as t
        where _slice is null or abs(hashtext(t.placement_id::text)::bigint) % _slices = _slice
            or (t.account_id, t.placement_id) in (select m.account_id, m.placement_id from mended_days as m)
    ), difference as (
        select account_id, placement_id, option_no, coalesce(e.n, 0) as counted, coalesce(d.n, 0) as actual
        from by_day as d full join ever as e using (account_id, placement_id, option_no)
        where coalesce(e.n, 0) <> coalesce(d.n, 0)
    ), mended as (
        update public.tally as t
        set count = t.count + d.actual - d.counted
        from difference as d
        where t.account_id = d.account_id and t.placement_id = d.placement_id and t.option_no = d.option_no
    ), missing as (
        insert into public.tally as t (account_id, placement_id, option_no, count)
        select account_id, placement_id, option_no, actual from difference where counted = 0
        on conflict (account_id, placement_id, option_no) do nothing
    ), record as (
        insert into public.reconciliation (account_id, id, detected_at, what, placement_id, option_no, counted, actual)
        select account_id, fn.uuid_v7(_now), _now, 'total', placement_id, option_no, counted, actual from difference
    )
    select count(*) into _count from difference;
    return _count;
end;
$$;

comment on function fn.reconcile_totals is
'Compares all-time tallies with the sums of their days, of all placements or one slice; corrects and records differences.
Returns how many.';
