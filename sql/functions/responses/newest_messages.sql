create function fn.newest_messages(
    _account_id uuid, _project_id uuid, _limit integer, _widget_id uuid default null, _placement_ids uuid[] default null
)
returns table (
    id uuid, widget_id uuid, widget_name text, key text, label text, icon text, body text, fields json, sender text,
    created_at timestamp, is_test boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    if _placement_ids is not null then
        return query select * from fn.page_messages(_account_id, _project_id, _limit, _widget_id, _placement_ids);
        return;
    end if;
    return query
    select
        f.id, s.id, s.name, c.key,
        case when s.type = 'tagged' then o.label else '' end, case when s.type = 'tagged' then o.icon else '' end,
        u.body, fn.labelled_fields(u.fields, s.fields), u.context ->> '$user', f.created_at at time zone p.time_zone,
        f.counted_on is null
    from public.widget as s
    join public.project as p on p.account_id = s.account_id and p.id = s.project_id
    cross join lateral (
        select i.* from public.response as i
        where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
            and not exists (
                select from public.message_state as m
                where m.account_id = _account_id and m.response_id = i.id and m.folder in ('spam', 'deleted')
            )
        order by i.id desc
        limit _limit
    ) as f
    join public.placement as c on c.account_id = f.account_id and c.id = f.placement_id
    join public.option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = f.option_no
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    where s.account_id = _account_id and s.project_id = _project_id and s.type in ('message', 'tagged', 'form')
        and (_widget_id is null or s.id = _widget_id)
    order by f.id desc
    limit _limit;
end;
$$;

comment on function fn.newest_messages is
'The newest messages of a project, or of a widget or some placements, without spam and deleted ones, with times in its zone. Costs one look-up in
response_message_idx per widget and partition.';
