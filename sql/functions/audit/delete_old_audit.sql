-- Called by jobs as installation.
create function fn.delete_old_audit(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _account record;
    _deleted bigint := 0;
    _count bigint;
begin
    for _account in
        select distinct n.account_id as id, _now - make_interval(days => a.audit_days) as until
        from public.audit as n
        join public.account as a on a.id = n.account_id
        where n.at < _now - make_interval(days => a.audit_days)
    loop
        delete from public.audit as n where n.account_id = _account.id and n.at < _account.until;
        get diagnostics _count = row_count;
        _deleted := _deleted + _count;
    end loop;
    return _deleted;
end;
$$;

comment on function fn.delete_old_audit is 'Deletes audit entries older than their account keeps them; returns how many.';
