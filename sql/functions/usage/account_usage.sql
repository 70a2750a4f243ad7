-- Called by app as account.
create function fn.account_usage(_account_id uuid, _now timestamptz default now())
returns table (
    month date, renews_on date, responses bigint, quota bigint, forecast bigint, full_on date, full_at timestamptz,
    stopped_at timestamptz, hidden bigint, projects bigint, projects_quota integer, members bigint,
    members_quota integer, retention_days integer, months_json text, hidden_above bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _at timestamp := _now at time zone 'UTC';
    _month date := date_trunc('month', _at)::date;
    _days_left double precision := extract(epoch from _month + interval '1 month' - _at) / 86400;
    _rate double precision;
    _used bigint;
    _plan record;
    _hidden bigint;
    _hidden_above bigint;
begin
    perform fn.allow(_account_id, 'admin');
    _used := coalesce(
        (select u.responses from public.usage as u where u.account_id = _account_id and u.month = _month), 0
    );
    -- What the last seven days brought, today aside; where there are none, this month so far.
    select sum(d.count)::double precision / least(7, greatest(1, _at::date - min(d.day))) into _rate
    from public.project_day as d
    join public.project as p on p.account_id = d.account_id and p.id = d.project_id
    where d.account_id = _account_id and d.day between _at::date - 7 and _at::date - 1;
    _rate := coalesce(_rate, _used / greatest(extract(epoch from _at - _month) / 86400, 1));
    select p.* into _plan from fn.account_plan(_account_id, _now) as p;
    _hidden := fn.hidden_messages(_account_id, null, _now);
    _hidden_above := fn.hidden_above(_account_id, _month, _plan.responses);
    return query
    select
        _month, (_month + interval '1 month')::date, _used, _plan.responses, (_used + _rate * _days_left)::bigint,
        case
            when _used < _plan.responses and _used + _rate * _days_left >= _plan.responses
                then (_at + interval '1 day' * ((_plan.responses - _used) / _rate))::date
        end,
        u.full_at, u.stopped_at, _hidden,
        (select count(*) from public.project as j where j.account_id = _account_id), _plan.projects,
        (select count(*) from public.member as m where m.account_id = _account_id), _plan.members, _plan.retention_days,
        (
            select coalesce(json_agg(json_build_object('month', h.month, 'responses', h.responses) order by h.month), '[]')::text
            from public.usage as h
            where h.account_id = _account_id and h.month > _month - interval '12 months'
        ),
        _hidden_above
    from (select 1) as one
    left join public.usage as u on u.account_id = _account_id and u.month = _month;
end;
$$;

comment on function fn.account_usage is
'Usage of an account this month (UTC), its forecast for the month at the pace of the last seven days, the day on which it will
be full, hidden messages and above how many responses they are hidden, and the last twelve months as JSON.';
