create function fn.widget_windows(_account_id uuid, _project_id uuid, _days smallint)
returns table (
    widget_id uuid, option_values text[], counts bigint[], befores bigint[], total bigint, compared bigint, before bigint,
    is_change boolean, positive double precision, positive_interval double precision[], neutral double precision,
    negative double precision, sentiment double precision, sentiment_interval double precision[], average double precision,
    average_interval double precision[], nps double precision, nps_interval double precision[], score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _is_covered boolean := _days = any (fn.covered_windows(_account_id, _project_id));
begin
    return query
    select g.id, g.option_values, g.counts, case when _is_covered then g.befores end, g.total, g.compared,
        case when _is_covered then g.before end, case when _is_covered then fn.is_change(g.compared, g.before) end,
        g.positives / g.judged::double precision, fn.wilson_interval(g.positives, g.judged),
        (g.judged - g.positives - g.negatives) / g.judged::double precision, g.negatives / g.judged::double precision,
        g.weighted / g.judged, fn.mean_interval(g.weighted, g.weighted_squares, g.judged, -1, 1),
        g.summed / nullif(g.total, 0), fn.mean_interval(g.summed, g.squares, nullif(g.total, 0), g.low, g.high),
        fn.nps(g.promoters, g.detractors, g.total), fn.nps_interval(g.promoters, g.detractors, g.total),
        fn.ranking_score(g.type, g.positives, g.negatives, g.summed, g.total, g.low, g.high)
    from (
        select s.id, s.type, s.created_at,
            array_agg(o.value order by o.position) as option_values,
            array_agg(coalesce(w.count, 0) order by o.position) as counts,
            array_agg(coalesce(w.before, 0) order by o.position) as befores,
            coalesce(sum(w.count), 0)::bigint as total, coalesce(sum(w.compared), 0)::bigint as compared,
            coalesce(sum(w.before), 0)::bigint as before,
            nullif(sum(w.count) filter (where o.weight is not null), 0)::bigint as judged,
            coalesce(sum(w.count) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(w.count) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(w.count * o.weight) as weighted, sum(w.count * o.weight * o.weight) as weighted_squares,
            sum(w.count * o.number) as summed, sum(w.count * o.number * o.number) as squares,
            min(o.number) as low, max(o.number) as high,
            sum(case when o.nps is not null then coalesce(w.count, 0) * (o.nps = 1)::integer end)::bigint as promoters,
            sum(case when o.nps is not null then coalesce(w.count, 0) * (o.nps = -1)::integer end)::bigint as detractors
        from public.widget as s
        join fn.scored_option as o on o.account_id = s.account_id and o.widget_id = s.id
        left join public.widget_window as w
            on w.account_id = s.account_id and w.project_id = s.project_id and w.days = _days
            and w.widget_id = s.id and w.option_no = o.no
        where s.account_id = _account_id and s.project_id = _project_id
        group by s.id, s.type, s.created_at
    ) as g
    order by g.created_at, g.id;
end;
$$;

comment on function fn.widget_windows is
'A window of each widget of a project, of 1 (the last 24 hours), 7, 30, 90 or 365 days: counts by option in order, now and in the
comparison, as in fn.project_windows; sentiment, average and NPS where its type has them, each with its 95 % interval.';
