-- Called by app as account.
create function fn.update_messages(
    _account_id uuid, _project_id uuid, _ids uuid[], _action text, _now timestamptz default now()
) returns table (action_id uuid, changed integer)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform fn.allow(_account_id, 'editor', _project_id);
    if _action <> all ('{read,unread,star,unstar,inbox,archive,spam,delete}') then
        raise exception 'The action must be read, unread, star, unstar, inbox, archive, spam or delete.'
            using errcode = 'FB422';
    end if;
    if cardinality(_ids) > 5000 then
        raise exception 'Choose at most 5,000 messages, not %.', cardinality(_ids) using errcode = 'FB422';
    end if;
    with message as (
        select
            f.id, f.widget_id, coalesce(m.folder, 'inbox') as folder, coalesce(m.is_read, false) as is_read,
            coalesce(m.is_starred, false) as is_starred
        from public.response as f
        join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
        left join public.message_state as m on m.account_id = f.account_id and m.response_id = f.id
        where f.account_id = _account_id and f.id = any (_ids) and s.project_id = _project_id
            and (f.body is not null or f.fields is not null)
    ), change as (
        select
            m.id, m.widget_id,
            case when _action = 'delete' then 'deleted' when _action in ('inbox', 'archive', 'spam') then _action else m.folder end
                as folder,
            case _action when 'read' then true when 'unread' then false else m.is_read end as is_read,
            case _action when 'star' then true when 'unstar' then false else m.is_starred end as is_starred,
            m.folder as old_folder, m.is_read as was_read, m.is_starred as was_starred
        from message as m
    ), changes as (
        select * from change as c
        where (c.folder, c.is_read, c.is_starred) is distinct from (c.old_folder, c.was_read, c.was_starred)
        order by c.id
    ), stored as (
        insert into public.message_state as m (
            account_id, response_id, project_id, widget_id, folder, is_read, is_starred, moved_at
        )
        select _account_id, c.id, _project_id, c.widget_id, c.folder, c.is_read, c.is_starred, _now from changes as c
        order by c.id
        on conflict (account_id, response_id) do update set
            folder = excluded.folder, is_read = excluded.is_read, is_starred = excluded.is_starred,
            moved_at = case when m.folder = excluded.folder then m.moved_at else _now end
    )
    insert into public.message_action (
        account_id, id, project_id, person_id, action, acted_at, response_ids, folders, were_read, were_starred
    )
    select
        _account_id, fn.uuid_v7(_now), _project_id, nullif(current_setting('feelback.person_id', true), '')::uuid, _action,
        _now, array_agg(c.id), array_agg(c.old_folder), array_agg(c.was_read), array_agg(c.was_starred)
    from changes as c
    having count(*) > 0
    returning id, cardinality(response_ids) into action_id, changed;
    changed := coalesce(changed, 0);
    if changed > 0 and _action = 'delete' then
        perform fn.add_audit_entry(
            _account_id, 'message.deleted',
            (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
            jsonb_build_object('messages', changed), null, _now
        );
    end if;
    return next;
end;
$$;

comment on function fn.update_messages is
'Marks or moves messages of a project; _action is read, unread, star, unstar, inbox, archive, spam or delete. Deleted messages
stay in their folder for 7 days. Returns how many messages changed, and the id for fn.undo_message_action, null where none did.
FB422 for another action or more than 5,000 messages; FB403.';
