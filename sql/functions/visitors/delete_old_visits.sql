-- Called by jobs as installation.
create function fn.delete_old_visits(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
begin
    -- The salt is deleted first: if the rest fails, the remaining hashes identify nobody.
    delete from public.visitor_salt where day < (_now at time zone 'UTC')::date;
    delete from public.address_visit where expires_at <= _now;
    delete from public.network_day where expires_at <= _now;
    delete from public.visit where expires_at <= _now and expires_at < 'infinity';
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_visits is
'Deletes salts of days before today (UTC) and the visits hashed with them; returns how many visits.';
