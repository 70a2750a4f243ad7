create function fn.cut_windows(_account_id uuid, _project_ids uuid[], _until timestamptz default null) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _group record;
    _touched uuid[];
begin
    perform fn.lock_roll_up(_account_id);
    update public.project_roll as r
    set counted_until = coalesce(_until, r.counted_until), time_zone = p.time_zone,
        has_moved = r.has_moved or coalesce(r.time_zone <> p.time_zone, false), is_late = false
    from public.project as p
    where r.account_id = _account_id and r.project_id = any (_project_ids) and p.account_id = _account_id
        and p.id = r.project_id;
    for _group in
        select r.time_zone as zone, r.through, r.counted_until, r.has_moved, array_agg(r.project_id) as project_ids,
            fn.uuid_floor(r.counted_until - interval '48 hours 1 minute') as low_id,
            fn.uuid_floor(r.counted_until + interval '1 minute') as high_id
        from public.project_roll as r
        where r.account_id = _account_id and r.project_id = any (_project_ids) and r.counted_until is not null
        group by r.time_zone, r.through, r.counted_until, r.has_moved
    loop
        with hour as materialized (
            select s.project_id, f.*
            from (
                select f.widget_id, f.placement_id, f.option_no, date_trunc('hour', f.created_at, 'UTC') as hour, count(*) as count
                from public.response as f
                where f.account_id = _account_id
                    and f.id >= _group.low_id and f.id < _group.high_id
                    and f.created_at >= _group.counted_until - interval '48 hours' and f.created_at < _group.counted_until
                    and f.counted_on is not null
                group by f.widget_id, f.placement_id, f.option_no, hour
            ) as f
            join public.widget as s on s.account_id = _account_id and s.id = f.widget_id
            where s.project_id = any (_group.project_ids)
        ), widget_hours as (
            insert into public.widget_hour as t (account_id, project_id, hour, widget_id, option_no, count)
            select _account_id, project_id, hour, widget_id, option_no, sum(count)
            from hour
            group by project_id, hour, widget_id, option_no
            order by project_id, hour, widget_id, option_no
            on conflict (account_id, project_id, hour, widget_id, option_no) do update set count = excluded.count
            where t.count <> excluded.count
        ), old_hours as (
            delete from public.widget_hour as t
            where t.account_id = _account_id and t.project_id = any (_group.project_ids)
                and not exists (
                    select 1 from hour as h
                    where h.project_id = t.project_id and h.hour = t.hour and h.widget_id = t.widget_id
                        and h.option_no = t.option_no
                )
        ), part as (
            select project_id, widget_id, placement_id, 1::smallint as days, option_no,
                coalesce(sum(count) filter (where hour >= _group.counted_until - interval '24 hours'), 0)::bigint as compared,
                coalesce(sum(count) filter (where hour < _group.counted_until - interval '24 hours'), 0)::bigint as before
            from hour
            group by project_id, widget_id, placement_id, option_no
            union all
            -- One side may be of responses and the other of tallies.
            select k.project_id, k.widget_id, k.placement_id, w.days[k.n], k.option_no, sum(k.compared)::bigint,
                sum(k.before)::bigint
            from (
                select array_agg(days order by days) as days, array_agg(_group.through - days + 1 order by days) as froms,
                    array_agg(_group.through order by days) as tos
                from fn.window
            ) as w
            cross join lateral fn.window_parts(
                _account_id, _group.project_ids, _group.zone, w.froms, w.tos, _group.counted_until, _group.has_moved
            ) as k
            group by k.project_id, k.widget_id, k.placement_id, w.days[k.n], k.option_no
        ), old as (
            select s.project_id, c.widget_id, w.placement_id, w.days, w.option_no, w.compared_part, w.before_part
            from public.widget as s
            join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
            join public.placement_window as w on w.account_id = c.account_id and w.placement_id = c.id
            where s.account_id = _account_id and s.project_id = any (_group.project_ids)
                and (w.compared_part <> 0 or w.before_part <> 0)
        ), moved as materialized (
            select project_id, widget_id, placement_id, days, option_no,
                coalesce(p.compared, 0) - coalesce(o.compared_part, 0) as compared,
                coalesce(p.before, 0) - coalesce(o.before_part, 0) as before
            from part as p
            full join old as o using (project_id, widget_id, placement_id, days, option_no)
            where coalesce(p.compared, 0) <> coalesce(o.compared_part, 0) or coalesce(p.before, 0) <> coalesce(o.before_part, 0)
        ), placement_windows as (
            insert into public.placement_window as t (
                account_id, placement_id, days, option_no, count, compared, compared_part, before, before_part
            )
            -- The last 24 hours end at the full hour: all of them are compared.
            select _account_id, placement_id, days, option_no, case when days = 1 then compared else 0 end, compared, compared,
                before, before
            from moved
            order by placement_id, days, option_no
            on conflict (account_id, placement_id, days, option_no) do update set
                count = t.count + excluded.count,
                compared = t.compared + excluded.compared, compared_part = t.compared_part + excluded.compared_part,
                before = t.before + excluded.before, before_part = t.before_part + excluded.before_part
        ), widget_windows as (
            insert into public.widget_window as t (
                account_id, project_id, days, widget_id, option_no, count, compared, compared_part, before, before_part
            )
            select _account_id, project_id, days, widget_id, option_no,
                case when days = 1 then sum(compared) else 0 end, sum(compared), sum(compared), sum(before), sum(before)
            from moved
            group by project_id, days, widget_id, option_no
            order by project_id, days, widget_id, option_no
            on conflict (account_id, project_id, days, widget_id, option_no) do update set
                count = t.count + excluded.count,
                compared = t.compared + excluded.compared, compared_part = t.compared_part + excluded.compared_part,
                before = t.before + excluded.before, before_part = t.before_part + excluded.before_part
        )
        select array_agg(distinct placement_id) into _touched from moved;
        perform fn.score_placements(_account_id, _touched);
    end loop;
end;
$$;

comment on function fn.cut_windows is
'Counts again what is known to the hour only: the last 24 full hours and the 24 before, and in the windows of days the day in
which they and their comparisons are cut (fn.window_parts). For projects of an account, until a full hour, by default the last
one. A later change of a response on such a day is in the comparison from the next full hour.';
