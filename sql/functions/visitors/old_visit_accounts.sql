-- Called by jobs as installation.
create function fn.old_visit_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select v.account_id from public.visit as v where v.expires_at <= _now and v.expires_at < 'infinity'
    union
    select a.account_id from public.address_visit as a where a.expires_at <= _now
    union
    select n.account_id from public.network_day as n where n.expires_at <= _now;
end;
$$;

comment on function fn.old_visit_accounts is 'Accounts with visits that have expired (fn.delete_old_visits).';
