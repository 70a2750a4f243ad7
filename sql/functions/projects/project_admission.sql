-- Called by app as account.
create function fn.project_admission(_account_id uuid, _project_id uuid)
returns table (free_keys boolean, network_pages integer, network_messages integer)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select p.free_keys, p.network_pages, p.network_messages
    from public.project as p
    where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
end;
$$;

comment on function fn.project_admission is
'Which page keys a project takes, and how many new pages and messages a day from one network. FB404.';
