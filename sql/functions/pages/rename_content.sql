-- Called by app as account.
create function fn.rename_content(_account_id uuid, _project_id uuid, _id uuid, _key text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
    _content public.content;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if coalesce(octet_length(_key), 0) not between 1 and 2048 then
        raise exception 'The key must have 1 to 2048 bytes.' using errcode = 'FB422';
    end if;
    _content := fn.content_of_project(_account_id, _project_id, _id);
    if _content.key = _key then
        return;
    end if;
    if exists (
        select from public.content as c
        where c.account_id = _account_id and c.content_set_id = _content.content_set_id and c.key = _key
    ) then
        raise exception 'The set already has a content of that key.' using errcode = 'FB409',
            hint = 'Two contents cannot be made one: their visitors have signalled for each. Choose another key.';
    end if;
    update public.content as c set key = _key where c.account_id = _account_id and c.id = _id;
    perform fn.note(_account_id, 'content.renamed', _key, jsonb_build_object('from', _content.key, 'to', _key));
end;
$$;

comment on function fn.rename_content is
'Gives a content another key, as a page that has moved needs it: its counts go with it. A signal under the old key makes a
new content. FB409 where the set has that key already, FB422 for a bad one; FB404, FB403.';
