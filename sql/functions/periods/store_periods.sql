create function fn.store_periods(
    _account_id uuid, _project_id uuid, _unit text, _from date, _to date, _placement_ids uuid[] default null
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _span interval := ('1 ' || _unit)::interval;
    _before_on date := (_from - _span)::date;
    _ends_on date := (_to + _span)::date;
begin
    delete from public.period as p
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on between _from and _to
        and (p.scope <> 'placement' or _placement_ids is null or p.scope_id = any (_placement_ids));

    with scale as materialized (
        select o.widget_id, o.type, array_agg(o.no) as nos, array_agg(o.weight) as weights, array_agg(o.number) as numbers,
            array_agg(o.nps) as nps, min(o.number) as low, max(o.number) as high
        from fn.scored_option as o
        where o.account_id = _account_id and o.project_id = _project_id
        group by o.widget_id, o.type
    ), scope as (
        select 'placement' as scope, c.id as scope_id, s.*, null::date[] as days, null::smallint[] as option_nos,
            null::bigint[] as counts
        from scale as s
        join public.placement as c on c.account_id = _account_id and c.widget_id = s.widget_id
        where _placement_ids is null or c.id = any (_placement_ids)
        union all
        select 'widget', s.widget_id, s.*, d.days, d.option_nos, d.counts
        from scale as s
        join (
            select d.widget_id, array_agg(d.day) as days, array_agg(d.option_no) as option_nos, array_agg(d.count) as counts
            from public.widget_day as d
            where d.account_id = _account_id and d.project_id = _project_id and d.day >= _from and d.day < _ends_on
            group by d.widget_id
        ) as d on d.widget_id = s.widget_id
    )
    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, option_nos, counts, total, before, positive, neutral,
        negative, sentiment, average, nps, score
    )
    select _account_id, k.scope_id, _unit, t.starts_on, _project_id, k.scope, t.option_nos, t.counts, t.total,
        case
            when t.starts_on = _from then b.total
            when t.last_on = (t.starts_on - _span)::date then t.last_total
        end,
        t.positives::double precision / t.judged,
        (t.judged - t.positives - t.negatives)::double precision / t.judged,
        t.negatives::double precision / t.judged, t.weighted / t.judged, t.summed / t.total,
        100 * t.recommended / t.total::double precision,
        fn.ranking_score(k.type, t.positives, t.negatives, t.summed, t.total, k.low, k.high)
    from scope as k
    -- One after the other: no sort of all of them, and by day the index would lead through all the account's other projects.
    cross join lateral (
        select d.starts_on, array_agg(d.option_no order by d.option_no) as option_nos,
            array_agg(d.n order by d.option_no) as counts, sum(d.n)::bigint as total,
            sum(d.n) filter (where d.weight is not null)::bigint as judged,
            coalesce(sum(d.n) filter (where d.weight > 0), 0)::bigint as positives,
            coalesce(sum(d.n) filter (where d.weight < 0), 0)::bigint as negatives,
            sum(d.n * d.weight) as weighted, sum(d.n * d.number) as summed, sum(d.n * d.nps) as recommended,
            lag(d.starts_on) over (order by d.starts_on) as last_on,
            lag(sum(d.n)::bigint) over (order by d.starts_on) as last_total
        from (
            select fn.period_start(_unit, t.day) as starts_on, t.option_no, sum(t.n)::bigint as n,
                k.weights[array_position(k.nos, t.option_no)] as weight,
                k.numbers[array_position(k.nos, t.option_no)] as number,
                k.nps[array_position(k.nos, t.option_no)] as nps
            from (
                select t.day, t.option_no, t.rolled as n
                from public.tally_day as t
                where k.scope = 'placement' and t.account_id = _account_id and t.placement_id = k.scope_id
                    and t.day >= _from and t.day < _ends_on
                union all
                select w.* from unnest(k.days, k.option_nos, k.counts) as w
            ) as t
            group by fn.period_start(_unit, t.day), t.option_no
            having sum(t.n) > 0
        ) as d
        group by d.starts_on
    ) as t
    -- At once and not page by page: before the first statistics, look-ups by page go through all pages of the period.
    left join (
        select p.scope_id, p.total
        from public.period as p
        where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _before_on
            and (p.scope <> 'placement' or _placement_ids is null or p.scope_id = any (_placement_ids))
    ) as b on b.scope_id = k.scope_id;

    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, total, before, positive, neutral, negative, sentiment,
        score
    )
    select _account_id, _project_id, _unit, t.starts_on, _project_id, 'project', t.total,
        -- Of its widgets, whose periods are all there now.
        (
            select sum(b.total)::bigint from public.period as b
            where b.account_id = _account_id and b.project_id = _project_id and b.unit = _unit
                and b.starts_on = (t.starts_on - _span)::date and b.scope = 'widget'
        ),
        t.positive, t.neutral, t.negative, t.sentiment, t.score
    from (
        select p.starts_on, sum(p.total)::bigint as total,
            sum(p.positive * p.total) / sum(p.total) filter (where p.sentiment is not null) as positive,
            sum(p.neutral * p.total) / sum(p.total) filter (where p.sentiment is not null) as neutral,
            sum(p.negative * p.total) / sum(p.total) filter (where p.sentiment is not null) as negative,
            sum(p.sentiment * p.total) / sum(p.total) filter (where p.sentiment is not null) as sentiment,
            fn.compound_score(array_agg(p.sentiment * p.total), array_agg(p.total)) as score
        from public.period as p
        where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit
            and p.starts_on between _from and _to and p.scope = 'widget'
        group by p.starts_on
    ) as t;

    update public.period as p
    set before = (
        select b.total from public.period as b
        where b.account_id = _account_id and b.scope_id = p.scope_id and b.unit = _unit and b.starts_on = _to
    )
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _ends_on
        and (p.scope <> 'placement' or _placement_ids is null or p.scope_id = any (_placement_ids));
end;
$$;

comment on function fn.store_periods is
'Stores the periods of a project that start from _from to _to, of its widgets and placements, from the daily tallies that have been
rolled up: for all placements, or again for these and what they are part of. Updates the change of the next period. A project''s shares
and sentiment are those of its widgets that judge (fn.scored_option).';
