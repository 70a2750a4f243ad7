-- Called by app as account.
create function fn.response(_account_id uuid, _project_id uuid, _id uuid)
returns table (
    id uuid, widget_id uuid, widget_name text, type text, placement_id uuid, key text, label text, icon text,
    weight double precision, body text, fields_json text, context_json text, created_at timestamp, has_visitor boolean,
    is_test boolean, edits_json text, reasons text[], contact text, passage_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    return query
    select f.id, s.id, s.name, s.type, c.id, c.key, o.label, o.icon, o.weight, u.body, u.fields::text, u.context::text,
        f.created_at at time zone p.time_zone, f.visitor is not null, f.counted_on is null,
        (
            select coalesce(json_agg(
                json_build_object(
                    'edited_at', e.edited_at at time zone p.time_zone, 'label', w.label, 'icon', w.icon, 'body', v.body,
                    'fields', v.fields
                ) order by e.edited_at desc
            ), '[]')::text
            from public.response_edit as e
            join public.option as w
                on w.account_id = e.account_id and w.widget_id = f.widget_id and w.no = e.option_no
            cross join lateral fn.visible_words(e.body, e.fields, null, f.created_at, _hidden_from) as v
            where e.account_id = f.account_id and e.response_id = f.id
        ),
        array(
            select r.label from public.reason as r
            where r.account_id = f.account_id and r.widget_id = f.widget_id and r.no = any (f.reason_nos)
            order by r.position, r.no
        ),
        case when not u.is_hidden then f.contact end,
        case when not u.is_hidden then fn.passage_json(f.account_id, f.id)::text end
    from public.response as f
    join public.placement as c on c.account_id = f.account_id and c.id = f.placement_id
    join public.widget as s on s.account_id = f.account_id and s.id = f.widget_id
    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
    join public.option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    where f.account_id = _account_id and f.id = _id and s.project_id = _project_id;
    if not found then
        raise exception 'There is no such response.' using errcode = 'FB404', hint = 'It may have been deleted.';
    end if;
end;
$$;

comment on function fn.response is
'A response of a project with the labels of its reasons, its passage, its context and its earlier versions, newest first. Times are in the project''s zone. FB404.';
