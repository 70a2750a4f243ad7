-- Called by app as account.
create function fn.discard_feelback(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
    _key text;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select c.key into _key
    from public.feelback as f
    join public.content_set as s on s.account_id = f.account_id and s.id = f.content_set_id
    join public.content as c on c.account_id = f.account_id and c.id = f.content_id
    where f.account_id = _account_id and f.id = _id and s.project_id = _project_id;
    if not found or not fn.remove_feelback(_account_id, _id) then
        raise exception 'There is no such feelback.' using errcode = 'FB404', hint = 'It may have been removed.';
    end if;
    perform fn.note(_account_id, 'feelback.deleted', _key);
end;
$$;

comment on function fn.discard_feelback is
'Deletes one signal of a project; its count goes from the day on which it was counted. FB404, FB403.';
