create function fn.grace_ends_at(_account_id uuid, _now timestamptz default now()) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select max(e.ends_at) from public.entitlement as e
        where e.account_id = _account_id and e.reason = 'grace' and e.ends_at > _now
    );
end;
$$;

comment on function fn.grace_ends_at is 'Until when an account keeps a plan although a payment is missing; null outside of a grace period.';
