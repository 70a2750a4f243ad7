-- Called by jobs as installation.
create function fn.delete_old_visits(_account_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
begin
    delete from public.address_visit as a where a.account_id = _account_id and a.expires_at <= _now;
    delete from public.network_day as n where n.account_id = _account_id and n.expires_at <= _now;
    delete from public.visit as v where v.account_id = _account_id and v.expires_at <= _now and v.expires_at < 'infinity';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_visits is
'Deletes the visits of an account that have expired, hashed with salts of days before today; returns how many.';
