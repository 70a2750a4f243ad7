-- Called by jobs as installation.
create function fn.count_usage(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _month date := date_trunc('month', _now at time zone 'UTC');
    _quota bigint;
    _hidden_above bigint;
begin
    if not (select b.is_on from public.billing as b) then
        update public.usage as u set full_at = null, stopped_at = null
        where u.account_id = _account_id and (u.full_at is not null or u.stopped_at is not null);
        return 0;
    end if;
    insert into public.project_usage as u (account_id, month, project_id, responses)
    select d.account_id, date_trunc('month', d.day::timestamp), d.project_id, sum(d.count)
    from public.project_day as d
    where d.account_id = _account_id and d.day >= fn.usage_from(_now) and d.day < _month + interval '1 month'
    group by d.account_id, d.project_id, date_trunc('month', d.day::timestamp)
    having sum(d.count) > 0
    order by date_trunc('month', d.day::timestamp), d.project_id
    on conflict (account_id, month, project_id) do update set responses = excluded.responses
        where excluded.responses > u.responses;

    insert into public.usage as u (account_id, month, responses)
    select p.account_id, p.month, sum(p.responses)
    from public.project_usage as p
    where p.account_id = _account_id and p.month >= fn.usage_from(_now)
    group by p.account_id, p.month
    order by p.month
    on conflict (account_id, month) do update set responses = excluded.responses
        where excluded.responses <> u.responses;

    select p.responses into _quota from fn.account_plan(_account_id, _now) as p;
    _hidden_above := fn.hidden_above(_account_id, _month, _quota);
    update public.usage as u
    set quota = _quota,
        full_at = case when u.responses >= _hidden_above then coalesce(u.full_at, _now) end,
        stopped_at = case when u.responses >= 10 * _quota then coalesce(u.stopped_at, _now) end
    where u.account_id = _account_id and u.month = _month
        and fn.is_usage_outdated(u.responses, u.quota, u.full_at, u.stopped_at, _quota, _hidden_above);
    return fn.announce_usage(_account_id, _month, _now);
end;
$$;

comment on function fn.count_usage is
'Updates an account''s usage of this month from its projects'' days (project_day) and compares it with the plan: since when
it is full (fn.hidden_above: messages are hidden) and stopped (responses are refused). A response counts in the month of its day
in the project''s zone, as in all of the panel; the month of the account is UTC''s. Deleting projects does not reduce usage.
Returns 1 if people were notified.';
