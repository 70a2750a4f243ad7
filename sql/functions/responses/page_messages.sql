create function fn.page_messages(
    _account_id uuid, _project_id uuid, _limit integer, _widget_id uuid, _placement_ids uuid[]
) returns table (
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
    return query
    select f.id, s.id, s.name, c.key,
        case when w.has_options then o.label else '' end, case when w.has_options then o.icon else '' end,
        u.body, fn.labelled_fields(u.fields, s.fields), u.context ->> '$user', f.created_at at time zone p.time_zone, false,
        fn.labelled_reasons(_account_id, f.widget_id, f.reason_nos)
    from public.project as p
    join public.widget as s
        on s.account_id = _account_id and s.project_id = p.id
        and (_widget_id is null or s.id = _widget_id)
    join fn.widget_type as w on w.name = s.type
    -- Tallies know the days on which something was written there; only these are looked into.
    cross join lateral (
        select t.placement_id, t.day
        from public.placement as i
        join public.tally_day as t on t.account_id = _account_id and t.placement_id = i.id and t.count > 0
        where i.account_id = _account_id and i.id = any (_placement_ids) and i.widget_id = s.id
        group by t.placement_id, t.day
        order by t.day desc
        limit 2 * _limit
    ) as d
    cross join lateral (
        select r.* from public.response as r
        where r.account_id = _account_id and r.widget_id = s.id and (r.body is not null or r.fields is not null)
            and r.id >= fn.uuid_floor(d.day::timestamp at time zone 'UTC' - interval '14 hours')
            and r.id < fn.uuid_floor(d.day::timestamp at time zone 'UTC' + interval '38 hours')
            and r.placement_id = d.placement_id and r.counted_on = d.day
            and not exists (
                select 1 from public.message_state as m
                where m.account_id = _account_id and m.response_id = r.id and m.folder in ('spam', 'deleted')
            )
        order by r.id desc
        limit _limit
    ) as f
    join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id and o.no = f.option_no
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    where p.account_id = _account_id and p.id = _project_id
    order by f.id desc
    limit _limit;
end;
$$;

comment on function fn.page_messages is
'As fn.newest_messages, of some placements, on the latest days on which something was written there; without those of test mode.';
