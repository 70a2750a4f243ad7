create function fn.project_window(
    _account_id uuid, _project_id uuid, _days smallint, _from date default null, _to date default null,
    _now timestamptz default now()
) returns table (
    from_day date, to_day date, signals bigint, before bigint, messages bigint, messages_before bigint,
    sentiment double precision, sentiment_before double precision, trend_json text, sets_json text, leaders_json text
)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
    _zone text;
    _parts integer;
    _told jsonb;
    _starts timestamp[];
begin
    -- Windows end where the roll-up has brought them, which is today but for a scheduler that stands still.
    select p.time_zone, coalesce(_to, r.through, (_now at time zone p.time_zone)::date) into _zone, _to
    from public.project as p
    left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _from := coalesce(_from, _to - _days + 1);
    _starts := fn.window_starts(_days, _from, _to, _zone, _now);
    _parts := cardinality(_starts) - 1;
    -- Each set with its options' counts and its counts over the window: all the rest follows from it.
    with counted as materialized (
        select * from fn.set_counts(_account_id, _project_id, _days, _from, _to, _parts, _now)
    ), trends as (
        select content_set_id, jsonb_object_agg(part, jsonb_build_array(count, before)) as pairs
        from (
            select content_set_id, part, coalesce(sum(count), 0) as count, coalesce(sum(before), 0) as before
            from counted group by content_set_id, part
        ) as t
        group by content_set_id
    ), options as (
        select content_set_id, option_no, coalesce(sum(count), 0) as count, coalesce(sum(before), 0) as before
        from counted group by content_set_id, option_no
    )
    select coalesce(jsonb_agg(t order by t.created_at, t.id), '[]') into _told
    from (
        select s.id, s.name, s.type, s.created_at, s.contents,
            coalesce(sum(k.count), 0) as signals, coalesce(sum(k.before), 0) as before,
            bool_or(o.weight <> 0) as is_judging, sum(k.count * o.weight) as weighed, sum(k.before * o.weight) as weighed_before,
            case when s.type in ('rating', 'nps') then
                sum(k.count * v.number) / nullif(sum(k.count), 0)
            end as average,
            jsonb_agg(
                jsonb_build_object(
                    'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', coalesce(k.count, 0)
                ) order by o.position
            ) filter (where o.retired_at is null or k.count > 0) as options,
            (
                select jsonb_agg(coalesce(r.pairs -> n::text, '[0, 0]') order by n)
                from generate_series(0, _parts - 1) as n
            ) as trend
        from public.content_set as s
        join public.option as o on o.account_id = s.account_id and o.content_set_id = s.id
        cross join lateral (
            select case when s.type in ('rating', 'nps') then o.value::double precision end as number
        ) as v
        left join options as k on k.content_set_id = s.id and k.option_no = o.no
        left join trends as r on r.content_set_id = s.id
        where s.account_id = _account_id and s.project_id = _project_id
        group by s.id, s.name, s.type, s.created_at, s.contents, r.pairs
    ) as t;

    return query
    select _from, _to, coalesce(sum(s.signals), 0)::bigint, coalesce(sum(s.before), 0)::bigint,
        coalesce(sum(s.signals) filter (where s.type in ('message', 'tagged', 'form')), 0)::bigint,
        coalesce(sum(s.before) filter (where s.type in ('message', 'tagged', 'form')), 0)::bigint,
        sum(s.weighed) filter (where s.is_judging) / nullif(sum(s.signals) filter (where s.is_judging), 0)::double precision,
        sum(s.weighed_before) filter (where s.is_judging)
            / nullif(sum(s.before) filter (where s.is_judging), 0)::double precision,
        jsonb_build_object('unit', case when _days = 1 then 'hour' else 'day' end, 'starts', _starts)::text,
        _told::text, fn.project_leaders(_account_id, _project_id, _days)::text
    from jsonb_to_recordset(_told) as s (
        type text, signals bigint, before bigint, is_judging boolean, weighed double precision, weighed_before double precision
    );
end;
$$;

comment on function fn.project_window is
'How a project did in a window: the last 24 hours (_days 1), the last _days days, or the days from _from to _to of its zone,
against as many before. Totals; and as JSON where the parts of the trend start, the sets with their counts by option and by
part (now and before), and the contents that lead. It reads what is counted ready-made, never signals. FB404 for strangers.';
