-- Called by app as account.
create function fn.archive_content(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
    _content public.content;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id, _id);
    _content := fn.content_of_project(_account_id, _project_id, _id);
    if _content.archived_at is null then
        update public.content as c set archived_at = _now where c.account_id = _account_id and c.id = _id;
        perform fn.note(_account_id, 'content.archived', _content.key);
    end if;
end;
$$;

comment on function fn.archive_content is 'Archives a content. It takes no signals from now on; its counts are shown as ever. Again, it does nothing.';
