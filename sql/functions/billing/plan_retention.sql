create function fn.plan_retention(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _since timestamptz;
begin
    select greatest(
        b.on_since, s.plan_at, case when s.past_due_at < _now - interval '14 days' then s.past_due_at + interval '14 days' end
    )
    into _since
    from public.billing as b
    left join public.subscription as s on s.account_id = _account_id
    where b.is_on;
    if _since is null or _since > _now - interval '30 days' then
        return null;
    end if;
    return (select p.retention_days from fn.account_plan(_account_id, _now) as p);
end;
$$;

comment on function fn.plan_retention is
'The most days for which an account''s responses are kept, by its plan; null is unlimited, as are the first 30 days of a plan or
of billing, so that people can choose another plan in time.';
