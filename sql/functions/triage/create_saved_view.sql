-- Called by app as account.
create function fn.create_saved_view(
    _account_id uuid, _project_id uuid, _name text, _query text, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _most constant integer := 50;
    _id uuid := fn.uuid_v7(_now);
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.check_triage_name(_name, 'name', 60);
    if coalesce(char_length(_query), 0) not between 1 and 4000 then
        raise exception 'A saved view has a filter of 1 to 4,000 characters.'
            using errcode = 'FB422', hint = 'Filter the inbox first.';
    end if;
    perform from public.project as p where p.account_id = _account_id and p.id = _project_id for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if (
        select count(*) from public.saved_view as v where v.account_id = _account_id and v.project_id = _project_id
    ) >= _most then
        raise exception 'A project has at most % saved views.', _most
            using errcode = 'FB422', hint = 'Delete one that you no longer use.';
    end if;
    insert into public.saved_view (account_id, id, project_id, name, query, created_at)
    values (_account_id, _id, _project_id, _name, _query, _now)
    on conflict do nothing;
    if not found then
        raise exception 'The project has a saved view of this name.'
            using errcode = 'FB409', hint = 'Choose another name.';
    end if;
    perform fn.add_audit_entry(_account_id, 'saved_view.created', _name, _now => _now);
    return _id;
end;
$$;

comment on function fn.create_saved_view is
'Saves the parameters of the inbox''s address by a name; returns the id. FB422 for a name that is empty or longer than 60 characters,
an empty filter and more than 50 views; FB409 for the name of another view, in any case; FB404, FB403.';
