-- Called by ingest as installation.
create function fn.tallies(_account_ids uuid[], _widget_ids uuid[], _keys text[])
returns table (
    option_values text[], counts bigint[], total bigint, positive double precision, neutral double precision,
    negative double precision, sentiment double precision, average double precision, score double precision,
    positive_interval double precision[], sentiment_interval double precision[], average_interval double precision[]
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        g.option_values, g.counts, g.total,
        g.positives::double precision / g.judged,
        (g.judged - g.positives - g.negatives)::double precision / g.judged,
        g.negatives::double precision / g.judged,
        g.weighted / g.judged,
        g.summed / nullif(g.total, 0),
        fn.ranking_score(g.type, g.positives, g.negatives, g.summed, g.total, g.low, g.high),
        fn.wilson_interval(g.positives, g.judged),
        fn.mean_interval(g.weighted, g.weighted_squares, g.judged, -1, 1),
        fn.mean_interval(g.summed, g.squares, g.total, g.low, g.high)
    from (
        select
            k.n, o.type,
            array_agg(o.value order by o.position) filter (where o.retired_at is null) as option_values,
            array_agg(coalesce(t.count, 0) order by o.position) filter (where o.retired_at is null) as counts,
            coalesce(sum(t.count), 0)::bigint as total,
            nullif(sum(t.count) filter (where o.weight is not null), 0)::bigint as judged,
            coalesce(sum(t.count) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(t.count) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(t.count * o.weight) as weighted, sum(t.count * o.weight * o.weight) as weighted_squares,
            sum(t.count * o.number) as summed, sum(t.count * o.number * o.number) as squares,
            min(o.number) as low,
            max(o.number) as high
        from unnest(_widget_ids, _keys) with ordinality as k (widget_id, key, n)
        -- First the placement, which is looked up once a key and not once an option.
        left join public.placement as c
            on c.account_id = _account_ids[k.n] and c.widget_id = k.widget_id and c.key = k.key
        left join fn.scored_option as o on o.account_id = _account_ids[k.n] and o.widget_id = k.widget_id
        left join public.tally as t
            on t.account_id = _account_ids[k.n] and t.placement_id = coalesce(c.target_id, c.id) and t.option_no = o.no
        group by k.n, o.type
    ) as g
    order by g.n;
end;
$$;

comment on function fn.tallies is
'Counts of each page key of a widget, one row a key in the order of the arguments: the options'' values and counts, the total,
the positive, neutral and negative shares by the options'' weights (0 to 1) and sentiment (mean weight, −1 to 1) of types that
judge (fn.scored_option), average of ratings, ranking score (fn.wilson_lower_bound, fn.bayesian_average), and the 95 % intervals. A key without responses reads as zeros, an unknown
widget as nulls. One index look-up per option, however many responses there are.';
