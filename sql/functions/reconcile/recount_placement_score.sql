create function fn.recount_placement_score(_account_id uuid, _project_id uuid) returns setof public.placement_score
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with scale as (
        select w.id as widget_id, w.type, o.no as option_no, o.weight, v.number,
            min(v.number) over (partition by w.id) as low, max(v.number) over (partition by w.id) as high
        from public.widget as w
        join public.option as o on o.account_id = w.account_id and o.widget_id = w.id
        cross join lateral (
            select case when w.type in ('rating', 'nps') then o.value::double precision end as number
        ) as v
        where w.account_id = _account_id and w.project_id = _project_id
    ), summed as (
        select c.id as placement_id, t.days, c.widget_id, s.type, s.low, s.high,
            sum(t.count)::bigint as total, sum(t.before)::bigint as before,
            coalesce(sum(t.count) filter (where s.weight > 0), 0)::bigint as positives,
            coalesce(sum(t.count) filter (where s.weight < 0), 0)::bigint as negatives,
            sum(t.count * s.weight) as weighted, sum(t.count * s.number) as summed
        from scale as s
        join public.placement as c on c.account_id = _account_id and c.widget_id = s.widget_id
        join public.placement_window as t
            on t.account_id = c.account_id and t.placement_id = c.id and t.option_no = s.option_no
        where t.count <> 0 or t.before <> 0
        group by c.id, t.days, c.widget_id, s.type, s.low, s.high
    )
    select _account_id, s.placement_id, s.days, _project_id, s.widget_id, s.total, s.before,
        s.positives::double precision / nullif(s.total, 0),
        (s.total - s.positives - s.negatives)::double precision / nullif(s.total, 0),
        s.negatives::double precision / nullif(s.total, 0),
        s.weighted / nullif(s.total, 0), s.summed / nullif(s.total, 0),
        fn.ranking_score(s.type, s.positives, s.negatives, s.summed, s.total, s.low, s.high)
    from summed as s;
end;
$$;

comment on function fn.recount_placement_score is
'What placement_score should hold of a project: totals, shares, sentiment, average and ranking score of placement_window.';
