create function fn.message_rows(_account_id uuid, _ids uuid[])
returns table (
    id uuid, widget_id uuid, widget_name text, type text, key text, label text, icon text, body text, fields json,
    sender text, created_at timestamp, edited_at timestamp, folder text, is_read boolean, is_starred boolean,
    is_test boolean, option text, reasons_json text, status text, assignee_id uuid, assignee text, tags_json text,
    group_id uuid, group_size bigint, notes bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    return query
    select
        f.id, s.id, s.name, s.type, c.key,
        case when w.has_options then o.label else '' end, case when w.has_options then o.icon else '' end,
        u.body, fn.labelled_fields(u.fields, s.fields), u.context ->> '$user', f.created_at at time zone p.time_zone,
        f.edited_at at time zone p.time_zone, coalesce(m.folder, 'inbox'), coalesce(m.is_read, false),
        coalesce(m.is_starred, false), f.counted_on is null, o.value,
        fn.labelled_reasons(_account_id, f.widget_id, f.reason_nos)::text,
        coalesce(t.status, 'new'), t.assignee_id, coalesce(a.email, ''),
        fn.message_tags(_account_id, f.id)::text, g.id, coalesce(g.size, 0),
        (select count(*) from public.note as n where n.account_id = _account_id and n.response_id = f.id)
    from public.response as f
    join public.widget as s on s.account_id = _account_id and s.id = f.widget_id
    join fn.widget_type as w on w.name = s.type
    join public.project as p on p.account_id = _account_id and p.id = s.project_id
    join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id and o.no = f.option_no
    left join public.message_state as m on m.account_id = _account_id and m.response_id = f.id
    left join public.triage as t on t.account_id = _account_id and t.response_id = f.id
    left join public.person as a on a.id = t.assignee_id
    left join lateral (
        -- Of a group whose other messages were deleted, nothing is left to say.
        select t.group_id as id, count(*) as size from public.triage as o
        where o.account_id = _account_id and o.group_id = t.group_id
        having count(*) > 1
    ) as g on true
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    where f.account_id = _account_id and f.id = any (_ids) and (f.body is not null or f.fields is not null)
    order by f.id desc;
end;
$$;

comment on function fn.message_rows is
'Messages for the inbox, newest first, with their option, reasons and triage, and times in their project''s zone. A message that
its sender has cleared has no row. group_size counts the messages of its group, this one included; 0 without a group.';
