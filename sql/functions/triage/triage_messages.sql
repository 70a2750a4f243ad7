-- Called by app as account.
create function fn.triage_messages(
    _account_id uuid, _project_id uuid, _ids uuid[], _status text default null, _assignee_id uuid default null,
    _add_tag_ids uuid[] default '{}', _remove_tag_ids uuid[] default '{}', _group text default null,
    _now timestamptz default now()
) returns table (action_id uuid, changed integer)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
    _most_tags constant integer := 10;
    _message_ids uuid[];
    _grouped_ids uuid[] := '{}';
    _group_id uuid;
    _before jsonb;
    _tag_ids uuid[] := _add_tag_ids || _remove_tag_ids;
    _fields text[] := array_remove(array[
        case when _status is not null then 'status' end, case when _assignee_id is not null then 'assignee' end,
        case when cardinality(_tag_ids) > 0 then 'tags' end, case when _group is not null then 'group' end
    ], null);
begin
    -- Nobody removes the member or the tags until this is done.
    perform from public.member as m where m.account_id = _account_id and m.person_id = _assignee_id for key share;
    perform from public.tag as g
    where g.account_id = _account_id and g.id = any (_add_tag_ids)
    order by g.id
    for key share;
    perform fn.check_triage(_account_id, _project_id, _ids, _status, _assignee_id, _tag_ids, _group);
    _message_ids := fn.open_triage(_account_id, _project_id, _ids);
    if _group is not null then
        -- Two who group at once would each miss the other's.
        perform pg_advisory_xact_lock(hashtext('fn.triage_messages'), hashtext(_project_id::text));
        select g.id, g.message_ids into _group_id, _grouped_ids
        from fn.triage_group(_account_id, _project_id, _message_ids, _group, _now) as g;
    end if;
    perform from public.triage as t
    where t.account_id = _account_id and t.response_id = any (_message_ids || _grouped_ids)
    order by t.response_id
    for update;
    with message as (
        select
            t.response_id, t.status, t.assignee_id, t.group_id, t.response_id = any (_message_ids) as is_chosen,
            array(
                select k.tag_id from public.message_tag as k
                where k.account_id = t.account_id and k.response_id = t.response_id
            ) as tag_ids
        from public.triage as t
        where t.account_id = _account_id and t.response_id = any (_message_ids || _grouped_ids)
    )
    select
        jsonb_agg(jsonb_build_object(
            'id', m.response_id, 'status', m.status, 'assignee', m.assignee_id, 'group', m.group_id, 'tags', m.tag_ids
        )),
        count(*)
    into _before, changed
    from message as m
    where m.is_chosen and (
            m.status <> _status or m.assignee_id is distinct from nullif(coalesce(_assignee_id, m.assignee_id), _nobody)
            or not m.tag_ids @> _add_tag_ids or m.tag_ids && _remove_tag_ids
        )
        or m.response_id = any (_grouped_ids) and m.group_id is distinct from _group_id;
    if changed = 0 then
        return next;
        return;
    end if;
    update public.triage as t
    set status = coalesce(_status, t.status), assignee_id = nullif(coalesce(_assignee_id, t.assignee_id), _nobody)
    where t.account_id = _account_id and t.response_id = any (_message_ids);
    update public.triage as t set group_id = _group_id
    where t.account_id = _account_id and t.response_id = any (_grouped_ids);
    delete from public.message_tag as k
    where k.account_id = _account_id and k.response_id = any (_message_ids) and k.tag_id = any (_remove_tag_ids);
    insert into public.message_tag (account_id, response_id, tag_id)
    select _account_id, m, g from unnest(_message_ids) as m cross join unnest(_add_tag_ids) as g
    on conflict (account_id, response_id, tag_id) do nothing;
    if cardinality(_add_tag_ids) > 0 and exists (
        select 1 from public.message_tag as k
        where k.account_id = _account_id and k.response_id = any (_message_ids)
        group by k.response_id
        having count(*) > _most_tags
    ) then
        raise exception 'A message has at most % tags.', _most_tags
            using errcode = 'FB422', hint = 'Remove a tag first.';
    end if;
    if _status = 'resolved' and fn.wants_event(_account_id, _project_id, 'message.resolved') then
        perform fn.emit(
            _account_id, _project_id, 'message.resolved', jsonb_build_object('responseId', b.message ->> 'id'), _now
        )
        from jsonb_array_elements(_before) as b (message)
        where b.message ->> 'status' <> 'resolved' and (b.message ->> 'id')::uuid = any (_message_ids);
    end if;
    insert into public.triage_action (account_id, id, project_id, fields, tag_ids, before, acted_at)
    values (_account_id, fn.uuid_v7(_now), _project_id, _fields, _tag_ids, _before, _now)
    returning id into action_id;
    perform fn.add_triage_entries(
        _account_id, _project_id, changed, _status, _assignee_id, _add_tag_ids, _remove_tag_ids, _group, _now
    );
    return next;
end;
$$;

comment on function fn.triage_messages is
'Changes the triage of messages of a project: status (new, in_progress, resolved, dismissed), assignee (the nil id: nobody), tags to
add and to remove, and group: join makes one group of them and of their groups, leave takes them out of theirs. Null leaves
something as it is. Returns how many changed, and the id for fn.undo_message_action, null where none did. Counts of responses do
not change. FB422 for another value, an assignee who is no member, more than 5,000 messages, 10 tags a message or 200 messages a
group; FB404 for an unknown tag; FB403.';
