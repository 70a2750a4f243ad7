-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.placement(
    _account_id uuid, _project_id uuid, _id uuid, _days smallint, _from date default null, _to date default null,
    _now timestamptz default now()
) returns table (
    id uuid, page_id uuid, key text, widget_id uuid, widget_name text, type text, is_archived boolean, created_at timestamp,
    ever bigint, from_day date, to_day date, from_day_before date, to_day_before date, compared bigint, before bigint, trend_json text, parts_json text, options_json text, windows_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _placement record;
    _starts timestamp[];
    _parts integer;
    _shift integer;
begin
    select c.key, c.page_id, c.created_at at time zone p.time_zone as created_at, c.archived_at is not null as is_archived,
        s.id as widget_id, s.name, s.type, p.time_zone, r.through, r.counted_until
    into _placement
    from public.placement as c
    join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
    left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    where c.account_id = _account_id and c.id = _id and s.project_id = _project_id;
    if not found then
        raise exception 'There is no such placement.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
    _to := coalesce(_to, least(_placement.through, (_now at time zone _placement.time_zone)::date));
    _from := coalesce(_from, _to - _days + 1);
    _starts := fn.window_starts(null, _from, _to, _placement.time_zone, _placement.counted_until);
    _parts := cardinality(_starts) - 1;
    _shift := fn.comparison_days(_to - _from + 1);

    return query
    with counted as materialized (
        select k.option_no, k.part, coalesce(k.count, 0) as count, coalesce(k.compared, 0) as compared,
            coalesce(k.before, 0) as before
        from fn.placement_counts(_account_id, _project_id, _id, _from, _to, _parts) as k
    )
    select _id, _placement.page_id, _placement.key, _placement.widget_id, _placement.name, _placement.type, _placement.is_archived,
        _placement.created_at,
        coalesce((
            select sum(t.count) from public.tally as t where t.account_id = _account_id and t.placement_id = _id
        ), 0)::bigint,
        _from, _to, _from - _shift, _to - _shift,
        (select coalesce(sum(k.compared), 0)::bigint from counted as k),
        case when fn.is_covered(_account_id, _project_id, _from, _to) then
            (select coalesce(sum(k.before), 0)::bigint from counted as k)
        end,
        jsonb_build_object('unit', 'day', 'starts', _starts)::text,
        (
            select json_build_object(
                'responses', array_agg(coalesce(k.count, 0) order by n), 'before', array_agg(coalesce(k.before, 0) order by n)
            )::text
            from generate_series(0, _parts - 1) as n
            left join (
                select c.part, sum(c.count)::bigint as count, greatest(sum(c.before), 0)::bigint as before
                from counted as c group by c.part
            ) as k on k.part = n
        ),
        (
            select jsonb_agg(jsonb_build_object(
                'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight,
                'count', coalesce((select sum(k.count) from counted as k where k.option_no = o.no), 0)
            ) order by o.position)::text
            from public.option as o
            where o.account_id = _account_id and o.widget_id = _placement.widget_id
                and (o.retired_at is null or exists (select from counted as k where k.option_no = o.no))
        ),
        (select coalesce(json_agg(w), '[]')::text from fn.placement_windows(_account_id, _id) as w);
end;
$$;

comment on function fn.placement is
'A placement: the last _days days, or those from _from to _to, with their comparison as in fn.project_window (starts of the
trend''s parts, counts by part and by option), and all rolling windows (fn.placement_windows), as JSON. Times are in the
project''s zone. FB404.';
