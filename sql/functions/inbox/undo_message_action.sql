-- Called by app as account.
create function fn.undo_message_action(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
declare
    _act public.message_action;
    _restored uuid[];
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select * into _act from public.message_action as a
    where a.account_id = _account_id and a.project_id = _project_id and a.id = _id
    for update;
    if not found or _act.acted_at < _now - interval '1 hour' then
        raise exception 'It is too late to undo that: it can be done within an hour.'
            using errcode = 'FB404', hint = 'Find the messages in their folder and move them from there.';
    end if;
    if _act.undone_at is not null then
        return '{}';
    end if;
    with restored as (
        update public.message_state as m
        set folder = b.folder, is_read = b.is_read, is_starred = b.is_starred,
            moved_at = case when m.folder = b.folder then m.moved_at else _now end
        from unnest(_act.response_ids, _act.folders, _act.were_read, _act.were_starred)
            as b (id, folder, is_read, is_starred)
        where m.account_id = _account_id and m.response_id = b.id
        returning m.response_id
    )
    select coalesce(array_agg(r.response_id), '{}') into _restored from restored as r;
    update public.message_action as a set undone_at = _now where a.account_id = _account_id and a.id = _id;
    if _act.act = 'delete' then
        perform fn.add_audit_entry(
            _account_id, 'message.restored',
            (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
            jsonb_build_object('messages', cardinality(_restored)), null, _now
        );
    end if;
    return _restored;
end;
$$;

comment on function fn.undo_message_action is
'Makes messages what they were before an act of the last hour; returns which. Undone already it changes nothing; FB404
where there is no such act any more.';
