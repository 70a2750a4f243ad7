-- Called by app as account.
create function fn.delete_project(_account_id uuid, _project_id uuid, _now timestamptz default now())
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
    _is_deleted boolean;
begin
    perform fn.allow(_account_id, 'admin');
    perform fn.lock_roll_up(_account_id);  -- before any row, as everywhere
    perform fn.refuse_deleted(_account_id, _project_id);
    select p.name into _name from public.project as p
    where p.account_id = _account_id and p.id = _project_id for update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _is_deleted := fn.can_do_at_once(_account_id, 100000);
    if _is_deleted then
        perform fn.purge_project(_account_id, _project_id);
    else
        update public.project as p set archived_at = coalesce(p.archived_at, _now)
        where p.account_id = _account_id and p.id = _project_id;
        perform fn.begin_deletion(_account_id, _project_id, _project_id, 'project', _name, _now);
    end if;
    perform fn.add_audit_entry(_account_id, 'project.deleted', _name);
    return _is_deleted;
end;
$$;

comment on function fn.delete_project is
'Deletes a project with its widgets, pages, responses and counts; not for API keys. True where that is
done (fn.can_do_at_once). Otherwise false: the project is archived, and fn.continue_deletions deletes it in the background. FB404,
FB403; FB409 where the deletion has begun already.';
