-- Called by app as account.
create function fn.delete_widget(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
    _is_deleted boolean;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    perform fn.lock_roll_up(_account_id);  -- before any row, as everywhere
    perform fn.refuse_deleted(_account_id, _project_id, _id);
    _name := (fn.widget_of_project(_account_id, _project_id, _id)).name;
    _is_deleted := fn.can_do_at_once(_account_id, 100000);
    if _is_deleted then
        perform fn.purge_widget(_account_id, _id);
    else
        update public.widget as s set archived_at = coalesce(s.archived_at, _now)
        where s.account_id = _account_id and s.id = _id;
        perform fn.begin_deletion(_account_id, _project_id, _id, 'widget', _name, _now);
    end if;
    perform fn.add_audit_entry(_account_id, 'widget.deleted', _name);
    return _is_deleted;
end;
$$;

comment on function fn.delete_widget is
'Deletes a widget with its placements, responses and counts. True where that is done (fn.can_do_at_once).
Otherwise false: the widget is archived, and fn.continue_deletions deletes it in the background. FB404, FB403; FB409 where the
deletion has begun already.';
