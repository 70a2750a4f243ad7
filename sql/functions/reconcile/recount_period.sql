create function fn.recount_period(_account_id uuid, _project_id uuid) returns setof public.period
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
            sum(c.n)::bigint as total, sum(c.n) filter (where s.weight is not null)::bigint as judged,
            coalesce(sum(c.n) filter (where s.weight > 0), 0)::bigint as positives,
            coalesce(sum(c.n) filter (where s.weight < 0), 0)::bigint as negatives,
            sum(c.n * s.weight) as weighted, sum(c.n * s.number) as summed, sum(c.n * s.nps) as recommended
        from counted as c
        join scale as s on s.widget_id = c.widget_id and s.option_no = c.option_no
        group by c.scope, c.unit, c.starts_on, c.scope_id, s.type, s.low, s.high
    ), scored as (
        select s.scope, s.unit, s.starts_on, s.scope_id, s.option_nos, s.counts, s.total,
            s.positives::double precision / s.judged as positive,
            (s.judged - s.positives - s.negatives)::double precision / s.judged as neutral,
            s.negatives::double precision / s.judged as negative,
            s.weighted / s.judged as sentiment, s.summed / s.total as average,
            fn.ranking_score(s.type, s.positives, s.negatives, s.summed, s.total, s.low, s.high) as score,
            100 * s.recommended / s.total::double precision as nps
        from summed as s
        union all
        select 'project', s.unit, s.starts_on, _project_id, null, null, sum(s.total)::bigint,
            sum(s.positives) filter (where s.judged > 0) / sum(s.judged)::double precision,
            sum(s.judged - s.positives - s.negatives) / sum(s.judged)::double precision,
            sum(s.negatives) filter (where s.judged > 0) / sum(s.judged)::double precision,
            sum(s.weighted) / sum(s.judged), null, fn.compound_score(array_agg(s.weighted), array_agg(s.total)), null
        from summed as s
        where s.scope = 'widget'
        group by s.unit, s.starts_on
    )
    select _account_id, s.scope_id, s.unit, s.starts_on, _project_id, s.scope, s.option_nos, s.counts, s.total, b.total,
        s.positive, s.neutral, s.negative, s.sentiment, s.average, s.score, s.nps
    from scored as s
    left join scored as b on b.scope = s.scope and b.scope_id = s.scope_id and b.unit = s.unit
        and b.starts_on = (s.starts_on - ('1 ' || s.unit)::interval)::date;
end;
$$;

comment on function fn.recount_period is
'What period should hold of a project: counts by option of every closed week, month and year of its placements and widgets from
tally_day, as far as it has been rolled up, what they say, and the total before; and of the project the sums.';
