-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.seen_counts(
    _account_id uuid, _project_id uuid, _name text, _from date default null, _to date default null,
    _page_id uuid default null, _widget_id uuid default null, _now timestamptz default now()
) returns table (
    widget_id uuid, widget text, count bigint, responses bigint, since date, rate double precision,
    rate_interval double precision[]
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _window record;
begin
    -- By itself: joined with no widgets, an unknown project would pass for one without views.
    select * into _window from fn.named_window(_account_id, _project_id, _name, _from, _to, _now);
    return query
    select w.id, w.name, k.count, k.responses, k.since, k.rate, k.rate_interval
    from public.widget as w
    -- Citus plans no comparison with null.
    left join public.placement as c on c.account_id = _account_id and c.widget_id = w.id
        and c.page_id = coalesce(_page_id, '00000000-0000-0000-0000-000000000000')
    cross join lateral fn.seen_figures(
        _account_id, w.id, c.id, case when _name is distinct from 'all' then _window.from_day end, _window.to_day
    ) as k
    where w.account_id = _account_id and w.project_id = _project_id
        and (_widget_id is null or w.id = _widget_id) and (_page_id is null or c.id is not null)
    order by w.name, w.id;
end;
$$;

comment on function fn.seen_counts is
'How often the widgets of a project, or those on a page, were seen in a window (fn.named_window; for the last 24 hours, today), as
fn.seen_figures; widgets without views are left out. FB404, FB422.';
