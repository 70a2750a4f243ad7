-- Called by jobs as installation.
create function fn.usage_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _month date := date_trunc('month', _now at time zone 'UTC');
begin
    if not (select b.is_on from public.billing as b) then
        return query
        select distinct u.account_id from public.usage as u where u.full_at is not null or u.stopped_at is not null;
        return;
    end if;
    return query
    select d.account_id
    from public.project_day as d
    left join public.project_usage as h on h.account_id = d.account_id and h.project_id = d.project_id
        and h.month = date_trunc('month', d.day::timestamp)
    where d.day >= fn.usage_from(_now) and d.day < _month + interval '1 month'
    group by d.account_id, d.project_id, date_trunc('month', d.day::timestamp), h.responses
    having sum(d.count) > coalesce(h.responses, 0)
    union
    select t.account_id
    from (
        select p.account_id, p.month, sum(p.responses) as responses from public.project_usage as p
        where p.month >= fn.usage_from(_now)
        group by p.account_id, p.month
    ) as t
    left join public.usage as u on u.account_id = t.account_id and u.month = t.month
    where t.responses is distinct from u.responses
    union
    select u.account_id
    from public.usage as u
    cross join lateral fn.account_plan(u.account_id, _now) as p
    where u.month = _month and fn.is_usage_outdated(
        u.responses, u.quota, u.full_at, u.stopped_at, p.responses, fn.hidden_above(u.account_id, _month, p.responses)
    );
end;
$$;

comment on function fn.usage_accounts is
'Accounts with responses that fn.count_usage has not counted, or whose plan has changed since; where billing is off, those with a limit that
no longer applies.';
