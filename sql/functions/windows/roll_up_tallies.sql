-- Called by jobs, panel as installation.
create function fn.roll_up_tallies(_account_id uuid, _limit integer default 100) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _placement_ids uuid[];
    _days date[];
    _are_late boolean[];
    _rolled_ids uuid[];
    _rolled_days date[];
    _rolled_nos smallint[];
    _rolled_counts bigint[];
    _touched_ids uuid[];
begin
    perform fn.lock_roll_up(_account_id);
    with changes as (
        delete from public.tally_change as c
        where c.account_id = _account_id and c.ctid = any (array(
            select t.ctid from public.tally_change as t
            where t.account_id = _account_id
            order by t.placement_id, t.day
            limit _limit
            -- A locked row is of a writer whose counts are not committed; it is left for the next run.
            for update skip locked
        ))
        returning c.placement_id, c.day, c.is_late
    )
    select array_agg(placement_id), array_agg(day), array_agg(is_late) into _placement_ids, _days, _are_late from changes;
    if _placement_ids is null then
        return 0;
    end if;

    with before as (
        select t.placement_id, t.day, t.option_no, t.rolled
        from public.tally_day as t
        join unnest(_placement_ids, _days) as c (placement_id, day) on t.placement_id = c.placement_id and t.day = c.day
        where t.account_id = _account_id
        order by t.placement_id, t.day, t.option_no
        for update of t
    ), rolled as (
        update public.tally_day as t
        set rolled = t.count
        from before as b
        where t.account_id = _account_id and t.placement_id = b.placement_id and t.day = b.day
            and t.option_no = b.option_no and t.count <> b.rolled
        returning t.placement_id, t.day, t.option_no, t.count - b.rolled as n
    )
    select array_agg(r.placement_id), array_agg(r.day), array_agg(r.option_no), array_agg(r.n)
    into _rolled_ids, _rolled_days, _rolled_nos, _rolled_counts
    from rolled as r;

    with delta as (
        select s.project_id, s.id as widget_id, r.placement_id, r.day, r.option_no, r.n,
            coalesce(p.through, '-infinity') as through
        from unnest(_rolled_ids, _rolled_days, _rolled_nos, _rolled_counts) as r (placement_id, day, option_no, n)
        join public.placement as c on c.account_id = _account_id and c.id = r.placement_id
        join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
        left join public.project_roll as p on p.account_id = _account_id and p.project_id = s.project_id
    ), windowed as (
        select
            d.project_id, d.widget_id, d.placement_id, w.days, d.option_no,
            coalesce(sum(d.n) filter (where d.day > d.through - w.days), 0) as count,
            -- Of the days in which windows are cut, the next full hour knows (fn.cut_windows).
            coalesce(sum(d.n) filter (where d.day > d.through - w.days and d.day < d.through), 0) as compared,
            coalesce(sum(d.n) filter (where d.day > d.through - w.shift - w.days and d.day < d.through - w.shift), 0) as before
        from delta as d
        cross join fn.window as w
        where d.through > '-infinity' and d.day <= d.through and d.day > d.through - w.shift - w.days
        group by d.project_id, d.widget_id, d.placement_id, w.days, d.option_no
    ), widget_days as (
        insert into public.widget_day as t (account_id, project_id, day, widget_id, option_no, count)
        select _account_id, project_id, day, widget_id, option_no, sum(n)
        from delta
        group by project_id, day, widget_id, option_no
        order by project_id, day, widget_id, option_no
        on conflict (account_id, project_id, day, widget_id, option_no)
            do update set count = t.count + excluded.count
    ), project_days as (
        insert into public.project_day as t (account_id, project_id, day, count)
        select _account_id, project_id, day, sum(n)
        from delta
        group by project_id, day
        order by project_id, day
        on conflict (account_id, project_id, day) do update set count = t.count + excluded.count
    ), placement_windows as (
        insert into public.placement_window as t (account_id, placement_id, days, option_no, count, compared, before)
        select _account_id, placement_id, days, option_no, count, compared, before
        from windowed
        order by placement_id, days, option_no
        on conflict (account_id, placement_id, days, option_no) do update set
            count = t.count + excluded.count, compared = t.compared + excluded.compared,
            before = t.before + excluded.before
    ), widget_windows as (
        insert into public.widget_window as t (
            account_id, project_id, days, widget_id, option_no, count, compared, before
        )
        select _account_id, project_id, days, widget_id, option_no, sum(count), sum(compared), sum(before)
        from windowed
        group by project_id, days, widget_id, option_no
        order by project_id, days, widget_id, option_no
        on conflict (account_id, project_id, days, widget_id, option_no) do update set
            count = t.count + excluded.count, compared = t.compared + excluded.compared,
            before = t.before + excluded.before
    )
    insert into public.period_change (account_id, project_id, unit, starts_on, placement_id)
    -- Of periods that are over too: they may be being closed at this moment, without what is passed on here.
    select distinct _account_id, d.project_id, u.unit, fn.period_start(u.unit, d.day), d.placement_id
    from delta as d
    cross join (values ('week'), ('month'), ('year')) as u (unit)
    left join public.period_close as c
        on c.account_id = _account_id and c.project_id = d.project_id and c.unit = u.unit
    where fn.period_start(u.unit, d.day) <= c.starts_on
        or d.through > '-infinity' and fn.period_start(u.unit, d.day) < fn.period_start(u.unit, d.through)
    on conflict (account_id, project_id, unit, starts_on, placement_id) do nothing;
    -- All of them, also those without new counts: their options have changed.
    select array_agg(distinct placement_id) into _touched_ids from unnest(_placement_ids) as t (placement_id);
    perform fn.score_placements(_account_id, _touched_ids);
    perform fn.notify_figures(_account_id, _touched_ids);
    if true = any (_are_late) then
        update public.project_roll as r
        set is_late = true
        from unnest(_placement_ids, _are_late) as l (placement_id, is_late)
        join public.placement as c on c.account_id = _account_id and c.id = l.placement_id
        join public.widget as s on s.account_id = _account_id and s.id = c.widget_id
        where l.is_late and r.account_id = _account_id and r.project_id = s.project_id and not r.is_late;
    end if;
    return cardinality(_placement_ids);
end;
$$;

comment on function fn.roll_up_tallies is
'Rolls up at most _limit changed daily tallies of an account: into days of projects and widgets, windows of widgets, windows and
scores of placements, and the list of closed periods to close again. Returns how many. It adds the difference to what was rolled
up before (tally_day.rolled), so that each change is added once, whenever it arrives.';
