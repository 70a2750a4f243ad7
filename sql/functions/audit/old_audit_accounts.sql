-- Called by jobs as installation.
create function fn.old_audit_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select distinct n.account_id
    from public.audit as n
    join public.account as a on a.id = n.account_id
    where n.at < _now - make_interval(days => a.audit_days);
end;
$$;

comment on function fn.old_audit_accounts is
'Accounts with audit entries that are older than they keep them (fn.delete_old_audit).';
