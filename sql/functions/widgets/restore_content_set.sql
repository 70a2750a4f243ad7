-- Called by app as account.
create function fn.restore_content_set(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
    _set public.content_set;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    perform fn.refuse_deleted(_account_id, _project_id, _id);
    _set := fn.set_of_project(_account_id, _project_id, _id);
    if _set.archived_at is not null then
        update public.content_set as s set archived_at = null where s.account_id = _account_id and s.id = _id;
        perform fn.note(_account_id, 'set.restored', _set.name);
    end if;
end;
$$;

comment on function fn.restore_content_set is 'Restores a content set. It takes signals again. Again, it does nothing.';
