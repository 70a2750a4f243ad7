-- Called by app as account.
create function fn.delete_tracker(_account_id uuid, _project_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    delete from public.tracker as t where t.account_id = _account_id and t.project_id = _project_id;
    if not found then
        raise exception 'The project has no tracker.' using errcode = 'FB404', hint = 'It may have been deleted already.';
    end if;
    delete from public.issue as i where i.account_id = _account_id and i.project_id = _project_id;
    perform fn.add_audit_entry(_account_id, 'tracker.deleted', (
        select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id
    ), _now => _now);
end;
$$;

comment on function fn.delete_tracker is
'Ends the connection of a project to its forge. Issues there stay; messages lose their links to them. FB404, FB403.';
