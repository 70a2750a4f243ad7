-- Called by ingest as installation.
create function fn.tallies(_account_ids uuid[], _widget_ids uuid[], _keys text[])
returns table (
    option_values text[], counts bigint[], total bigint, positive double precision, neutral double precision,
    negative double precision, sentiment double precision, average double precision, score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        g.option_values, g.counts, g.total,
        g.positives::double precision / nullif(g.total, 0),
        (g.total - g.positives - g.negatives)::double precision / nullif(g.total, 0),
        g.negatives::double precision / nullif(g.total, 0),
        g.weighted / nullif(g.total, 0),
        g.summed / nullif(g.total, 0),
        case
            when g.type in ('rating', 'nps') then fn.bayesian_average(g.summed, g.total, g.low, g.high)
            when g.type not in ('message', 'form')
                then fn.wilson_lower_bound(g.positives, g.positives + g.negatives)
        end
    from (
        select
            k.n, s.type,
            array_agg(o.value order by o.position) filter (where o.retired_at is null) as option_values,
            array_agg(coalesce(t.count, 0) order by o.position) filter (where o.retired_at is null) as counts,
            coalesce(sum(t.count), 0)::bigint as total,
            coalesce(sum(t.count) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(t.count) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(t.count * o.weight) as weighted,
            sum(t.count * v.number) as summed,
            min(v.number) as low,
            max(v.number) as high
        from unnest(_account_ids, _widget_ids, _keys) with ordinality as k (account_id, widget_id, key, n)
        left join public.widget as s on s.account_id = k.account_id and s.id = k.widget_id
        left join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
        cross join lateral (
            select case when s.type in ('rating', 'nps') then o.value::double precision end as number
        ) as v
        left join public.placement as c
            on c.account_id = s.account_id and c.widget_id = s.id and c.key = k.key
        left join public.tally as t
            on t.account_id = c.account_id and t.placement_id = c.id and t.option_no = o.no
        group by k.n, s.type
    ) as g
    order by g.n;
end;
$$;

comment on function fn.tallies is
'Counts of each page key of a widget, one row a key in the order of the arguments: the options'' values and counts, the total,
the positive, neutral and negative shares by the options'' weights (0 to 1), sentiment (mean weight, −1 to 1), average of
ratings, and ranking score (fn.wilson_lower_bound, fn.bayesian_average). A key without responses reads as zeros, an unknown
widget as nulls. One index look-up per option, however many responses there are.';
