-- Called by app as account.
create function fn.update_hook_secret(
    _account_id uuid, _project_id uuid, _hook_secret bytea, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    update public.tracker as t set hook_secret = _hook_secret
    where t.account_id = _account_id and t.project_id = _project_id;
    if not found then
        raise exception 'The project has no tracker.' using errcode = 'FB404', hint = 'It may have been deleted already.';
    end if;
    perform fn.add_audit_entry(_account_id, 'tracker.secret_updated', (
        select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
    ), _now => _now);
end;
$$;

comment on function fn.update_hook_secret is
'Replaces what signs the posts of a forge; those signed by the one before are refused. FB404, FB403.';
