create function fn.promise_retention(
    _account_id uuid, _plan text, _lost_at timestamptz, _subscription_id text, _now timestamptz default now()
) returns timestamptz
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _until timestamptz := _lost_at + interval '30 days';
begin
    -- A promise is never shortened: where a later one is wanted, it is a further row.
    if not exists (
        select 1 from public.entitlement as e
        where e.account_id = _account_id and e.reason = 'retention' and e.plan = _plan and e.ends_at >= _until
    ) then
        insert into public.entitlement (account_id, id, plan, reason, subscription_id, starts_at, ends_at)
        values (_account_id, fn.uuid_v7(_now), _plan, 'retention', _subscription_id, least(_lost_at, _now), _until);
    end if;
    return fn.retained_until(_account_id, _now);
end;
$$;

comment on function fn.promise_retention is
'Promises that an account''s responses are kept as _plan keeps them until 30 days after _lost_at. Returns until when all that was
promised holds.';
