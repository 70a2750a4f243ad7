-- Called by app as account.
create function fn.archive_project(_account_id uuid, _project_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id);
    update public.project as p
    set archived_at = _now
    where p.account_id = _account_id and p.id = _project_id and p.archived_at is null
    returning p.name into _name;
    if found then
        perform fn.add_audit_entry(_account_id, 'project.archived', _name);
    elsif not exists (select 1 from public.project as p where p.account_id = _account_id and p.id = _project_id) then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.archive_project is
'Archives a project: it accepts no responses, and its counts stay. Does nothing the second time. FB404, FB403, FB409.';
