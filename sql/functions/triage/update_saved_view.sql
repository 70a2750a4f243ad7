-- Called by app as account.
create function fn.update_saved_view(_account_id uuid, _project_id uuid, _id uuid, _name text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.check_triage_name(_name, 'name', 60);
    select v.name into _old from public.saved_view as v
    where v.account_id = _account_id and v.project_id = _project_id and v.id = _id
    for update;
    if not found then
        raise exception 'There is no such saved view.'
            using errcode = 'FB404', hint = 'See the saved views of your project.';
    end if;
    if exists (
        select 1 from public.saved_view as v
        where v.account_id = _account_id and v.project_id = _project_id and lower(v.name) = lower(_name) and v.id <> _id
    ) then
        raise exception 'The project has a saved view of this name.'
            using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    if _old = _name then
        return;
    end if;
    update public.saved_view as v set name = _name where v.account_id = _account_id and v.id = _id;
    perform fn.add_audit_entry(_account_id, 'saved_view.renamed', _name, jsonb_build_object('from', _old, 'to', _name));
end;
$$;

comment on function fn.update_saved_view is
'Renames a saved view. FB422 for a name that is empty or longer than 60 characters, FB409 for the name of another; FB404, FB403.';
