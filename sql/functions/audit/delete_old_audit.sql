-- Called by jobs as installation.
create function fn.delete_old_audit(_account_id uuid, _now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _until timestamptz := (select _now - make_interval(days => a.audit_days) from public.account as a where a.id = _account_id);
    _deleted bigint;
begin
    delete from public.audit as n where n.account_id = _account_id and n.at < _until;
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_audit is
'Deletes audit entries that are older than their account keeps them; returns how many.';
