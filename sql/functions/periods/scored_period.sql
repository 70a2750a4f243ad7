create function fn.scored_period(
    _account_id uuid, _widget_id uuid, _scope_id uuid, _unit text, _starts_on date, _option_nos smallint[],
    _counts bigint[]
) returns table (
    option_nos smallint[], counts bigint[], total bigint, before bigint, positive double precision,
    neutral double precision, negative double precision, sentiment double precision, average double precision,
    nps double precision, score double precision
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select _option_nos, _counts, t.total, fn.period_before(_account_id, _scope_id, _unit, _starts_on),
        t.positives::double precision / t.judged,
        (t.judged - t.positives - t.negatives)::double precision / t.judged,
        t.negatives::double precision / t.judged, t.weighted / t.judged, t.summed / t.total,
        100 * t.recommended / t.total::double precision,
        fn.ranking_score(t.type, t.positives, t.negatives, t.summed, t.total, t.low, t.high)
    from (
        select o.type, coalesce(sum(u.n), 0)::bigint as total,
            nullif(sum(u.n) filter (where o.weight is not null), 0)::bigint as judged,
            coalesce(sum(u.n) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(u.n) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(u.n * o.weight) as weighted, sum(u.n * o.number) as summed, sum(u.n * o.nps) as recommended,
            min(o.number) as low, max(o.number) as high
        from fn.scored_option as o
        left join unnest(_option_nos, _counts) as u (option_no, n) on u.option_no = o.no
        where o.account_id = _account_id and o.widget_id = _widget_id
        group by o.type
    ) as t
    where t.total > 0;
end;
$$;

comment on function fn.scored_period is
'A row of period from counts by option: totals, shares, sentiment, average, NPS, ranking score and the total before.';
