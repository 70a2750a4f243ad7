create function fn.newest_messages(
    _account_id uuid, _project_id uuid, _limit integer, _widget_id uuid default null, _placement_ids uuid[] default null,
    _option text default '', _reason text default ''
)
returns table (
    id uuid, widget_id uuid, widget_name text, key text, label text, icon text, body text, fields json, sender text,
    created_at timestamp, is_test boolean, reasons json
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _hidden_from timestamptz := fn.hidden_from(_account_id);
begin
    if _option <> '' then
        return query
        select m.id, m.widget_id, m.widget_name, m.key, m.label, m.icon, m.body, m.fields, m.sender, m.created_at, m.is_test,
            m.reasons_json::json
        from fn.message_rows(_account_id, fn.filtered_messages(
            _account_id, _project_id, 'all', _widget_id, _placement_ids, _option, '00000000-0000-0000-0000-000000000000',
            'ffffffff-ffff-ffff-ffff-ffffffffffff', _limit, _reason
        )) as m;
        return;
    end if;
    if _placement_ids is not null then
        return query select * from fn.page_messages(_account_id, _project_id, _limit, _widget_id, _placement_ids);
        return;
    end if;
    return query
    select
        f.id, s.id, s.name, c.key,
        case when w.has_options then o.label else '' end, case when w.has_options then o.icon else '' end,
        u.body, fn.labelled_fields(u.fields, s.fields), u.context ->> '$user', f.created_at at time zone p.time_zone,
        f.counted_on is null, fn.labelled_reasons(_account_id, f.widget_id, f.reason_nos)
    from public.widget as s
    join fn.widget_type as w on w.name = s.type
    join public.project as p on p.account_id = _account_id and p.id = s.project_id
    cross join lateral (
        select i.* from public.response as i
        where i.account_id = _account_id and i.widget_id = s.id and (i.body is not null or i.fields is not null)
            and not exists (
                select 1 from public.message_state as m
                where m.account_id = _account_id and m.response_id = i.id and m.folder in ('spam', 'deleted')
            )
        order by i.id desc
        limit _limit
    ) as f
    join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id and o.no = f.option_no
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    where s.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
    order by f.id desc
    limit _limit;
end;
$$;

comment on function fn.newest_messages is
'The newest messages of a project, or of a widget, some placements, an option or a reason of it, without spam and deleted ones, with times in its zone. Costs one look-up in
response_message_idx per widget and partition.';
