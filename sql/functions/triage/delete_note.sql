-- Called by app as account.
create function fn.delete_note(_account_id uuid, _project_id uuid, _id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _note public.note;
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select * into _note from public.note as n
    where n.account_id = _account_id and n.project_id = _project_id and n.id = _id
    for update;
    if not found then
        raise exception 'There is no such note.' using errcode = 'FB404', hint = 'It may have been deleted already.';
    end if;
    if _note.person_id is distinct from nullif(current_setting('feelback.person_id', true), '')::uuid then
        perform fn.allow(_account_id, 'admin', _project_id);
    end if;
    delete from public.note as n where n.account_id = _account_id and n.id = _id;
    perform fn.add_audit_entry(
        _account_id, 'message.note_deleted',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id)
    );
end;
$$;

comment on function fn.delete_note is
'Deletes a note: one''s own as an editor, those of others as an admin. FB404, FB403.';
