-- Called by app as account.
create function fn.exported_responses(
    _account_id uuid, _project_id uuid, _widget_id uuid, _placement_id uuid, _option text, _from_day date, _to_day date,
    _text text, _after uuid, _through uuid, _is_csv boolean, _page_id uuid default null,
    _origin text default '', _reason text default '', _sentiment text default ''
) returns table (
    id uuid, sent_at text, edited_at text, widget text, type text, page text, value text, label text, message text,
    fields json, sender text, context json, counted_on date, reasons json, contact text, passage json,
    status text, assignee text, tags json, replies json
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _zone text := (select p.time_zone from public.project as p where p.account_id = _account_id and p.id = _project_id);
    _from uuid := coalesce(_after, '00000000-0000-0000-0000-000000000000');
    _hidden_from timestamptz := fn.hidden_from(_account_id);
    _placement_ids uuid[] := fn.filtered_placements(_account_id, _project_id, _page_id, _origin);
    _iso constant text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'read_messages');
    if _from_day is not null then
        _from := greatest(_from, fn.uuid_floor(_from_day::timestamp at time zone _zone));
    end if;
    return query
    select
        f.id, to_char(f.created_at at time zone 'UTC', _iso), to_char(f.edited_at at time zone 'UTC', _iso),
        fn.defused(s.name, _is_csv), s.type, fn.defused(c.key, _is_csv),
        case when s.type not in ('message', 'form') then fn.defused(o.value, _is_csv) end,
        case when s.type not in ('message', 'form') then fn.defused(o.label, _is_csv) end,
        fn.defused(u.body, _is_csv), fn.defused_json(u.fields, _is_csv), fn.defused(u.context ->> '$user', _is_csv),
        fn.defused_json(nullif(u.context - '$user', '{}'), _is_csv), f.counted_on,
        case when f.reason_nos is not null
            then fn.defused_json(fn.reason_values(_account_id, f.widget_id, f.reason_nos)::jsonb, _is_csv)
        end,
        case when not u.is_hidden then fn.defused(f.contact, _is_csv) end,
        case when not u.is_hidden then fn.defused_json(fn.passage_json(_account_id, f.id), _is_csv) end,
        case when f.body is not null or f.fields is not null then coalesce(t.status, 'new') end,
        fn.defused(a.email, _is_csv), case when t.response_id is not null then (
            select fn.defused_json(jsonb_agg(g.name order by lower(g.name)), _is_csv)
            from public.message_tag as k
            join public.tag as g on g.account_id = _account_id and g.id = k.tag_id
            where k.account_id = _account_id and k.response_id = f.id
        ) end, case when t.response_id is not null and not u.is_hidden then (
            select fn.defused_json(jsonb_agg(jsonb_build_object(
                'author', n.email, 'body', r.body, 'state', case r.state when 'kept' then 'stored' else r.state end,
                'sent_at', to_char(r.created_at at time zone 'UTC', _iso)
            ) order by r.created_at, r.id), _is_csv)
            from public.reply as r
            left join public.person as n on n.id = r.person_id
            where r.account_id = _account_id and r.response_id = f.id
        ) end
    from public.response as f
    join public.widget as s on s.account_id = _account_id and s.id = f.widget_id
    join public.placement as c on c.account_id = _account_id and c.id = f.placement_id
    join public.option as o on o.account_id = _account_id and o.widget_id = s.id and o.no = f.option_no
    left join public.triage as t on t.account_id = _account_id and t.response_id = f.id
    left join public.person as a on a.id = t.assignee_id
    cross join lateral fn.visible_words(f.body, f.fields, f.context, f.created_at, _hidden_from) as u
    where f.account_id = _account_id and f.id > _from and f.id <= _through and s.project_id = _project_id
        and (_widget_id is null or s.id = _widget_id)
        and (_placement_ids is null or c.id = any (_placement_ids))
        and (_placement_id is null or c.id = _placement_id) and (_option = '' or o.value = _option)
        and (
            _reason = '' or exists (
                select 1 from public.reason as r
                where r.account_id = _account_id and r.widget_id = f.widget_id and r.option_no = f.option_no
                    and r.no = any (f.reason_nos) and r.value = _reason
            )
        )
        and (
            _sentiment = ''
            or fn.is_judged(_account_id, f.widget_id, f.option_no, case _sentiment when 'positive' then 1 else -1 end)
        )
        and (
            _text = '' or strpos(lower(c.key), lower(_text)) > 0 or not u.is_hidden and (
                strpos(lower(f.body), lower(_text)) > 0 or strpos(lower(f.fields::text), lower(_text)) > 0
            )
        )
    order by f.id;
end;
$$;

comment on function fn.exported_responses is
'The responses of a slice of an export, oldest first, times in UTC: of a widget, placement, page, origin, option, reason,
sentiment (positive or unhappy), days of the project''s zone, and those whose page key or words contain _text (empty: all).
counted_on is null for responses of test mode, status for those without words. assignee is a member''s address, tags are names,
replies those that members sent to the visitor by mail.';
