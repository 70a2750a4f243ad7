-- Called by app as account.
create function fn.delete_saved_view(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    delete from public.saved_view as v
    where v.account_id = _account_id and v.project_id = _project_id and v.id = _id
    returning v.name into _name;
    if not found then
        raise exception 'There is no such saved view.'
            using errcode = 'FB404', hint = 'See the saved views of your project.';
    end if;
    perform fn.add_audit_entry(_account_id, 'saved_view.deleted', _name);
end;
$$;

comment on function fn.delete_saved_view is 'Deletes a saved view; the messages stay. FB404, FB403.';
