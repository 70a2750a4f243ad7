-- Called by jobs as installation.
create function fn.grace_end_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct e.account_id from public.entitlement as e
    where e.reason = 'grace' and e.notified_at is null and e.ends_at <= _now;
end;
$$;

comment on function fn.grace_end_accounts is 'Accounts whose grace period has ended, for fn.announce_grace_ends.';
