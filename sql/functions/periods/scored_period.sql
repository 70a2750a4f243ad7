create function fn.scored_period(
    _account_id uuid, _widget_id uuid, _scope_id uuid, _unit text, _starts_on date, _option_nos smallint[],
    _counts bigint[]
) returns table (
    option_nos smallint[], counts bigint[], total bigint, before bigint, positive double precision,
    neutral double precision, negative double precision, sentiment double precision, average double precision,
    score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select _option_nos, _counts, t.total, fn.period_before(_account_id, _scope_id, _unit, _starts_on),
        t.positives::double precision / t.total,
        (t.total - t.positives - t.negatives)::double precision / t.total,
        t.negatives::double precision / t.total, t.weighted / t.total, t.summed / t.total,
        fn.ranking_score(t.type, t.positives, t.negatives, t.summed, t.total, t.low, t.high)
    from (
        select s.type, coalesce(sum(u.n), 0)::bigint as total,
            coalesce(sum(u.n) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(u.n) filter (where o.weight < 0), 0)::bigint as negatives,
            coalesce(sum(u.n * o.weight), 0) as weighted, sum(u.n * v.number) as summed,
            min(v.number) as low, max(v.number) as high
        from public.widget as s
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
        cross join lateral (
            select case when s.type in ('rating', 'nps') then o.value::double precision end as number
        ) as v
        left join unnest(_option_nos, _counts) as u (option_no, n) on u.option_no = o.no
        where s.account_id = _account_id and s.id = _widget_id
        group by s.type
    ) as t
    where t.total > 0;
end;
$$;

comment on function fn.scored_period is
'A row of period from counts by option: totals, shares, sentiment, average, ranking score and the total before.';
