-- Called by app as account.
create function fn.update_tag(_account_id uuid, _project_id uuid, _id uuid, _name text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.check_triage_name(_name, 'name', 40);
    select t.name into _old from public.tag as t
    where t.account_id = _account_id and t.project_id = _project_id and t.id = _id
    for update;
    if not found then
        raise exception 'There is no such tag.' using errcode = 'FB404', hint = 'See the tags of your project.';
    end if;
    if exists (
        select 1 from public.tag as t
        where t.account_id = _account_id and t.project_id = _project_id and lower(t.name) = lower(_name) and t.id <> _id
    ) then
        raise exception 'The project has a tag of this name.' using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    if _old = _name then
        return;
    end if;
    update public.tag as t set name = _name where t.account_id = _account_id and t.id = _id;
    perform fn.add_audit_entry(_account_id, 'tag.renamed', _name, jsonb_build_object('from', _old, 'to', _name));
end;
$$;

comment on function fn.update_tag is
'Renames a tag. FB422 for a name that is empty or longer than 40 characters, FB409 for the name of another tag; FB404, FB403.';
