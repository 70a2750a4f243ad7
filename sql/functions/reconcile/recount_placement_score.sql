create function fn.recount_placement_score(_account_id uuid, _project_id uuid) returns setof public.placement_score
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with scale as (
        select o.widget_id, o.type, o.no as option_no, o.weight, o.number, o.nps,
            min(o.number) over (partition by o.widget_id) as low, max(o.number) over (partition by o.widget_id) as high
        from fn.scored_option as o
        where o.account_id = _account_id and o.project_id = _project_id
    ), summed as (
        select c.id as placement_id, t.days, c.widget_id, s.type, s.low, s.high,
            sum(t.count)::bigint as total, sum(t.compared)::bigint as compared, sum(t.before)::bigint as before,
            nullif(sum(t.count) filter (where s.weight is not null), 0)::bigint as judged,
            coalesce(sum(t.count) filter (where s.weight > 0), 0)::bigint as positives,
            coalesce(sum(t.count) filter (where s.weight < 0), 0)::bigint as negatives,
            sum(t.count * s.weight) as weighted, sum(t.count * s.number) as summed, sum(t.count * s.nps) as recommended
        from scale as s
        join public.placement as c on c.account_id = _account_id and c.widget_id = s.widget_id
        join public.placement_window as t
            on t.account_id = c.account_id and t.placement_id = c.id and t.option_no = s.option_no
        where (t.count, t.compared, t.compared_part, t.before, t.before_part) <> (0, 0, 0, 0, 0)
        group by c.id, t.days, c.widget_id, s.type, s.low, s.high
    )
    select _account_id, s.placement_id, s.days, _project_id, s.widget_id, s.total, s.before,
        s.positives::double precision / s.judged, (s.judged - s.positives - s.negatives)::double precision / s.judged,
        s.negatives::double precision / s.judged, s.weighted / s.judged, s.summed / nullif(s.total, 0),
        fn.ranking_score(s.type, s.positives, s.negatives, s.summed, s.total, s.low, s.high),
        s.compared, 100 * s.recommended / nullif(s.total, 0)::double precision
    from summed as s;
end;
$$;

comment on function fn.recount_placement_score is
'What placement_score should hold of a project: totals, shares, sentiment, average, NPS and ranking score of placement_window.';
