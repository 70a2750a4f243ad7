-- Called by app as account.
create function fn.add_origin(_account_id uuid, _project_id uuid, _origin text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _origins text[];
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    -- Locked, so that of two that are added at once neither is lost.
    select p.origins into _origins from public.project as p
    where p.account_id = _account_id and p.id = _project_id
    for no key update;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if _origin <> all (_origins) then
        perform fn.update_project(_account_id, _project_id, jsonb_build_object('origins', _origins || _origin));
    end if;
end;
$$;

comment on function fn.add_origin is
'Adds a site to those that may send responses to a project; one that is there already changes nothing. FB404, FB422, FB403.';
