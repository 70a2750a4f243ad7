-- Called by app as account.
create function fn.unarchive_widget(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _widget public.widget;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id, _id);
    _widget := fn.widget_of_project(_account_id, _project_id, _id);
    if _widget.archived_at is not null then
        update public.widget as s set archived_at = null where s.account_id = _account_id and s.id = _id;
        perform fn.add_audit_entry(_account_id, 'widget.unarchived', _widget.name);
    end if;
end;
$$;

comment on function fn.unarchive_widget is 'Unarchives a widget. Does nothing the second time. FB404, FB403, FB409.';
