-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.project_window(
    _account_id uuid, _project_id uuid, _days smallint, _from date default null, _to date default null,
    _now timestamptz default now(), _name text default null, _compare text default 'previous', _page_id uuid default null,
    _widget_id uuid default null, _origin text default '', _option text default '', _with_leaders boolean default true,
    _reason text default '', _with_reasons boolean default false
) returns table (
    from_day date, to_day date, from_day_before date, to_day_before date, counted_until timestamp, responses bigint,
    compared bigint, before bigint, messages bigint, messages_compared bigint, messages_before bigint,
    positive double precision, positive_interval double precision[], positive_before double precision,
    is_positive_change boolean, judged bigint, trend_json text, widgets_json text, leaders_json text,
    reasons_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _zone text;
    _retained_from date;
    _until timestamptz;
    _parts integer;
    _shift integer;
    _starts timestamp[];
    _is_covered boolean;
    _is_hourly boolean;
    _placement_ids uuid[] := fn.filtered_placements(_account_id, _project_id, _page_id, _origin);
begin
    if _name is not null or _days is null then
        select n.days, n.from_day, n.to_day into _days, _from, _to
        from fn.named_window(_account_id, _project_id, _name, _from, _to, _now) as n;
    end if;
    -- Windows end where the roll-up has brought them, which is today unless the scheduler stands still; never after today.
    select p.time_zone, coalesce(r.counted_until, fn.full_hour(_now)),
        coalesce(_to, least(r.through, (_now at time zone p.time_zone)::date)), coalesce(p.retained_from, '-infinity')
    into _zone, _until, _to, _retained_from
    from public.project as p
    left join public.project_roll as r on r.account_id = _account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _from := coalesce(_from, _to - _days + 1);
    _shift := fn.comparison_days(_to - _from + 1, _compare);
    -- A day has hours where its responses are there, and those of the day that it is compared with.
    _is_hourly := _days is null and _from = _to and _retained_from <= _from - _shift;
    _starts := fn.window_starts(_days, _from, _to, _zone, _until, _is_hourly);
    _parts := cardinality(_starts) - 1;
    _is_covered := case _days
        when 1 then _compare = 'previous' and 1 = any (fn.covered_windows(_account_id, _project_id))
        else fn.is_covered(_account_id, _project_id, _from, _to, _compare)
    end;
    return query
    with counted as materialized (
        select c.widget_id, c.option_no, c.part, coalesce(c.count, 0) as count, coalesce(c.compared, 0) as compared,
            coalesce(c.before, 0) as before
        from fn.widget_counts(
            _account_id, _project_id, _days, _from, _to, _parts, _compare, _placement_ids, _is_hourly
        ) as c
        where _reason = ''
        union all
        select k.widget_id, k.option_no, k.part, sum(k.count)::bigint, sum(k.compared)::bigint, sum(k.before)::bigint
        from fn.reason_counts(
            _account_id, _project_id, _days, _from, _to, _parts, _compare, _placement_ids, _is_hourly, _widget_id, _option,
            _reason
        ) as k
        where _reason <> ''
        group by k.widget_id, k.option_no, k.part
    ), parts as (
        select k.widget_id, k.part, sum(k.count)::bigint as count, greatest(sum(k.before), 0)::bigint as before
        from counted as k
        where _option = '' or exists (
            select 1 from public.option as o
            where o.account_id = _account_id and o.widget_id = _widget_id and o.no = k.option_no and o.value = _option
        )
        group by k.widget_id, k.part
    ), options as (
        select widget_id, option_no, sum(count) as count, sum(compared) as compared, sum(before) as before
        from counted group by widget_id, option_no
    ), widgets as (
        select s.id, s.name, s.type, s.placements, s.created_at, w.has_text,
            coalesce(sum(k.count), 0)::bigint as responses, coalesce(sum(k.compared), 0)::bigint as compared,
            coalesce(sum(k.before), 0)::bigint as before,
            coalesce(sum(k.count) filter (where v.weight is not null), 0)::bigint as judged,
            coalesce(sum(k.count) filter (where v.weight > 0), 0)::bigint as positives,
            coalesce(sum(k.compared) filter (where v.weight is not null), 0)::bigint as judged_compared,
            coalesce(sum(k.compared) filter (where v.weight > 0), 0)::bigint as positives_compared,
            coalesce(sum(k.before) filter (where v.weight is not null), 0)::bigint as judged_before,
            coalesce(sum(k.before) filter (where v.weight > 0), 0)::bigint as positives_before,
            sum(k.count * v.weight) as weighted, sum(k.count * v.weight * v.weight) as weighted_squares,
            sum(k.count * v.number) as summed, sum(k.count * v.number * v.number) as squares,
            min(v.number) as low, max(v.number) as high,
            sum(coalesce(k.count, 0) * (v.nps = 1)::integer)::bigint as promoters,
            sum(coalesce(k.count, 0) * (v.nps = -1)::integer)::bigint as detractors,
            json_agg(
                json_build_object(
                    'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', coalesce(k.count, 0)
                ) order by o.position
            ) filter (where o.retired_at is null or k.count > 0) as options
        from public.widget as s
        join fn.widget_type as w on w.name = s.type
        join public.option as o on o.account_id = _account_id and o.widget_id = s.id
        join fn.scored_option as v on v.account_id = _account_id and v.widget_id = o.widget_id and v.no = o.no
        left join options as k on k.widget_id = s.id and k.option_no = o.no
        where s.account_id = _account_id and s.project_id = _project_id
            and (_widget_id is null or s.id = _widget_id) and (_option = '' or o.value = _option)
            and (
                _placement_ids is null or exists (
                    select 1 from public.placement as c
                    where c.account_id = _account_id and c.id = any (_placement_ids) and c.widget_id = s.id
                )
            )
        group by s.id, s.name, s.type, s.placements, s.created_at, w.has_text
    ), trends as (
        select s.id, array_agg(coalesce(p.count, 0) order by n.n) as responses, array_agg(coalesce(p.before, 0) order by n.n) as before
        from widgets as s
        cross join generate_series(0, _parts - 1) as n (n)
        left join parts as p on p.widget_id = s.id and p.part = n.n
        group by s.id
    )
    select _from, _to, _from - _shift, _to - _shift, _until at time zone _zone,
        coalesce(sum(s.responses), 0)::bigint, coalesce(sum(s.compared), 0)::bigint,
        case when _is_covered then coalesce(sum(s.before), 0)::bigint end,
        coalesce(sum(s.responses) filter (where s.has_text), 0)::bigint,
        coalesce(sum(s.compared) filter (where s.has_text), 0)::bigint,
        case when _is_covered then coalesce(sum(s.before) filter (where s.has_text), 0)::bigint end,
        sum(s.positives) / nullif(sum(s.judged), 0)::double precision,
        fn.wilson_interval(sum(s.positives)::bigint, sum(s.judged)::bigint),
        case when _is_covered then sum(s.positives_before) / nullif(sum(s.judged_before), 0)::double precision end,
        _is_covered and coalesce(fn.is_share_change(
            sum(s.positives_compared)::bigint, sum(s.judged_compared)::bigint,
            sum(s.positives_before)::bigint, sum(s.judged_before)::bigint
        ), false),
        coalesce(sum(s.judged), 0)::bigint,
        json_build_object(
            'unit', case when _days = 1 or _is_hourly then 'hour' else 'day' end, 'starts', _starts, 'releases',
            fn.release_marks(_account_id, _project_id, _page_id, _origin, _zone, _starts[1], _starts[_parts + 1])
        )::text,
        coalesce(json_agg(
            json_build_object(
                'id', s.id, 'name', s.name, 'type', s.type, 'placements', s.placements, 'responses', s.responses,
                'compared', s.compared, 'before', case when _is_covered then s.before end,
                'judged', s.judged, 'positive', s.positives / nullif(s.judged, 0)::double precision,
                'positive_interval', fn.wilson_interval(s.positives, s.judged),
                'sentiment', s.weighted / nullif(s.judged, 0),
                'sentiment_interval', fn.mean_interval(s.weighted, s.weighted_squares, s.judged, -1, 1),
                'average', s.summed / nullif(s.responses, 0),
                'average_interval', fn.mean_interval(s.summed, s.squares, s.responses, s.low, s.high),
                'nps', fn.nps(s.promoters, s.detractors, s.responses),
                'nps_interval', fn.nps_interval(s.promoters, s.detractors, s.responses),
                'options', s.options, 'trend', json_build_object('responses', t.responses, 'before', t.before)
            ) order by s.created_at, s.id
        ), '[]')::text,
        case when _with_leaders then
            fn.page_leaders(
                _account_id, _project_id, _days, _from, _to, _compare, _is_covered, _widget_id, _origin, _option, _page_id,
                _reason => _reason
            )::text
            else '[]'
        end,
        case when _with_reasons then
            fn.reason_groups(
                _account_id,
                (
                    select json_agg(r)
                    from fn.window_reasons(
                        _account_id, _project_id, _days, _from, _to, _compare, _placement_ids, _is_hourly, _widget_id, _option
                    ) as r
                ),
                -- The last 24 hours began yesterday.
                _is_covered, _placement_ids, case when _days = 1 then _from - 1 else _from end, _to
            )::text
            else '[]'
        end
    from widgets as s
    join trends as t on t.id = s.id;
end;
$$;

comment on function fn.project_window is
'A window of a project: by its _name (fn.named_window), the last 24 full hours (_days 1), the last _days days, or the days from
_from to _to in its zone; of a page, a widget, an origin (fn.is_page_match), an option of the widget or a reason of the option (fn.reason_counts), if given; and its comparison: compared are the responses until the last full hour, before those of the comparison, null where it is not covered
(fn.covered_windows). The positive share is of the judged responses (fn.scored_option); as JSON the starts of the trend''s parts with
the releases between them (fn.release_marks), the widgets with counts by option and part (now and before), and the pages that lead (fn.page_leaders), _with_leaders, and the reasons (fn.reason_groups), _with_reasons. Reads counts, and of custom days the responses of the
days in which they are cut. FB404.';
