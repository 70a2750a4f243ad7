create function fn.close_period(
    _account_id uuid, _project_id uuid, _unit text, _starts_on date, _content_ids uuid[] default null
) returns void
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
    _ends_on date := (_starts_on + ('1 ' || _unit)::interval)::date;
begin
    delete from public.period as p
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _starts_on
        and (p.scope <> 'content' or _content_ids is null or p.scope_id = any (_content_ids));

    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, option_nos, counts, total, before, positive, neutral,
        negative, sentiment, average, score
    )
    select _account_id, t.content_id, _unit, _starts_on, _project_id, 'content', j.*
    from (
        select d.content_id, c.content_set_id, array_agg(d.option_no order by d.option_no) as nos,
            array_agg(d.n order by d.option_no) as counts
        from (
            select t.content_id, t.option_no, sum(t.count)::bigint as n
            from public.tally_day as t
            where t.account_id = _account_id and t.day >= _starts_on and t.day < _ends_on
                and (_content_ids is null or t.content_id = any (_content_ids))
            group by t.content_id, t.option_no
            having sum(t.count) > 0
        ) as d
        join public.content as c on c.account_id = _account_id and c.id = d.content_id
        join public.content_set as s on s.account_id = c.account_id and s.id = c.content_set_id
        where s.project_id = _project_id
        group by d.content_id, c.content_set_id
    ) as t
    cross join lateral fn.judged_period(_account_id, t.content_set_id, t.content_id, _unit, _starts_on, t.nos, t.counts)
        as j;

    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, option_nos, counts, total, before, positive, neutral,
        negative, sentiment, average, score
    )
    select _account_id, t.content_set_id, _unit, _starts_on, _project_id, 'set', j.*
    from (
        select d.content_set_id, array_agg(d.option_no order by d.option_no) as nos,
            array_agg(d.n order by d.option_no) as counts
        from (
            select c.content_set_id, u.option_no, sum(u.n)::bigint as n
            from public.period as p
            join public.content as c on c.account_id = p.account_id and c.id = p.scope_id
            cross join lateral unnest(p.option_nos, p.counts) as u (option_no, n)
            where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit
                and p.starts_on = _starts_on and p.scope = 'content'
            group by c.content_set_id, u.option_no
        ) as d
        group by d.content_set_id
    ) as t
    cross join lateral fn.judged_period(
        _account_id, t.content_set_id, t.content_set_id, _unit, _starts_on, t.nos, t.counts
    ) as j;

    insert into public.period (
        account_id, scope_id, unit, starts_on, project_id, scope, total, before, positive, neutral, negative, sentiment,
        score
    )
    select _account_id, _project_id, _unit, _starts_on, _project_id, 'project', sum(p.total),
        fn.period_before(_account_id, _project_id, _unit, _starts_on),
        sum(p.positive * p.total) filter (where j.is_judging) / sum(p.total) filter (where j.is_judging),
        sum(p.neutral * p.total) filter (where j.is_judging) / sum(p.total) filter (where j.is_judging),
        sum(p.negative * p.total) filter (where j.is_judging) / sum(p.total) filter (where j.is_judging),
        sum(p.sentiment * p.total) filter (where j.is_judging) / sum(p.total) filter (where j.is_judging),
        fn.compound_score(
            array_agg(case when j.is_judging then p.sentiment * p.total end), array_agg(p.total)
        )
    from public.period as p
    cross join lateral (
        select exists (
            select from public.option as o
            where o.account_id = p.account_id and o.content_set_id = p.scope_id and o.weight <> 0
        ) as is_judging
    ) as j
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _starts_on
        and p.scope = 'set'
    having count(*) > 0;

    update public.period as p
    set before = fn.period_before(_account_id, p.scope_id, _unit, p.starts_on)
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _ends_on
        and (p.scope <> 'content' or _content_ids is null or p.scope_id = any (_content_ids));
end;
$$;

comment on function fn.close_period is
'Writes what a project, its sets and its contents were told in one period, from the daily tallies: for all contents, or
anew for those named and what they are part of. The change of the period after it follows. A project''s shares and
sentiment are those of its sets that judge: of which some option has a weight.';
