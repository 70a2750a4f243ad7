-- Called by app as account.
create function fn.delete_tag(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _name text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    delete from public.tag as t
    where t.account_id = _account_id and t.project_id = _project_id and t.id = _id
    returning t.name into _name;
    if not found then
        raise exception 'There is no such tag.' using errcode = 'FB404', hint = 'See the tags of your project.';
    end if;
    perform fn.add_audit_entry(_account_id, 'tag.deleted', _name);
end;
$$;

comment on function fn.delete_tag is 'Deletes a tag and takes it off its messages. FB404, FB403.';
