-- Called by app as account.
create function fn.undo_message_action(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns uuid[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _action public.message_action;
    _ids uuid[];
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    select * into _action from public.message_action as a
    where a.account_id = _account_id and a.project_id = _project_id and a.id = _id
    for update;
    if not found then
        _ids := fn.undo_triage(_account_id, _project_id, _id, _now);
        if _ids is not null then
            return _ids;
        end if;
    end if;
    if _action.id is null or _action.acted_at < _now - interval '1 hour' then
        raise exception 'An action on messages can be undone for one hour.'
            using errcode = 'FB404', hint = 'Open the folder that holds the messages and move them.';
    end if;
    if _action.undone_at is not null then
        return '{}';
    end if;
    with message as (
        update public.message_state as m
        set folder = b.folder, is_read = b.is_read, is_starred = b.is_starred,
            moved_at = case when m.folder = b.folder then m.moved_at else _now end
        from unnest(_action.response_ids, _action.folders, _action.were_read, _action.were_starred)
            as b (id, folder, is_read, is_starred)
        where m.account_id = _account_id and m.response_id = b.id
        returning m.response_id
    )
    select coalesce(array_agg(m.response_id), '{}') into _ids from message as m;
    update public.message_action as a set undone_at = _now where a.account_id = _account_id and a.id = _id;
    if _action.action = 'delete' then
        perform fn.add_audit_entry(
            _account_id, 'message.restored',
            (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
            jsonb_build_object('messages', cardinality(_ids)), null, _now
        );
    end if;
    return _ids;
end;
$$;

comment on function fn.undo_message_action is
'Undoes an action on messages, or a change of their triage, of the last hour; returns the ids of the messages. Does nothing the
second time. FB404 where there is no such action or it is older; FB403.';
