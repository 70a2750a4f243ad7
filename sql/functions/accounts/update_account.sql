-- Called by app as account.
create function fn.update_account(_account_id uuid, _name text, _audit_days integer) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _new_name text;
    _account record;
begin
    perform fn.allow(_account_id, 'admin');
    _new_name := fn.check_account_name(_name);
    if coalesce(_audit_days, 0) not between 30 and 3650 then
        raise exception 'The audit log must be kept for 30 to 3,650 days.' using errcode = 'FB422';
    end if;
    select a.name, a.audit_days into strict _account from public.account as a where a.id = _account_id for no key update;
    update public.account as a set name = _new_name, audit_days = _audit_days where a.id = _account_id;
    if _new_name <> _account.name then
        perform fn.add_audit_entry(_account_id, 'account.renamed', _new_name, jsonb_build_object('from', _account.name, 'to', _new_name));
    end if;
    if _audit_days <> _account.audit_days then
        perform fn.add_audit_entry(
            _account_id, 'account.audit_days_updated', _new_name,
            jsonb_build_object('from', _account.audit_days, 'to', _audit_days)
        );
    end if;
end;
$$;

comment on function fn.update_account is
'Updates an account''s name and the retention of its audit log, in days; FB422 for an invalid name or number.';
