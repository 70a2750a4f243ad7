create function fn.close_period(
    _account_id uuid, _project_id uuid, _unit text, _starts_on date, _placement_ids uuid[] default null
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _ends_on date := (_starts_on + ('1 ' || _unit)::interval)::date;
    _before_on date := (_starts_on - ('1 ' || _unit)::interval)::date;
    _project_before bigint := fn.period_before(_account_id, _project_id, _unit, _starts_on);
    _widget record;
begin
    delete from public.period as p
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _starts_on
        and (p.scope <> 'placement' or _placement_ids is null or p.scope_id = any (_placement_ids));

    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, option_nos, counts, total, before, positive, neutral,
        negative, sentiment, average, nps, score
    )
    select _account_id, t.placement_id, _unit, _starts_on, _project_id, 'placement', t.option_nos, t.counts, t.total, b.total,
        t.positives::double precision / t.judged,
        (t.judged - t.positives - t.negatives)::double precision / t.judged,
        t.negatives::double precision / t.judged, t.weighted / t.judged, t.summed / t.total,
        100 * t.recommended / t.total::double precision,
        fn.ranking_score(t.type, t.positives, t.negatives, t.summed, t.total, t.low, t.high)
    from (
        select d.placement_id, d.type, array_agg(d.option_no order by d.option_no) as option_nos,
            array_agg(d.n order by d.option_no) as counts, sum(d.n)::bigint as total,
            sum(d.n) filter (where o.weight is not null)::bigint as judged,
            coalesce(sum(d.n) filter (where o.weight > 0), 0)::bigint as positives,
            coalesce(sum(d.n) filter (where o.weight < 0), 0)::bigint as negatives,
            sum(d.n * o.weight) as weighted, sum(d.n * o.number) as summed, sum(d.n * o.nps) as recommended, r.low, r.high
        from (
            select s.id as widget_id, s.type, c.id as placement_id, t.option_no, sum(t.rolled)::bigint as n
            from public.widget as s
            join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
            -- Page by page: by day, the index would lead through all the account's other projects.
            cross join lateral (
                select t.option_no, t.rolled
                from public.tally_day as t
                where t.account_id = c.account_id and t.placement_id = c.id and t.day >= _starts_on and t.day < _ends_on
                offset 0
            ) as t
            where s.account_id = _account_id and s.project_id = _project_id
                and (_placement_ids is null or c.id = any (_placement_ids))
            group by s.id, s.type, c.id, t.option_no
            having sum(t.rolled) > 0
        ) as d
        join fn.scored_option as o
            on o.account_id = _account_id and o.widget_id = d.widget_id and o.no = d.option_no
        left join (
            select o.widget_id, min(o.number) as low, max(o.number) as high
            from fn.scored_option as o
            where o.account_id = _account_id and o.project_id = _project_id
            group by o.widget_id
        ) as r on r.widget_id = d.widget_id
        group by d.placement_id, d.type, r.low, r.high
    ) as t
    -- At once and not page by page: before the first statistics, look-ups by page go through all pages of the period.
    left join (
        select p.scope_id, p.total
        from public.period as p
        where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _before_on
            and p.scope = 'placement' and (_placement_ids is null or p.scope_id = any (_placement_ids))
    ) as b on b.scope_id = t.placement_id;

    for _widget in
        select d.widget_id as id, array_agg(d.option_no order by d.option_no) as nos,
            array_agg(d.n order by d.option_no) as counts
        from (
            select c.widget_id, u.option_no, sum(u.n)::bigint as n
            from public.period as p
            join public.placement as c on c.account_id = p.account_id and c.id = p.scope_id
            cross join lateral unnest(p.option_nos, p.counts) as u (option_no, n)
            where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit
                and p.starts_on = _starts_on and p.scope = 'placement'
            group by c.widget_id, u.option_no
        ) as d
        group by d.widget_id
    loop
        insert into public.period (
            account_id, scope_id, unit, starts_on, project_id, scope, option_nos, counts, total, before, positive, neutral,
            negative, sentiment, average, nps, score
        )
        select _account_id, _widget.id, _unit, _starts_on, _project_id, 'widget', j.*
        from fn.scored_period(
            _account_id, _widget.id, _widget.id, _unit, _starts_on, _widget.nos, _widget.counts
        ) as j;
    end loop;

    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, total, before, positive, neutral, negative, sentiment,
        score
    )
    select _account_id, _project_id, _unit, _starts_on, _project_id, 'project', sum(p.total),
        _project_before,
        sum(p.positive * p.total) / sum(p.total) filter (where p.sentiment is not null),
        sum(p.neutral * p.total) / sum(p.total) filter (where p.sentiment is not null),
        sum(p.negative * p.total) / sum(p.total) filter (where p.sentiment is not null),
        sum(p.sentiment * p.total) / sum(p.total) filter (where p.sentiment is not null),
        fn.compound_score(array_agg(p.sentiment * p.total), array_agg(p.total))
    from public.period as p
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _starts_on
        and p.scope = 'widget'
    having count(*) > 0;

    update public.period as p
    set before = (
        select b.total from public.period as b
        where b.account_id = _account_id and b.scope_id = p.scope_id and b.unit = _unit and b.starts_on = _starts_on
    )
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _ends_on
        and (p.scope <> 'placement' or _placement_ids is null or p.scope_id = any (_placement_ids));
end;
$$;

comment on function fn.close_period is
'Stores one period of a project, its widgets and its placements, from the daily tallies that have been rolled up: for all
placements, or again for these and what they are part of. Updates the change of the next period. A project''s shares and
sentiment are those of its widgets that judge (fn.scored_option).';
