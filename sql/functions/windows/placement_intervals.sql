create function fn.placement_intervals(_account_id uuid, _placement_id uuid, _days smallint)
returns table (
    positive_interval double precision[], sentiment_interval double precision[], average_interval double precision[],
    nps_interval double precision[]
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    select fn.wilson_interval(g.positives, g.judged), fn.mean_interval(g.weighted, g.weighted_squares, g.judged, -1, 1),
        case when g.summed is not null then fn.mean_interval(g.summed, g.squares, g.total, g.low, g.high) end,
        case when g.promoters is not null then fn.nps_interval(g.promoters, g.detractors, g.total) end
    from (
        select sum(w.count)::bigint as total,
            sum(w.count) filter (where o.weight is not null)::bigint as judged,
            coalesce(sum(w.count) filter (where o.weight > 0), 0)::bigint as positives,
            sum(w.count * o.weight) as weighted, sum(w.count * o.weight * o.weight) as weighted_squares,
            sum(w.count * o.number) as summed, sum(w.count * o.number * o.number) as squares,
            min(s.low) as low, max(s.high) as high,
            sum(w.count * (o.nps = 1)::integer)::bigint as promoters,
            sum(w.count * (o.nps = -1)::integer)::bigint as detractors
        from public.placement as c
        join public.placement_window as w on w.account_id = c.account_id and w.placement_id = c.id and w.days = _days
        join fn.scored_option as o on o.account_id = c.account_id and o.widget_id = c.widget_id and o.no = w.option_no
        cross join lateral (
            select min(a.number) as low, max(a.number) as high
            from fn.scored_option as a
            where a.account_id = c.account_id and a.widget_id = c.widget_id and a.number is not null
        ) as s
        where c.account_id = _account_id and c.id = _placement_id
    ) as g;
end;
$$;

comment on function fn.placement_intervals is
'The 95 % intervals of what a placement''s window says, null for what its type does not have: fn.wilson_interval of the positive
share, fn.mean_interval of sentiment and average, fn.nps_interval.';
