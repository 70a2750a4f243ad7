-- Called by jobs as installation.
create function fn.count_usage(_now timestamptz default now(), _account_id uuid default null) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _month date := date_trunc('month', _now at time zone 'UTC')::date;
    _notices integer;
begin
    if not (select b.is_on from public.billing as b) then
        update public.usage set full_at = null, stopped_at = null where full_at is not null or stopped_at is not null;
        return 0;
    end if;
    -- Days are those of the projects' zones: some of last month's have responses to come after it is over.
    insert into public.project_usage as u (account_id, month, project_id, responses)
    select p.account_id, m.month, p.id, d.responses
    from public.project as p
    cross join (
        select distinct date_trunc('month', t at time zone 'UTC')::date as month
        from unnest(array[_now, _now - interval '1 day']) as t
    ) as m
    cross join lateral (
        select sum(d.count) as responses from public.project_day as d
        where d.account_id = p.account_id and d.project_id = p.id
            and d.day >= m.month and d.day < m.month + interval '1 month'
    ) as d
    left join public.project_usage as h on h.account_id = p.account_id and h.month = m.month and h.project_id = p.id
    where d.responses > coalesce(h.responses, 0) and (_account_id is null or p.account_id = _account_id)
    order by p.account_id, m.month, p.id
    on conflict (account_id, month, project_id) do update set responses = greatest(u.responses, excluded.responses);

    insert into public.usage as u (account_id, month, responses)
    select t.account_id, t.month, t.responses
    from (
        select p.account_id, p.month, sum(p.responses)::bigint as responses from public.project_usage as p
        where p.month >= (_now at time zone 'UTC' - interval '1 day')::date - 31
            and (_account_id is null or p.account_id = _account_id)
        group by p.account_id, p.month
    ) as t
    left join public.usage as h on h.account_id = t.account_id and h.month = t.month
    where t.responses is distinct from h.responses
    order by t.account_id, t.month
    on conflict (account_id, month) do update set responses = excluded.responses;

    update public.usage as u
    set quota = p.responses,
        full_at = case when u.responses >= l.hidden_above then coalesce(u.full_at, _now) end,
        stopped_at = case when u.responses >= 10 * p.responses then coalesce(u.stopped_at, _now) end
    from public.usage as h
    cross join lateral fn.account_plan(h.account_id, _now) as p
    cross join lateral fn.hidden_above(h.account_id, _month, p.responses) as l (hidden_above)
    where h.month = _month and (_account_id is null or h.account_id = _account_id)
        and u.account_id = h.account_id and u.month = h.month
        and (
            u.quota is distinct from p.responses
            or (u.full_at is not null) is distinct from coalesce(u.responses >= l.hidden_above, false)
            or (u.stopped_at is not null) is distinct from coalesce(u.responses >= 10 * p.responses, false)
        );
    select count(*) into _notices from fn.announce_usage(_month, _now, _account_id);
    return _notices;
end;
$$;

comment on function fn.count_usage is
'Updates every account''s usage of this month from its projects'' days (project_day) and compares it with the plan: since when
it is full (fn.hidden_above: messages are hidden) and stopped (responses are refused). A response counts in the month of its day
in the project''s zone, as in all of the panel; the month of the account is UTC''s. Deleting projects does not reduce usage.
Returns how many accounts were notified.';
