-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.project_overview(
    _account_id uuid, _project_id uuid, _days smallint, _from date default null, _to date default null,
    _now timestamptz default now(), _name text default null, _compare text default 'previous', _page_id uuid default null,
    _widget_id uuid default null, _origin text default '', _option text default '', _reason text default ''
) returns table (
    from_day date, to_day date, from_day_before date, to_day_before date, counted_until timestamp, responses bigint,
    compared bigint, before bigint, messages bigint, messages_compared bigint, messages_before bigint,
    positive double precision, positive_interval double precision[], positive_before double precision,
    is_positive_change boolean, judged bigint, trend_json text, widgets_json text, leaders_json text,
    reasons_json text, responses_ever bigint, messages_json text, attention_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select w.*,
        coalesce((
            select sum(d.count) from public.project_day as d
            where d.account_id = _account_id and d.project_id = _project_id
        ), 0)::bigint,
        (
            select coalesce(json_agg(m), '[]')::text
            from fn.newest_messages(
                _account_id, _project_id, 6, _widget_id, fn.filtered_placements(_account_id, _project_id, _page_id, _origin),
                _option, _reason
            ) as m
        ),
        fn.project_attention(_account_id, _project_id, _now)::text
    from fn.project_window(
        _account_id, _project_id, _days, _from, _to, _now, _name, _compare, _page_id, _widget_id, _origin, _option,
        _reason => _reason
    ) as w;
end;
$$;

comment on function fn.project_overview is
'The overview of a project: fn.project_window and, for any window, but of the same pages and widgets, all-time responses, the newest messages and what needs
attention, as JSON.';
