-- Called by app as account.
create function fn.create_tag(_account_id uuid, _project_id uuid, _name text, _now timestamptz default now()) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 50;
    _id uuid := fn.uuid_v7(_now);
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.check_triage_name(_name, 'name', 40);
    perform from public.project as p where p.account_id = _account_id and p.id = _project_id for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if (select count(*) from public.tag as t where t.account_id = _account_id and t.project_id = _project_id) >= _most then
        raise exception 'A project has at most % tags.', _most
            using errcode = 'FB422', hint = 'Delete a tag that you no longer use.';
    end if;
    insert into public.tag (account_id, id, project_id, name, created_at)
    values (_account_id, _id, _project_id, _name, _now)
    on conflict do nothing;
    if not found then
        raise exception 'The project has a tag of this name.' using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    perform fn.add_audit_entry(_account_id, 'tag.created', _name, _now => _now);
    return _id;
end;
$$;

comment on function fn.create_tag is
'Creates a tag of a project; returns its id. FB422 for a name that is empty or longer than 40 characters and for more than 50 tags,
FB409 for the name of another tag, in any case; FB404, FB403.';
