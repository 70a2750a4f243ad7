create function fn.undo_triage(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns uuid[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _action public.triage_action;
    _ids uuid[];
begin
    select * into _action from public.triage_action as a
    where a.account_id = _account_id and a.project_id = _project_id and a.id = _id
    for update;
    if not found or _action.acted_at < _now - interval '1 hour' then
        return null;
    end if;
    if _action.undone_at is not null then
        return '{}';
    end if;
    if 'group' = any (_action.fields) then
        perform pg_advisory_xact_lock(hashtext('fn.triage_messages'), hashtext(_project_id::text));
    end if;
    perform from public.member as m
    where m.account_id = _account_id and m.person_id in (
        select (b.message ->> 'assignee')::uuid from jsonb_array_elements(_action.before) as b (message)
    )
    order by m.person_id
    for key share;
    perform from public.tag as g
    where g.account_id = _account_id and g.id = any (_action.tag_ids)
    order by g.id
    for key share;
    perform from public.triage as t
    where t.account_id = _account_id and t.response_id in (
        select (b.message ->> 'id')::uuid from jsonb_array_elements(_action.before) as b (message)
    )
    order by t.response_id
    for update;
    with message as (
        update public.triage as t
        set status = case when 'status' = any (_action.fields) then b.message ->> 'status' else t.status end,
            assignee_id = case
                when 'assignee' = any (_action.fields) then (
                    -- Somebody who has left since is not assigned again.
                    select m.person_id from public.member as m
                    where m.account_id = _account_id and m.person_id = (b.message ->> 'assignee')::uuid
                )
                else t.assignee_id
            end,
            group_id = case when 'group' = any (_action.fields) then (b.message ->> 'group')::uuid else t.group_id end
        from jsonb_array_elements(_action.before) as b (message)
        where t.account_id = _account_id and t.response_id = (b.message ->> 'id')::uuid
        returning t.response_id
    )
    select coalesce(array_agg(m.response_id), '{}') into _ids from message as m;
    delete from public.message_tag as k
    using jsonb_array_elements(_action.before) as b (message)
    where k.account_id = _account_id and k.response_id = (b.message ->> 'id')::uuid and k.tag_id = any (_action.tag_ids)
        and not b.message -> 'tags' ? k.tag_id::text;
    insert into public.message_tag (account_id, response_id, tag_id)
    select _account_id, t.response_id, g.id
    from jsonb_array_elements(_action.before) as b (message)
    join public.triage as t on t.account_id = _account_id and t.response_id = (b.message ->> 'id')::uuid
    join public.tag as g
        on g.account_id = _account_id and g.id = any (_action.tag_ids) and b.message -> 'tags' ? g.id::text
    on conflict (account_id, response_id, tag_id) do nothing;
    update public.triage_action as a set undone_at = _now where a.account_id = _account_id and a.id = _id;
    perform fn.add_audit_entry(
        _account_id, 'message.triage_restored',
        (select p.name from public.project as p where p.account_id = _account_id and p.id = _project_id),
        jsonb_build_object('messages', cardinality(_ids)), null, _now
    );
    return _ids;
end;
$$;

comment on function fn.undo_triage is
'Undoes a change of triage of the last hour, in the fields that it changed; returns the ids of the messages, none the second time.
Null where there is no such change.';
