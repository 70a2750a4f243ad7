-- Called by app as account.
create function fn.responses(
    _account_id uuid, _project_id uuid, _widget_id uuid default null, _placement_id uuid default null,
    _type text default null, _option text default null, _from timestamptz default null, _to timestamptz default null,
    _text text default '', _state text default 'active', _before_id uuid default null, _limit integer default 100,
    _reason text default null, _statuses text[] default null, _assignee_id uuid default null,
    _tag_id uuid default null, _group_id uuid default null
) returns table (items_json text, next_id uuid)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _scan constant integer := 20000;
    _until uuid := least(_before_id, case when _to is not null then fn.uuid_floor(_to) end);
    _since uuid := fn.uuid_floor(coalesce(_from, timestamptz 'epoch'));
    _bound uuid;
    _count integer;
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    -- Looked at are so many of the account's responses a page, whatever is looked for; then the next page goes on from there.
    _bound := (
        select f.id from public.response as f
        where f.account_id = _account_id and f.id >= _since and (_until is null or f.id < _until)
        order by f.id desc
        offset _scan - 1 limit 1
    );
    select coalesce(json_agg(json_build_object(
            'id', l.id, 'widget', l.widget_id, 'type', l.type, 'placement', l.placement_id, 'page', l.key, 'value', l.value,
            'message', l.told_body, 'fields', l.told_fields, 'context', l.told_context, 'state', l.state, 'createdAt', l.created_at,
            'editedAt', l.edited_at,
            'reasons', coalesce(fn.reason_values(l.account_id, l.widget_id, l.reason_nos), '[]'), 'contact', l.told_contact,
            'passage', case when not l.is_hidden then fn.passage_json(l.account_id, l.id) end,
            'status', l.status, 'assignee', case when l.assignee_id is not null
                then json_build_object('id', l.assignee_id, 'email', l.assignee) end,
            'tags', fn.message_tags(l.account_id, l.id), 'group', l.group_id
        ) order by l.id desc), '[]')::text,
        count(*), case when count(*) = _limit then min(l.id::text)::uuid else _bound end
    into items_json, _count, next_id
    from (
        select f.*, s.type, c.key, o.value, i.state, u.body as told_body, u.fields as told_fields,
            u.context as told_context, u.is_hidden, case when not u.is_hidden then f.contact end as told_contact,
            case when f.body is not null or f.fields is not null then coalesce(t.status, 'new') end as status,
            t.assignee_id, a.email as assignee, t.group_id
        from public.response as f
        join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
        join public.placement as c on c.account_id = f.account_id and c.id = f.placement_id
        join public.option as o
            on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
        left join public.message_state as m on m.account_id = f.account_id and m.response_id = f.id
        left join public.triage as t on t.account_id = f.account_id and t.response_id = f.id
        left join public.person as a on a.id = t.assignee_id
        cross join lateral (
            select case
                when m.folder in ('archive', 'spam', 'deleted') then m.folder
                when f.counted_on is null then 'test'
                else 'active'
            end as state
        ) as i
        cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
        where f.account_id = _account_id and f.id >= coalesce(_bound, _since) and (_until is null or f.id < _until)
            and s.project_id = _project_id
            and (_widget_id is null or f.widget_id = _widget_id)
            and (_placement_id is null or f.placement_id = _placement_id)
            and (_type is null or s.type = _type) and (_option is null or o.value = _option)
            and (
                _reason is null or exists (
                    select 1 from public.reason as r
                    where r.account_id = f.account_id and r.widget_id = f.widget_id and r.no = any (f.reason_nos)
                        and r.value = _reason
                )
            )
            and (_state = 'all' or i.state = _state)
            and (
                num_nonnulls(_statuses, _assignee_id, _tag_id, _group_id) = 0
                or (f.body is not null or f.fields is not null)
                and fn.is_triaged_as(_account_id, f.id, _statuses, _assignee_id, _tag_id, _group_id)
            )
            and (
                _text = '' or not u.is_hidden and (
                    strpos(lower(f.body), lower(_text)) > 0 or strpos(lower(f.fields::text), lower(_text)) > 0
                    or strpos(lower(f.context ->> '$user'), lower(_text)) > 0
                )
            )
        order by f.id desc
        limit _limit
    ) as l;
    return next;
end;
$$;

comment on function fn.responses is
'Responses of a project, newest first, as JSON: older than _before_id, of a widget, placement, type, option or reason (by their
values), from _from to before _to, with _text in what was written or in the sender, in a state: active, test (of test mode),
archive, spam, deleted (a message''s folder), or all; messages in one of some statuses, of an assignee (the nil id: of nobody), with
a tag and in a group. next_id continues the list, null at its end; a page may have fewer than _limit and still continue. FB404.';
