-- Called by jobs as installation.
create function fn.delete_old_audit(_now timestamptz default now()) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _deleted bigint;
begin
    delete from public.audit as n
    using public.account as a
    where a.id = n.account_id and n.at < _now - make_interval(days => a.audit_days);
    get diagnostics _deleted = row_count;
    return _deleted;
end;
$$;

comment on function fn.delete_old_audit is 'Deletes audit entries older than their account keeps them; returns how many.';
