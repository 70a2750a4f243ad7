-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.page_overview(
    _account_id uuid, _project_id uuid, _page_id uuid, _name text, _from date default null, _to date default null,
    _compare text default 'previous', _widget_id uuid default null, _option text default '', _now timestamptz default now(),
    _with_messages boolean default true, _reason text default ''
) returns table (
    from_day date, to_day date, from_day_before date, to_day_before date, counted_until timestamp, responses bigint,
    compared bigint, before bigint, messages bigint, messages_compared bigint, messages_before bigint,
    positive double precision, positive_interval double precision[], positive_before double precision,
    is_positive_change boolean, judged bigint, trend_json text, widgets_json text, leaders_json text,
    reasons_json text,
    id uuid, key text, title text, is_archived boolean, created_at timestamp, ever bigint, messages_json text,
    renames_json text, placements_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select w.*, p.id, p.key, p.title, p.archived_at is not null, p.created_at at time zone j.time_zone,
        coalesce((
            select sum(t.count) from public.placement as c
            join public.tally as t on t.account_id = _account_id and t.placement_id = c.id
            where c.account_id = _account_id and c.page_id = p.id
        ), 0)::bigint,
        case when _with_messages then (
            select coalesce(json_agg(m), '[]')::text
            from fn.newest_messages(
                _account_id, _project_id, 6, _widget_id, fn.filtered_placements(_account_id, _project_id, p.id, ''), _option,
                _reason
            ) as m
        ) else '[]' end,
        (
            select coalesce(json_agg(json_build_object(
                'at', r.renamed_at at time zone j.time_zone, 'from_key', r.from_key, 'to_key', r.to_key
            ) order by r.renamed_at desc), '[]')::text
            from public.page_key_change as r
            where r.account_id = _account_id and r.page_id = p.id
        ),
        (
            select coalesce(json_agg(json_build_object('id', c.id, 'widget_id', c.widget_id)), '[]')::text
            from public.placement as c
            where c.account_id = _account_id and c.page_id = p.id
        )
    from public.page as p
    join public.project as j on j.account_id = _account_id and j.id = p.project_id
    cross join lateral fn.project_window(
        _account_id, _project_id, null, _from, _to, _now, _name, _compare, p.id, _widget_id, '', _option, false,
        _reason, true
    ) as w
    where p.account_id = _account_id and p.project_id = _project_id and p.id = _page_id;
    if not found then
        raise exception 'There is no such page.' using errcode = 'FB404', hint = 'See the pages of your project.';
    end if;
end;
$$;

comment on function fn.page_overview is
'A page in a window (fn.project_window with its reasons and without leaders, all its widgets or one), and for any window its all-time responses, newest
messages (_with_messages), earlier keys (newest first) and placements, as JSON. Times are in the project''s zone. FB404.';
