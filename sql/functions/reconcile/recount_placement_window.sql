create function fn.recount_placement_window(_account_id uuid, _project_id uuid) returns setof public.placement_window
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _roll public.project_roll;
begin
    select * into _roll
    from public.project_roll as r
    where r.account_id = _account_id and r.project_id = _project_id;
    return query
    with day as (
        select c.id as placement_id, d.days, t.option_no,
            sum(t.rolled) filter (where t.day > _roll.through - d.days) as count,
            sum(t.rolled) filter (where t.day > _roll.through - d.days and t.day < _roll.through) as compared,
            sum(t.rolled) filter (where t.day < _roll.through - d.shift) as before,
            0 as compared_part, 0 as before_part
        from public.widget as w
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        cross join fn.window as d
        join public.tally_day as t
            on t.account_id = c.account_id and t.placement_id = c.id and t.day <= _roll.through
            and (t.day > _roll.through - d.days or t.day between _roll.through - d.shift - d.days + 1 and _roll.through - d.shift)
        where w.account_id = _account_id and w.project_id = _project_id
        group by c.id, d.days, t.option_no
    ), part as (
        select k.placement_id, d.days[k.n], k.option_no, 0, k.compared, k.before, k.compared, k.before
        from (
            select array_agg(w.days order by w.days) as days, array_agg(_roll.through - w.days + 1 order by w.days) as froms,
                array_agg(_roll.through order by w.days) as tos
            from fn.window as w
        ) as d
        cross join lateral fn.window_parts(
            _account_id, array[_project_id], _roll.time_zone, d.froms, d.tos, _roll.counted_until, _roll.has_moved
        ) as k
    ), hour as (
        select f.placement_id, 1::smallint, f.option_no, h.count, h.count, h.before, h.count, h.before
        from public.widget as w
        join public.response as f on f.account_id = w.account_id and f.widget_id = w.id
        cross join lateral (
            select (f.created_at >= _roll.counted_until - interval '24 hours')::integer as count,
                (f.created_at < _roll.counted_until - interval '24 hours')::integer as before
        ) as h
        where w.account_id = _account_id and w.project_id = _project_id and f.counted_on is not null
            and f.id >= fn.uuid_floor(_roll.counted_until - interval '48 hours 1 minute')
            and f.id < fn.uuid_floor(_roll.counted_until + interval '1 minute')
            and f.created_at >= _roll.counted_until - interval '48 hours' and f.created_at < _roll.counted_until
    )
    select _account_id, k.placement_id, k.days, k.option_no, coalesce(sum(k.count), 0)::bigint,
        coalesce(sum(k.before), 0)::bigint, coalesce(sum(k.compared), 0)::bigint,
        coalesce(sum(k.compared_part), 0)::bigint, coalesce(sum(k.before_part), 0)::bigint
    from (select * from day union all select * from part union all select * from hour) as k
    group by k.placement_id, k.days, k.option_no;
end;
$$;

comment on function fn.recount_placement_window is
'What placement_window should hold of a project: the sums of tally_day over the windows that end with project_roll.through and
over their comparisons, with what fn.window_parts adds, and the last 24 full hours of the responses.';
