-- Called by app as account.
create function fn.delete_project_response(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _key text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select c.key into _key
    from public.response as f
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    join public.placement as c on c.account_id = f.account_id and c.id = f.placement_id
    where f.account_id = _account_id and f.id = _id and s.project_id = _project_id;
    if not found or not fn.purge_response(_account_id, _id, _key) then
        raise exception 'There is no such response.' using errcode = 'FB404', hint = 'It may have been deleted.';
    end if;
end;
$$;

comment on function fn.delete_project_response is 'Deletes a response of a project and its count. FB404, FB403.';
