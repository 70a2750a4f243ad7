create function fn.recount_tally_day(_account_id uuid, _project_id uuid, _from date, _to date)
returns setof public.tally_day
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _retained_from date;
    -- From here on a response may have been counted that fn.gather_tally_changes has not seen.
    _gathered_from date := (select (r.gathered_at at time zone 'UTC')::date - 2 from public.roll_up as r);
begin
    select p.retained_from into _retained_from
    from public.project as p
    where p.account_id = _account_id and p.id = _project_id;
    return query
    with counted as (
        select w.id as widget_id, c.id as placement_id, t.day, t.option_no, t.count, t.rolled
        from public.widget as w
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        where w.account_id = _account_id and w.project_id = _project_id and t.day between _from and _to
    ), deletion as (
        select d.id from public.deletion as d where d.account_id = _account_id and d.project_id = _project_id
    ), stored as (
        -- A placement that is being deleted has fewer responses than counts.
        select f.placement_id, f.counted_on as day, f.option_no, count(*) as n
        from public.response as f
        join public.widget as w on w.account_id = f.account_id and w.id = f.widget_id
        where f.account_id = _account_id and w.project_id = _project_id
            -- The id is of the time, so that only the months concerned are read.
            and f.id >= fn.uuid_floor((_from - 3)::timestamp at time zone 'UTC')
            and f.id < fn.uuid_floor((_to + 4)::timestamp at time zone 'UTC')
            and f.counted_on between _from and _to and (_retained_from is null or f.counted_on >= _retained_from)
            and not exists (select 1 from deletion as d where d.id in (f.placement_id, f.widget_id))
        group by f.placement_id, f.counted_on, f.option_no
    )
    select _account_id, s.placement_id, s.day, s.option_no, s.n,
        case
            when p.is_pending then coalesce(c.rolled, 0)
            when c.count is null or c.count = s.n then s.n
            else c.rolled  -- the correction is rolled up
        end
    from stored as s
    left join counted as c on c.placement_id = s.placement_id and c.day = s.day and c.option_no = s.option_no
    cross join lateral (
        select s.day >= _gathered_from or exists (
            select 1 from public.tally_change as h
            where h.account_id = _account_id and h.placement_id = s.placement_id and h.day = s.day
        ) as is_pending
    ) as p
    union all
    -- Nothing is left to recount these from; and what is no more is not yet rolled up.
    select _account_id, c.placement_id, c.day, c.option_no, case when r.is_gone then c.count else 0 end, c.rolled
    from counted as c
    cross join lateral (
        select c.day < _retained_from or exists (select 1 from deletion as d where d.id in (c.placement_id, c.widget_id)) as is_gone
    ) as r
    where coalesce(r.is_gone, false) or not exists (
        select 1 from stored as s where s.placement_id = c.placement_id and s.day = c.day and s.option_no = c.option_no
    );
end;
$$;

comment on function fn.recount_tally_day is
'What tally_day should hold of a project for these days: a count of its responses. Days whose responses retention has deleted,
and placements that are being deleted, are taken as they are. A count that waits to be rolled up keeps what was rolled up.';
