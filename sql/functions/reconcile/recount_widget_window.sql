create function fn.recount_widget_window(_account_id uuid, _project_id uuid) returns setof public.widget_window
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select w.account_id, w.project_id, t.days, w.id, t.option_no, sum(t.count)::bigint, sum(t.before)::bigint,
        sum(t.compared)::bigint, sum(t.compared_part)::bigint, sum(t.before_part)::bigint
    from public.widget as w
    join public.placement as c on c.account_id = w.account_id and c.widget_id = w.id
    join public.placement_window as t on t.account_id = c.account_id and t.placement_id = c.id
    where w.account_id = _account_id and w.project_id = _project_id
    group by w.account_id, w.project_id, t.days, w.id, t.option_no;
end;
$$;

comment on function fn.recount_widget_window is
'What widget_window should hold of a project: the sums of placement_window.';
