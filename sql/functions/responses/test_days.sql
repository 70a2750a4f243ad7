create function fn.test_days(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_ids uuid[], _option_no smallint, _from date, _to date,
    _zone text
) returns table (day date)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _from_id uuid := fn.uuid_floor(fn.day_start(_from, _zone));
    _end_id uuid := fn.uuid_floor(fn.day_start(_to + 1, _zone));
begin
    -- Most accounts have none.
    if not exists (
        select 1 from public.response as f
        where f.account_id = _account_id and f.counted_on is null and f.id >= _from_id and f.id < _end_id
    ) then
        return;
    end if;
    return query
    -- From the newest of a day to the newest before that day: one look-up in response_test_idx each.
    with recursive newest as (
        select w.id as widget_id, l.id, (l.created_at at time zone _zone)::date as day
        from public.widget as w
        cross join lateral (
            select f.id, f.created_at from public.response as f
            where f.account_id = _account_id and f.widget_id = w.id and f.counted_on is null
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option_no is null or f.option_no = _option_no)
                and f.id >= _from_id and f.id < _end_id
            order by f.id desc
            limit 1
        ) as l
        where w.account_id = _account_id and w.project_id = _project_id and (_widget_id is null or w.id = _widget_id)
        union all
        select n.widget_id, l.id, (l.created_at at time zone _zone)::date
        from newest as n
        cross join lateral (
            select f.id, f.created_at from public.response as f
            where f.account_id = _account_id and f.widget_id = n.widget_id and f.counted_on is null
                and (_placement_ids is null or f.placement_id = any (_placement_ids))
                and (_option_no is null or f.option_no = _option_no)
                and f.id >= _from_id and f.id < least(n.id, fn.uuid_floor(fn.day_start(n.day, _zone)))
            order by f.id desc
            limit 1
        ) as l
    )
    select distinct n.day from newest as n;
end;
$$;

comment on function fn.test_days is
'Days of the zone on which a project, a widget or some placements have responses of test mode (of an option), which no tally knows.
Part of fn.response_days.';
