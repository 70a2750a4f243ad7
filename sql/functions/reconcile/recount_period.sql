create function fn.recount_period(_account_id uuid, _project_id uuid) returns setof public.period
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
    ), placement as (
        select k.unit, fn.period_start(k.unit, t.day) as starts_on, c.widget_id, c.id as scope_id, t.option_no,
            sum(t.rolled)::bigint as n
        from public.widget as w
        join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
        join public.tally_day as t on t.account_id = c.account_id and t.placement_id = c.id
        join public.period_close as k on k.account_id = w.account_id and k.project_id = w.project_id
        where w.account_id = _account_id and w.project_id = _project_id and fn.period_start(k.unit, t.day) <= k.starts_on
        group by k.unit, fn.period_start(k.unit, t.day), c.widget_id, c.id, t.option_no
        having sum(t.rolled) > 0
    ), counted as (
        select 'placement' as scope, p.* from placement as p
        union all
        select 'widget', p.unit, p.starts_on, p.widget_id, p.widget_id, p.option_no, sum(p.n)::bigint
        from placement as p
        group by p.unit, p.starts_on, p.widget_id, p.option_no
    ), summed as (
        select c.scope, c.unit, c.starts_on, c.scope_id, s.type, s.low, s.high,
            array_agg(c.option_no order by c.option_no) as option_nos, array_agg(c.n order by c.option_no) as counts,
            sum(c.n)::bigint as total,
            coalesce(sum(c.n) filter (where s.weight > 0), 0)::bigint as positives,
            coalesce(sum(c.n) filter (where s.weight < 0), 0)::bigint as negatives,
            sum(c.n * s.weight) as weighted, sum(c.n * s.number) as summed
        from counted as c
        join scale as s on s.widget_id = c.widget_id and s.option_no = c.option_no
        group by c.scope, c.unit, c.starts_on, c.scope_id, s.type, s.low, s.high
    ), scored as (
        select s.scope, s.unit, s.starts_on, s.scope_id, s.option_nos, s.counts, s.total,
            s.positives::double precision / s.total as positive,
            (s.total - s.positives - s.negatives)::double precision / s.total as neutral,
            s.negatives::double precision / s.total as negative,
            s.weighted / s.total as sentiment, s.summed / s.total as average,
            fn.ranking_score(s.type, s.positives, s.negatives, s.summed, s.total, s.low, s.high) as score
        from summed as s
        union all
        select 'project', s.unit, s.starts_on, _project_id, null, null, sum(s.total)::bigint,
            sum(s.positives) filter (where j.is_judging) / sum(s.total) filter (where j.is_judging)::double precision,
            sum(s.total - s.positives - s.negatives) filter (where j.is_judging)
                / sum(s.total) filter (where j.is_judging)::double precision,
            sum(s.negatives) filter (where j.is_judging) / sum(s.total) filter (where j.is_judging)::double precision,
            sum(s.weighted) filter (where j.is_judging) / sum(s.total) filter (where j.is_judging), null,
            fn.compound_score(array_agg(case when j.is_judging then s.weighted end), array_agg(s.total))
        from summed as s
        join fn.widget_type as j on j.name = s.type
        where s.scope = 'widget'
        group by s.unit, s.starts_on
    )
    select _account_id, s.scope_id, s.unit, s.starts_on, _project_id, s.scope, s.option_nos, s.counts, s.total, b.total,
        s.positive, s.neutral, s.negative, s.sentiment, s.average, s.score
    from scored as s
    left join scored as b on b.scope = s.scope and b.scope_id = s.scope_id and b.unit = s.unit
        and b.starts_on = (s.starts_on - ('1 ' || s.unit)::interval)::date;
end;
$$;

comment on function fn.recount_period is
'What period should hold of a project: counts by option of every closed week, month and year of its placements and widgets from
tally_day, as far as it has been rolled up, what they say, and the total before; and of the project the sums.';
