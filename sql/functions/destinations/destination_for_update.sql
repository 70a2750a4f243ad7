create function fn.destination_for_update(_account_id uuid, _project_id uuid, _id uuid) returns public.destination
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _destination public.destination;
begin
    perform fn.allow(_account_id, 'admin', _project_id);
    select * into _destination from public.destination as d
    where d.account_id = _account_id and d.project_id = _project_id and d.id = _id
    for update;
    if not found then
        raise exception 'There is no such destination.' using errcode = 'FB404',
            hint = 'See the destinations of your project.';
    end if;
    return _destination;
end;
$$;

comment on function fn.destination_for_update is 'A destination, locked, for somebody who may change it. FB404, FB403.';
