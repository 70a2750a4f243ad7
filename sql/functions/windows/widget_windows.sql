create function fn.widget_windows(_account_id uuid, _project_id uuid, _days smallint)
returns table (
    widget_id uuid, option_values text[], counts bigint[], befores bigint[], total bigint, before bigint,
    positive double precision, neutral double precision, negative double precision, sentiment double precision,
    average double precision, score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select g.id, g.option_values, g.counts, g.befores, g.total, g.before,
        g.positives::double precision / nullif(g.total, 0),
        (g.total - g.positives - g.negatives)::double precision / nullif(g.total, 0),
        g.negatives::double precision / nullif(g.total, 0), g.weighted / nullif(g.total, 0),
        g.summed / nullif(g.total, 0),
        fn.ranking_score(g.type, g.positives, g.negatives, g.summed, g.total, g.low, g.high)
    from (
        select s.id, s.type, s.created_at,
            array_agg(o.value order by o.position) as option_values,
            array_agg(coalesce(w.count, 0) order by o.position) as counts,
            array_agg(coalesce(w.before, 0) order by o.position) as befores,
            coalesce(sum(w.count), 0)::bigint as total, coalesce(sum(w.before), 0)::bigint as before,
            coalesce(sum(w.count) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(w.count) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(w.count * o.weight) as weighted, sum(w.count * v.number) as summed,
            min(v.number) as low, max(v.number) as high
        from public.widget as s
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
        cross join lateral (
            select case when s.type in ('rating', 'nps') then o.value::double precision end as number
        ) as v
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
'A rolling window of each widget of a project: counts by option in order, now and in the window before.';
