-- Called by app as account.
create function fn.usage_notice(_account_id uuid, _now timestamptz default now())
returns table (
    responses bigint, quota bigint, is_full boolean, is_stopped boolean, hidden bigint, renews_on date, role text,
    hidden_above bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _month date := date_trunc('month', _now at time zone 'UTC')::date;
    _quota bigint;
    _usage record;
    _hidden bigint := 0;
begin
    perform fn.allow(_account_id, 'viewer');
    select p.responses into _quota from fn.account_plan(_account_id, _now) as p;
    select u.responses, u.full_at, u.stopped_at, m.role into _usage
    from public.usage as u
    left join public.member as m
        on m.account_id = _account_id and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid
    where u.account_id = _account_id and u.month = _month and u.responses >= 0.8 * _quota;
    if not found then
        return;
    end if;
    if _usage.full_at is not null then
        _hidden := fn.hidden_messages(_account_id, null, _now, 1000);
    end if;
    return query select _usage.responses, _quota, _usage.full_at is not null, _usage.stopped_at is not null, _hidden,
        (_month + interval '1 month')::date, _usage.role, fn.hidden_above(_account_id, _month, _quota);
end;
$$;

comment on function fn.usage_notice is
'The panel''s notice about an account that has used 80 % or more of its plan''s responses this month; no row below. hidden is at
most 1000; messages are hidden above hidden_above responses.';
