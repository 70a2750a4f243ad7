create function fn.seen_figures(_account_id uuid, _widget_id uuid, _placement_id uuid, _from date, _to date)
returns table (count bigint, responses bigint, since date, rate double precision, rate_interval double precision[])
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    -- Most accounts have no seen counts, and read no placements here.
    if not exists (select 1 from public.seen_day as t where t.account_id = _account_id) then
        return;
    end if;
    return query
    with scope as materialized (
        select _widget_id as id where _placement_id is null
        union all
        -- With the aliases of its page.
        select c.id from public.placement as c where c.account_id = _account_id and c.id = _placement_id
        union all
        select c.id from public.placement as c where c.account_id = _account_id and c.target_id = _placement_id
    ), day as materialized (
        select t.day, sum(t.count) as count
        from scope as s
        join public.seen_day as t on t.account_id = _account_id and t.scope_id = s.id
        where (_from is null or t.day >= _from) and (_to is null or t.day <= _to)
        group by t.day
    ), tally as materialized (
        select t.day, sum(t.count) as count
        from scope as s
        join public.tally_day as t on t.account_id = _account_id and t.placement_id = s.id
        where (_from is null or t.day >= _from) and (_to is null or t.day <= _to)
        group by t.day
        union all
        select t.day, sum(t.count)
        from public.widget as w
        join public.widget_day as t
            on t.account_id = w.account_id and t.project_id = w.project_id and t.widget_id = w.id
        where _placement_id is null and w.account_id = _account_id and w.id = _widget_id
            and (_from is null or t.day >= _from) and (_to is null or t.day <= _to)
        group by t.day
    ), figure as (
        select sum(d.count)::bigint as count, coalesce(sum(t.count), 0)::bigint as responses, min(d.day) as since
        from day as d
        left join tally as t on t.day = d.day
        having count(*) > 0
    )
    select f.count, f.responses, f.since, f.responses / nullif(f.count, 0)::float8, fn.wilson_interval(f.responses, f.count)
    from figure as f
    where f.responses <= f.count
    union all
    select f.count, f.responses, f.since, null, null
    from figure as f
    where f.responses > f.count;
end;
$$;

comment on function fn.seen_figures is
'How often a widget, or one of its placements, was seen on the days from _from to _to (null: of all time): the page views, the
responses of the days that have any, the first of these days, and the response rate with its 95 % interval. Without rate where there
are more responses than views: then not every view is counted. No row without views.';
