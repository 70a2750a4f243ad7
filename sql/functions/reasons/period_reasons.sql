create function fn.period_reasons(
    _account_id uuid, _widget_id uuid, _placement_id uuid, _unit text, _starts_on date
) returns table (
    widget_id uuid, option_no smallint, reason_no smallint, count bigint, total bigint, compared bigint,
    total_compared bigint, before bigint, total_before bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _begins_on date := (_starts_on - ('1 ' || _unit)::interval)::date;
    _ends_on date := (_starts_on + ('1 ' || _unit)::interval)::date;
    _scope_id uuid := coalesce(_placement_id, _widget_id);
begin
    return query
    with mentioned as materialized (
        select t.reason_no, coalesce(sum(t.count) filter (where t.day >= _starts_on), 0)::bigint as count,
            coalesce(sum(t.count) filter (where t.day < _starts_on), 0)::bigint as before
        from public.placement as c
        join public.reason_tally_day as t
            on t.account_id = c.account_id and t.placement_id = c.id and t.day >= _begins_on and t.day < _ends_on
        where c.account_id = _account_id and c.widget_id = _widget_id and (_placement_id is null or c.id = _placement_id)
        group by t.reason_no
    ), chosen as materialized (
        select u.no, coalesce(sum(u.n) filter (where p.starts_on = _starts_on), 0)::bigint as count,
            coalesce(sum(u.n) filter (where p.starts_on = _begins_on), 0)::bigint as before
        from public.period as p
        cross join lateral unnest(p.option_nos, p.counts) as u (no, n)
        where p.account_id = _account_id and p.scope_id = _scope_id and p.unit = _unit
            and p.starts_on in (_begins_on, _starts_on)
        group by u.no
    )
    select _widget_id, r.option_no, r.no, coalesce(m.count, 0), coalesce(c.count, 0), coalesce(m.count, 0),
        coalesce(c.count, 0), coalesce(m.before, 0), coalesce(c.before, 0)
    from public.reason as r
    left join mentioned as m on m.reason_no = r.no
    left join chosen as c on c.no = r.option_no
    where r.account_id = _account_id and r.widget_id = _widget_id;
end;
$$;

comment on function fn.period_reasons is
'As fn.window_reasons, of a closed period of a widget, or of one of its placements, and of the period before.';
