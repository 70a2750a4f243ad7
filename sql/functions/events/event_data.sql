create function fn.event_data(_event public.event, _hidden_from timestamptz) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _project jsonb := (
        select jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name) from public.project as p
        where p.account_id = _event.account_id and p.id = _event.project_id
    );
    _placement_id uuid := (_event.data ->> 'placementId')::uuid;
    _response jsonb;
begin
    if _event.response_id is not null then
        select f.placement_id, jsonb_build_object(
            'id', f.id, 'option', o.value, 'label', o.label,
            'reasons', array(
                select r.value from public.reason as r
                where r.account_id = f.account_id and r.widget_id = f.widget_id and r.no = any (f.reason_nos)
                order by r.position, r.no
            ),
            'message', u.body, 'fields', u.fields, 'contact', case when not u.is_hidden then f.contact end,
            'language', u.context ->> '$language',
            'createdAt', fn.event_time(f.created_at)
        )
        into _placement_id, _response
        from public.response as f
        join public.option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
        cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
        where f.account_id = _event.account_id and f.id = _event.response_id;
    end if;
    if _event.response_id is null and _placement_id is null then
        return jsonb_build_object('project', _project) || _event.data;
    end if;
    return (
        select jsonb_build_object(
            'project', _project,
            'page', jsonb_build_object(
                'key', g.key, 'title', g.title, 'url', case when g.key ~ '^https?://' then g.key end
            ),
            'widget', jsonb_build_object('id', w.id, 'name', w.name, 'type', w.type)
        ) || case
            when _response is not null then jsonb_build_object('response', _response)
            when not _event.data ? 'counts' then _event.data - 'placementId'
            else jsonb_build_object(
                'minute', fn.event_time((_event.data ->> 'minute')::timestamptz),
                'responses', (select sum(n.value::bigint) from jsonb_each_text(_event.data -> 'counts') as n),
                'options', (
                    select jsonb_agg(
                        jsonb_build_object('option', o.value, 'label', o.label, 'count', n.value::bigint) order by o.no
                    )
                    from jsonb_each_text(_event.data -> 'counts') as n
                    join public.option as o
                        on o.account_id = w.account_id and o.widget_id = w.id and o.no = n.key::smallint
                )
            )
        end
        from public.placement as c
        join public.page as g on g.account_id = c.account_id and g.id = c.page_id
        join public.widget as w on w.account_id = c.account_id and w.id = c.widget_id
        where c.account_id = _event.account_id and c.id = _placement_id
    );
end;
$$;

comment on function fn.event_data is
'The data of an event as its payload has them, never with the hash of a visitor; null if the response or the page was deleted.';
