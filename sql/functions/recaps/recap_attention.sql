create function fn.recap_attention(_account_id uuid, _project_id uuid, _unit text, _starts_on date)
returns table (kind text, about_id uuid, what text, reason text, count bigint, sentiment double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _ends_on date := (_starts_on + ('1 ' || _unit)::interval)::date;
    _begins_on date := (_starts_on - ('1 ' || _unit)::interval)::date;
begin
    return query (
        select 'refused', null::uuid, r.origin, r.reason, sum(r.count)::bigint, null::double precision
        from public.refusal as r
        join public.project as p on p.account_id = r.account_id and p.id = r.project_id
        where r.account_id = _account_id and r.project_id = _project_id
            and r.hour >= _starts_on::timestamp at time zone p.time_zone
            and r.hour < _ends_on::timestamp at time zone p.time_zone
        group by r.origin, r.reason
        having sum(r.count) >= 10
        order by sum(r.count) desc, r.origin, r.reason
        limit 3
    );
    return query
    select 'silent', s.id, s.name, null::text, b.total, null::double precision
    from public.widget as s
    join public.period as b
        on b.account_id = s.account_id and b.scope_id = s.id and b.unit = _unit and b.starts_on = _begins_on
        and b.scope = 'widget'
    where s.account_id = _account_id and s.project_id = _project_id and s.archived_at is null and b.total >= 10
        and not exists (
            select 1 from public.period as n
            where n.account_id = s.account_id and n.scope_id = s.id and n.unit = _unit and n.starts_on = _starts_on
                and n.scope = 'widget'
        )
    order by b.total desc, s.id
    limit 3;
    return query
    select 'disliked', c.id, c.key, s.name, p.total, p.sentiment
    from public.period as p
    join public.placement as c on c.account_id = p.account_id and c.id = p.scope_id
    join public.widget as s on s.account_id = c.account_id and s.id = c.widget_id
    join fn.widget_type as w on w.name = s.type
    where p.account_id = _account_id and p.project_id = _project_id and p.unit = _unit and p.starts_on = _starts_on
        and c.archived_at is null and p.scope = 'placement' and p.total >= 5 and p.sentiment <= -0.25 and not w.has_text
    order by p.sentiment * p.total / (p.total + 10), c.id
    limit 3;
    return query
    select 'hidden', null::uuid, ''::text, null::text, v.count, null::double precision
    from fn.hidden_messages(_account_id, _project_id) as v (count)
    where v.count > 0;
end;
$$;

comment on function fn.recap_attention is
'What needs attention after a closed period, each with the id of its widget or placement: origins with 10 or more refusals,
widgets without responses, placements with low scores (of 5 responses or more), at most three of each, worst first; and the
number of hidden messages.';
