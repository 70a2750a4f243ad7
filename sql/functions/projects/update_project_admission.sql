-- Called by app as account.
create function fn.update_project_admission(_account_id uuid, _project_id uuid, _changes jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _old public.project;
    _new public.project;
    _changed jsonb;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    perform fn.check_changes(_changes, '{"free_keys": "boolean", "network_pages": "whole", "network_messages": "whole"}');
    select * into _old from public.project as p where p.account_id = _account_id and p.id = _project_id for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _new := jsonb_populate_record(_old, _changes);
    perform fn.check_project(_new);
    _changed := fn.changed(to_jsonb(_old), to_jsonb(_new));
    if _changed is not null then
        update public.project as p
        set free_keys = _new.free_keys, network_pages = _new.network_pages, network_messages = _new.network_messages
        where p.account_id = _account_id and p.id = _project_id;
        perform fn.add_audit_entry(_account_id, 'project.updated', _new.name, _changed);
    end if;
end;
$$;

comment on function fn.update_project_admission is
'Updates which page keys a project takes, and how many new pages and messages a day from one network (fn.project_admission).
FB404, FB422, FB403.';
