-- Called by app as account.
create function fn.scope_periods(
    _account_id uuid, _project_id uuid, _scope text, _id uuid, _unit text, _from date, _to date,
    _with_reasons boolean default false
) returns table (
    starts_on date, counts text, total bigint, before bigint, positive double precision, neutral double precision,
    negative double precision, sentiment double precision, average double precision, nps double precision,
    score double precision, reasons text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _widget_id uuid := case _scope
        when 'widget' then _id
        when 'placement' then (select c.widget_id from public.placement as c where c.account_id = _account_id and c.id = _id)
    end;
    _options record;
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    perform fn.check_scope(_account_id, _project_id, _scope, _id);
    if _unit not in ('week', 'month', 'year') then
        raise exception 'There is no period %.', left(_unit, 64) using errcode = 'FB422', hint = 'Use week, month or year.';
    end if;
    select array_agg(o.no order by o.position) as nos, array_agg(o.value order by o.position) as values into _options
    from public.option as o where o.account_id = _account_id and o.widget_id = _widget_id;
    return query
    select p.starts_on,
        (
            select json_object_agg(o.value, u.n order by o.position)::text
            from unnest(p.option_nos, p.counts) as u (option_no, n)
            join unnest(_options.nos, _options.values) with ordinality as o (no, value, position) on o.no = u.option_no
        ),
        p.total, p.before, p.positive, p.neutral, p.negative, p.sentiment, p.average, p.nps, p.score,
        case when _with_reasons and _widget_id is not null then
            fn.reason_groups(
                _account_id,
                (
                    select json_agg(r)
                    from fn.period_reasons(
                        _account_id, _widget_id, case _scope when 'placement' then _id end, _unit, p.starts_on
                    ) as r
                ),
                p.before is not null
            )::text
        end
    from fn.periods(_account_id, coalesce(_id, _project_id), _unit, _from, _to) as p
    order by p.starts_on desc
    limit 600;
end;
$$;

comment on function fn.scope_periods is
'Closed weeks, months or years of a project, or its widget or placement, that start from _from to _to, newest first, with counts
by option, and _with_reasons the reasons (fn.reason_groups), as JSON (not for projects). FB404, FB422.';
